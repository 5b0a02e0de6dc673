//! The dates to pick from on the form that posts: a quarter of a year, week by week, each date a box to tick.

use chrono::{Datelike, NaiveDate};

use crate::ground::form_fields::RawForm;
use crate::ground::words;
use crate::terms::bank::Catalogue;
use crate::terms::bank::calendar::monday_of;

/// So many weeks are shown.
const WEEKS: usize = 13;

/// A week of dates.
pub(super) struct Week {
    /// "Monday 2 November": its first day.
    pub(super) monday: String,
    /// Its seven days.
    pub(super) days: Vec<DateBox>,
}

/// A date to tick.
pub(super) struct DateBox {
    /// What the form sends.
    pub(super) value: String,
    /// "10".
    pub(super) number: u32,
    /// "Tuesday 10 November 2026", and the bank holiday that it is.
    pub(super) spoken: String,
    /// It was picked.
    pub(super) is_ticked: bool,
    /// It is a bank holiday.
    pub(super) is_holiday: bool,
    /// It is over.
    pub(super) is_over: bool,
}

/// The weeks from today's on, or from that of the first date that was typed, and the picked dates that lie outside them.
pub(super) fn weeks(raw: &RawForm, today: NaiveDate, catalogue: &Catalogue) -> (Vec<Week>, Vec<String>) {
    let picked = raw.all("date");
    let first = raw.date("on").read().unwrap_or(today).max(today);
    let monday = monday_of(first);
    let one = |date: NaiveDate| {
        let holiday = catalogue.bank_holiday(date);
        let title = holiday.map_or_else(String::new, |holiday| format!(", {}", holiday.title));
        let value = date.to_string();
        DateBox {
            is_ticked: picked.contains(&value.as_str()),
            number: date.day(),
            spoken: format!("{}{title}", words::full_date(date)),
            is_holiday: holiday.is_some(),
            is_over: date < today,
            value,
        }
    };
    let mondays = monday.iter_weeks().take(WEEKS);
    let weeks: Vec<Week> = mondays
        .map(|monday| Week {
            monday: words::date_without_year(monday),
            days: monday.iter_days().take(7).map(one).collect(),
        })
        .collect();
    let shown = |value: &str| weeks.iter().flat_map(|week| &week.days).any(|day| day.value == value);
    let elsewhere = picked.into_iter().filter(|value| !shown(value)).map(str::to_owned).collect();
    (weeks, elsewhere)
}

#[cfg(test)]
mod tests {
    use super::weeks;
    use crate::ground::form_fields::RawForm;
    use crate::terms::bank::Catalogue;

    #[test]
    fn every_date_that_was_picked_is_sent_again_whether_it_is_shown_or_not() {
        let today = "2026-11-04".parse().unwrap();
        let dates = ["2026-11-10", "2027-06-01"];
        let raw = RawForm::from_pairs(dates.map(|date| ("date".to_owned(), date.to_owned())).to_vec());
        let (weeks, elsewhere) = weeks(&raw, today, &Catalogue::default());
        let days: Vec<_> = weeks.iter().flat_map(|week| &week.days).collect();
        assert_eq!((days.len(), days[0].value.as_str()), (91, "2026-11-02"));
        assert!(days[0].is_over && !days[2].is_over);
        assert_eq!(days.last().map(|day| day.value.clone()), Some("2027-01-31".to_owned()));
        assert_eq!(days.iter().filter(|day| day.is_ticked).count(), 1);
        assert_eq!(elsewhere, ["2027-06-01"]);
    }
}
