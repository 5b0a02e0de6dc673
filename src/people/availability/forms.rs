//! The forms of availability: the hours of a week in one line a day, single dates, time away.

use chrono::{Days, NaiveDate, NaiveTime, Weekday};

use super::{Clash, END_OF_DAY, Hours};
use crate::ground::form_fields::{self, Field, FieldErrors, RawForm, time_of_day};
use crate::ground::words;

/// Monday to Sunday.
pub const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// How far ahead dates are taken, in days: two years.
const FURTHEST_DAYS: u64 = 731;

/// The most hours of one day that make sense to list.
const MOST_SPANS_A_DAY: usize = 8;

/// "Monday".
#[must_use]
pub fn weekday_name(weekday: Weekday) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        [weekday.num_days_from_monday() as usize]
}

/// A day's line in the form of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekField(pub Weekday);

impl Field for WeekField {
    fn name(self) -> &'static str {
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            [self.0.num_days_from_monday() as usize]
    }
}

/// Reads the hours of a week: for each day a line such as "9am to 1pm, 2pm to 6pm", or an empty one.
pub fn parse_week(raw: &RawForm) -> Result<Vec<(Weekday, Hours)>, FieldErrors<WeekField>> {
    let mut errors = FieldErrors::none();
    let mut week = Vec::new();
    for weekday in WEEKDAYS {
        match hours_of_day(raw.get(WeekField(weekday).name())) {
            Ok(hours) => week.extend(hours.into_iter().map(|hours| (weekday, hours))),
            Err(why) => errors.add(WeekField(weekday), format!("{}: {why}", weekday_name(weekday))),
        }
    }
    errors.finish(Some(week))
}

/// A day's line as it is typed: what [`parse_week`] reads back.
#[must_use]
pub fn line_of_day(week: &[(Weekday, Hours)], weekday: Weekday) -> String {
    let hours: Vec<String> =
        week.iter().filter(|(day, _)| *day == weekday).map(|(_, hours)| hours.text()).collect();
    hours.join(", ")
}

/// The hours in one line, in order, none of them overlapping.
fn hours_of_day(typed: &str) -> Result<Vec<Hours>, String> {
    let typed = typed.to_lowercase().replace(" and ", ",").replace(['–', '—', '-'], " to ");
    let parts = typed.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut hours: Vec<Hours> = parts.map(hours_of_part).collect::<Result<_, _>>()?;
    hours.sort_unstable();
    if hours.len() > MOST_SPANS_A_DAY {
        return Err(format!("write {MOST_SPANS_A_DAY} times or fewer"));
    }
    match hours.windows(2).find(|pair| pair[0].overlap(&pair[1])) {
        Some(pair) => {
            Err(format!("{} and {} overlap. Join them, or change one", pair[0].text(), pair[1].text()))
        }
        None => Ok(hours),
    }
}

fn hours_of_part(part: &str) -> Result<Hours, String> {
    let unreadable = || "write the hours like 9am to 1pm, 2pm to 6pm, or leave the line empty".to_owned();
    let (start, end) =
        part.split_once(" to ").or_else(|| part.split_once(" until ")).ok_or_else(unreadable)?;
    let start = time_of_day(start).map_err(|_| unreadable())?;
    let end = end_time(end).ok_or_else(unreadable)?;
    right_way_up(start, end)
}

/// A time of day at which hours end: midnight is the end of the day, not its beginning.
fn end_time(typed: &str) -> Option<NaiveTime> {
    let time = form_fields::end_time(typed).ok()?;
    Some(if time == NaiveTime::MIN { END_OF_DAY } else { time })
}

fn right_way_up(start: NaiveTime, end: NaiveTime) -> Result<Hours, String> {
    if start < end {
        return Ok(Hours { start, end });
    }
    let (start, end) = (words::time_of_day(start), words::time_of_day(end));
    Err(format!(
        "{end} is not later than {start}. To work past midnight, end at midnight and start the next day at midnight"
    ))
}

/// The fields of a single date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryField {
    /// The date.
    On,
    /// When the hours begin.
    Start,
    /// When they end.
    End,
}

impl Field for EntryField {
    fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Start => "start",
            Self::End => "end",
        }
    }
}

/// Reads a single date from `today` on.
pub fn parse_entry(raw: &RawForm, today: NaiveDate) -> Result<(NaiveDate, Hours), FieldErrors<EntryField>> {
    let mut errors = FieldErrors::none();
    let date = errors.keep(EntryField::On, "date", raw.date("on").read());
    if let Some(wrong) = date.and_then(|date| outside_calendar(date, today)) {
        errors.add(EntryField::On, format!("The date must be {wrong}"));
    }
    let start = errors.keep(EntryField::Start, "start time", time_of_day(raw.get("start")));
    let end = end_time(raw.get("end"));
    if end.is_none() {
        errors.add(EntryField::End, "Enter an end time, like 5pm");
    }
    let hours = start.zip(end).map(|(start, end)| right_way_up(start, end));
    if let Some(Err(why)) = &hours {
        errors.add(EntryField::End, words::capitalised(why));
    }
    errors.finish(date.zip(hours.and_then(Result::ok)))
}

