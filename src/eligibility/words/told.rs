//! What stands between one person and one session, in words for each reader.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Audience, CANCEL_THE_OTHER, cause, kept_out, plain};
use crate::eligibility::obstacle::{Lack, Obstacle};
use crate::ground::words::{
    capitalised, date_without_weekday, date_without_year, in_sentence, london_date, rate_an_hour, rate_span,
    time_span,
};
use crate::people::credential::DocumentEnd;
use crate::people::lookup::Outcome;
use matching_model::plan::RuleCode;

impl Obstacle {
    /// The rule of matching that finds this in the way; none where matching is not asked.
    #[must_use]
    pub fn rule(&self) -> Option<RuleCode> {
        Some(match self {
            Self::WrongRole(_) => RuleCode::Role,
            Self::Lacks(_) => RuleCode::Competency,
            Self::NotCleared
            | Self::ClearanceEnds(_)
            | Self::DocumentEnds(_)
            | Self::NumberChanged
            | Self::OffRegister(..) => RuleCode::Clearance,
            Self::NoRateRange | Self::RateOutside(..) | Self::Asks(_) => RuleCode::Rate,
            Self::RefusedByPractice | Self::RefusesPractice => RuleCode::Refused,
            Self::NotAgain(_) => RuleCode::NotAgain,
            Self::DoubleBooked(_) => RuleCode::Overlap,
            Self::TooFarBetween(_) => RuleCode::Travel,
            Self::TooLittleRest(_) | Self::DayTooLong | Self::SessionTooLong => RuleCode::Rest,
            Self::TooManyHours(_) => RuleCode::WeeklyHours,
            Self::Rule(rule) => *rule,
            Self::NoMember | Self::PracticeClosed(_) | Self::PracticeOpens(_) => return None,
        })
    }

    /// What is the case, without a full stop: to practices and commissioners after a name, "they are not cleared for that
    /// day"; to others a sentence.
    #[must_use]
    pub fn sentence(&self, audience: Audience, now: DateTime<Utc>) -> String {
        match audience {
            Audience::Clinician => self.to_clinician(london_date(now)),
            Audience::Administrator => self.to_administrator(london_date(now)),
            Audience::Practice | Audience::Commissioner => match (self, self.rule()) {
                (_, Some(rule)) => format!("they {}", kept_out(rule, audience).many),
                (Self::PracticeClosed(_), None) => "the practice is closed by then".to_owned(),
                (Self::PracticeOpens(_), None) => "the practice is not open by then".to_owned(),
                (_, None) => "they do not work with the bank any more".to_owned(),
            },
        }
    }

