//! SQL of sessions on days on which their practice is not open.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::SessionId;

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
