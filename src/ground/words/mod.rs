//! Dates, times, sums and counts as the NHS writes them: "Monday 2 November 2026", "8:30am to 12:40pm",
//! "midday", "£88 an hour". Everything here is pure; times are shown as clocks in London show them.

mod decimal;
mod shares;

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::London;
use chrono_tz::Tz;

pub use decimal::decimal;
pub use shares::{share, share_hundredths, share_percent};

const PENCE_IN_A_POUND: u64 = 100;
const MINUTES_IN_AN_HOUR: i64 = 60;
const MILLIMETRES_IN_A_MILE: i64 = 1_609_344;

/// The instant on a London clock.
#[must_use]
pub fn in_london(instant: DateTime<Utc>) -> DateTime<Tz> {
    instant.with_timezone(&London)
}

/// The day it is in London at that instant.
#[must_use]
pub fn london_date(instant: DateTime<Utc>) -> NaiveDate {
    in_london(instant).date_naive()
}

/// "Monday 2 November 2026".
#[must_use]
pub fn full_date(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// "2 November 2026".
#[must_use]
pub fn date_without_weekday(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// "Monday 2 November", where the year is plain.
#[must_use]
pub fn date_without_year(date: NaiveDate) -> String {
    date.format("%A %-d %B").to_string()
}

/// "Mon 2 Nov", for tables and calendars.
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// "2 to 8 November 2026", with the month and the year of the first day said only where they differ.
#[must_use]
pub fn date_span(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        date_without_weekday(first)
    } else if first.year() != last.year() {
        format!("{} to {}", date_without_weekday(first), date_without_weekday(last))
    } else if first.month() != last.month() {
        format!("{} to {}", first.format("%-d %B"), date_without_weekday(last))
    } else {
        format!("{} to {}", first.day(), date_without_weekday(last))
    }
}

/// "2 to 8 Nov", "30 Nov to 6 Dec": for a label with little room, where the year is known.
#[must_use]
pub fn short_span(first: NaiveDate, last: NaiveDate) -> String {
    let start = if first.month() == last.month() { "%-d" } else { "%-d %b" };
    format!("{} to {}", first.format(start), last.format("%-d %b"))
}

/// "8:30am", "9am", "midday", "midnight". Seconds are left out.
#[must_use]
pub fn time_of_day(time: NaiveTime) -> String {
    match (time.hour(), time.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => time.format("%-I%P").to_string(),
        _ => time.format("%-I:%M%P").to_string(),
    }
}

/// The time of day in London at that instant. In the hour that comes twice, when the clocks go back, it says which is
/// meant: "1:30am (summer time)", "1:30am (winter time)".
#[must_use]
pub fn time_at(instant: DateTime<Utc>) -> String {
    let local = in_london(instant);
    let time = time_of_day(local.time());
    match London.from_local_datetime(&local.naive_local()) {
        LocalResult::Ambiguous(first, _) if first == instant => format!("{time} (summer time)"),
        LocalResult::Ambiguous(..) => format!("{time} (winter time)"),
        _ => time,
    }
}

/// "8:30am to 12:40pm"; "10pm to 6am the next day" when it goes on past midnight.
#[must_use]
pub fn time_span(start: DateTime<Utc>, end: DateTime<Utc>) -> String {
    let (first, last) = (in_london(start), in_london(end));
    let span = format!("{} to {}", time_at(start), time_at(end));
    let midnight = last.time() == NaiveTime::MIN;
    match (last.date_naive() - first.date_naive()).num_days() {
        0 => span,
        1 if midnight => span,
        1 => format!("{span} the next day"),
        _ => format!("{span} on {}", date_without_year(last.date_naive())),
    }
}

/// "Monday 2 November 2026, 8:30am".
#[must_use]
pub fn moment(instant: DateTime<Utc>) -> String {
    let local = in_london(instant);
    format!("{}, {}", full_date(local.date_naive()), time_at(instant))
}

/// "5pm today", "5pm tomorrow", "5pm on Friday 6 November": to be put after "answer by".
#[must_use]
pub fn deadline(instant: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = in_london(instant);
    let time = time_at(instant);
    let days = (local.date_naive() - london_date(now)).num_days();
    match days {
        1 if local.time() == NaiveTime::MIN => "midnight tonight".to_owned(),
        0 => format!("{time} today"),
        1 => format!("{time} tomorrow"),
        _ => format!("{time} on {}", date_without_year(local.date_naive())),
    }
}

/// "today at 5pm", "yesterday at 5pm", "2 November 2026 at 5pm": when something happened.
#[must_use]
pub fn when(instant: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = in_london(instant);
    let time = time_at(instant);
    match (london_date(now) - local.date_naive()).num_days() {
        0 => format!("today at {time}"),
        1 => format!("yesterday at {time}"),
        _ => format!("{} at {time}", date_without_weekday(local.date_naive())),
    }
}

/// A whole number with commas between thousands: "1,234".
#[must_use]
pub fn number(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", with_commas(value.unsigned_abs()))
}

/// "1 session", "2 sessions", "no sessions".
#[must_use]
pub fn count(value: i64, one: &str, many: &str) -> String {
    match value {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", number(value)),
    }
}

/// "£367", "£77.57", "£1,234.50", "-£5": pence are shown where there are any.
#[must_use]
pub fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    let size = pence.unsigned_abs();
    let whole = with_commas(size / PENCE_IN_A_POUND);
    match size % PENCE_IN_A_POUND {
        0 => format!("{sign}£{whole}"),
        rest => format!("{sign}£{whole}.{rest:02}"),
    }
}

