//! What operators and administrators do about the calendar of banks, and when a bank demands a second factor.

use chrono::NaiveDate;
use serde_json::json;

use super::BandHours;
use super::calendar::BankHoliday;
use super::holidays::{HolidayRule, released};
use super::store::{bands, boards, holidays as store, insert_band_hours};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};

/// What a list changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HolidayChanges {
    /// Days that are bank holidays now.
    pub added: Vec<BankHoliday>,
    /// Days that were.
    pub removed: Vec<BankHoliday>,
}

/// Keeps the bank holidays of a file, in the place of those that were known between its first date and its last. `source`
/// is the file's name.
pub async fn keep_list(tx: &mut Tx, list: &[BankHoliday], source: &str) -> Result<HolidayChanges, DbError> {
    let (Some(first), Some(last)) = (list.first(), list.last()) else { return Ok(HolidayChanges::default()) };
    let removed = store::delete_other_holidays(tx, list, (first.date, last.date)).await?;
    let added = store::upsert_holidays(tx, list).await?;
    store::insert_list(tx, source, (first.date, last.date)).await?;
    Ok(HolidayChanges { added, removed })
}

/// Keeps the bank holidays that come with this release, but for the dates about which an operator's file says more. Done
/// again it changes nothing.
pub async fn keep_release(tx: &mut Tx) -> Result<HolidayChanges, DbError> {
    let covered = store::list_covered(tx).await?;
    let is_covered =
        |holiday: &BankHoliday| covered.iter().any(|(first, last)| (*first..=*last).contains(&holiday.date));
    let list: Vec<BankHoliday> = released().into_iter().filter(|holiday| !is_covered(holiday)).collect();
    let added = store::upsert_holidays(tx, &list).await?;
    Ok(HolidayChanges { added, removed: Vec::new() })
}

/// A bank adds a bank holiday that was proclaimed and is not on the published list yet. False where it is known.
pub async fn add_holiday(tx: &mut Tx, holiday: &BankHoliday, why: &str) -> Result<bool, DbError> {
    if !store::insert_own_holiday(tx, holiday, why).await? {
        return Ok(false);
    }
    let detail = json!({ "date": holiday.date, "title": holiday.title });
    audit::record(tx, Action::BankHolidayAdded, tx.bank(), detail).await?;
    Ok(true)
}

/// A bank chooses, from a date on, whether a holiday on a weekend counts beside its substitute.
pub async fn choose_weekend_holidays(tx: &mut Tx, rule: HolidayRule, why: &str) -> Result<(), DbError> {
    store::upsert_rule(tx, rule, why).await?;
    let detail = json!({ "valid_from": rule.valid_from, "day_itself_counts": rule.day_itself_counts });
    audit::record(tx, Action::BankHolidayRuleChosen, tx.bank(), detail).await
}

/// A bank gives its bands other times, from now on, where the newest version of them is the one that was `seen`; false where
/// it is not.
pub async fn choose_bands(
    tx: &mut Tx,
    rows: &[BandHours],
    (seen, why): (i32, &str),
) -> Result<bool, DbError> {
    if !bands::insert_decision(tx, rows, (seen, why)).await? {
        return Ok(false);
    }
    bands::delete_band_hours(tx).await?;
    for row in rows {
        insert_band_hours(tx, row).await?;
    }
    audit::record(tx, Action::BankBandsDecided, tx.bank(), json!({ "version": seen + 1 })).await?;
    Ok(true)
}

/// Has the bank demand a second factor of everybody but clinicians from a date on; of nobody where there is none.
pub async fn demand_second_factor(tx: &mut Tx, from: Option<NaiveDate>) -> Result<(), DbError> {
    boards::set_second_factor_from(tx, from).await?;
    audit::record(tx, Action::SecondFactorDemanded, tx.bank(), json!({ "from": from })).await
}
