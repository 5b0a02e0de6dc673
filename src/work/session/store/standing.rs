//! SQL of where sessions stand: who is booked, which offers are out, and why the last plan left places empty.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Session, SessionRow, session_columns};
use crate::eligibility::empty::{Blocked, EmptyReason};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, PracticeId, SessionId};

/// The sessions of these practices that start on a local date from `from` to `until` (both included), withdrawn ones
/// too, in order of time.
pub async fn list_sessions_of_practices(
    tx: &mut Tx,
    practices: &[PracticeId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Session>, DbError> {
    let bank = tx.bank();
    let rows: Vec<SessionRow> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        " from session_as_posted s
          where s.bank_id = $1 and s.practice_id = any($2) and s.local_date between $3 and $4
          order by s.local_date, s.starts_at, s.id",
    ))
    .bind(bank)
    .bind(practices)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the sessions of practices"))?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Somebody who is booked.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Booked {
    /// The session.
    pub session_id: SessionId,
    /// The booking.
    pub booking_id: BookingId,
    /// The clinician's name.
    pub name: String,
    /// The role they are booked in.
    pub role: String,
    /// The agreed rate, in pence an hour.
    pub rate_pence_per_hour: i32,
}

/// Who is booked in these sessions, by session and place.
pub async fn list_booked(tx: &mut Tx, sessions: &[SessionId]) -> Result<Vec<Booked>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select b.session_id, b.id as booking_id, a.name, b.role, b.rate_pence_per_hour
           from live_booking b
           join account a on a.id = b.account_id
          where b.bank_id = $1 and b.session_id = any($2)
          order by b.session_id, b.place_no",
    )
    .bind(bank)
    .bind(sessions)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who is booked in sessions"))
}

/// How the offers of a session stand.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Offered {
    /// The session.
    pub session_id: SessionId,
    /// Offers that wait for an answer.
    pub open: i64,
    /// Offers declined.
    pub declined: i64,
    /// Offers nobody answered in time.
    pub lapsed: i64,
    /// When the first open offer has to be answered.
    pub next_answer_by: Option<DateTime<Utc>>,
}

/// How the offers of these sessions stand at `now`; sessions without any are left out.
pub async fn list_offered(tx: &mut Tx, sessions: &[SessionId]) -> Result<Vec<Offered>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_as(
        "select session_id,
                count(*) filter (where state = 'open' and expires_at > $3) as open,
                count(*) filter (where state = 'declined') as declined,
                count(*) filter (where state = 'lapsed' or (state = 'open' and expires_at <= $3)) as lapsed,
                min(expires_at) filter (where state = 'open' and expires_at > $3) as next_answer_by
           from offer
          where bank_id = $1 and session_id = any($2)
          group by session_id
          order by session_id",
    )
    .bind(bank)
    .bind(sessions)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("counting the offers of sessions"))
}

/// Why the newest plan left places of a session empty.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LeftEmpty {
    /// The session.
    pub session_id: SessionId,
    /// The reason.
    pub reason: EmptyReason,
    /// How many people each rule keeps out.
    pub blocked: Json<Blocked>,
    /// When the plan was ready.
    pub ready_at: DateTime<Utc>,
}

/// Why the newest plan left places of these sessions empty; sessions no plan left empty are left out.
pub async fn list_left_empty(tx: &mut Tx, sessions: &[SessionId]) -> Result<Vec<LeftEmpty>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select distinct on (u.session_id) u.session_id, u.reason, u.blocked, p.ready_at
           from plan_unfilled u
           join plan p on p.bank_id = u.bank_id and p.id = u.plan_id
          where u.bank_id = $1 and u.session_id = any($2) and p.ready_at is not null
          order by u.session_id, p.ready_at desc, p.id desc",
    )
    .bind(bank)
    .bind(sessions)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding why sessions are unfilled"))
}
