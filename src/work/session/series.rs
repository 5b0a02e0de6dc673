//! The dates of a session that is repeated or posted on several: wall-clock times are kept across the clock change, and
//! what only the practice can decide is asked, not guessed: what a time means that the clocks skip or repeat. Bank holidays
//! are left out of what is repeated unless the practice says otherwise, and it is told which.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::SessionTimes;
use super::repeat::Repeat;
use crate::ground::words;
use crate::terms::bank::calendar::{WallTime, wall_time};
use crate::terms::bank::{Band, Catalogue};

/// Which of the two instants a time means that the clocks repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The earlier, before the clocks go back.
    First,
    /// The later, after they went back.
    Second,
}

impl Which {
    /// The name in a form.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::First, Self::Second].into_iter().find(|which| which.code() == code)
    }

    /// What a session means by its start or end, where the clocks repeat it; none where they repeat neither.
    #[must_use]
    pub fn of_session(times: &SessionTimes) -> Option<Self> {
        let ends = [
            (times.local_date, times.local_start, times.starts_at),
            (times.local_end_date, times.local_end, times.ends_at),
        ];
        ends.into_iter().find_map(|(date, time, instant)| match wall_time(times.time_zone, date, time) {
            WallTime::Twice(first, _) => Some(if instant == first { Self::First } else { Self::Second }),
            WallTime::Once(_) | WallTime::Never => None,
        })
    }
}

/// The days and times as the practice entered them, and its answers to what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The first date.
    pub date: NaiveDate,
    /// The local start time.
    pub start: NaiveTime,
    /// The local end time.
    pub end: NaiveTime,
    /// Whether it ends on the day after it starts.
    pub ends_next_day: bool,
    /// Repeated by this rule until this date, where it is.
    pub until: Option<(Repeat, NaiveDate)>,
    /// Other dates that were picked.
    pub also: Vec<NaiveDate>,
    /// Whether to post on bank holidays too, of what is repeated.
    pub on_bank_holidays: bool,
    /// Whether dates on which the clocks skip the start or end are to be left out.
    pub leaves_out_skipped: bool,
    /// Which instant a repeated time means, once answered.
    pub which: Option<Which>,
}

/// One session of the series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// When it is.
    pub times: SessionTimes,
    /// Its band; none where the bank has none for that kind of day.
    pub band: Option<Band>,
    /// The bank holiday it falls on.
    pub bank_holiday: Option<String>,
    /// Whether it is the second of two sessions, from where the band changes.
    pub is_after_change: bool,
}

/// Something only the practice can decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The clocks go forward over the time on that date, so it does not exist.
    Skipped(NaiveDate, NaiveTime),
    /// The clocks go back over the time on that date, so it comes twice.
    Repeated(NaiveDate, NaiveTime),
}

impl Question {
    /// What happens to the time.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (date, happens) = match self {
            Self::Skipped(date, time) => {
                let time = words::time_of_day(*time);
                (date, format!("the clocks go forward over {time}, so that time does not exist"))
            }
            Self::Repeated(date, time) => {
                let time = words::time_of_day(*time);
                (date, format!("the clocks go back and {time} comes twice. Select which you mean"))
            }
        };
        format!("On {} {happens}", words::full_date(*date))
    }
}

/// A series written out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The sessions to post, in order.
    pub occurrences: Vec<Occurrence>,
    /// Bank holidays left out, in order.
    pub holidays_left_out: Vec<(NaiveDate, String)>,
    /// Dates left out because the clocks skip the time.
    pub skipped_left_out: Vec<NaiveDate>,
    /// What has to be answered before anything is posted.
    pub questions: Vec<Question>,
}

impl Pattern {
    /// Whether it may be of several dates.
    #[must_use]
    pub fn is_series(&self) -> bool {
        self.until.is_some() || !self.also.is_empty()
    }

    /// The dates in order, each with whether somebody has named it.
    fn dates(&self) -> BTreeMap<NaiveDate, bool> {
        let repeated = self.until.map(|(rule, last)| rule.dates(self.date, last)).unwrap_or_default();
        let mut dates: BTreeMap<NaiveDate, bool> = repeated.into_iter().map(|date| (date, false)).collect();
        dates.entry(self.date).or_insert(true);
        dates.extend(self.also.iter().map(|date| (*date, true)));
        dates
    }

