//! SQL of sessions whose band follows from the calendar.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::SessionId;
use crate::terms::bank::Band;

/// A session to come, with what its band rests on.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Banded {
    /// The session.
    pub id: SessionId,
    /// Where.
    pub practice_name: String,
    /// The local date on which it starts.
    pub local_date: NaiveDate,
    /// The local time at which it starts.
    pub local_start: NaiveTime,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The band it was posted in.
    pub band: Band,
    /// The roles that may do it.
    pub roles: Vec<String>,
    /// Pence an hour it pays at least.
    pub rate_min_pence_per_hour: i32,
    /// Pence an hour it pays at most.
    pub rate_max_pence_per_hour: i32,
    /// Whether somebody is booked for it or was offered it.
    pub is_agreed: bool,
}

/// The open sessions of the bank that are still to begin, by start.
pub async fn list_banded(tx: &mut Tx) -> Result<Vec<Banded>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.id, p.name as practice_name, s.local_date, s.local_start, s.starts_at, s.ends_at, s.band,
                array(select r.role from session_role r
                       where r.bank_id = s.bank_id and r.session_id = s.id order by r.role) as roles,
                s.rate_min_pence_per_hour, s.rate_max_pence_per_hour,
                exists (select from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id)
                or exists (select from open_offer o where o.bank_id = s.bank_id and o.session_id = s.id) as is_agreed
           from session s
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          where s.bank_id = $1 and s.state = 'open' and s.starts_at > $2
          order by s.starts_at, s.id",
    )
    .bind(bank)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the bands of sessions to come"))
}

/// Puts a session that nobody is booked for or offered into another band. False where somebody is by now.
pub async fn change_band(tx: &mut Tx, id: SessionId, (from, to): (Band, Band)) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update session s set band = $4
          where s.bank_id = $1 and s.id = $2 and s.band = $3 and s.state = 'open'
            and not exists (select from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id)
            and not exists (select from open_offer o where o.bank_id = s.bank_id and o.session_id = s.id)",
    )
    .bind(bank)
    .bind(id)
    .bind(from)
    .bind(to)
    .execute(tx.connection())
    .await
    .map_err(failed("changing the band of a session"))?;
    Ok(done.rows_affected() == 1)
}
