//! Bank holidays as they are published (GOV.UK), as a bank counts them, and how far ahead they are known.
//!
//! A list comes with each release (`config/bank-holidays.json`) and, when a holiday is proclaimed later, from a file that
//! an operator reads in, as GOV.UK publishes it. The list has a substitute where a holiday falls on a weekend, and not the
//! day itself: whether that counts too, the bank chooses.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use super::calendar::BankHoliday;
use crate::ground::form_fields::text;

const RELEASED: &str = include_str!("../../../config/bank-holidays.json");

/// England has eight in a year; a year with fewer has not been published whole.
const LEAST_A_YEAR: usize = 8;

/// The most letters of a holiday's name.
const MOST_LETTERS: usize = 100;

#[derive(Deserialize)]
struct Divisions {
    #[serde(rename = "england-and-wales")]
    england_and_wales: Division,
}

#[derive(Deserialize)]
struct Division {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    title: String,
    date: String,
}

/// What is wrong with a list of bank holidays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// It is not what GOV.UK publishes.
    #[error("this is no list of bank holidays as https://www.gov.uk/bank-holidays.json has it: {0}")]
    NotAList(String),
    /// One entry can't be used.
    #[error("entry {number} of england-and-wales, {field}: {value:?} can't be used; expected {expected}")]
    Entry {
        /// Which, from 1.
        number: usize,
        /// The field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A year between others is not whole.
    #[error(
        "{year} has {count} bank holidays, and a list goes on to the end of a year: expected at least {LEAST_A_YEAR}"
    )]
    YearNotWhole {
        /// The year.
        year: i32,
        /// How many it has.
        count: usize,
    },
}

/// A bank's choice about holidays on a weekend, from a date on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct HolidayRule {
    /// From which date.
    pub valid_from: NaiveDate,
    /// Whether the day itself counts beside its substitute.
    pub day_itself_counts: bool,
}

/// Reads a list as GOV.UK publishes it. The first year may have begun before it; every later one is whole.
pub fn read(json: &str) -> Result<Vec<BankHoliday>, ListFault> {
    let divisions: Divisions =
        serde_json::from_str(json).map_err(|error| ListFault::NotAList(error.to_string()))?;
    let mut found: BTreeMap<NaiveDate, BankHoliday> = BTreeMap::new();
    for (at, event) in divisions.england_and_wales.events.into_iter().enumerate() {
        let fault = |field, value: &str, expected| ListFault::Entry {
            number: at + 1,
            field,
            value: value.to_owned(),
            expected,
        };
        let date = NaiveDate::parse_from_str(&event.date, "%Y-%m-%d");
        let date = date.map_err(|_| fault("date", &event.date, "a date like 2026-12-25"))?;
        let title = text(&event.title, MOST_LETTERS);
        let title = title.map_err(|_| fault("title", &event.title, "the holiday's name in one line"))?;
        if found.insert(date, BankHoliday { date, title }).is_some() {
            return Err(fault("date", &event.date, "a date that comes once"));
        }
    }
    let holidays: Vec<BankHoliday> = found.into_values().collect();
    let Some(first) = holidays.first().map(|holiday| holiday.date.year()) else {
        return Err(ListFault::NotAList("it has no entries".to_owned()));
    };
    let short =
        count_by_year(&holidays).into_iter().find(|(year, count)| *year > first && *count < LEAST_A_YEAR);
    match short {
        Some((year, count)) => Err(ListFault::YearNotWhole { year, count }),
        None => Ok(holidays),
    }
}

/// The list that comes with this release.
#[must_use]
pub fn released() -> Vec<BankHoliday> {
    read(RELEASED).unwrap_or_default()
}

/// The last day of the last year that is known whole, without a gap before it; none where nothing is known.
#[must_use]
pub fn known_until(published: &[BankHoliday]) -> Option<NaiveDate> {
    let years = count_by_year(published);
    let first = years.first_key_value().map(|(year, _)| *year)?;
    let is_whole = |year: &i32| *year == first || years.get(year).is_some_and(|count| *count >= LEAST_A_YEAR);
    let last = (first..=NaiveDate::MAX.year()).take_while(is_whole).last()?;
    if years.get(&last).is_some_and(|count| *count >= LEAST_A_YEAR) {
        NaiveDate::from_ymd_opt(last, 12, 31)
    } else {
        None
    }
}

fn count_by_year(holidays: &[BankHoliday]) -> BTreeMap<i32, usize> {
    let mut counts = BTreeMap::new();
    for holiday in holidays {
        *counts.entry(holiday.date.year()).or_default() += 1;
    }
    counts
}

