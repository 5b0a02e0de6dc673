//! SQL of the rota. It reads what sessions, offers and bookings keep, and writes nothing.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::Filter;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, ClinicianId, PracticeId, SessionId};
use crate::work::booking::Side;

/// A session of the rota.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RotaRow {
    /// The session.
    pub id: SessionId,
    /// The local date on which it starts.
    pub local_date: NaiveDate,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Its places.
    pub places: i16,
    /// Whether the practice took it back.
    pub is_withdrawn: bool,
    /// Its practice.
    pub practice_id: PracticeId,
    /// What that is called.
    pub practice: String,
    /// The names of the roles that can do it.
    pub roles: Vec<String>,
    /// Who is booked, by place.
    pub booked: Json<Vec<RotaBooking>>,
    /// To whom it is offered, soonest to answer first.
    pub offered: Json<Vec<RotaOffer>>,
    /// Sessions that were found in all.
    pub total: i64,
}

/// Somebody who is booked.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct RotaBooking {
    /// The booking.
    pub booking: BookingId,
    /// The clinician.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
}

/// Somebody who has not answered an offer yet.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct RotaOffer {
    /// The clinician.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
    /// Until when it can be answered.
    pub expires_at: DateTime<Utc>,
}

/// Sessions of the bank, in order of time.
pub async fn list_rota(
    tx: &mut Tx,
    filter: &Filter,
    (limit, offset): (i64, i64),
) -> Result<Vec<RotaRow>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.id, s.local_date, s.starts_at, s.ends_at, s.places, s.state = 'withdrawn' as is_withdrawn,
                s.practice_id, p.name as practice,
                array(select r.name from session_role q
                        join role_of_bank r on r.bank_id = q.bank_id and r.code = q.role
                       where q.bank_id = s.bank_id and q.session_id = s.id order by r.name) as roles,
                (select coalesce(jsonb_agg(jsonb_build_object('booking', b.id, 'clinician', b.clinician_id, 'name', a.name)
                                           order by b.place_no), '[]')
                   from live_booking b join account a on a.id = b.account_id
                  where b.bank_id = s.bank_id and b.session_id = s.id) as booked,
                (select coalesce(jsonb_agg(jsonb_build_object('clinician', o.clinician_id, 'name', a.name,
                                                              'expires_at', o.expires_at)
                                           order by o.expires_at, o.id), '[]')
                   from open_offer o
                   join clinician c on c.bank_id = o.bank_id and c.id = o.clinician_id
                   join account a on a.id = c.account_id
                  where o.bank_id = s.bank_id and o.session_id = s.id and o.expires_at > $2) as offered,
                count(*) over () as total
           from session s
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          where s.bank_id = $1 and s.local_date between $3 and $4
            and ($5 = '' or s.practice_id in (select found.id from practices_found($1, $5) found))
            and ($6 = '' or s.id in (
                    select b.session_id
                      from clinicians_found($1, $6) found
                      join live_booking b on b.bank_id = $1 and b.clinician_id = found.id
                    union all
                    select o.session_id
                      from clinicians_found($1, $6) found
                      join open_offer o on o.bank_id = $1 and o.clinician_id = found.id and o.expires_at > $2))
            and case $7
                    when 'empty' then s.state = 'open' and s.places > (
                        select count(*) from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id) + (
                        select count(*) from open_offer o
                         where o.bank_id = s.bank_id and o.session_id = s.id and o.expires_at > $2)
                    when 'offered' then exists (
                        select from open_offer o
                         where o.bank_id = s.bank_id and o.session_id = s.id and o.expires_at > $2)
                    when 'booked' then exists (
                        select from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id)
                    when 'cancelled' then exists (
                        select from booking b
                         where b.bank_id = s.bank_id and b.session_id = s.id and b.state = 'cancelled')
                    when 'withdrawn' then s.state = 'withdrawn'
                    else true
                end
          order by s.starts_at, p.name, s.id
          limit $8 offset $9",
    )
    .bind(bank)
    .bind(now)
    .bind(filter.from)
    .bind(filter.until)
    .bind(&filter.practice)
    .bind(&filter.person)
    .bind(filter.state.map_or("", super::State::code))
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the rota"))
}

/// Something in one clinician's rota: a booking, one that was cancelled, or an open offer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PersonRow {
    /// Its session.
    pub session_id: SessionId,
    /// The booking; none of an offer.
    pub booking_id: Option<BookingId>,
    /// When the session starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Where it is.
    pub practice: String,
    /// What was agreed or is offered, in pence an hour.
    pub rate_pence_per_hour: i32,
    /// Until when an offer can be answered.
    pub expires_at: Option<DateTime<Utc>>,
    /// When a booking was cancelled, if it was.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// By which side.
    pub cancelled_side: Option<Side>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// Lines there are in all.
    pub total: i64,
}

/// What a clinician has in the bank: to come, soonest first, or what is over, newest first.
pub async fn list_rota_of_clinician(
    tx: &mut Tx,
    clinician: ClinicianId,
    is_to_come: bool,
    (limit, offset): (i64, i64),
) -> Result<Vec<PersonRow>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select e.*, p.name as practice, count(*) over () as total
           from (select b.session_id, b.id as booking_id, b.practice_id, b.starts_at, b.ends_at, b.rate_pence_per_hour,
                        null::timestamptz as expires_at, b.cancelled_at, b.cancelled_side, b.cancel_reason
                   from booking b
                  where b.bank_id = $1 and b.clinician_id = $2
                 union all
                 select o.session_id, null, s.practice_id, s.starts_at, s.ends_at, o.rate_pence_per_hour,
                        o.expires_at, null, null, null
                   from open_offer o
                   join session s on s.bank_id = o.bank_id and s.id = o.session_id
                  where o.bank_id = $1 and o.clinician_id = $2 and o.expires_at > $3) e
           join practice p on p.bank_id = $1 and p.id = e.practice_id
          where (e.ends_at > $3) = $4
          order by case when $4 then e.starts_at end, e.starts_at desc, e.session_id
          limit $5 offset $6",
    )
    .bind(bank)
    .bind(clinician)
    .bind(now)
    .bind(is_to_come)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the rota of a clinician"))
}
