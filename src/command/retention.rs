//! `locumbank admin retention`: what nights would erase, or erasing it now.

use clap::Args;

use crate::command::CommandError;
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError};
use crate::rights::retention::actions::{Earnest, erase_by_time};
use crate::terms::bank::store::list_banks;

/// What to do.
#[derive(Debug, Args)]
pub struct ErasedByTime {
    /// Count only; nothing is erased
    #[arg(long)]
    dry_run: bool,
}

/// Does it for each bank, and says what.
pub async fn run(db: &Db, what: &ErasedByTime) -> Result<(), CommandError> {
    let done = erase_all(db, what.dry_run).await;
    done.map_err(|error| CommandError::new("Erasing what is kept no longer", &error))
}

async fn erase_all(db: &Db, only_counts: bool) -> Result<(), DbError> {
    let earnest = if only_counts { Earnest::Counts } else { Earnest::Erases };
    let banks = list_banks(&mut db.look(Actor::Operator).await?).await?;
    for bank in banks {
        let (_, counts) = erase_by_time(db, bank.id, earnest).await?;
        say!("{}{}", bank.name, if only_counts { ", counted only:" } else { ", erased:" });
        for (name, count) in counts.lines() {
            say!("  {name}: {count}");
        }
    }
    Ok(())
}
