//! SQL of sessions on days on which their practice is not open.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{PracticeId, SessionId};

/// A session to come on a day on which its practice is not open.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Stranded {
    /// The session.
    pub id: SessionId,
    /// Where.
    pub practice_name: String,
    /// The first day on which the practice is open, where it is known.
    pub opened_on: Option<NaiveDate>,
    /// The last, where there is one.
    pub closed_on: Option<NaiveDate>,
    /// The local date on which the session starts.
    pub local_date: NaiveDate,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// How many are booked for it.
    pub booked: i64,
}

/// The open sessions of the bank that are still to begin on a day on which their practice is not open, by start.
pub async fn list_stranded(tx: &mut Tx) -> Result<Vec<Stranded>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.id, p.name as practice_name, p.opened_on, p.closed_on, s.local_date, s.starts_at, s.ends_at,
                (select count(*) from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id) as booked
           from session s
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          where s.bank_id = $1 and s.state = 'open' and s.starts_at > $2
            and not practice_is_open(p.opened_on, p.closed_on, s.local_date)
          order by s.starts_at, s.id",
    )
    .bind(bank)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing sessions at practices that are not open"))
}

/// Notes that a session that has just been withdrawn was so because its practice is not open, so that it can be carried over.
pub async fn mark_withdrawn_by_closing(tx: &mut Tx, id: SessionId) -> Result<(), DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update session set withdrawn_by_closing = true where bank_id = $1 and id = $2 and state = 'withdrawn'",
    )
    .bind(bank)
    .bind(id)
    .execute(tx.connection())
    .await;
    done.map(drop).map_err(failed("noting that a practice's closing withdrew a session"))
}

/// A session beyond the last day of its practice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Beyond {
    /// The session.
    pub id: SessionId,
    /// The local date on which it starts.
    pub local_date: NaiveDate,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Whether the closing has withdrawn it.
    pub is_withdrawn: bool,
}

/// The sessions to come beyond the last day of a practice that are open, or that its closing has withdrawn, in the order of
/// their ids, locked until the transaction ends.
pub async fn lock_beyond(tx: &mut Tx, practice: PracticeId) -> Result<Vec<Beyond>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.id, s.local_date, s.starts_at, s.ends_at, s.withdrawn_by_closing as is_withdrawn
           from session s
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          where s.bank_id = $1 and s.practice_id = $2 and s.starts_at > $3 and s.local_date > p.closed_on
            and (s.state = 'open' or s.withdrawn_by_closing)
          order by s.id
            for update of s",
    )
    .bind(bank)
    .bind(practice)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("locking sessions beyond the last day of a practice"))
}

/// Moves a session to another practice of the bank, with its bookings, and opens it again where a closing had withdrawn it.
pub async fn change_practice(tx: &mut Tx, id: SessionId, practice: PracticeId) -> Result<(), DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update session
            set practice_id = $3, withdrawn_by_closing = false,
                state = case when withdrawn_by_closing then 'open' else state end,
                withdrawn_at = case when withdrawn_by_closing then null else withdrawn_at end,
                withdrawn_reason = case when withdrawn_by_closing then null else withdrawn_reason end
          where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(id)
    .bind(practice)
    .execute(tx.connection())
    .await;
    done.map(drop).map_err(failed("moving a session to another practice"))
}