    fn to_clinician(&self, today: NaiveDate) -> String {
        match self {
            Self::WrongRole(role) => format!("This session is not for a {}", in_sentence(role)),
            Self::Lacks(lacks) => lacks.first().map_or_else(String::new, |lack| match lack {
                Lack::Missing(name) => format!("This session needs {name}"),
                Lack::Ends(name, on) => ends(name, *on, today),
            }),
            Self::NotCleared => "There is no clearance for this role".to_owned(),
            Self::ClearanceEnds(on) => ends("The clearance", *on, today),
            Self::DocumentEnds(DocumentEnd { name, ends: Some(on) }) => ends(name, *on, today),
            Self::DocumentEnds(document) => document.sentence(today),
            Self::NumberChanged => "The clearance was decided on another registration number".to_owned(),
            Self::OffRegister(outcome, on) => off_register(*outcome, *on),
            Self::NoRateRange => "No rate range has been published for this session".to_owned(),
            Self::Asks(None) => "There is no rate for this time of the week".to_owned(),
            Self::Asks(Some(rate)) => {
                format!("{} is more than this session pays", capitalised(&rate_an_hour((*rate).into())))
            }
            Self::RateOutside(rate, least, most) if least <= most => format!(
                "{} is outside what this session may pay now: {}",
                capitalised(&rate_an_hour(i64::from(*rate))),
                rate_span(i64::from(*least), i64::from(*most))
            ),
            Self::RateOutside(..) => "This session's rate is outside the commissioner's range now".to_owned(),
            // Nobody tells a clinician who refused them.
            Self::RefusedByPractice => "This booking can't be made".to_owned(),
            Self::RefusesPractice => "This practice is on the list of practices not to work at".to_owned(),
            Self::NotAgain(_) => "This session was given back".to_owned(),
            Self::DoubleBooked(None) => "There is another booking at that time".to_owned(),
            Self::DoubleBooked(Some((practice, from, until))) => format!(
                "There is another booking at that time: {practice}, {}, {}",
                date_without_year(london_date(*from)),
                time_span(*from, *until)
            ),
            Self::TooFarBetween(None) => {
                "There is not enough time to travel from or to another booking".to_owned()
            }
            Self::TooFarBetween(Some(practice)) => {
                format!("There is not enough time to travel between this session and the one at {practice}")
            }
            Self::TooLittleRest(rest) => {
                format!("This session leaves less than {rest} hours of rest beside another booking")
            }
            Self::DayTooLong => {
                "With another booking of that day this session would make more than 13 hours from start to end, which leaves less than 11 hours of rest".to_owned()
            }
            Self::SessionTooLong => {
                "This session is longer than 13 hours, which leaves less than 11 hours of rest".to_owned()
            }
            Self::TooManyHours(most) => {
                format!("This session would make it more than {most} hours in that week")
            }
            Self::Rule(rule) => plain(*rule).0.to_owned(),
            Self::NoMember => "This bank's records say that the work with it has ended".to_owned(),
            Self::PracticeClosed(on) => format!("The practice closed on {}", date_without_weekday(*on)),
            Self::PracticeOpens(on) => {
                format!("The practice opens on {}, after this session", date_without_weekday(*on))
            }
        }
    }

    fn to_administrator(&self, today: NaiveDate) -> String {
        match self {
            Self::WrongRole(_) => "Works in another role".to_owned(),
            Self::Lacks(lacks) => {
                let lack = |lack: &Lack| match lack {
                    Lack::Missing(name) => format!("Lacks {}", in_sentence(name)),
                    Lack::Ends(name, on) => ended(name, *on, today),
                };
                lacks.iter().map(lack).collect::<Vec<_>>().join("; ")
            }
            Self::NotCleared => "Not cleared".to_owned(),
            Self::ClearanceEnds(on) => ended("The clearance", *on, today),
            Self::DocumentEnds(document) => document.sentence(today),
            Self::Asks(None) => "Has given no rate for this time of the week".to_owned(),
            Self::Asks(Some(rate)) => format!("Asks {}", rate_an_hour((*rate).into())),
            Self::RefusedByPractice => "The practice does not take them".to_owned(),
            Self::RefusesPractice => "Will not work at this practice".to_owned(),
            Self::NotAgain(None) => "Not to be proposed for it again".to_owned(),
            Self::NotAgain(Some(known)) => capitalised(cause(*known)),
            Self::DoubleBooked(_) => "Booked elsewhere at that time".to_owned(),
            Self::TooFarBetween(_) => "Could not get there in time from another booking".to_owned(),
            Self::TooLittleRest(_) | Self::DayTooLong | Self::SessionTooLong => {
                "Would have too little rest".to_owned()
            }
            Self::TooManyHours(_) => {
                capitalised(kept_out(RuleCode::WeeklyHours, Audience::Administrator).one)
            }
            Self::Rule(rule) => capitalised(kept_out(*rule, Audience::Administrator).one),
            Self::NoMember => "Does not work with the bank any more".to_owned(),
            Self::NumberChanged => "Cleared on another registration number".to_owned(),
            Self::OffRegister(outcome, on) => off_register(*outcome, *on),
            Self::NoRateRange | Self::RateOutside(..) | Self::PracticeClosed(_) | Self::PracticeOpens(_) => {
                self.to_clinician(today)
            }
        }
    }

