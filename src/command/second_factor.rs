//! Second factors at the command line: a bank demands them from a date on, and one that was lost is reset where no other
//! administrator can.

use chrono::NaiveDate;
use clap::Args;

use crate::command::CommandError;
use crate::command::person::{PersonError, email_of};
use crate::ground::actor::Actor;
use crate::ground::app::letterhead_of;
use crate::ground::db::{Db, DbError, Tx};
use crate::ground::form_fields::Typed;
use crate::ground::settings::Settings;
use crate::ground::words;
use crate::people::account::actions::second_factor::{FactorError, reset_second_factor};
use crate::people::account::store::password::lock_holder_of_address;
use crate::terms::bank::actions::demand_second_factor;
use crate::terms::bank::store::find_bank_by_icb;

/// From when a bank demands it.
#[derive(Debug, Args)]
pub struct DemandedFactor {
    /// The bank, by its integrated care board's code, like QVV
    #[arg(long)]
    icb: Typed,
    /// From which date on, like 2026-12-01
    #[arg(long, required_unless_present = "never", conflicts_with = "never")]
    from: Option<NaiveDate>,
    /// Of nobody any more
    #[arg(long)]
    never: bool,
}

/// Whose was lost.
#[derive(Debug, Args)]
pub struct LostFactor {
    /// The email address with which they sign in
    #[arg(long)]
    email: Typed,
}

/// Why nothing was reset.
#[derive(Debug, thiserror::Error)]
enum RefusedReset {
    #[error("nobody signs in as {0}")]
    Nobody(String),
    #[error(transparent)]
    Factor(#[from] FactorError),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Has a bank demand it.
pub async fn demand(db: &Db, demanded: &DemandedFactor) -> Result<(), CommandError> {
    let (icb, from) = (demanded.icb.to_uppercase(), demanded.from);
    let name = db.change(Actor::Operator, async |tx: &mut Tx| {
        let bank = find_bank_by_icb(tx, &icb).await?.ok_or_else(|| PersonError::NoBank(icb.clone()))?;
        tx.go_to_bank(bank.id).await?;
        demand_second_factor(tx, from).await?;
        Ok::<_, PersonError>(bank.name)
    });
    let name = name.await.map_err(|error| CommandError::new("Demanding a second factor", &error))?;
    let when = from.map(words::date_without_weekday);
    say!(
        "{name} demands a second factor {}.",
        when.map_or("of nobody".to_owned(), |day| format!("from {day}"))
    );
    Ok(())
}

/// Resets somebody's.
pub async fn reset(db: &Db, settings: &Settings, lost: &LostFactor) -> Result<(), CommandError> {
    let (email, letterhead) = (email_of(&lost.email)?, letterhead_of(settings));
    let done = db.change(Actor::Operator, async |tx: &mut Tx| {
        let holder = lock_holder_of_address(tx, &email).await?;
        let holder = holder.ok_or_else(|| RefusedReset::Nobody(email.clone()))?;
        Ok::<_, RefusedReset>(reset_second_factor(tx, &letterhead, &holder).await?)
    });
    done.await.map_err(|error| CommandError::new("Resetting a second factor", &error))?;
    say!("{email} signs in by password alone until another second factor is set up, and is told by email.");
    Ok(())
}