/// The bank holidays of a bank, in order: those that are published, those it has added itself, and the days themselves that fall on a weekend, where
/// the bank counts them. Without a rule it does.
#[must_use]
pub fn of_bank(published: &[BankHoliday], own: &[BankHoliday], rules: &[HolidayRule]) -> Vec<BankHoliday> {
    let mut days: BTreeMap<NaiveDate, BankHoliday> =
        own.iter().chain(published).map(|holiday| (holiday.date, holiday.clone())).collect();
    let counts = |date: NaiveDate| {
        let in_force = rules.iter().filter(|rule| rule.valid_from <= date).max_by_key(|rule| rule.valid_from);
        in_force.is_none_or(|rule| rule.day_itself_counts)
    };
    for year in count_by_year(published).into_keys() {
        for (month, day, title) in
            [(1, 1, "New Year’s Day"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day")]
        {
            let Some(date) = NaiveDate::from_ymd_opt(year, month, day) else { continue };
            if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && counts(date) {
                days.entry(date).or_insert_with(|| BankHoliday { date, title: title.to_owned() });
            }
        }
    }
    days.into_values().collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{HolidayRule, ListFault, known_until, of_bank, read, released};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn list(events: &[(&str, &str)]) -> String {
        let events: Vec<_> =
            events.iter().map(|(date, title)| serde_json::json!({ "date": date, "title": title })).collect();
        serde_json::json!({ "england-and-wales": { "events": events } }).to_string()
    }

    #[test]
    fn the_release_knows_whole_years() {
        let released = released();
        assert_eq!(known_until(&released), Some(day("2028-12-31")));
        assert!(
            released.iter().any(|holiday| holiday.date == day("2026-12-28") && holiday.title == "Boxing Day")
        );
        assert_eq!(known_until(&[]), None);
        let without_2027: Vec<_> = released
            .into_iter()
            .filter(|holiday| !(day("2027-06-01")..day("2028-01-01")).contains(&holiday.date))
            .collect();
        assert_eq!(known_until(&without_2027), Some(day("2026-12-31")), "nothing beyond a gap is known");
    }

    #[test]
    fn a_list_that_can_not_be_used_says_where_and_what_would_be_right() {
        assert!(matches!(read("{}"), Err(ListFault::NotAList(_))));
        assert!(matches!(read(&list(&[])), Err(ListFault::NotAList(_))));
        for (events, said) in [
            (
                vec![("2026-13-25", "Christmas Day")],
                "entry 1 of england-and-wales, date: \"2026-13-25\" can't be used; expected a date like 2026-12-25",
            ),
            (
                vec![("2026-12-25", "Christmas Day"), ("2026-12-25", "Again")],
                "entry 2 of england-and-wales, date: \"2026-12-25\" can't be used; expected a date that comes once",
            ),
            (
                vec![("2026-12-25", "a\nb")],
                "entry 1 of england-and-wales, title: \"a\\nb\" can't be used; expected the holiday's name in one line",
            ),
            (
                vec![("2026-12-25", "Christmas Day"), ("2027-01-01", "New Year’s Day")],
                "2027 has 1 bank holidays, and a list goes on to the end of a year: expected at least 8",
            ),
        ] {
            assert_eq!(read(&list(&events)).unwrap_err().to_string(), said);
        }
    }

    #[test]
    fn a_holiday_on_a_weekend_counts_as_the_bank_chooses() {
        let rule = |from: &str, day_itself_counts| HolidayRule { valid_from: day(from), day_itself_counts };
        let released = released();
        let is_one = |rules: &[HolidayRule], date: &str| {
            of_bank(&released, &[], rules).iter().any(|holiday| holiday.date == day(date))
        };
        // Boxing Day 2026 is a Saturday; Christmas Day and Boxing Day 2027 are Saturday and Sunday; so is 1 January 2028.
        for date in ["2026-12-26", "2027-12-25", "2027-12-26", "2028-01-01"] {
            assert!(is_one(&[], date), "{date}: without a rule both count");
            assert!(!is_one(&[rule("2026-01-01", false)], date), "{date}");
        }
        let changed = [rule("2026-01-01", false), rule("2027-12-26", true)];
        assert_eq!(
            ["2026-12-26", "2027-12-25", "2027-12-26"].map(|date| is_one(&changed, date)),
            [false, false, true]
        );
        for date in ["2026-12-28", "2027-12-27", "2027-12-28", "2026-12-25"] {
            assert!(is_one(&changed, date), "{date}: what is published counts");
        }
    }
}
