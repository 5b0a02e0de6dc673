//! Every "no" of the booking desk: a code, a sentence, and what to do next. What stands between the person and the session
//! is [`Obstacle`]; the rest is about the session, the offer and the booking themselves.

use chrono::{DateTime, Utc};

use crate::eligibility::facts::SessionFacts;
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::words::Audience;
use crate::ground::words::{pounds, when};

/// Why a booking is not made, or an offer or booking not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the booking desk refuses: {}", self.code())]
pub enum Refusal {
    /// The practice has withdrawn the session.
    SessionWithdrawn,
    /// The session has begun.
    SessionStarted,
    /// Every place is booked.
    SessionFilled,
    /// Every place that is not booked is held for somebody by an open offer.
    PlacesHeld,
    /// The offer was declined before.
    OfferDeclined,
    /// The offer was taken back, with the reason that was given.
    OfferWithdrawn(String),
    /// The time to answer ran out.
    OfferLapsed(DateTime<Utc>),
    /// The offer was accepted, so it can't be declined any more.
    OfferAccepted,
    /// The booking was cancelled before.
    BookingCancelled,
    /// Cancelling costs more by now than was seen: so many pence.
    FeeHasRisen(i32),
    /// A fact changed at the very moment of booking.
    JustChanged,
    /// The clinician may not work the session.
    MayNot(Obstacle),
}

impl From<Obstacle> for Refusal {
    fn from(obstacle: Obstacle) -> Self {
        Self::MayNot(obstacle)
    }
}

/// Why nobody can be booked into the session any more.
pub fn refuse_closed(session: &SessionFacts, now: DateTime<Utc>) -> Result<(), Refusal> {
    if session.is_withdrawn {
        Err(Refusal::SessionWithdrawn)
    } else if session.starts_at <= now {
        Err(Refusal::SessionStarted)
    } else {
        Ok(())
    }
}

impl Refusal {
    /// The name for programs, logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SessionWithdrawn => "session_withdrawn",
            Self::SessionStarted => "session_started",
            Self::SessionFilled => "session_filled",
            Self::PlacesHeld => "places_held",
            Self::OfferDeclined => "offer_declined",
            Self::OfferWithdrawn(_) => "offer_withdrawn",
            Self::OfferLapsed(_) => "offer_lapsed",
            Self::OfferAccepted => "offer_accepted",
            Self::BookingCancelled => "booking_cancelled",
            Self::FeeHasRisen(_) => "fee_has_risen",
            Self::JustChanged => "just_changed",
            Self::MayNot(obstacle) => obstacle.code(),
        }
    }

    /// What is the case, in a sentence for `audience`.
    #[must_use]
    pub fn sentence(&self, audience: Audience, now: DateTime<Utc>) -> String {
        let plain = match self {
            Self::OfferLapsed(at) => {
                return format!("The time to answer this offer ended {}", when(*at, now));
            }
            Self::MayNot(obstacle) => return obstacle.sentence(audience, now),
            Self::FeeHasRisen(pence) => {
                return format!("Cancelling costs the practice {} by now", pounds((*pence).into()));
            }
            Self::SessionWithdrawn => "The practice no longer needs this session",
            Self::SessionStarted => "This session has already started",
            Self::SessionFilled => "This session has been filled",
            Self::PlacesHeld => "This session is being held for somebody else",
            Self::OfferDeclined => "This offer was declined",
            Self::OfferWithdrawn(_) => "This offer was withdrawn",
            Self::OfferAccepted => "This offer was accepted",
            Self::BookingCancelled => "This booking was cancelled",
            Self::JustChanged => "Something about this session changed just now",
        };
        plain.to_owned()
    }

    /// What to do next, in one or two sentences for `audience`.
    #[must_use]
    pub fn next_step(&self, audience: Audience) -> String {
        let plain = match self {
            Self::MayNot(obstacle) => return obstacle.next_step(audience),
            Self::OfferWithdrawn(reason) => {
                return format!("{reason} Nothing needs to be done. New offers are sent by email.");
            }
            Self::SessionWithdrawn | Self::SessionStarted | Self::SessionFilled | Self::OfferLapsed(_) => {
                "Nothing needs to be done. New offers are sent by email."
            }
            Self::PlacesHeld => "Try again after the offer has been answered, or withdraw it first.",
            Self::OfferDeclined => {
                "If that was a mistake, ask the bank administrator. The session may still be open."
            }
            Self::OfferAccepted => "To give the session back, cancel the booking.",
            Self::BookingCancelled => "Nothing needs to be done.",
            Self::FeeHasRisen(_) => {
                "Nothing has been cancelled. Go back, open the page again to see what it costs, and decide then."
            }
            Self::JustChanged => "Nothing has been booked. Try again.",
        };
        plain.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, refuse_closed};
    use crate::eligibility::judge::examples::{facts, now};

    #[test]
    fn a_session_that_is_over_or_withdrawn_is_not_booked() {
        let mut session = facts().session;
        assert_eq!(refuse_closed(&session, now()), Ok(()));
        session.starts_at = now();
        assert_eq!(refuse_closed(&session, now()), Err(Refusal::SessionStarted));
        session.is_withdrawn = true;
        assert_eq!(refuse_closed(&session, now()), Err(Refusal::SessionWithdrawn));
    }
}
