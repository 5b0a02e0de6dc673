//! Offers and bookings: a session held for one clinician until a time, and what becomes of it.
//!
//! An offer moves once:
//!
//! ```text
//! open ──▶ accepted    its clinician says yes in time
//!      ──▶ declined    its clinician says no
//!      ──▶ withdrawn   the session was filled or withdrawn, or the clinician is booked at that time
//!      ──▶ lapsed      nobody answered in time
//! ```
//!
//! A booking is made by one function, [`crate::work::booking::actions::book::book`], whatever the way in, and moves once: `live ──▶ cancelled`. While it
//! is live its session's hours and notes may change ([`actions::change`]).
//! Whoever changes either locks the session, then the clinician, then the offer, so that no two wait for each other.

pub mod actions;
pub mod calendar;
pub mod changed;
pub mod desk;
pub mod error;
pub mod fee;
pub mod feed;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod offer;
pub mod pages;
pub mod people;
pub mod reason;
pub mod refusal;
pub mod reliance;
pub mod store;

pub use desk::Desk;

use chrono::{DateTime, Utc};

use crate::eligibility::not_again::Cause;
use crate::eligibility::wishes::Wishes;
use crate::ground::events::BookingOf;
use crate::ground::id::{BankId, BookingId, ClinicianId, OfferId, RequestId, SessionId};
use crate::ground::mail::Letterhead;
use crate::terms::rules::FeeSteps;

/// How a booking comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayIn {
    /// The clinician accepts an offer, signed in or by the link in its mail.
    Offer(OfferId),
    /// The clinician asks for an open session, at their own rate for its band.
    Request,
    /// A bank administrator books a clinician who agreed by other means, at this rate.
    Administrator {
        /// The agreed rate.
        rate_pence_per_hour: i32,
    },
}

impl WayIn {
    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Offer(_) => "offer",
            Self::Request => "request",
            Self::Administrator { .. } => "administrator",
        }
    }

    /// Which of the clinician's own wishes bind: none where they say yes in person.
    #[must_use]
    pub fn wishes(self) -> Wishes {
        match self {
            Self::Offer(_) | Self::Request => Wishes::None,
            Self::Administrator { .. } => Wishes::Refusals,
        }
    }
}

impl Booking {
    /// What an event says it is about.
    #[must_use]
    pub fn as_subject(&self) -> BookingOf {
        BookingOf { booking: self.id, session: self.session, clinician: self.clinician }
    }
}

/// A wish to book: what [`crate::work::booking::actions::book::book`] is asked.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The session.
    pub session: SessionId,
    /// Who would work in it.
    pub clinician: ClinicianId,
    /// How it came about.
    pub way_in: WayIn,
    /// Names the asking, so that asking twice books once: see [`Wish::accepting`].
    pub key: String,
}

impl Wish {
    /// The wish of a clinician who accepts `offer`.
    #[must_use]
    pub fn accepting(offer: &offer::Offer) -> Self {
        Self {
            session: offer.session,
            clinician: offer.clinician,
            way_in: WayIn::Offer(offer.id),
            key: format!("booking.offer:{}", offer.id),
        }
    }

    /// The wish of a clinician whose request the practice accepts.
    #[must_use]
    pub fn requested(session: SessionId, clinician: ClinicianId, request: RequestId) -> Self {
        Self { session, clinician, way_in: WayIn::Request, key: format!("booking.request:{request}") }
    }
}

/// The side that cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Side {
    /// The practice.
    Practice,
    /// The clinician.
    Clinician,
    /// The bank, for instance because a clearance ended.
    Bank,
}

impl Side {
    /// The name in the database and in the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Clinician => "clinician",
            Self::Bank => "bank",
        }
    }

    /// What a cancellation by this side makes of who was booked: they are not proposed for the session again.
    #[must_use]
    pub fn cause(self) -> Cause {
        match self {
            Self::Practice => Cause::CancelledByPractice,
            Self::Clinician => Cause::CancelledByClinician,
            Self::Bank => Cause::CancelledByBank,
        }
    }

    /// The side in the middle of a sentence: "cancelled by the practice".
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Practice => "the practice",
            Self::Clinician => "the clinician",
            Self::Bank => "the bank",
        }
    }
}

/// Where a booking stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingState {
    /// It counts.
    Live,
    /// It counted until it was cancelled.
    Cancelled {
        /// When.
        at: DateTime<Utc>,
        /// By which side.
        side: Side,
        /// Why, in the words of whoever cancelled.
        reason: String,
        /// What the practice owes for it, in pence.
        fee_pence: i32,
    },
}

/// An agreed session and clinician at an agreed rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its bank.
    pub bank: BankId,
    /// Its id.
    pub id: BookingId,
    /// The session.
    pub session: SessionId,
    /// Who works in it.
    pub clinician: ClinicianId,
    /// The agreed rate.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// What the practice owes when it cancels, as it was agreed.
    pub fee_steps: FeeSteps,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Where it stands.
    pub state: BookingState,
    /// How often calendars were told of it after the first time (RFC 5545 `SEQUENCE`).
    pub calendar_sequence: i32,
    /// Who calendars were told organises it; none where that was not noted yet.
    pub organiser: Option<Organiser>,
}

/// Who organises a calendar entry. Calendars take a change or an end of it from whoever sent it first and from nobody else
/// (RFC 5546, section 2.1.4), so it stays with its booking, whatever address mail comes from later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organiser {
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
}

impl Organiser {
    /// Whoever mail comes from today.
    #[must_use]
    pub fn of(letterhead: &Letterhead) -> Self {
        Self { name: letterhead.from_name.clone(), address: letterhead.from_address.clone() }
    }
}

impl Booking {
    /// Who organises it in calendars: whoever did at first.
    #[must_use]
    pub fn organiser(&self, letterhead: &Letterhead) -> Organiser {
        self.organiser.clone().unwrap_or_else(|| Organiser::of(letterhead))
    }
}

/// Pay for so many whole minutes at a rate, halves of a penny rounded up.
#[must_use]
pub fn pay_pence(rate_pence_per_hour: i32, minutes: i64) -> i32 {
    let pence = (i64::from(rate_pence_per_hour) * minutes + 30).div_euclid(60);
    i32::try_from(pence).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::pay_pence;

    #[test]
    fn pay_is_by_the_minute_and_halves_round_up() {
        assert_eq!(pay_pence(7_757, 250), 32_321);
        assert_eq!(pay_pence(8_800, 60), 8_800);
        assert_eq!((pay_pence(1, 30), pay_pence(1, 29)), (1, 0));
    }
}
