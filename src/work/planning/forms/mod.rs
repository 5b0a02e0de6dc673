//! The forms of planning: which dates, and why a pair is left out.

pub mod by_hand;

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{MOST_DAYS, Pair};
use crate::eligibility::not_again::LeftOutReason;
use crate::ground::form_fields::{Field, FieldErrors, RawForm};

/// The fields of the form that asks for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatesField {
    /// The first date.
    From,
    /// The last.
    Until,
}

impl Field for DatesField {
    fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Until => "until",
        }
    }
}

/// The dates a plan is asked for: not past, the right way round, and not more than a plan covers.
pub fn read_dates(
    raw: &RawForm,
    today: NaiveDate,
) -> Result<(NaiveDate, NaiveDate), FieldErrors<DatesField>> {
    let mut errors = FieldErrors::none();
    let from = errors.keep(DatesField::From, "first day", raw.date("from").read());
    let until = errors.keep(DatesField::Until, "last day", raw.date("until").read());
    if from.is_some_and(|from| from < today) {
        errors.add(DatesField::From, "The first day must be today or later");
    }
    if let (Some(from), Some(until)) = (from, until) {
        if until < from {
            errors.add(DatesField::Until, "The last day must not be before the first");
        } else if (until - from).num_days() >= MOST_DAYS {
            errors.add(DatesField::Until, format!("A plan covers at most {MOST_DAYS} days"));
        }
    }
    errors.finish(from.zip(until))
}

/// The dates the form proposes: four weeks from tomorrow.
#[must_use]
pub fn usual_dates(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today + Days::new(1), today + Days::new(28))
}

/// The pair that a form or an address names, as `session.clinician`.
#[must_use]
pub fn read_pair(text: &str) -> Option<Pair> {
    let (session, clinician) = text.split_once('.')?;
    Some(Pair { session: session.parse().ok()?, clinician: clinician.parse().ok()? })
}

/// The pairs whose movement the person has read; what is no pair is left out.
#[must_use]
pub fn read_seen(raw: &RawForm) -> BTreeSet<Pair> {
    raw.all("seen").into_iter().filter_map(read_pair).collect()
}

/// The field of the form that leaves a pair out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveOutField {
    /// Why.
    Reason,
}

impl Field for LeaveOutField {
    fn name(self) -> &'static str {
        "reason"
    }
}

/// Why a pair is left out. Nothing is chosen for anybody.
pub fn read_reason(raw: &RawForm) -> Result<LeftOutReason, FieldErrors<LeaveOutField>> {
    let mut errors = FieldErrors::none();
    let chosen = LeftOutReason::ALL.into_iter().find(|reason| reason.code() == raw.get("reason"));
    if chosen.is_none() {
        errors.add(LeaveOutField::Reason, "Select why you leave them out");
    }
    errors.finish(chosen)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{read_dates, read_reason, read_seen, usual_dates};
    use crate::eligibility::not_again::LeftOutReason;
    use crate::ground::form_fields::{RawDate, RawForm};

    fn form(from: &str, until: &str) -> RawForm {
        let boxes = |name: &str, date: &str| {
            let date = RawDate::of(date.parse().unwrap());
            [("day", date.day), ("month", date.month), ("year", date.year)]
                .map(|(part, typed)| (format!("{name}-{part}"), typed))
        };
        RawForm::from_pairs(boxes("from", from).into_iter().chain(boxes("until", until)).collect())
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_not_past_the_right_way_round_and_not_too_many() {
        let today = day("2026-11-02");
        assert_eq!(
            read_dates(&form("2026-11-02", "2026-11-02"), today),
            Ok((day("2026-11-02"), day("2026-11-02")))
        );
        assert!(read_dates(&form("2026-11-02", "2027-02-01"), today).is_ok());
        let wrong = |from, until| {
            let errors = read_dates(&form(from, until), today).unwrap_err();
            [errors.of("from").to_owned(), errors.of("until").to_owned()]
        };
        assert_eq!(wrong("2026-11-01", "2026-11-02"), ["The first day must be today or later", ""]);
        assert_eq!(wrong("2026-11-03", "2026-11-02"), ["", "The last day must not be before the first"]);
        assert_eq!(wrong("2026-11-02", "2027-02-02"), ["", "A plan covers at most 92 days"]);
        assert!(read_dates(&RawForm::default(), today).is_err());
        assert_eq!(usual_dates(today), (day("2026-11-03"), day("2026-11-30")));
    }

    #[test]
    fn pairs_that_were_seen_are_read_and_nonsense_is_not() {
        let id = "0194a000-0000-7000-8000-000000000001";
        let pairs = [("seen", format!("{id}.{id}")), ("seen", "nonsense".into()), ("seen", format!("{id}."))];
        let form = RawForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec());
        assert_eq!(read_seen(&form).len(), 1);
    }

    #[test]
    fn a_reason_is_one_of_the_list() {
        let form = |text: &str| RawForm::from_pairs(vec![("reason".to_owned(), text.to_owned())]);
        assert_eq!(read_reason(&form("another")), Ok(LeftOutReason::Another));
        for wrong in ["", "left_out"] {
            assert_eq!(read_reason(&form(wrong)).unwrap_err().of("reason"), "Select why you leave them out");
        }
    }
}
