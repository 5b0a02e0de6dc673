//! SQL of what pages show of offers and bookings. Everything is looked up together with whom it belongs to.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, ClinicianId, MembershipId, OfferId, SessionId};
use crate::terms::rules::FeeSteps;
use crate::work::booking::Side;
use crate::work::booking::fee::Fees;

/// An offer in a list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OfferLine {
    /// The offer.
    pub id: OfferId,
    /// Whether it can still be answered.
    pub is_open: bool,
    /// `open`, `accepted`, `declined`, `withdrawn` or `lapsed`.
    pub state: String,
    /// Until when it can, or could, be answered.
    pub expires_at: DateTime<Utc>,
    /// Why it was withdrawn or declined.
    pub answer_reason: Option<String>,
    /// The rate offered.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// Road metres from home.
    pub road_metres: i32,
    /// When the session starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The practice.
    pub practice_name: String,
    /// Where it is.
    pub practice_postcode: String,
    /// The booking it led to.
    pub booking_id: Option<BookingId>,
    /// How many offers the whole list has.
    pub total: i64,
}

/// A clinician's offers: those that can be answered, soonest first, then the others, newest first.
pub async fn list_offers_of_clinician(
    tx: &mut Tx,
    clinician: ClinicianId,
    (limit, offset): (i64, i64),
) -> Result<Vec<OfferLine>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_as(
        "select o.id, o.state = 'open' and o.expires_at > $3 as is_open, o.state, o.expires_at, o.answer_reason,
                o.rate_pence_per_hour, o.pay_pence, o.road_metres, s.starts_at, s.ends_at, p.name as practice_name,
                p.postcode as practice_postcode, b.id as booking_id, count(*) over () as total
           from offer o
           join session s on s.bank_id = o.bank_id and s.id = o.session_id
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
           left join booking b on b.bank_id = o.bank_id and b.offer_id = o.id
          where o.bank_id = $1 and o.clinician_id = $2
          order by (o.state = 'open' and o.expires_at > $3) desc,
                   case when o.state = 'open' and o.expires_at > $3 then o.expires_at end,
                   o.offered_at desc, o.id
          limit $4 offset $5",
    )
    .bind(bank)
    .bind(clinician)
    .bind(now)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a clinician's offers"))
}

/// A booking in a list or on its own page.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BookingLine {
    /// The booking.
    pub id: BookingId,
    /// Its session.
    pub session_id: SessionId,
    /// When the session starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The practice.
    pub practice_name: String,
    /// Who works in it.
    pub clinician_name: String,
    /// The name of their role.
    pub role_name: String,
    /// The agreed rate.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// What the practice owes when it cancels.
    #[sqlx(json)]
    pub fee_steps: FeeSteps,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// What the practice owes for having cancelled, in pence.
    pub cancel_fee_pence: i32,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// By which side.
    pub cancelled_side: Option<Side>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// How often calendars were told of it after the first time.
    pub calendar_sequence: i32,
    /// What its practice has signed off, in pence; none where it has not signed it off.
    pub signed_pence: Option<i32>,
    /// Whether the sign-off says that they came; none where there is none.
    pub attended: Option<bool>,
    /// How many bookings the whole list has.
    pub total: i64,
}

impl BookingLine {
    /// What the practice owes when it cancels.
    #[must_use]
    pub fn fees(&self) -> Fees {
        Fees { steps: self.fee_steps.clone(), pay_pence: self.pay_pence, starts_at: self.starts_at }
    }
}

/// The columns of a [`BookingLine`] but for the total, of a statement that calls the booking `b`, its practice `p`, its
/// person `a`, its role `r` and the sign-off that counts `w`.
macro_rules! booking_columns {
    () => {
        "b.id, b.session_id, b.starts_at, b.ends_at, p.name as practice_name, a.name as clinician_name,
         r.name as role_name, b.rate_pence_per_hour, b.pay_pence, b.fee_steps, b.made_at, b.cancel_fee_pence, b.cancelled_at, b.cancelled_side,
         b.cancel_reason, b.calendar_sequence, w.pay_pence + w.extras_pence as signed_pence, w.attended"
    };
}

/// The bookings of sessions that start in a span of time, at the practices that a member manages, in order of time.
pub async fn list_bookings_of_manager(
    tx: &mut Tx,
    membership: MembershipId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<BookingLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(concat!(
        "select ",
        booking_columns!(),
        ", count(*) over () as total
           from practice_manager m
           join booking b on b.bank_id = m.bank_id and b.practice_id = m.practice_id
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
           join role_of_bank r on r.bank_id = b.bank_id and r.code = b.role
           left join sign_off_in_force w on w.bank_id = b.bank_id and w.booking_id = b.id
          where m.bank_id = $1 and m.membership_id = $2 and b.starts_at >= $3 and b.starts_at < $4
          order by b.starts_at, p.name, b.id
          limit 500",
    ))
    .bind(bank)
    .bind(membership)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the bookings of a manager's practices"))
}

/// A clinician's bookings: those to come that count, soonest first; or all others, newest first.
pub async fn list_bookings_of_clinician(
    tx: &mut Tx,
    clinician: ClinicianId,
    (is_to_come, now): (bool, DateTime<Utc>),
    (limit, offset): (i64, i64),
) -> Result<Vec<BookingLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(concat!(
        "select ",
        booking_columns!(),
        ", count(*) over () as total
           from booking b
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
           join role_of_bank r on r.bank_id = b.bank_id and r.code = b.role
           left join sign_off_in_force w on w.bank_id = b.bank_id and w.booking_id = b.id
          where b.bank_id = $1 and b.clinician_id = $2 and (b.state = 'live' and b.ends_at > $4) = $3
          order by case when $3 then b.starts_at end, b.starts_at desc, b.id
          limit $5 offset $6",
    ))
    .bind(bank)
    .bind(clinician)
    .bind(is_to_come)
    .bind(now)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a clinician's bookings"))
}

/// The booking of that id, if it is the member's own: of a practice they manage, or of the clinician they are.
pub async fn find_own_booking(
    tx: &mut Tx,
    membership: MembershipId,
    booking: BookingId,
) -> Result<Option<BookingLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(concat!(
        "select ",
        booking_columns!(),
        ", 1::bigint as total
           from booking b
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
           join role_of_bank r on r.bank_id = b.bank_id and r.code = b.role
           left join sign_off_in_force w on w.bank_id = b.bank_id and w.booking_id = b.id
          where b.bank_id = $1 and b.id = $3
            and (exists (select from practice_manager m where m.bank_id = b.bank_id and m.practice_id = b.practice_id
                            and m.membership_id = $2)
                 or exists (select from clinician c where c.bank_id = b.bank_id and c.id = b.clinician_id
                               and c.membership_id = $2))",
    ))
    .bind(bank)
    .bind(membership)
    .bind(booking)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a booking of one's own"))
}

/// The booking of that id in the bank, whosever it is.
pub async fn find_booking_line(tx: &mut Tx, booking: BookingId) -> Result<Option<BookingLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(concat!(
        "select ",
        booking_columns!(),
        ", 1::bigint as total
           from booking b
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
           join role_of_bank r on r.bank_id = b.bank_id and r.code = b.role
           left join sign_off_in_force w on w.bank_id = b.bank_id and w.booking_id = b.id
          where b.bank_id = $1 and b.id = $2",
    ))
    .bind(bank)
    .bind(booking)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a booking of the bank"))
}
