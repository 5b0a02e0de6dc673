//! The forms that change the bank's calendar.

use chrono::{Months, NaiveDate};

use crate::ground::form_fields::{Field, FieldErrors, RawForm, text};
use crate::ground::words;
use crate::terms::bank::calendar::BankHoliday;
use crate::terms::bank::holidays::HolidayRule;
use crate::work::session::actions::calendar::CalendarChange;

/// A holiday is proclaimed at most so many months ahead.
const MONTHS_AHEAD: Months = Months::new(24);

/// The fields of both forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolidayField {
    /// The day, or from when.
    On,
    /// What the holiday is called.
    Title,
    /// Which days count when a holiday falls on a weekend.
    Count,
    /// Why.
    Why,
}

impl Field for HolidayField {
    fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Title => "title",
            Self::Count => "count",
            Self::Why => "why",
        }
    }
}

/// Reads a change of the calendar with its reason: of holidays on a weekend where the form names what counts, else of a
/// holiday. It begins today or later: what was, was agreed under the calendar there was.
pub fn parse_calendar(
    raw: &RawForm,
    today: NaiveDate,
) -> Result<(CalendarChange, String), FieldErrors<HolidayField>> {
    let mut errors = FieldErrors::none();
    let is_of_weekends = raw.get("kind") == "weekends";
    let what = if is_of_weekends { "first day" } else { "date" };
    let date = errors.keep(HolidayField::On, what, raw.date("on").read());
    let latest = today.checked_add_months(MONTHS_AHEAD).unwrap_or(NaiveDate::MAX);
    if date.is_some_and(|date| !(today..=latest).contains(&date)) {
        let (today, latest) = (words::date_without_weekday(today), words::date_without_weekday(latest));
        let what = words::capitalised(what);
        errors.add(HolidayField::On, format!("{what} must be between today, {today}, and {latest}"));
    }
    let why = errors.keep(HolidayField::Why, "reason", text(raw.get("why"), 300));
    let change = if is_of_weekends {
        let day_itself_counts = match raw.get("count") {
            "both" => Some(true),
            "substitute" => Some(false),
            _ => None,
        };
        if day_itself_counts.is_none() {
            errors.add(HolidayField::Count, "Select what counts");
        }
        date.zip(day_itself_counts).map(|(valid_from, day_itself_counts)| {
            CalendarChange::Weekends(HolidayRule { valid_from, day_itself_counts })
        })
    } else {
        let title = errors.keep(HolidayField::Title, "name", text(raw.get("title"), 100));
        date.zip(title).map(|(date, title)| CalendarChange::Holiday(BankHoliday { date, title }))
    };
    errors.finish(change.zip(why))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::parse_calendar;
    use crate::ground::form_fields::RawForm;
    use crate::terms::bank::calendar::BankHoliday;
    use crate::terms::bank::holidays::HolidayRule;
    use crate::work::session::actions::calendar::CalendarChange;

    fn with(changes: &[(&str, &str)]) -> RawForm {
        let mut right = vec![
            ("on-day", "7"),
            ("on-month", "5"),
            ("on-year", "2027"),
            ("title", "A coronation"),
            ("why", "Proclaimed on 2 November"),
        ];
        for (name, value) in changes {
            right.retain(|(known, _)| known != name);
            right.push((name, value));
        }
        RawForm::from_pairs(right.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    fn today() -> NaiveDate {
        "2026-11-02".parse().unwrap()
    }

    #[test]
    fn both_forms_are_read() {
        let date = "2027-05-07".parse().unwrap();
        let (change, why) = parse_calendar(&with(&[]), today()).unwrap();
        let holiday = BankHoliday { date, title: "A coronation".to_owned() };
        assert_eq!((change, why.as_str()), (CalendarChange::Holiday(holiday), "Proclaimed on 2 November"));
        let weekends = with(&[("kind", "weekends"), ("count", "substitute")]);
        let (change, _) = parse_calendar(&weekends, today()).unwrap();
        let rule = HolidayRule { valid_from: date, day_itself_counts: false };
        assert_eq!(change, CalendarChange::Weekends(rule));
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        for (changes, field, sentence) in [
            (
                vec![("on-year", "2026")],
                "on",
                "Date must be between today, 2 November 2026, and 2 November 2028",
            ),
            (
                vec![("on-year", "2029")],
                "on",
                "Date must be between today, 2 November 2026, and 2 November 2028",
            ),
            (vec![("on-day", "")], "on", "Date must include a day"),
            (vec![("title", "")], "title", "Enter a name"),
            (vec![("why", "")], "why", "Enter a reason"),
            (vec![("kind", "weekends")], "count", "Select what counts"),
        ] {
            assert_eq!(parse_calendar(&with(&changes), today()).unwrap_err().of(field), sentence);
        }
    }
}
