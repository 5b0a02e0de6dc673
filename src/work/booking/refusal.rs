//! Every "no" of the booking desk: a code, a sentence, and what to do next.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::words::{
    capitalised, date_without_weekday, date_without_year, in_sentence, london_date, rate_an_hour, rate_span,
    time_span, when,
};

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
    /// The session does not take the clinician's role.
    WrongRole(String),
    /// A competency is needed that the clinician does not have.
    CompetencyMissing(String),
    /// A competency or document ends before the session does.
    CompetencyEnds(String, NaiveDate),
    /// The clinician was never cleared for the role.
    NotCleared,
    /// The clearance ends before the session does.
    ClearanceEnds(NaiveDate),
    /// The commissioner has published no range for that role, band and date.
    NoRateRange,
    /// The clinician has given no rate for that band.
    NoOwnRate,
    /// The rate is outside what may be paid: the rate, the least and the most.
    RateOutside(i32, i32, i32),
    /// The practice has asked the bank not to send this clinician. The sentence does not say so: nobody tells the
    /// clinician who refused them.
    RefusedByPractice,
    /// The clinician does not work at this practice.
    RefusesPractice,
    /// The person is booked elsewhere at that time: where, from and until, if that is known.
    DoubleBooked(Option<(String, DateTime<Utc>, DateTime<Utc>)>),
    /// The drive from or to another booking does not fit: where that is.
    TooFarBetween(String),
    /// Eleven hours of rest would not be kept beside a booking of another working day.
    TooLittleRest,
    /// With another booking of the same working day it would span more than thirteen hours.
    DayTooLong,
    /// The session alone is longer than the thirteen hours that a working day may span.
    SessionTooLong,
    /// Forty-eight hours in the week would be passed.
    TooManyHours,
    /// The offer was accepted, so it can't be declined any more.
    OfferAccepted,
    /// The booking was cancelled before.
    BookingCancelled,
    /// A fact changed at the very moment of booking.
    JustChanged,
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
            Self::WrongRole(_) => "wrong_role",
            Self::CompetencyMissing(_) => "competency_missing",
            Self::CompetencyEnds(..) => "competency_ends",
            Self::NotCleared => "not_cleared",
            Self::ClearanceEnds(_) => "clearance_ends",
            Self::NoRateRange => "no_rate_range",
            Self::NoOwnRate => "no_own_rate",
            Self::RateOutside(..) => "rate_outside",
            Self::RefusedByPractice => "refused_by_practice",
            Self::RefusesPractice => "refuses_practice",
            Self::DoubleBooked(_) => "double_booked",
            Self::TooFarBetween(_) => "too_far_between",
            Self::TooLittleRest => "too_little_rest",
            Self::DayTooLong => "day_too_long",
            Self::SessionTooLong => "session_too_long",
            Self::TooManyHours => "too_many_hours",
            Self::OfferAccepted => "offer_accepted",
            Self::BookingCancelled => "booking_cancelled",
            Self::JustChanged => "just_changed",
        }
    }

    /// What is the case, in a sentence.
    #[must_use]
    pub fn sentence(&self, now: DateTime<Utc>) -> String {
        match self {
            Self::SessionWithdrawn => "The practice no longer needs this session".to_owned(),
            Self::SessionStarted => "This session has already started".to_owned(),
            Self::SessionFilled => "This session has been filled".to_owned(),
            Self::PlacesHeld => "This session is being held for somebody else".to_owned(),
            Self::OfferDeclined => "This offer was declined".to_owned(),
            Self::OfferWithdrawn(_) => "This offer was withdrawn".to_owned(),
            Self::OfferLapsed(at) => format!("The time to answer this offer ended {}", when(*at, now)),
            Self::WrongRole(role) => format!("This session is not for a {}", in_sentence(role)),
            Self::CompetencyMissing(name) => format!("This session needs {name}"),
            Self::CompetencyEnds(name, on) if *on < london_date(now) => {
                format!("{name} ended on {}", date_without_weekday(*on))
            }
            Self::CompetencyEnds(name, on) => {
                format!("{name} ends on {}, before this session does", date_without_weekday(*on))
            }
            Self::NotCleared => "There is no clearance for this role".to_owned(),
            Self::ClearanceEnds(on) if *on < london_date(now) => {
                format!("The clearance ended on {}", date_without_weekday(*on))
            }
            Self::ClearanceEnds(on) => {
                format!("The clearance ends on {}, before this session does", date_without_weekday(*on))
            }
            Self::NoRateRange => "No rate range has been published for this session".to_owned(),
            Self::NoOwnRate => "There is no rate for this time of the week".to_owned(),
            Self::RateOutside(rate, least, most) if least <= most => format!(
                "{} is outside what this session may pay now: {}",
                capitalised(&rate_an_hour(i64::from(*rate))),
                rate_span(i64::from(*least), i64::from(*most))
            ),
            Self::RateOutside(..) => "This session's rate is outside the commissioner's range now".to_owned(),
            Self::RefusedByPractice => "This booking can't be made".to_owned(),
            Self::RefusesPractice => "This practice is on the list of practices not to work at".to_owned(),
            Self::DoubleBooked(None) => "There is another booking at that time".to_owned(),
            Self::DoubleBooked(Some((practice, from, until))) => format!(
                "There is another booking at that time: {practice}, {}, {}",
                date_without_year(london_date(*from)),
                time_span(*from, *until)
            ),
            Self::TooFarBetween(practice) => {
                format!("There is not enough time to travel between this session and the one at {practice}")
            }
            Self::TooLittleRest => {
                "This session leaves less than 11 hours of rest beside another booking".to_owned()
            }
            Self::DayTooLong => {
                "With another booking of that day this session would make more than 13 hours from start to end, which leaves less than 11 hours of rest".to_owned()
            }
            Self::SessionTooLong => {
                "This session is longer than 13 hours, which leaves less than 11 hours of rest".to_owned()
            }
            Self::TooManyHours => "This session would make it more than 48 hours in that week".to_owned(),
            Self::OfferAccepted => "This offer was accepted".to_owned(),
            Self::BookingCancelled => "This booking was cancelled".to_owned(),
            Self::JustChanged => "Something about this session changed just now".to_owned(),
        }
    }

    /// What to do next, in one or two sentences.
    #[must_use]
    pub fn next_step(&self) -> String {
        match self {
            Self::OfferWithdrawn(reason) => {
                format!("{reason} Nothing needs to be done. New offers are sent by email.")
            }
            Self::SessionWithdrawn | Self::SessionStarted | Self::SessionFilled | Self::OfferLapsed(_) => {
                "Nothing needs to be done. New offers are sent by email.".to_owned()
            }
            Self::PlacesHeld => {
                "Try again after the offer has been answered, or withdraw it first.".to_owned()
            }
            Self::OfferDeclined => {
                "If that was a mistake, ask the bank administrator. The session may still be open.".to_owned()
            }
            Self::WrongRole(_) | Self::RefusedByPractice => {
                "Ask the bank administrator if you think this is wrong.".to_owned()
            }
            Self::CompetencyMissing(_) => "Add it to the clinician's details if it is held.".to_owned(),
            Self::CompetencyEnds(name, _) => {
                format!("Send the new {} to the bank administrator, then try again.", in_sentence(name))
            }
            Self::NotCleared | Self::ClearanceEnds(_) => {
                "Ask the bank administrator to renew the clearance, then try again.".to_owned()
            }
            Self::NoRateRange | Self::RateOutside(..) => {
                "Ask the bank administrator. The session can be offered again at a rate inside the range."
                    .to_owned()
            }
            Self::NoOwnRate => "Add a rate for this time of the week, then try again.".to_owned(),
            Self::RefusesPractice => "Take the practice off that list first.".to_owned(),
            Self::OfferAccepted => "To give the session back, cancel the booking.".to_owned(),
            Self::BookingCancelled => "Nothing needs to be done.".to_owned(),
            Self::SessionTooLong => {
                "The law lets no worker of the bank do it. Ask the practice to post it as two sessions."
                    .to_owned()
            }
            Self::DoubleBooked(_)
            | Self::TooFarBetween(_)
            | Self::TooLittleRest
            | Self::DayTooLong
            | Self::TooManyHours => "To take this session, cancel the other booking first.".to_owned(),
            Self::JustChanged => "Nothing has been booked. Try again.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, TimeDelta};

    use super::Refusal;

    #[test]
    fn a_document_that_ended_is_named_with_its_day_and_what_to_send() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ended = NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
        let refusal = Refusal::CompetencyEnds("Basic life support".to_owned(), ended);
        assert_eq!(refusal.sentence(now), "Basic life support ended on 3 November 2026");
        assert_eq!(
            refusal.next_step(),
            "Send the new basic life support to the bank administrator, then try again."
        );
        let earlier = now - TimeDelta::days(200);
        assert_eq!(
            refusal.sentence(earlier),
            "Basic life support ends on 3 November 2026, before this session does"
        );
    }

    #[test]
    fn a_rate_is_refused_with_what_may_be_paid() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let refusal = Refusal::RateOutside(9_900, 7_600, 9_800);
        assert_eq!(
            refusal.sentence(now),
            "£99 an hour is outside what this session may pay now: £76 to £98 an hour"
        );
        let upside_down = Refusal::RateOutside(9_900, 9_900, 9_800).sentence(now);
        assert_eq!(upside_down, "This session's rate is outside the commissioner's range now");
    }
}
