//! SQL of what waits for a bank's administrators. It reads what other slices write, and writes nothing.

use chrono::{NaiveDate, TimeDelta};

use crate::ground::db::{DbError, Tx, failed};

/// How much waits of what.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Live bookings to come that something is wrong with.
    pub flagged: i64,
    /// Places that nobody is booked for in sessions that begin within seven days.
    pub places_this_week: i64,
    /// The same of sessions that begin today or tomorrow.
    pub places_soon: i64,
    /// Plans that are ready and begin today or later, and that nobody has published or set aside.
    pub plans: i64,
    /// Offers that are out, and can be answered for less than a day.
    pub offers_lapsing: i64,
    /// Invitations that have lapsed without an answer within the last thirty days.
    pub invitations_lapsed: i64,
    /// Practices that close, and whose successor nobody has named.
    pub closing: i64,
    /// Mails of the bank of the last thirty days that were given up.
    pub mails_failed: i64,
    /// Jobs of the bank, and of the whole service, that were given up.
    pub jobs_dead: i64,
}

/// What waits in the bank, by the clock of the transaction; `today` is the bank's date.
pub async fn find_waiting(tx: &mut Tx, today: NaiveDate) -> Result<Waiting, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "with empty as (
             select s.local_date, s.places - (select count(*) from live_booking b
                                               where b.bank_id = s.bank_id and b.session_id = s.id) as places
               from session s
              where s.bank_id = $1 and s.state = 'open' and s.starts_at > $2 and s.local_date < $3::date + 7)
         select (select count(*) from booking_flag f
                   join live_booking b on b.bank_id = f.bank_id and b.id = f.booking_id and b.starts_at > $2
                  where f.bank_id = $1) as flagged,
                (select coalesce(sum(places), 0)::bigint from empty where places > 0) as places_this_week,
                (select coalesce(sum(places), 0)::bigint from empty
                  where places > 0 and local_date <= $3::date + 1) as places_soon,
                (select count(*) from plan p
                  where p.bank_id = $1 and p.state = 'ready' and p.from_date >= $3) as plans,
                (select count(*) from open_offer o
                  where o.bank_id = $1 and o.expires_at > $2 and o.expires_at <= $2 + interval '1 day') as offers_lapsing,
                (select count(*) from invitation i
                  where i.bank_id = $1 and i.state = 'open'
                    and i.expires_at <= $2 and i.expires_at > $4) as invitations_lapsed,
                (select count(*) from practices_closing($1, $3, $2)) as closing,
                (select count(*) from mail m where m.bank_id = $1 and m.state = 'failed' and m.created_at > $4) as mails_failed,
                (select count(*) from job j
                  where j.state = 'dead' and (j.bank_id = $1 or j.bank_id is null)) as jobs_dead",
    )
    .bind(bank)
    .bind(now)
    .bind(today)
    .bind(now - TimeDelta::days(30))
    .fetch_one(tx.connection())
    .await
    .map_err(failed("finding what waits for administrators"))
}
