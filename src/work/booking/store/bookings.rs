//! SQL of bookings: the only place that writes their table.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::eligibility::facts::{PairFacts, RangeFacts};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, BookingId, ClearanceId, ClinicianId, OfferId, SessionId};
use crate::terms::rules::FeeSteps;
use crate::work::booking::{Booking, BookingState, Organiser, Side, WayIn};

/// A booking's columns, as statements give them.
#[derive(sqlx::FromRow)]
pub(super) struct BookingRow {
    bank_id: BankId,
    id: BookingId,
    session_id: SessionId,
    clinician_id: ClinicianId,
    rate_pence_per_hour: i32,
    pay_pence: i32,
    fee_steps: Json<FeeSteps>,
    made_at: DateTime<Utc>,
    cancel_fee_pence: i32,
    cancelled_at: Option<DateTime<Utc>>,
    cancelled_side: Option<Side>,
    cancel_reason: Option<String>,
    calendar_sequence: i32,
    organiser_name: Option<String>,
    organiser_address: Option<String>,
}

impl From<BookingRow> for Booking {
    fn from(row: BookingRow) -> Self {
        let state = match (row.cancelled_at, row.cancelled_side, row.cancel_reason) {
            (Some(at), Some(side), Some(reason)) => {
                BookingState::Cancelled { at, side, reason, fee_pence: row.cancel_fee_pence }
            }
            _ => BookingState::Live,
        };
        Self {
            bank: row.bank_id,
            id: row.id,
            session: row.session_id,
            clinician: row.clinician_id,
            rate_pence_per_hour: row.rate_pence_per_hour,
            pay_pence: row.pay_pence,
            fee_steps: row.fee_steps.0,
            made_at: row.made_at,
            state,
            calendar_sequence: row.calendar_sequence,
            organiser: row
                .organiser_name
                .zip(row.organiser_address)
                .map(|(name, address)| Organiser { name, address }),
        }
    }
}

/// The booking of that id.
pub async fn find_booking(tx: &mut Tx, booking: BookingId) -> Result<Option<Booking>, DbError> {
    let bank = tx.bank();
    let row: Option<BookingRow> = sqlx::query_as(
        "select bank_id, id, session_id, clinician_id, rate_pence_per_hour, pay_pence, fee_steps, made_at, cancelled_at,
                cancel_fee_pence, cancelled_side, cancel_reason, calendar_sequence, organiser_name, organiser_address
           from booking
          where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(booking)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a booking"))?;
    Ok(row.map(Booking::from))
}

/// The booking that an offer led to.
pub async fn find_booking_of_offer(tx: &mut Tx, offer: OfferId) -> Result<Option<BookingId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select id from booking where bank_id = $1 and offer_id = $2")
        .bind(bank)
        .bind(offer)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding the booking of an offer"))
}

/// The live bookings of a session, in order of id.
pub async fn list_live_bookings_of_session(tx: &mut Tx, session: SessionId) -> Result<Vec<Booking>, DbError> {
    let bank = tx.bank();
    let rows: Vec<BookingRow> = sqlx::query_as(
        "select bank_id, id, session_id, clinician_id, rate_pence_per_hour, pay_pence, fee_steps, made_at, cancelled_at,
                cancel_fee_pence, cancelled_side, cancel_reason, calendar_sequence, organiser_name, organiser_address
           from booking
          where bank_id = $1 and session_id = $2 and state = 'live'
          order by id",
    )
    .bind(bank)
    .bind(session)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the live bookings of a session"))?;
    Ok(rows.into_iter().map(Booking::from).collect())
}

/// A booking with everything that is decided before it is written.
#[derive(Debug, Clone)]
pub struct NewBooking<'a> {
    /// Its id.
    pub id: BookingId,
    /// What it was judged by.
    pub facts: &'a PairFacts,
    /// The range in force.
    pub range: &'a RangeFacts,
    /// The clearance in force and its last date.
    pub clearance: (ClearanceId, chrono::NaiveDate),
    /// Which place it takes.
    pub place_no: i16,
    /// How it came about.
    pub way_in: WayIn,
    /// The agreed rate.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// What the practice owes when it cancels.
    pub fee_steps: FeeSteps,
    /// Who organises it in calendars.
    pub organiser: Organiser,
}

