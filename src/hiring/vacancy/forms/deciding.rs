//! The short forms of a vacancy: from when it is open, and what came of it.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;

use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::ground::words;
use crate::hiring::vacancy::{NotFilled, Outcome};
use crate::terms::bank::calendar::start_of_day;

/// The fields of the form that publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpensField {
    /// Now or on a date.
    When,
    /// The date.
    On,
}

impl Field for OpensField {
    fn name(self) -> &'static str {
        match self {
            Self::When => "when",
            Self::On => "on",
        }
    }
}

/// From when a vacancy is open: `now`, or the first minute of a later day in London.
pub fn parse_opening(raw: &RawForm, now: DateTime<Utc>) -> Result<DateTime<Utc>, FieldErrors<OpensField>> {
    let mut errors = FieldErrors::none();
    let opens_at = match raw.get("when") {
        "now" => Some(now),
        "on" => {
            let date = errors.keep(OpensField::On, "date to publish on", raw.date("on").read());
            if date.is_some_and(|date| date <= words::london_date(now)) {
                errors.add(OpensField::On, "The date to publish on must be in the future");
            }
            date.map(|date| start_of_day(London, date))
        }
        _ => {
            errors.add(OpensField::When, "Select when to publish");
            None
        }
    };
    errors.finish(opens_at)
}

/// The fields of the form that says what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeField {
    /// What.
    Outcome,
    /// Why nobody was found.
    Reason,
}

impl Field for OutcomeField {
    fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Reason => "reason",
        }
    }
}

/// What came of a vacancy, and why nobody was found where nobody was.
pub fn parse_outcome(raw: &RawForm) -> Result<(Outcome, Option<NotFilled>), FieldErrors<OutcomeField>> {
    let mut errors = FieldErrors::none();
    let outcome = Outcome::of_code(raw.get("outcome"));
    let reason = NotFilled::of_code(raw.get("reason")).filter(|_| outcome == Some(Outcome::NotFilled));
    if outcome.is_none() {
        errors.add(OutcomeField::Outcome, "Select what came of the vacancy");
    } else if outcome == Some(Outcome::NotFilled) && reason.is_none() {
        errors.add(OutcomeField::Reason, "Select why nobody was found");
    }
    errors.finish(outcome.map(|outcome| (outcome, reason)))
}

#[cfg(test)]
mod tests {
    use super::{parse_opening, parse_outcome};
    use crate::ground::form_fields::RawForm;
    use crate::hiring::vacancy::{NotFilled, Outcome};

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        RawForm::from_pairs(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn a_vacancy_opens_now_or_with_a_later_day() {
        let now = "2027-03-27T12:00:00Z".parse().unwrap();
        assert_eq!(parse_opening(&form(&[("when", "now")]), now), Ok(now));
        let on = |day| form(&[("when", "on"), ("on-day", day), ("on-month", "3"), ("on-year", "2027")]);
        // The day after the clocks went forward begins an hour before midnight in Greenwich.
        assert_eq!(parse_opening(&on("29"), now), Ok("2027-03-28T23:00:00Z".parse().unwrap()));
        for (raw, field) in [(on("27"), "on"), (on("32"), "on"), (form(&[]), "when")] {
            assert!(!parse_opening(&raw, now).unwrap_err().of(field).is_empty());
        }
    }

    #[test]
    fn whoever_found_nobody_says_why() {
        let read = |pairs: &[(&str, &str)]| parse_outcome(&form(pairs));
        assert_eq!(read(&[("outcome", "filled_here"), ("reason", "pay")]), Ok((Outcome::FilledHere, None)));
        assert_eq!(
            read(&[("outcome", "not_filled"), ("reason", "pay")]),
            Ok((Outcome::NotFilled, Some(NotFilled::Pay)))
        );
        assert!(!read(&[("outcome", "not_filled")]).unwrap_err().of("reason").is_empty());
        assert!(!read(&[]).unwrap_err().of("outcome").is_empty());
    }
}
