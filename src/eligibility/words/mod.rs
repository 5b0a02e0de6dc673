//! The words of the rules: what each says to whom, once.
//!
//! A rule that keeps several people out is counted ([`kept_out`]); one that keeps a single person out has their facts
//! ([`Obstacle::sentence`](super::obstacle::Obstacle::sentence)). Whoever adds a rule is asked for its words here, by the compiler.

pub mod block;
mod told;

use super::not_again::Cause;
use matching_model::plan::RuleCode;

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whom it is about.
    Clinician,
    /// The practice whose session it is: of the person it learns what it must know.
    Practice,
    /// A bank administrator, who sees the person's record.
    Administrator,
    /// The commissioner, who sees nobody.
    Commissioner,
}

/// What a rule says of those it keeps out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptOut {
    /// Of one: "is not cleared for that date".
    pub one: &'static str,
    /// Of several: "are not cleared for that date".
    pub many: &'static str,
    /// What could be done about it; empty where whoever reads it can do nothing.
    pub next_step: &'static str,
}

/// What a rule says to `audience` of those it keeps out.
#[must_use]
pub fn kept_out(rule: RuleCode, audience: Audience) -> KeptOut {
    match audience {
        Audience::Practice => {
            let (one, many, next_step) = to_practices(rule);
            KeptOut { one, many, next_step }
        }
        Audience::Clinician | Audience::Administrator | Audience::Commissioner => {
            let (one, many) = to_the_bank(rule);
            KeptOut { one, many, next_step: "" }
        }
    }
}

fn to_practices(rule: RuleCode) -> (&'static str, &'static str, &'static str) {
    match rule {
        RuleCode::Role => ("has another role", "have another role", ""),
        RuleCode::Competency => (
            "does not hold a competency it needs",
            "do not hold a competency it needs",
            "Post it again with fewer competencies, if you can do without one.",
        ),
        RuleCode::Clearance => ("is not cleared for that day", "are not cleared for that day", ""),
        RuleCode::Availability => (
            "is not free for all of that time",
            "are not free for all of that time",
            "Post it at another time, or as two shorter sessions.",
        ),
        RuleCode::Rate => (
            "asks for more than your highest rate, or gave no rate for this band",
            "ask for more than your highest rate, or gave no rate for this band",
            "Pay more: raise the highest rate, as far as the range allows.",
        ),
        RuleCode::Distance => ("lives too far away", "live too far away", ""),
        RuleCode::Refused => {
            ("does not work here, by their wish or yours", "do not work here, by their wish or yours", "")
        }
        RuleCode::NotAgain => ("gave it back or lost it before", "gave it back or lost it before", ""),
        RuleCode::Audience => (
            "is not among those it is open to yet",
            "are not among those it is open to yet",
            "Open it to everybody now, or wait until it opens.",
        ),
        RuleCode::Overlap => ("is booked elsewhere then", "are booked elsewhere then", ""),
        RuleCode::Travel => (
            "could not get here in time from another session",
            "could not get here in time from another session",
            "",
        ),
        RuleCode::Rest => ("would not have enough rest", "would not have enough rest", ""),
        RuleCode::WeeklyHours => ("has no hours left that week", "have no hours left that week", ""),
        RuleCode::DailyHours => ("has no hours left that day", "have no hours left that day", ""),
    }
}

fn to_the_bank(rule: RuleCode) -> (&'static str, &'static str) {
    match rule {
        RuleCode::Role => ("works in another role", "work in another role"),
        RuleCode::Competency => ("lacks a skill or document it needs", "lack a skill or document it needs"),
        RuleCode::Clearance => ("is not cleared for that date", "are not cleared for that date"),
        RuleCode::Availability => ("is not free for all of that time", "are not free for all of that time"),
        RuleCode::Rate => ("asks more than it may pay", "ask more than it may pay"),
        RuleCode::Distance => ("lives too far away", "live too far away"),
        RuleCode::Refused => {
            ("is refused by the practice, or refuses it", "are refused by the practice, or refuse it")
        }
        RuleCode::NotAgain => {
            ("gave it back, lost it or was left out of it", "gave it back, lost it or were left out of it")
        }
        RuleCode::Audience => ("is asked in a later stage", "are asked in a later stage"),
        RuleCode::Overlap => ("is needed elsewhere at that time", "are needed elsewhere at that time"),
        RuleCode::Travel => ("could not drive there in time", "could not drive there in time"),
        RuleCode::Rest => ("would not have enough rest", "would not have enough rest"),
        RuleCode::WeeklyHours => ("has no hours left that week", "have no hours left that week"),
        RuleCode::DailyHours => ("has no hours left that day", "have no hours left that day"),
    }
}

