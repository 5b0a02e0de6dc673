//! `locumbank admin need`: which documents a role needs.

use chrono::NaiveDate;
use clap::Args;

use crate::command::CommandError;
use crate::command::doctor::documents::told;
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError, Tx};
use crate::ground::facts::{FactError, Reliants};
use crate::ground::form_fields::Typed;
use crate::ground::words;
use crate::terms::bank::needs::{Need, need_document, need_no_longer};
use crate::terms::bank::store::find_bank_by_icb;
use crate::terms::bank::store::needs::list_needs;
use crate::work::booking::store::uncovered::{Uncovered, list_uncovered};

/// Which role needs which document.
#[derive(Debug, Args)]
pub struct Needed {
    /// The bank, by its integrated care board's code, like QVV
    #[arg(long)]
    icb: Typed,
    /// The role's code, like gp; without role and document, what is needed is listed
    #[arg(long, requires = "document")]
    role: Option<Typed>,
    /// The document's code, like `indemnity`, `enhanced_dbs`, `performers_list`, `right_to_work`
    #[arg(long, requires = "role")]
    document: Option<Typed>,
    /// The first day that it is needed, like 2026-12-01; today where it is left out
    #[arg(long)]
    from: Option<NaiveDate>,
    /// It is needed no longer
    #[arg(long, requires = "role", conflicts_with = "from")]
    no_longer: bool,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
enum NeedError {
    #[error("no bank has that code: check --icb")]
    NoBank,
    #[error(transparent)]
    NotDecided(#[from] FactError),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Decides it, and says what each role of the bank needs and which bookings that leaves uncovered.
pub async fn run(db: &Db, reliants: &Reliants, needed: Needed) -> Result<(), CommandError> {
    let decided = db.change(Actor::Operator, async |tx| decide(tx, reliants, &needed).await).await;
    let (needs, uncovered, today) = decided.map_err(|error: NeedError| match error {
        NeedError::NotDecided(FactError::NotFound) if needed.no_longer => {
            CommandError::said("that role does not need that document: see the list without --role")
        }
        NeedError::NotDecided(FactError::NotFound) => {
            CommandError::said("there is no such role or document: check --role and --document")
        }
        error => CommandError::new("Deciding what a role needs", &error),
    })?;
    for need in needs {
        let from = words::date_without_weekday(need.valid_from);
        say!("{} needs {} from {from}.", need.role_name, words::in_sentence(&need.document_name));
    }
    for booking in uncovered {
        say!("{}", told(&booking, today));
    }
    Ok(())
}

async fn decide(
    tx: &mut Tx,
    reliants: &Reliants,
    needed: &Needed,
) -> Result<(Vec<Need>, Vec<Uncovered>, NaiveDate), NeedError> {
    let bank = find_bank_by_icb(tx, &needed.icb.to_uppercase()).await?.ok_or(NeedError::NoBank)?;
    tx.go_to_bank(bank.id).await?;
    let today = words::london_date(tx.now());
    if let Some((role, document)) = needed.role.as_ref().zip(needed.document.as_ref()) {
        let pair = (role.as_str(), document.as_str());
        if needed.no_longer {
            need_no_longer(tx, reliants, pair).await?;
        } else {
            need_document(tx, reliants, pair, needed.from.unwrap_or(today)).await?;
        }
    }
    let mut uncovered = list_uncovered(tx).await?;
    uncovered.retain(|booking| booking.bank == bank.name);
    Ok((list_needs(tx).await?, uncovered, today))
}