/// "£88 an hour".
#[must_use]
pub fn rate_an_hour(pence_per_hour: i64) -> String {
    format!("{} an hour", pounds(pence_per_hour))
}

/// "£80 to £95 an hour", or "£88 an hour" when both ends are the same.
#[must_use]
pub fn rate_span(from_pence_per_hour: i64, to_pence_per_hour: i64) -> String {
    if from_pence_per_hour == to_pence_per_hour {
        rate_an_hour(from_pence_per_hour)
    } else {
        format!("{} to {} an hour", pounds(from_pence_per_hour), pounds(to_pence_per_hour))
    }
}

/// "4 hours 10 minutes", "1 hour", "45 minutes".
#[must_use]
pub fn duration(minutes: i64) -> String {
    let (hours, rest) = (minutes / MINUTES_IN_AN_HOUR, minutes % MINUTES_IN_AN_HOUR);
    match (hours, rest) {
        (0, rest) => plural(rest, "minute"),
        (hours, 0) => plural(hours, "hour"),
        (hours, rest) => format!("{} {}", plural(hours, "hour"), plural(rest, "minute")),
    }
}

/// A distance in whole miles, as people in England think of it: "8 miles", "under 1 mile".
#[must_use]
pub fn distance(metres: i64) -> String {
    let millimetres = metres.saturating_mul(1000);
    if millimetres < MILLIMETRES_IN_A_MILE {
        return "under 1 mile".to_owned();
    }
    plural((millimetres + MILLIMETRES_IN_A_MILE / 2) / MILLIMETRES_IN_A_MILE, "mile")
}

/// "a, b and c".
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "and")
}

/// "a, b or c".
#[must_use]
pub fn list_or<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "or")
}

fn joined<T: AsRef<str>>(items: &[T], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", first.join(", "), last.as_ref())
        }
    }
}

/// "An offer" from "an offer": the first letter made large, for a sentence's beginning.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name in the middle of a sentence: "practice nurse", but "GP" and "MSK practitioner", since abbreviations keep
/// their capitals.
#[must_use]
pub fn in_sentence(name: &str) -> String {
    let (first, rest) = name.split_once(' ').map_or((name, None), |(first, rest)| (first, Some(rest)));
    let is_abbreviation = first.chars().skip(1).any(char::is_uppercase);
    let first = if is_abbreviation { first.to_owned() } else { first.to_lowercase() };
    rest.map_or(first.clone(), |rest| format!("{first} {rest}"))
}

/// "a practice nurse", "an advanced nurse practitioner", "an MSK practitioner": abbreviations are said letter by letter.
#[must_use]
pub fn with_article(name: &str) -> String {
    let word = name.split(' ').next().unwrap_or_default();
    let is_abbreviation = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let begins_with_vowel = if is_abbreviation { "AEFHILMNORSX" } else { "AEIOUaeiou" };
    let article = if word.starts_with(|letter| begins_with_vowel.contains(letter)) { "an" } else { "a" };
    format!("{article} {name}")
}

/// "1 hour", "2 hours": for units whose plural ends in s.
fn plural(value: i64, unit: &str) -> String {
    let ending = if value == 1 { "" } else { "s" };
    format!("{} {unit}{ending}", number(value))
}