/// Adds a booking. The database refuses, by name: `booking_place_once`, `booking_clinician_once_at_a_time`,
/// `booking_rate_range_in_force`, `booking_rate_above_floor`, `booking_rate_within_range`,
/// `booking_clearance_covers`.
pub async fn insert_booking(tx: &mut Tx, booking: &NewBooking<'_>) -> Result<(), DbError> {
    let (by, now) = (tx.account(), tx.now());
    let (session, clinician) = (&booking.facts.session, &booking.facts.clinician.person);
    let offer = match booking.way_in {
        WayIn::Offer(offer) => Some(offer),
        WayIn::Request | WayIn::Administrator { .. } => None,
    };
    let exception = booking.range.exception.map(|(id, _)| id);
    let is_above_range = booking.rate_pence_per_hour > booking.range.ceiling_pence_per_hour;
    sqlx::query(
        "insert into booking (bank_id, id, session_id, practice_id, place_no, session_places, starts_at, ends_at,
                              clinician_id, account_id, role, engagement, rate_pence_per_hour, pay_pence, rate_range_id,
                              rate_exception_id, clearance_id, cleared_until, way_in, offer_id, made_by, made_at,
                              organiser_name, organiser_address, fee_steps)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25)",
    )
    .bind(session.bank)
    .bind(booking.id)
    .bind(session.id)
    .bind(session.practice)
    .bind(booking.place_no)
    .bind(session.places)
    .bind(session.starts_at)
    .bind(session.ends_at)
    .bind(clinician.id)
    .bind(clinician.account)
    .bind(&clinician.role)
    .bind(clinician.engagement)
    .bind(booking.rate_pence_per_hour)
    .bind(booking.pay_pence)
    .bind(booking.range.id)
    .bind(exception.filter(|_| is_above_range))
    .bind(booking.clearance.0)
    .bind(booking.clearance.1)
    .bind(booking.way_in.code())
    .bind(offer)
    .bind(by)
    .bind(now)
    .bind(&booking.organiser.name)
    .bind(&booking.organiser.address)
    .bind(Json(&booking.fee_steps))
    .execute(tx.connection())
    .await
    .map_err(failed("adding a booking"))?;
    Ok(())
}

/// Marks a live booking as cancelled, with what the practice owes for it in pence, and raises its calendar sequence; says whether it was live.
pub async fn mark_cancelled(
    tx: &mut Tx,
    booking: BookingId,
    (side, reason, fee_pence): (Side, &str, i32),
) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "update booking
            set state = 'cancelled', cancelled_by = $3, cancelled_side = $4, cancel_reason = $5, cancelled_at = $6,
                cancel_fee_pence = $7,
                calendar_sequence = calendar_sequence + 1
          where bank_id = $1 and id = $2 and state = 'live'",
    )
    .bind(bank)
    .bind(booking)
    .bind(by)
    .bind(side)
    .bind(reason)
    .bind(now)
    .bind(fee_pence)
    .execute(tx.connection())
    .await
    .map_err(failed("marking a booking as cancelled"))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the session of a live booking has changed and what the booking is paid now. Gives the sequence by which
/// calendars know the change; none where the booking is not live.
pub async fn mark_changed(tx: &mut Tx, booking: BookingId, pay_pence: i32) -> Result<Option<i32>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "update booking
            set pay_pence = $3, calendar_sequence = calendar_sequence + 1
          where bank_id = $1 and id = $2 and state = 'live'
         returning calendar_sequence",
    )
    .bind(bank)
    .bind(booking)
    .bind(pay_pence)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("noting that a booking has changed"))
}
