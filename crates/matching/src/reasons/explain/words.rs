//! How explanations write dates, times, money and ways.

use chrono::{DateTime, Datelike, LocalResult, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// `Monday 4 January 2027, 8.30am to 12.40pm`.
pub(crate) fn time_span(start: DateTime<Utc>, end: DateTime<Utc>, zone: Tz) -> String {
    let (start, end) = (start.with_timezone(&zone), end.with_timezone(&zone));
    let day = start.format("%A %-d %B %Y");
    // Midnight ends the day before.
    let last = end - TimeDelta::seconds(1);
    let until = if start.date_naive() == last.date_naive() {
        clock_time(&end)
    } else {
        format!("{} on {}", clock_time(&end), end.format("%A %-d %B"))
    };
    format!("{day}, {} to {until}", clock_time(&start))
}

/// `9am`, `8.30am`, `midday`, `midnight`; `1.30am (the first time)` where the clocks go back over it.
fn clock_time(at: &DateTime<Tz>) -> String {
    let time = time_of_day(at);
    match at.timezone().from_local_datetime(&at.naive_local()) {
        LocalResult::Ambiguous(first, _) if first == *at => format!("{time} (the first time)"),
        LocalResult::Ambiguous(..) => format!("{time} (the second time)"),
        _ => time,
    }
}

fn time_of_day(at: &DateTime<Tz>) -> String {
    let half = if at.hour() < 12 { "am" } else { "pm" };
    let hour = match at.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => format!("{hour}{half}"),
        (_, minute) => format!("{hour}.{minute:02}{half}"),
    }
}

/// `7 January`: a date within what is being talked about.
pub(crate) fn short_date(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}", local.day(), local.format("%B"))
}

/// `£82.50`.
pub(crate) fn pounds(pence: i64) -> String {
    if pence % 100 == 0 {
        format!("£{}", pence / 100)
    } else {
        format!("£{}.{:02}", pence / 100, pence % 100)
    }
}

/// `12.3 km`.
pub(crate) fn kilometres(metres: i64) -> String {
    let hundreds = (metres + 50) / 100;
    format!("{}.{} km", hundreds / 10, hundreds % 10)
}

/// `22 hours 30 minutes`.
pub(crate) fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => counted(hours, "hour"),
        (0, minutes) => counted(minutes, "minute"),
        (hours, minutes) => format!("{} {}", counted(hours, "hour"), counted(minutes, "minute")),
    }
}

/// `1 person`, `2 hours`.
pub(crate) fn counted(number: i64, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// `1 person`, `3 people`.
pub(crate) fn people(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
}

/// `A, B and C`, or `A, B and 5 more` where only the first of `all` are named.
pub(crate) fn listed(named: &[&str], all: usize) -> String {
    let more = all.saturating_sub(named.len());
    match (named.split_last(), more) {
        (None, _) => String::new(),
        (Some((last, [])), 0) => (*last).to_owned(),
        (Some((last, others)), 0) => format!("{} and {last}", others.join(", ")),
        (Some(_), more) => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{hours, kilometres, pounds, time_span};

    #[test]
    fn times_are_written_as_people_say_them() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        let london = chrono_tz::Europe::London;
        let told = |start: &str, end: &str| time_span(at(start), at(end), london);
        assert_eq!(
            told("2027-01-04T08:30:00Z", "2027-01-04T12:00:00Z"),
            "Monday 4 January 2027, 8.30am to midday"
        );
        assert_eq!(told("2027-07-04T08:00:00Z", "2027-07-04T12:40:00Z"), "Sunday 4 July 2027, 9am to 1.40pm");
        assert_eq!(
            told("2027-01-04T20:00:00Z", "2027-01-05T00:00:00Z"),
            "Monday 4 January 2027, 8pm to midnight"
        );
        assert_eq!(
            told("2027-10-30T19:00:00Z", "2027-10-31T01:30:00Z"),
            "Saturday 30 October 2027, 8pm to 1.30am (the second time) on Sunday 31 October"
        );
    }

    #[test]
    fn amounts_are_written_as_people_say_them() {
        assert_eq!((pounds(8_250), pounds(8_000)), ("£82.50".to_owned(), "£80".to_owned()));
        assert_eq!((kilometres(12_349), kilometres(12_350)), ("12.3 km".to_owned(), "12.4 km".to_owned()));
        assert_eq!(
            (hours(61), hours(120), hours(45)),
            ("1 hour 1 minute".into(), "2 hours".into(), "45 minutes".into())
        );
    }
}
