//! SQL of what was agreed or offered before the rest of working days was kept: it stands, and people settle it.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};

/// A live booking, or an open offer, of somebody employed that leaves too little rest.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Restless {
    /// Whether it is an offer that is out; else it is a booking.
    pub is_offer: bool,
    /// The bank's name.
    pub bank: String,
    /// Who.
    pub clinician: String,
    /// Where.
    pub practice: String,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Bookings and offers of people who are employed that are still to begin and leave too little rest, by themselves or
/// beside another booking, in every bank, in order of time.
pub async fn list_restless(tx: &mut Tx) -> Result<Vec<Restless>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "with agreed as (
            select false as is_offer, b.id, b.bank_id, b.clinician_id, b.account_id, b.practice_id, b.starts_at,
                   b.ends_at, s.time_zone
              from live_booking b
              join session s on s.bank_id = b.bank_id and s.id = b.session_id
             where b.engagement = 'employed' and b.starts_at > $1
            union all
            select true, o.id, o.bank_id, o.clinician_id, c.account_id, s.practice_id, s.starts_at, s.ends_at, s.time_zone
              from open_offer o
              join clinician c on c.bank_id = o.bank_id and c.id = o.clinician_id and c.engagement = 'employed'
              join session s on s.bank_id = o.bank_id and s.id = o.session_id
             where s.starts_at > $1)
         select a.is_offer, k.name as bank, p.name as clinician, r.name as practice, a.starts_at, a.ends_at
           from agreed a
           join bank k on k.id = a.bank_id
           join account p on p.id = a.account_id
           join practice r on r.bank_id = a.bank_id and r.id = a.practice_id
          where a.ends_at - a.starts_at > interval '13 hours' or exists (
                select from live_booking b
                 where b.account_id = a.account_id and b.id <> a.id
                   and b.during && tstzrange(a.starts_at - interval '24 hours', a.ends_at + interval '24 hours')
                   and not leaves_rest(b.during, tstzrange(a.starts_at, a.ends_at), a.time_zone))
          order by a.starts_at, a.is_offer, p.name, a.id",
    )
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what leaves too little rest"))
}
