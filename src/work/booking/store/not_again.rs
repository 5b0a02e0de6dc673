//! SQL of who is not proposed for a session again: the only place that writes the table.

use chrono::{DateTime, Utc};

use crate::eligibility::not_again::{Cause, LeftOutReason};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, SessionId};

/// A session that somebody is not proposed for again.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NotAgainRow {
    /// The session.
    pub session_id: SessionId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The practice's name.
    pub practice: String,
    /// What made it so.
    pub cause: Cause,
}

/// The sessions to come, with a place that nobody is booked in, that a clinician is not proposed for again, in order of
/// time; of those that anybody but an administrator knows of.
pub async fn list_of_clinician(tx: &mut Tx, clinician: ClinicianId) -> Result<Vec<NotAgainRow>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_as(
        "select n.session_id, s.starts_at, s.ends_at, p.name as practice, n.cause
           from not_again n
           join session s on s.bank_id = n.bank_id and s.id = n.session_id and s.state = 'open' and s.starts_at > $3
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          where n.bank_id = $1 and n.clinician_id = $2 and n.cause <> 'left_out'
            and s.places > (select count(*) from booking b
                             where b.bank_id = s.bank_id and b.session_id = s.id and b.state = 'live')
          order by s.starts_at, s.id",
    )
    .bind(bank)
    .bind(clinician)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what somebody is not proposed for again"))
}

/// Notes that these people are not proposed again for these sessions, instead of what was noted before.
pub async fn upsert_not_again(
    tx: &mut Tx,
    pairs: &[(SessionId, ClinicianId)],
    cause: Cause,
) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into not_again (bank_id, session_id, clinician_id, cause, since, by_account)
         select $1, n.session_id, n.clinician_id, $4, $5, $6
           from unnest($2::uuid[], $3::uuid[]) as n (session_id, clinician_id)
             on conflict (bank_id, session_id, clinician_id) do update
            set cause = excluded.cause, since = excluded.since, by_account = excluded.by_account, reason = null",
    )
    .bind(bank)
    .bind(pairs.iter().map(|(session, _)| session.0).collect::<Vec<_>>())
    .bind(pairs.iter().map(|(_, clinician)| clinician.0).collect::<Vec<_>>())
    .bind(cause)
    .bind(now)
    .bind(by)
    .execute(tx.connection())
    .await
    .map_err(failed("noting who is not proposed again"))?;
    Ok(())
}

/// Keeps why an administrator left these people out of these sessions.
pub async fn set_left_out_reason(
    tx: &mut Tx,
    (session, clinician): (SessionId, ClinicianId),
    reason: LeftOutReason,
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update not_again set reason = $4
          where bank_id = $1 and session_id = $2 and clinician_id = $3 and cause = 'left_out'",
    )
    .bind(bank)
    .bind(session)
    .bind(clinician)
    .bind(reason.code())
    .execute(tx.connection())
    .await
    .map_err(failed("keeping why somebody was left out"))?;
    Ok(())
}

/// Forgets it of one clinician and session, where one of `causes` made it so; says whether one did.
pub async fn delete_not_again(
    tx: &mut Tx,
    (session, clinician): (SessionId, ClinicianId),
    causes: &[Cause],
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let codes: Vec<&str> = causes.iter().map(|cause| cause.code()).collect();
    let done = sqlx::query(
        "delete from not_again where bank_id = $1 and session_id = $2 and clinician_id = $3 and cause = any($4)",
    )
    .bind(bank)
    .bind(session)
    .bind(clinician)
    .bind(codes)
    .execute(tx.connection())
    .await
    .map_err(failed("forgetting that somebody is not proposed again"))?;
    Ok(done.rows_affected() == 1)
}

/// Whether a session is open, to come, and has a place that nobody is booked in.
pub async fn wants_somebody(tx: &mut Tx, session: SessionId) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_scalar(
        "select exists (select from session s
                         where s.bank_id = $1 and s.id = $2 and s.state = 'open' and s.starts_at > $3
                           and s.places > (select count(*) from live_booking b
                                            where b.bank_id = s.bank_id and b.session_id = s.id))",
    )
    .bind(bank)
    .bind(session)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("asking whether a session wants somebody"))
}