    /// What to do next, in one or two sentences.
    #[must_use]
    pub fn next_step(&self, audience: Audience) -> String {
        let step = match (self, audience) {
            (_, Audience::Practice | Audience::Commissioner) => {
                self.rule().map_or("", |rule| kept_out(rule, audience).next_step)
            }
            (Self::RefusedByPractice, Audience::Administrator) => {
                "Choose somebody else, or ask the practice. Its page says why."
            }
            (Self::Lacks(lacks), _) => return next_step_of(lacks),
            (Self::WrongRole(_) | Self::RefusedByPractice | Self::NoMember, _) => {
                "Ask the bank administrator if you think this is wrong."
            }
            (Self::DocumentEnds(_), Audience::Administrator) => "Record the new document first.",
            (Self::DocumentEnds(document), _) => {
                let name = in_sentence(&document.name);
                return format!("Send the new {name} to the bank administrator, then try again.");
            }
            (Self::NotCleared | Self::ClearanceEnds(_), _) => {
                "Ask the bank administrator to renew the clearance, then try again."
            }
            (Self::NumberChanged, _) => {
                "Ask the bank administrator to look at the new number, then try again."
            }
            (Self::OffRegister(..), Audience::Administrator) => {
                "Look the number up on the register again, and record what it says."
            }
            (Self::OffRegister(..), _) => {
                "Ask the bank administrator to look the number up on the register again, then try again."
            }
            (Self::NoRateRange | Self::RateOutside(..), _) => {
                "Ask the bank administrator. The session can be offered again at a rate inside the range."
            }
            (Self::Asks(_), _) => "Add a rate for this time of the week, then try again.",
            (Self::Rule(rule), _) => plain(*rule).1,
            (Self::RefusesPractice, _) => "Take the practice off that list first.",
            (Self::NotAgain(_), _) => "Ask for it again, then try again.",
            (Self::SessionTooLong, _) => {
                "The law lets no worker of the bank do it. Ask the practice to post it as two sessions."
            }
            (
                Self::DoubleBooked(_)
                | Self::TooFarBetween(_)
                | Self::TooLittleRest(_)
                | Self::DayTooLong
                | Self::TooManyHours(_),
                _,
            ) => CANCEL_THE_OTHER,
            (Self::PracticeClosed(_) | Self::PracticeOpens(_), _) => {
                "Nothing needs to be done. New offers are sent by email."
            }
        };
        step.to_owned()
    }

    /// What a clinician reads whose open offer ends because of this, in one sentence.
    #[must_use]
    pub fn ends_offer(&self, now: DateTime<Utc>) -> String {
        match self {
            Self::NotCleared | Self::ClearanceEnds(_) | Self::NumberChanged => {
                "Your clearance does not cover this session any more.".to_owned()
            }
            // No word of who refused whom.
            Self::RefusedByPractice => "Other sessions are offered to you as before.".to_owned(),
            Self::RefusesPractice => "You said that you will not work at this practice.".to_owned(),
            Self::Rule(RuleCode::Availability) => "You said that you are away then.".to_owned(),
            Self::DoubleBooked(_) => "You are booked for another session at that time.".to_owned(),
            other => format!("{}.", other.sentence(Audience::Clinician, now)),
        }
    }