const CANCEL_THE_OTHER: &str = "To take this session, cancel the other booking first.";

/// What a rule of which there is no more to tell says to the person themselves, without a full stop, and what to do next.
fn plain(rule: RuleCode) -> (&'static str, &'static str) {
    match rule {
        RuleCode::Availability => (
            "This session is at a time that is not offered",
            "Add that time to the availability, then try again.",
        ),
        RuleCode::Distance => (
            "This practice is farther away than the distance travelled",
            "Change how far you travel, then try again.",
        ),
        RuleCode::DailyHours => ("This session would pass the most hours of that day", CANCEL_THE_OTHER),
        RuleCode::Audience => (
            "This session is open to others first",
            "Look again later. The daily email says when it opens to you.",
        ),
        // Of these there are always facts to tell.
        RuleCode::Role
        | RuleCode::Competency
        | RuleCode::Clearance
        | RuleCode::Rate
        | RuleCode::Refused
        | RuleCode::NotAgain
        | RuleCode::Overlap
        | RuleCode::Travel
        | RuleCode::Rest
        | RuleCode::WeeklyHours => {
            ("This session can't be booked", "Ask the bank administrator if you think this is wrong.")
        }
    }
}

/// What a rule says of somebody whom it did not keep out before, in the middle of a sentence.
#[must_use]
pub fn no_longer(rule: RuleCode) -> &'static str {
    match rule {
        RuleCode::Role => "the session is for another role now",
        RuleCode::Competency => "they no longer hold everything the session needs on that date",
        RuleCode::Clearance => "they are no longer cleared for that date",
        RuleCode::Availability => "they are no longer available then",
        RuleCode::Rate => "they ask another rate now",
        RuleCode::Distance => "the practice is farther than they travel now",
        RuleCode::Refused => "the practice or the clinician refuses the other now",
        RuleCode::NotAgain => "they have given it back, lost it or been left out of it since",
        RuleCode::Audience => "the session is not open to them at this stage",
        RuleCode::Overlap | RuleCode::Travel | RuleCode::Rest => {
            "they have been booked for something that leaves no time for it"
        }
        RuleCode::WeeklyHours | RuleCode::DailyHours => "it would pass their limit of hours now",
    }
}

/// What made it so that somebody is not proposed again, after "they" or their name.
#[must_use]
pub fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Declined => "declined it",
        Cause::CancelledByClinician => "cancelled their booking of it",
        Cause::CancelledByPractice => "was booked in it until the practice cancelled",
        Cause::CancelledByBank => "was booked in it until the bank cancelled",
        Cause::LeftOut => "was left out of it by an administrator",
        Cause::OfferTakenBack => "was offered it until the offer was taken back",
    }
}

/// The same to themselves, as a sentence with what to do where they can't do it alone.
#[must_use]
pub fn told_to_themselves(cause: Cause) -> &'static str {
    match cause {
        Cause::Declined => "You declined it.",
        Cause::CancelledByClinician => "You cancelled your booking.",
        Cause::CancelledByPractice => {
            "The practice cancelled your booking. Ask your bank administrator if you can still work it."
        }
        Cause::CancelledByBank => {
            "The bank cancelled your booking. Ask your bank administrator if you can still work it."
        }
        Cause::LeftOut => "The bank decided so. Ask your bank administrator.",
        Cause::OfferTakenBack => "The bank took its offer back. Ask your bank administrator.",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Audience, kept_out, no_longer};
    use matching_model::plan::RuleCode;

    #[test]
    fn every_rule_is_said_in_its_own_words_to_everybody() {
        for audience in
            [Audience::Clinician, Audience::Practice, Audience::Administrator, Audience::Commissioner]
        {
            let said: BTreeSet<&str> =
                RuleCode::ALL.into_iter().map(|rule| kept_out(rule, audience).many).collect();
            assert_eq!(said.len(), RuleCode::ALL.len(), "{audience:?}");
        }
        assert!(RuleCode::ALL.into_iter().all(|rule| !no_longer(rule).is_empty()));
    }
}