    /// Writes the series out in `zone`, with the bands and bank holidays of `catalogue`. A date that was named is posted
    /// though it is a bank holiday: whoever names a date means it.
    #[must_use]
    pub fn expand(&self, catalogue: &Catalogue, zone: Tz) -> Expansion {
        let mut expansion = Expansion::default();
        for (date, is_named) in self.dates() {
            let holiday = catalogue.bank_holiday(date).map(|holiday| holiday.title.clone());
            if let Some(title) = holiday.as_ref().filter(|_| !is_named && !self.on_bank_holidays) {
                expansion.holidays_left_out.push((date, title.clone()));
                continue;
            }
            match self.times_on(date, zone) {
                Ok(times) => expansion.occurrences.push(Occurrence {
                    times,
                    band: catalogue.band_at(date, self.start),
                    bank_holiday: holiday,
                    is_after_change: false,
                }),
                Err(Question::Skipped(..)) if self.leaves_out_skipped && self.is_series() => {
                    expansion.skipped_left_out.push(date);
                }
                Err(question) => expansion.questions.push(question),
            }
        }
        expansion
    }

    fn times_on(&self, date: NaiveDate, zone: Tz) -> Result<SessionTimes, Question> {
        let end_date = if self.ends_next_day { date + TimeDelta::days(1) } else { date };
        let starts_at = self.instant(zone, date, self.start)?;
        let ends_at = self.instant(zone, end_date, self.end)?;
        Ok(SessionTimes {
            local_date: date,
            local_start: self.start,
            local_end_date: end_date,
            local_end: self.end,
            time_zone: zone,
            starts_at,
            ends_at,
        })
    }