/// What stands against a single date, in a sentence for the field it belongs to.
#[must_use]
pub fn against_entry(clash: &Clash) -> FieldErrors<EntryField> {
    match clash {
        Clash::Away(away) => {
            let span = words::date_span(away.from_date, away.until_date);
            let sentence = format!("You are away on that day ({span}). Take the time away back first");
            FieldErrors::one(EntryField::On, sentence)
        }
        Clash::Hours(known) => {
            let sentence = format!(
                "You are available {} on that day already. Enter hours outside that time",
                known.text()
            );
            FieldErrors::one(EntryField::Start, sentence)
        }
    }
}

/// The fields of time away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwayField {
    /// The first day.
    From,
    /// The last day.
    Until,
}

impl Field for AwayField {
    fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Until => "until",
        }
    }
}

/// Reads time away that has not ended before `today`.
pub fn parse_away(raw: &RawForm, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), FieldErrors<AwayField>> {
    let mut errors = FieldErrors::none();
    let from = errors.keep(AwayField::From, "first day", raw.date("from").read());
    let until = errors.keep(AwayField::Until, "last day", raw.date("until").read());
    if let Some((from, until)) = from.zip(until) {
        if until < from {
            errors.add(AwayField::Until, "The last day must be the first day or later");
        }
        if let Some(wrong) = outside_calendar(until, today) {
            errors.add(AwayField::Until, format!("The last day must be {wrong}"));
        }
    }
    errors.finish(from.zip(until))
}

/// What stands against time away, in a sentence for the field it belongs to.
#[must_use]
pub fn against_away(clash: &Clash) -> FieldErrors<AwayField> {
    let sentence = match clash {
        Clash::Away(away) => {
            let span = words::date_span(away.from_date, away.until_date);
            format!("You are away {span} already. Choose other days, or take that time away back")
        }
        Clash::Hours(known) => format!("You are available {} then. Choose other days", known.text()),
    };
    FieldErrors::one(AwayField::From, sentence)
}

