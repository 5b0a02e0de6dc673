//! SQL of alerts.

use chrono::{DateTime, Utc};

use super::Alert;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, AlertId, BankId, ClinicianId, SessionId};

/// Adds an alert, unless its clinician has `most` already. False where they have.
pub async fn insert_alert(tx: &mut Tx, alert: &Alert, most: i64) -> Result<bool, DbError> {
    let now = tx.now();
    let done = sqlx::query(
        "insert into alert (bank_id, id, clinician_id, place, latitude_microdegrees, longitude_microdegrees,
                            within_metres, created_at, told_until, lapses_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
          where (select count(*) from alert a
                  where a.bank_id = $1 and a.clinician_id = $3 and a.ended_at is null and a.lapses_at > $8) < $11",
    )
    .bind(alert.bank_id)
    .bind(alert.id)
    .bind(alert.clinician_id)
    .bind(&alert.place)
    .bind(alert.latitude_microdegrees)
    .bind(alert.longitude_microdegrees)
    .bind(alert.within_metres)
    .bind(now)
    .bind(alert.told_until)
    .bind(alert.lapses_at)
    .bind(most)
    .execute(tx.connection())
    .await
    .map_err(failed("adding an alert"))?;
    Ok(done.rows_affected() == 1)
}

/// A clinician's alerts that have not ended, those that lapsed too, the oldest first.
pub async fn list_alerts(tx: &mut Tx, clinician: ClinicianId) -> Result<Vec<Alert>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select bank_id, id, clinician_id, place, latitude_microdegrees, longitude_microdegrees, within_metres,
                told_until, lapses_at
           from alert where bank_id = $1 and clinician_id = $2 and ended_at is null
          order by created_at, id",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing somebody's alerts"))
}

/// The alert of that id, unless it has ended.
pub async fn find_alert(tx: &mut Tx, id: AlertId) -> Result<Option<Alert>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select bank_id, id, clinician_id, place, latitude_microdegrees, longitude_microdegrees, within_metres,
                told_until, lapses_at
           from alert where bank_id = $1 and id = $2 and ended_at is null",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding an alert"))
}

/// Ends a clinician's alert. False where they have none of that id.
pub async fn mark_ended(tx: &mut Tx, clinician: ClinicianId, id: AlertId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update alert set ended_at = $4 where bank_id = $1 and clinician_id = $2 and id = $3 and ended_at is null",
    )
    .bind(bank)
    .bind(clinician)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("ending an alert"))?;
    Ok(done.rows_affected() == 1)
}

/// Renews an alert until `lapses_at`; one that has lapsed begins anew, without what was posted meanwhile.
pub async fn mark_renewed(tx: &mut Tx, id: AlertId, lapses_at: DateTime<Utc>) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update alert
            set told_until = case when lapses_at <= $4 then $4 else told_until end, lapses_at = $3, asked_at = null
          where bank_id = $1 and id = $2 and ended_at is null",
    )
    .bind(bank)
    .bind(id)
    .bind(lapses_at)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("renewing an alert"))?;
    Ok(done.rows_affected() == 1)
}

/// The alerts of a bank that are live at `now`.
pub async fn list_live(tx: &mut Tx) -> Result<Vec<Alert>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_as(
        "select bank_id, id, clinician_id, place, latitude_microdegrees, longitude_microdegrees, within_metres,
                told_until, lapses_at
           from alert where bank_id = $1 and ended_at is null and lapses_at > $2
          order by id",
    )
    .bind(bank)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a bank's alerts"))
}

/// The open sessions posted in a span of time, with when.
pub async fn list_posted_between(
    tx: &mut Tx,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(SessionId, DateTime<Utc>)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, posted_at from session
          where bank_id = $1 and posted_at > $2 and posted_at <= $3 and state = 'open'
          order by id",
    )
    .bind(bank)
    .bind(after)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what was posted since alerts were told"))
}

/// Notes that the live alerts of a bank have been told of what was posted until then.
pub async fn mark_told(tx: &mut Tx, until: DateTime<Utc>) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update alert set told_until = $2 where bank_id = $1 and ended_at is null and lapses_at > $2 and told_until < $2",
    )
    .bind(bank)
    .bind(until)
    .execute(tx.connection())
    .await
    .map_err(failed("noting what alerts were told"))?;
    Ok(())
}

/// An alert that is about to lapse, and whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Lapsing {
    /// The bank.
    pub bank_id: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The alert.
    pub id: AlertId,
    /// The place it is about.
    pub place: String,
    /// How far from there.
    pub within_metres: i32,
    /// When it lapses.
    pub lapses_at: DateTime<Utc>,
    /// Whose it is.
    pub account_id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Takes up to `limit` alerts that lapse until `before` and whose clinicians were not asked, and notes that they are.
pub async fn mark_asked(tx: &mut Tx, before: DateTime<Utc>, limit: i64) -> Result<Vec<Lapsing>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "with asked as (
            update alert set asked_at = $2
             where (bank_id, id) in (select bank_id, id from alert
                                      where ended_at is null and asked_at is null and lapses_at > $2 and lapses_at <= $1
                                      order by lapses_at limit $3 for update skip locked)
            returning bank_id, id, clinician_id, place, within_metres, lapses_at)
         select a.bank_id, b.name as bank_name, a.id, a.place, a.within_metres, a.lapses_at, c.account_id, p.name, p.email
           from asked a
           join bank b on b.id = a.bank_id
           join clinician c on c.bank_id = a.bank_id and c.id = a.clinician_id
           join account p on p.id = c.account_id",
    )
    .bind(before)
    .bind(now)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding the alerts that are about to lapse"))
}
