//! The forms of planning: which dates, and which pairs of a day.

pub mod by_hand;

use chrono::{Days, NaiveDate};

use super::{MOST_DAYS, Pair};
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

/// The pairs ticked on a day's form; what is no pair is left out.
#[must_use]
pub fn read_kept(raw: &RawForm) -> Vec<Pair> {
    let read = |text: &str| {
        let (session, clinician) = text.split_once('.')?;
        Some(Pair { session: session.parse().ok()?, clinician: clinician.parse().ok()? })
    };
    raw.all("keep").into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{read_dates, read_kept, usual_dates};
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
    fn ticked_pairs_are_read_and_nonsense_is_not() {
        let id = "0194a000-0000-7000-8000-000000000001";
        let pairs = [("keep", format!("{id}.{id}")), ("keep", "nonsense".into()), ("keep", format!("{id}."))];
        let form = RawForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec());
        assert_eq!(read_kept(&form).len(), 1);
    }
}