/// "today, 22 November 2026, or later" where `date` is not between today and two years on.
fn outside_calendar(date: NaiveDate, today: NaiveDate) -> Option<String> {
    let furthest = today.checked_add_days(Days::new(FURTHEST_DAYS)).unwrap_or(NaiveDate::MAX);
    if date < today {
        Some(format!("today, {}, or later", words::date_without_weekday(today)))
    } else if date > furthest {
        Some(format!("{} or earlier", words::date_without_weekday(furthest)))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveTime, Weekday};

    use super::{
        Hours, against_away, against_entry, hours_of_day, line_of_day, parse_away, parse_entry, parse_week,
    };
    use crate::ground::form_fields::RawForm;
    use crate::ground::id::AvailabilityId;
    use crate::people::availability::{Availability, END_OF_DAY, Entry, TimeAway};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hours(start: &str, end: &str) -> Hours {
        let time = |text| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        Hours { start: time(start), end: time(end) }
    }

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        RawForm::from_pairs(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn a_days_line_is_read_as_people_write_it() {
        let table = [
            ("", vec![]),
            ("9am to 5pm", vec![hours("09:00", "17:00")]),
            ("2pm–6pm, 9am - 1pm", vec![hours("09:00", "13:00"), hours("14:00", "18:00")]),
            ("09:00 to 13:00; 13:00 to 18:30", vec![hours("09:00", "13:00"), hours("13:00", "18:30")]),
            ("8am until midday and 1pm until 5pm", vec![hours("08:00", "12:00"), hours("13:00", "17:00")]),
            ("10pm to midnight", vec![Hours { end: END_OF_DAY, ..hours("22:00", "23:00") }]),
            ("midnight to 6am", vec![hours("00:00", "06:00")]),
            ("0:00 to 24:00", vec![Hours { end: END_OF_DAY, ..hours("00:00", "23:00") }]),
        ];
        for (typed, expected) in table {
            assert_eq!(hours_of_day(typed), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn a_days_line_that_makes_no_sense_is_answered_in_words() {
        let why = |typed: &str| hours_of_day(typed).unwrap_err();
        for typed in ["9", "9am", "mornings", "9am to", "to 5pm", "9am to 5pm to 6pm"] {
            assert!(why(typed).starts_with("write the hours like 9am to 1pm"), "{typed}: {}", why(typed));
        }
        assert!(why("5pm to 9am").starts_with("9am is not later than 5pm. To work past midnight"));
        assert!(why("9am to 9am").starts_with("9am is not later than 9am."));
        assert_eq!(
            why("9am to 1pm, midday to 5pm"),
            "9am to 1pm and midday to 5pm overlap. Join them, or change one"
        );
    }

    #[test]
    fn a_week_is_read_back_as_it_is_shown() {
        let raw = form(&[("monday", "9am to 1pm, 2pm to midnight"), ("sunday", "midnight to 6am")]);
        let week = parse_week(&raw).unwrap();
        assert_eq!(week.len(), 3);
        assert_eq!(line_of_day(&week, Weekday::Mon), "9am to 1pm, 2pm to midnight");
        assert_eq!(line_of_day(&week, Weekday::Sun), "midnight to 6am");
        assert_eq!(line_of_day(&week, Weekday::Tue), "");
        let errors = parse_week(&form(&[("tuesday", "5pm to 9am")])).unwrap_err();
        assert!(errors.of("tuesday").starts_with("Tuesday: 9am is not later"), "{errors:?}");
    }

    #[test]
    fn single_dates_lie_ahead_and_the_right_way_up() {
        let typed = |on: &str, start: &str, end: &str| {
            let parts: Vec<&str> = on.split('-').collect();
            let raw = [("on-year", parts[0]), ("on-month", parts[1]), ("on-day", parts[2])];
            let raw = form(&[raw[0], raw[1], raw[2], ("start", start), ("end", end)]);
            parse_entry(&raw, day("2026-11-22"))
        };
        assert_eq!(typed("2026-11-22", "9am", "5pm").unwrap(), (day("2026-11-22"), hours("09:00", "17:00")));
        let past = typed("2026-11-21", "9am", "5pm").unwrap_err();
        assert_eq!(past.of("on"), "The date must be today, 22 November 2026, or later");
        let far = typed("2036-11-21", "9am", "5pm").unwrap_err();
        assert_eq!(far.of("on"), "The date must be 22 November 2028 or earlier");
        let turned = typed("2026-11-22", "5pm", "9am").unwrap_err();
        assert!(turned.of("end").starts_with("9am is not later than 5pm."), "{turned:?}");
        assert_eq!(typed("2026-11-22", "9am", "").unwrap_err().of("end"), "Enter an end time, like 5pm");
    }

    #[test]
    fn a_single_date_must_add_something() {
        let date = day("2026-12-01");
        let entry = Entry { id: AvailabilityId::new(), date, hours: hours("09:00", "13:00") };
        let away = TimeAway {
            id: AvailabilityId::new(),
            from_date: day("2026-12-24"),
            until_date: day("2026-12-31"),
        };
        let known = Availability { entries: vec![entry], away: vec![away], ..Availability::default() };
        let check_entry =
            |date, hours: &Hours| known.refuse_hours(date, hours).map_err(|clash| against_entry(&clash));
        let check_away = |from, until| known.refuse_away(from, until).map_err(|clash| against_away(&clash));
        assert!(check_entry(date, &hours("13:00", "17:00")).is_ok());
        let errors = check_entry(date, &hours("12:00", "17:00")).unwrap_err();
        assert_eq!(
            errors.of("start"),
            "You are available 9am to 1pm on that day already. Enter hours outside that time"
        );
        let errors = check_entry(day("2026-12-25"), &hours("12:00", "17:00")).unwrap_err();
        assert!(errors.of("on").contains("24 to 31 December 2026"), "{errors:?}");
        assert!(check_away(day("2026-12-20"), day("2026-12-23")).is_ok());
        let errors = check_away(day("2026-12-20"), day("2026-12-24")).unwrap_err();
        assert!(errors.of("from").starts_with("You are away 24 to 31 December 2026 already"), "{errors:?}");
    }

    #[test]
    fn time_away_is_the_right_way_up_and_not_over() {
        let typed = |from: &str, until: &str| {
            let (from, until): (Vec<&str>, Vec<&str>) =
                (from.split('-').collect(), until.split('-').collect());
            let raw = form(&[
                ("from-year", from[0]),
                ("from-month", from[1]),
                ("from-day", from[2]),
                ("until-year", until[0]),
                ("until-month", until[1]),
                ("until-day", until[2]),
            ]);
            parse_away(&raw, day("2026-11-22"))
        };
        assert_eq!(typed("2026-11-20", "2026-11-22").unwrap(), (day("2026-11-20"), day("2026-11-22")));
        assert!(
            typed("2026-11-25", "2026-11-24").unwrap_err().of("until").starts_with("The last day must be")
        );
        assert!(
            typed("2026-11-20", "2026-11-21").unwrap_err().of("until").contains("today, 22 November 2026")
        );
    }
}