    fn instant(&self, zone: Tz, date: NaiveDate, time: NaiveTime) -> Result<DateTime<Utc>, Question> {
        match (wall_time(zone, date, time), self.which) {
            (WallTime::Once(instant), _)
            | (WallTime::Twice(instant, _), Some(Which::First))
            | (WallTime::Twice(_, instant), Some(Which::Second)) => Ok(instant),
            (WallTime::Twice(..), None) => Err(Question::Repeated(date, time)),
            (WallTime::Never, _) => Err(Question::Skipped(date, time)),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveTime};
    use chrono_tz::Europe::London;

    use super::{Pattern, Question, Repeat, Which};
    use crate::terms::bank::calendar::BankHoliday;
    use crate::terms::bank::{Band, BandHours, Catalogue, DayKind};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> NaiveTime {
        text.parse().unwrap()
    }

    fn catalogue() -> Catalogue {
        let row = |day_kind, from_time, band| BandHours { day_kind, from_time: at(from_time), band };
        Catalogue {
            band_hours: vec![
                row(DayKind::Weekday, "08:00:00", Band::Core),
                row(DayKind::Weekday, "18:30:00", Band::Evening),
                row(DayKind::Saturday, "00:00:00", Band::Saturday),
                row(DayKind::SundayOrBankHoliday, "00:00:00", Band::SundayOrBankHoliday),
            ],
            bank_holidays: vec![
                BankHoliday { date: day("2026-12-25"), title: "Christmas Day".to_owned() },
                BankHoliday { date: day("2027-01-01"), title: "New Year’s Day".to_owned() },
            ],
            ..Catalogue::default()
        }
    }

    fn weekly(date: &str, start: &str, end: &str, until: Option<&str>) -> Pattern {
        Pattern {
            date: day(date),
            start: at(start),
            end: at(end),
            ends_next_day: false,
            until: until.map(|last| (Repeat::Weekly(1), day(last))),
            also: Vec::new(),
            on_bank_holidays: false,
            leaves_out_skipped: false,
            which: None,
        }
    }

    #[test]
    fn a_weekly_session_keeps_its_wall_clock_times_when_the_clocks_change() {
        let pattern = weekly("2027-03-22", "08:30:00", "12:40:00", Some("2027-04-05"));
        let expansion = pattern.expand(&catalogue(), London);
        let starts: Vec<String> =
            expansion.occurrences.iter().map(|one| one.times.starts_at.to_rfc3339()).collect();
        assert_eq!(
            starts,
            ["2027-03-22T08:30:00+00:00", "2027-03-29T07:30:00+00:00", "2027-04-05T07:30:00+00:00"]
        );
        assert!(expansion.occurrences.iter().all(|one| one.times.minutes() == 250));
        assert_eq!(expansion.questions, []);
    }

    #[test]
    fn bank_holidays_of_a_series_are_left_out_and_told_until_they_are_wanted() {
        let mut pattern = weekly("2026-12-18", "08:30:00", "12:40:00", Some("2027-01-08"));
        let without = pattern.expand(&catalogue(), London);
        let holidays = vec![
            (day("2026-12-25"), "Christmas Day".to_owned()),
            (day("2027-01-01"), "New Year’s Day".to_owned()),
        ];
        assert_eq!((without.occurrences.len(), without.questions.len()), (2, 0));
        assert_eq!(without.holidays_left_out, holidays);
        pattern.on_bank_holidays = true;
        let with = pattern.expand(&catalogue(), London);
        let bands: Vec<_> = with.occurrences.iter().map(|one| one.band).collect();
        let (core, holiday) = (Some(Band::Core), Some(Band::SundayOrBankHoliday));
        assert_eq!(bands, [core, holiday, holiday, core]);
        // Whoever names a date means it.
        pattern.on_bank_holidays = false;
        pattern.also = vec![day("2026-12-25"), day("2026-12-21"), day("2026-12-18")];
        let named: Vec<NaiveDate> =
            pattern.expand(&catalogue(), London).occurrences.iter().map(|one| one.times.local_date).collect();
        assert_eq!(named, ["2026-12-18", "2026-12-21", "2026-12-25", "2027-01-08"].map(day));
    }

    #[test]
    fn one_date_that_is_a_bank_holiday_is_not_asked_about() {
        let expansion = weekly("2026-12-25", "08:30:00", "12:40:00", None).expand(&catalogue(), London);
        assert_eq!(expansion.questions, []);
        assert_eq!(expansion.occurrences[0].band, Some(Band::SundayOrBankHoliday));
        assert_eq!(expansion.occurrences[0].bank_holiday.as_deref(), Some("Christmas Day"));
    }

    #[test]
    fn a_time_the_clocks_skip_is_asked_about_and_a_series_may_leave_it_out() {
        let mut pattern = weekly("2027-03-21", "01:30:00", "06:00:00", Some("2027-04-04"));
        let asked = pattern.expand(&catalogue(), London);
        assert_eq!(asked.questions, [Question::Skipped(day("2027-03-28"), at("01:30:00"))]);
        pattern.leaves_out_skipped = true;
        let answered = pattern.expand(&catalogue(), London);
        assert_eq!(answered.questions, []);
        assert_eq!(answered.skipped_left_out, [day("2027-03-28")]);
        assert_eq!(answered.occurrences.len(), 2);
        let alone = Pattern { date: day("2027-03-28"), until: None, ..pattern };
        assert_eq!(alone.expand(&catalogue(), London).questions.len(), 1, "one date can't be left out");
    }

    #[test]
    fn a_time_the_clocks_repeat_is_asked_about_and_both_answers_differ_by_an_hour() {
        let mut pattern = weekly("2027-10-31", "01:30:00", "06:00:00", None);
        let asked = pattern.expand(&catalogue(), London);
        assert_eq!(asked.questions, [Question::Repeated(day("2027-10-31"), at("01:30:00"))]);
        let mut minutes = |which| {
            pattern.which = Some(which);
            pattern.expand(&catalogue(), London).occurrences[0].times.minutes()
        };
        assert_eq!((minutes(Which::First), minutes(Which::Second)), (330, 270));
    }

    #[test]
    fn a_night_ends_on_the_next_day() {
        let pattern = Pattern { ends_next_day: true, ..weekly("2026-11-27", "22:00:00", "06:00:00", None) };
        let expansion = pattern.expand(&catalogue(), London);
        assert_eq!(expansion.occurrences[0].times.minutes(), 480);
        assert_eq!(expansion.occurrences[0].times.local_end_date, day("2026-11-28"));
        assert_eq!(expansion.occurrences[0].times.span_text(), "10pm to 6am the next day");
    }
}