    /// What an administrator can do about a booking that stands against this, in a sentence.
    #[must_use]
    pub fn to_do_about_booking(&self) -> &'static str {
        match self {
            Self::NumberChanged => {
                "Look the new number up on the register and decide about the clearance again, or cancel the booking."
            }
            Self::OffRegister(..) => {
                "Look the number up on the register again and speak with the clinician, or cancel the booking."
            }
            Self::NotCleared | Self::ClearanceEnds(_) => "Renew the clearance, or cancel the booking.",
            Self::DocumentEnds(_) => {
                "Record the newer document once you have seen it, or cancel the booking."
            }
            Self::Lacks(_) => "Record the document or skill once you have seen it, or cancel the booking.",
            Self::PracticeClosed(_) => {
                "Ask the practice who takes its patients and where the work is to be done, or cancel the booking."
            }
            Self::PracticeOpens(_) => {
                "Agree with both sides where the work is to be done until the practice opens, or cancel the booking."
            }
            Self::DoubleBooked(_)
            | Self::TooFarBetween(_)
            | Self::TooLittleRest(_)
            | Self::DayTooLong
            | Self::TooManyHours(_) => {
                "Agree another time with the practice and the clinician, or cancel one of the bookings."
            }
            Self::SessionTooLong => "Agree shorter hours with the practice, or cancel the booking.",
            Self::WrongRole(_)
            | Self::NoMember
            | Self::NoRateRange
            | Self::RateOutside(..)
            | Self::Asks(_)
            | Self::RefusedByPractice
            | Self::RefusesPractice
            | Self::NotAgain(_)
            | Self::Rule(_) => "Speak with both sides, or cancel the booking.",
        }
    }
}

fn next_step_of(lacks: &[Lack]) -> String {
    match lacks.first() {
        Some(Lack::Ends(name, _)) => {
            format!("Send the new {} to the bank administrator, then try again.", in_sentence(name))
        }
        _ => "Add it to the clinician's details if it is held.".to_owned(),
    }
}

/// "The registration had lapsed when the register was looked up on 3 November 2026".
fn off_register(outcome: Outcome, on: NaiveDate) -> String {
    let said = match outcome {
        Outcome::NotFound => "The number was not on the register when it",
        Outcome::Lapsed | Outcome::Found | Outcome::Conditions => {
            "The registration had lapsed when the register"
        }
    };
    format!("{said} was looked up on {}", date_without_weekday(on))
}

/// "Indemnity ended on 3 November 2026", or that it ends before the session does.
fn ends(what: &str, on: NaiveDate, today: NaiveDate) -> String {
    if on < today {
        format!("{what} ended on {}", date_without_weekday(on))
    } else {
        format!("{what} ends on {}, before this session does", date_without_weekday(on))
    }
}

/// "Indemnity ended on 3 November 2026", "Indemnity ends on 3 November 2026".
fn ended(what: &str, on: NaiveDate, today: NaiveDate) -> String {
    let verb = if on < today { "ended" } else { "ends" };
    format!("{what} {verb} on {}", date_without_weekday(on))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, TimeDelta};

    use super::{Audience, Lack, Obstacle};

    #[test]
    fn a_document_that_ended_is_named_with_its_day_and_what_to_send() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ended = NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
        let obstacle = Obstacle::Lacks(vec![Lack::Ends("Basic life support".to_owned(), ended)]);
        let told = |now| obstacle.sentence(Audience::Clinician, now);
        assert_eq!(told(now), "Basic life support ended on 3 November 2026");
        assert_eq!(
            obstacle.next_step(Audience::Clinician),
            "Send the new basic life support to the bank administrator, then try again."
        );
        let earlier = now - TimeDelta::days(200);
        assert_eq!(told(earlier), "Basic life support ends on 3 November 2026, before this session does");
    }

    #[test]
    fn a_rate_is_refused_with_what_may_be_paid() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let told = |least| Obstacle::RateOutside(9_900, least, 9_800).sentence(Audience::Clinician, now);
        assert_eq!(told(7_600), "£99 an hour is outside what this session may pay now: £76 to £98 an hour");
        assert_eq!(told(9_900), "This session's rate is outside the commissioner's range now");
    }

    #[test]
    fn a_clinician_is_not_told_who_refused_them() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let told = Obstacle::RefusedByPractice.sentence(Audience::Clinician, now);
        assert!(!told.contains("practice"), "{told}");
    }
}
