//! What erasing somebody would keep, and erasing them.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde_json::json;

use super::store;
use super::{Kept, Obstacle, Reach};
use crate::ground::actor::Actor;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::id::{AccountId, BankId};
use crate::ground::words::london_date;
use crate::people::account::store::mark_membership_ended;
use crate::rights::held::store::{Subject, begin_erasing, erase, list_kept, redact};
use crate::rights::held::{Keeping, Lasts, Rows, tables};
use crate::terms::rules::Retention;
use crate::terms::rules::store::find_retention;

/// Why somebody was not erased.
#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    /// There is no such person here, or nothing of them any more.
    #[error("there is nobody to erase")]
    NotFound,
    /// Something has to be done before.
    #[error("something stands in the way")]
    Obstacles(Vec<Obstacle>),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What erasing somebody would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// Whom, and where.
    pub subject: Subject,
    /// Whether other banks hold something of them too.
    pub has_others: bool,
    /// What stands in the way; none where nothing does.
    pub obstacles: Vec<Obstacle>,
    /// What would be kept.
    pub kept: Vec<Kept>,
}

/// What would become of somebody. The transaction reads every bank's records, and is in the bank of whoever asks.
pub async fn find_prospect(
    tx: &mut Tx,
    account: AccountId,
    reach: Reach,
) -> Result<Option<Prospect>, DbError> {
    let Some((subject, has_others)) = subject_of(tx, account, reach).await? else { return Ok(None) };
    let obstacles = store::list_obstacles(tx, &subject).await?;
    let mut kept = Vec::new();
    for (_, here) in kept_by_bank(tx, &subject).await? {
        add_up(&mut kept, here);
    }
    Ok(Some(Prospect { subject, has_others, obstacles, kept }))
}

/// Erases somebody for whoever acts, in one go, and gives what was kept. The transaction reads and writes every bank's
/// records, and is in the bank of whoever asks.
pub async fn erase_person(
    tx: &mut Tx,
    by: Actor,
    (account, reach): (AccountId, Reach),
) -> Result<Vec<Kept>, ErasureError> {
    tx.go_on_as(by);
    store::lock_account(tx, account).await?;
    let (subject, _) = subject_of(tx, account, reach).await?.ok_or(ErasureError::NotFound)?;
    let obstacles = store::list_obstacles(tx, &subject).await?;
    if !obstacles.is_empty() {
        return Err(ErasureError::Obstacles(obstacles));
    }
    begin_erasing(tx).await?;
    let (asked_in, mut kept) = (tx.bank(), Vec::new());
    let by_bank = kept_by_bank(tx, &subject).await?;
    for (bank, here) in &by_bank {
        tx.go_to_bank(*bank).await?;
        leave(tx, &subject, here).await?;
        add_up(&mut kept, here.clone());
    }
    for table in tables() {
        redact(tx, table, &subject).await?;
        erase(tx, table, &subject).await?;
    }
    for (bank, here) in by_bank {
        tx.go_to_bank(bank).await?;
        store::insert_erasure(tx, account, subject.whole_account, &here).await?;
        let detail = json!({ "whole_account": subject.whole_account });
        audit::record(tx, Action::PersonErased, account, detail).await?;
    }
    tx.go_to_bank(asked_in).await?;
    Ok(kept)
}

/// Whom an erasure is about and in which banks, and whether others hold something of them too. What the last bank has that
/// holds somebody takes their account with it.
async fn subject_of(
    tx: &mut Tx,
    account: AccountId,
    reach: Reach,
) -> Result<Option<(Subject, bool)>, DbError> {
    let Some(mut subject) = store::find_subject(tx, account).await? else { return Ok(None) };
    let (asked_in, has_others) = (tx.bank(), subject.banks.len() > 1);
    if reach == Reach::Bank {
        if !subject.banks.contains(&asked_in) {
            return Ok(None);
        }
        subject.whole_account = !has_others;
        subject.banks = vec![asked_in];
    }
    Ok(Some((subject, has_others)))
}

/// Ends what somebody does in the bank that the transaction is in, and keeps their name beside their bookings.
async fn leave(tx: &mut Tx, subject: &Subject, kept: &[Kept]) -> Result<(), DbError> {
    for membership in store::list_active(tx, subject.account).await? {
        if let Some((_, kind)) = mark_membership_ended(tx, membership).await? {
            events::record(tx, &[Happened::PersonLeft(membership, kind)]).await?;
        }
    }
    match kept.iter().find_map(|kept| kept.until) {
        Some(until) => store::insert_kept_name(tx, subject.account, until).await,
        None => Ok(()),
    }
}

/// What is kept of somebody in each bank.
async fn kept_by_bank(tx: &mut Tx, subject: &Subject) -> Result<Vec<(BankId, Vec<Kept>)>, DbError> {
    let (asked_in, counts) = (tx.bank(), list_kept(tx, subject).await?);
    let last_bookings = store::list_last_bookings(tx, subject).await?;
    let mut by_bank = Vec::new();
    for bank in &subject.banks {
        let until = match last_bookings.iter().find(|(of, _)| of == bank) {
            Some((_, ended_at)) => {
                tx.go_to_bank(*bank).await?;
                accounted_until(*ended_at, find_retention(tx).await?.0)
            }
            None => None,
        };
        let here = tables().filter_map(|table| {
            let Rows::Kept(keeping) = table.rows else { return None };
            let counted = counts.iter().find(|(name, of, _)| name == table.name && of == bank)?;
            Some(kept_line(keeping, counted.2, until))
        });
        by_bank.push((*bank, here.collect()));
    }
    tx.go_to_bank(asked_in).await?;
    Ok(by_bank)
}

/// Until when a bank accounts for bookings of which the last ended then.
fn accounted_until(ended_at: DateTime<Utc>, retention: Retention) -> Option<NaiveDate> {
    let years = u32::try_from(retention.bookings_years).unwrap_or_default();
    london_date(ended_at).checked_add_months(Months::new(years * 12))
}

fn kept_line(keeping: &Keeping, count: i64, accounted_until: Option<NaiveDate>) -> Kept {
    let until = match keeping.lasts {
        Lasts::WithoutName => None,
        Lasts::YearsOfBookings => accounted_until,
    };
    Kept { what: keeping.what.to_owned(), count, why: keeping.why.to_owned(), until }
}

/// Adds what is kept in one bank to what is kept in others.
fn add_up(all: &mut Vec<Kept>, here: Vec<Kept>) {
    for kept in here {
        match all.iter_mut().find(|known| known.what == kept.what) {
            Some(known) => {
                known.count += kept.count;
                known.until = known.until.max(kept.until);
            }
            None => all.push(kept),
        }
    }
}