fn with_commas(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{
        capitalised, count, date_span, deadline, distance, duration, full_date, in_sentence, list, list_or,
        moment, number, pounds, rate_span, short_date, short_span, time_of_day, time_span, when,
        with_article,
    };
    use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn abbreviations_keep_their_capitals_in_a_sentence() {
        let names = ["GP", "MSK practitioner", "Practice nurse", "EMIS Web", "Enhanced DBS check"];
        let texts = names.map(in_sentence);
        assert_eq!(texts, ["GP", "MSK practitioner", "practice nurse", "EMIS Web", "enhanced DBS check"]);
    }

    #[test]
    fn articles_go_by_the_sound() {
        let names =
            ["GP", "MSK practitioner", "practice nurse", "advanced nurse practitioner", "NHS manager"];
        assert_eq!(
            names.map(with_article).map(|text| text.starts_with("an ")),
            [false, true, false, true, true]
        );
    }

    #[test]
    fn dates_are_written_as_the_nhs_writes_them() {
        assert_eq!(full_date(date(2026, 11, 2)), "Monday 2 November 2026");
        assert_eq!(short_date(date(2026, 11, 2)), "Mon 2 Nov");
        assert_eq!(date_span(date(2026, 11, 2), date(2026, 11, 8)), "2 to 8 November 2026");
        assert_eq!(date_span(date(2026, 11, 30), date(2026, 12, 6)), "30 November to 6 December 2026");
        assert_eq!(date_span(date(2026, 12, 28), date(2027, 1, 3)), "28 December 2026 to 3 January 2027");
        assert_eq!(date_span(date(2026, 11, 2), date(2026, 11, 2)), "2 November 2026");
        let week = |from: u32, month, until| short_span(date(2026, 11, from), date(2026, month, until));
        assert_eq!((week(2, 11, 8), week(30, 12, 6)), ("2 to 8 Nov".into(), "30 Nov to 6 Dec".into()));
    }

    #[test]
    fn times_are_written_as_the_nhs_writes_them() {
        let time = |hour, minute| time_of_day(NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
        let written =
            [time(0, 0), time(0, 5), time(8, 30), time(9, 0), time(12, 0), time(12, 40), time(17, 0)];
        assert_eq!(written, ["midnight", "12:05am", "8:30am", "9am", "midday", "12:40pm", "5pm"]);
    }

    #[test]
    fn spans_follow_the_clock_in_london() {
        assert_eq!(time_span(at("2026-11-02T08:30:00Z"), at("2026-11-02T12:40:00Z")), "8:30am to 12:40pm");
        assert_eq!(time_span(at("2026-07-01T08:00:00Z"), at("2026-07-01T16:00:00Z")), "9am to 5pm");
        assert_eq!(
            time_span(at("2026-11-02T22:00:00Z"), at("2026-11-03T06:00:00Z")),
            "10pm to 6am the next day"
        );
        assert_eq!(time_span(at("2026-11-02T18:30:00Z"), at("2026-11-03T00:00:00Z")), "6:30pm to midnight");
        let autumn = |end| time_span(at("2027-10-30T21:00:00Z"), at(end));
        assert_eq!(autumn("2027-10-31T00:30:00Z"), "10pm to 1:30am (summer time) the next day");
        assert_eq!(autumn("2027-10-31T01:30:00Z"), "10pm to 1:30am (winter time) the next day");
        assert_eq!(autumn("2027-10-31T02:00:00Z"), "10pm to 2am the next day");
        let two_days = time_span(at("2026-11-02T09:00:00Z"), at("2026-11-04T09:00:00Z"));
        assert_eq!(two_days, "9am to 9am on Wednesday 4 November");
        assert_eq!(moment(at("2026-10-25T00:30:00Z")), "Sunday 25 October 2026, 1:30am (summer time)");
    }

    #[test]
    fn deadlines_are_named_from_today() {
        let now = at("2026-11-02T10:00:00Z");
        assert_eq!(deadline(at("2026-11-02T17:00:00Z"), now), "5pm today");
        assert_eq!(deadline(at("2026-11-03T17:00:00Z"), now), "5pm tomorrow");
        assert_eq!(deadline(at("2026-11-03T00:00:00Z"), now), "midnight tonight");
        assert_eq!(deadline(at("2026-11-06T12:00:00Z"), now), "midday on Friday 6 November");
        assert_eq!(when(at("2026-11-01T17:00:00Z"), now), "yesterday at 5pm");
        assert_eq!(when(at("2026-11-02T09:00:00Z"), now), "today at 9am");
        assert_eq!(when(at("2025-11-02T09:00:00Z"), now), "2 November 2025 at 9am");
    }

    #[test]
    fn sums_show_pence_only_where_there_are_any() {
        assert_eq!([pounds(36_700), pounds(7_757), pounds(12_345_005)], ["£367", "£77.57", "£123,450.05"]);
        assert_eq!([pounds(0), pounds(-500), pounds(9)], ["£0", "-£5", "£0.09"]);
        assert_eq!(rate_span(8_000, 9_500), "£80 to £95 an hour");
        assert_eq!(rate_span(8_800, 8_800), "£88 an hour");
    }

    #[test]
    fn counts_lengths_and_distances_read_as_words() {
        assert_eq!(
            [duration(250), duration(60), duration(45)],
            ["4 hours 10 minutes", "1 hour", "45 minutes"]
        );
        assert_eq!(
            [distance(12_400), distance(1_600), distance(1_610)],
            ["8 miles", "under 1 mile", "1 mile"]
        );
        let sessions = |n| count(n, "session", "sessions");
        assert_eq!(
            [sessions(0), sessions(1), sessions(1_234)],
            ["no sessions", "1 session", "1,234 sessions"]
        );
        assert_eq!([number(-1_234_567), number(999)], ["-1,234,567", "999"]);
    }

    #[test]
    fn lists_end_with_a_word() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list_or(&["a", "b", "c"]), "a, b or c");
        assert_eq!(capitalised("éclair"), "Éclair");
        assert_eq!(capitalised(""), "");
    }
}
