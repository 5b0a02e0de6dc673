//! Erasing what a bank keeps no longer.

use chrono::{DateTime, Months, TimeDelta, Utc};
use serde_json::json;

use super::{Counts, store};
use crate::ground::actor::Actor;
use crate::ground::audit::{self, Action};
use crate::ground::db::{Db, DbError, Tx};
use crate::ground::id::BankId;
use crate::ground::mail::store::emptied;
use crate::ground::words::london_date;
use crate::hiring::application::store::follow::delete_before;
use crate::people::document::store::delete_files_before;
use crate::rights::erasure::Reach;
use crate::rights::erasure::actions::{ErasureError, erase_person};
use crate::rights::erasure::store::delete_kept_names;
use crate::rights::export::store::delete_expired;
use crate::terms::rules::store::find_retention;
use crate::work::planning::store::forget_people_before;

/// Days after the closing of a vacancy for which what was begun and never sent to it stays.
const DAYS_OF_UNSENT: i32 = 30;
/// So many people who left are erased in a night at the most; the others follow in the next ones.
const MOST_PEOPLE: i64 = 100;

/// Whether a night erases, or only counts what it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earnest {
    /// It counts.
    Counts,
    /// It erases.
    Erases,
    /// It counts in the first night by a rule, and erases in later ones.
    AsTheRuleIsOld,
}

/// Does a bank's night, and says whether it only counted, and what. To count it is done and undone, so that the count can't
/// differ from what is done.
pub async fn erase_by_time(db: &Db, bank: BankId, earnest: Earnest) -> Result<(bool, Counts), DbError> {
    let mut tx = db.begin(Actor::SERVICE).await?;
    tx.go_to_bank(bank).await?;
    let (_, rule) = find_retention(&mut tx).await?;
    let only_counts = match earnest {
        Earnest::Counts => true,
        Earnest::Erases => false,
        Earnest::AsTheRuleIsOld => store::find_last_rule(&mut tx).await? != Some(rule),
    };
    let counts = carry_out(&mut tx, bank).await?;
    if only_counts {
        tx.give_up().await?;
        tx = db.begin(Actor::SERVICE).await?;
        tx.go_to_bank(bank).await?;
    } else if counts.is_anything() {
        audit::record(&mut tx, Action::RecordsErasedByTime, bank, json!(counts)).await?;
    }
    if earnest != Earnest::Counts {
        keep_promises(&mut tx).await?;
        store::insert_run(&mut tx, (only_counts, rule), &counts).await?;
    }
    tx.commit().await?;
    Ok((only_counts, counts))
}

/// All of it, in the caller's transaction.
async fn carry_out(tx: &mut Tx, bank: BankId) -> Result<Counts, DbError> {
    let (retention, _) = find_retention(tx).await?;
    let (now, today) = (tx.now(), london_date(tx.now()));
    let days_ago = |days: i32| now - TimeDelta::days(i64::from(days));
    let months = |months: i32| Months::new(u32::try_from(months).unwrap_or_default());
    let files_until = today.checked_sub_months(months(retention.documents_months)).unwrap_or_default();
    let left_until = now.checked_sub_months(months(retention.left_years * 12)).unwrap_or_default();
    let mut counts = Counts {
        copies: keep_promises(tx).await?,
        files: delete_files_before(tx, files_until).await?,
        names: delete_kept_names(tx, today).await?,
        mails: emptied::empty_finished_before(tx, days_ago(retention.mails_days)).await?,
        plans: forget_people_before(tx, days_ago(retention.plans_days)).await?,
        applications: 0,
        people: 0,
    };
    let sent_until = now.checked_sub_months(months(retention.applications_months)).unwrap_or_default();
    counts.applications = delete_before(tx, (sent_until, days_ago(DAYS_OF_UNSENT))).await?;
    counts.people = erase_who_left(tx, bank, left_until).await?;
    Ok(counts)
}

/// What was promised to people and no rule puts off: copies go after their week, and mail of whoever was erased is emptied once
/// it has left. Gives how many copies went.
async fn keep_promises(tx: &mut Tx) -> Result<u64, DbError> {
    emptied::empty_left(tx).await?;
    delete_expired(tx).await
}

/// Erases people who left before an instant. Somebody whom something keeps is passed over.
async fn erase_who_left(tx: &mut Tx, bank: BankId, before: DateTime<Utc>) -> Result<u64, DbError> {
    let mut erased = 0;
    for account in store::list_left_before(tx, before, MOST_PEOPLE).await? {
        match erase_person(tx, Actor::job_of(bank), (account, Reach::Bank)).await {
            Ok(_) => erased += 1,
            Err(ErasureError::NotFound | ErasureError::Obstacles(_)) => {}
            Err(ErasureError::Database(error)) => return Err(error),
        }
    }
    Ok(erased)
}
