//! When a clinician can work: weekly patterns and single dates, less time away.
//!
//! Everything is kept as wall-clock times of the bank's zone, so that "Mondays from 9am" stays 9am when the clocks
//! change; [`spans`](spans::spans) says which instants are meant.

pub mod actions;
pub mod forms;
pub mod pages;
pub mod spans;
pub mod store;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};

use crate::ground::id::AvailabilityId;

/// The time that stands for the end of a day: a span up to it goes on to midnight, so that an evening and the
/// following night are one span.
pub const END_OF_DAY: NaiveTime = match NaiveTime::from_hms_opt(23, 59, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// From a time of day until a later one of the same day, on a wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    /// When it begins.
    pub start: NaiveTime,
    /// When it ends; [`END_OF_DAY`] means midnight.
    pub end: NaiveTime,
}

impl Hours {
    /// Whether both have time in common. Hours that touch have none.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Minutes of the day at which they begin and end; the end of the day is 1,440.
    #[must_use]
    pub fn minutes(&self) -> (u32, u32) {
        let minute = |time: NaiveTime| time.num_seconds_from_midnight() / 60;
        let end = if self.end >= END_OF_DAY { 24 * 60 } else { minute(self.end) };
        (minute(self.start), end)
    }

    /// "8:30am to 6pm", "10pm to midnight".
    #[must_use]
    pub fn text(&self) -> String {
        let end = if self.end >= END_OF_DAY { NaiveTime::MIN } else { self.end };
        let written = crate::ground::words::time_of_day;
        format!("{} to {}", written(self.start), written(end))
    }
}

/// Hours on one day of every week, from a date on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// Its id.
    pub id: AvailabilityId,
    /// The day of the week.
    pub weekday: Weekday,
    /// The hours on it.
    pub hours: Hours,
    /// The first date on which it counts.
    pub from_date: NaiveDate,
    /// The last date on which it counts; none where it goes on.
    pub until_date: Option<NaiveDate>,
}

impl Pattern {
    /// Whether it counts on `date`.
    #[must_use]
    pub fn counts_on(&self, date: NaiveDate) -> bool {
        date.weekday() == self.weekday
            && self.from_date <= date
            && self.until_date.is_none_or(|until| date <= until)
    }
}

/// Hours on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: AvailabilityId,
    /// The date.
    pub date: NaiveDate,
    /// The hours on it.
    pub hours: Hours,
}

/// Whole days on which nothing counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeAway {
    /// Its id.
    pub id: AvailabilityId,
    /// The first day away.
    pub from_date: NaiveDate,
    /// The last day away.
    pub until_date: NaiveDate,
}

impl TimeAway {
    /// Whether `date` is one of its days.
    #[must_use]
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.from_date <= date && date <= self.until_date
    }
}

/// All that one clinician has said about when they can work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Availability {
    /// Every week, by weekday and start.
    pub patterns: Vec<Pattern>,
    /// Single dates, by date and start.
    pub entries: Vec<Entry>,
    /// Time away, by first day.
    pub away: Vec<TimeAway>,
}

impl Availability {
    /// The hours that come out for `date`, merged where they touch or overlap, in order.
    #[must_use]
    pub fn hours_on(&self, date: NaiveDate) -> Vec<Hours> {
        if self.away.iter().any(|away| away.covers(date)) {
            return Vec::new();
        }
        let weekly =
            self.patterns.iter().filter(|pattern| pattern.counts_on(date)).map(|pattern| pattern.hours);
        let single = self.entries.iter().filter(|entry| entry.date == date).map(|entry| entry.hours);
        let mut hours: Vec<Hours> = weekly.chain(single).collect();
        hours.sort_unstable();
        let mut merged: Vec<Hours> = Vec::with_capacity(hours.len());
        for next in hours {
            match merged.last_mut() {
                Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
                _ => merged.push(next),
            }
        }
        merged
    }
}

/// What is there already and stands against what is to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// Time away.
    Away(TimeAway),
    /// Hours in which they can work.
    Hours(Hours),
}

/// What has to be written so that a clinician's weeks from a date on are other ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeekChange {
    /// Patterns that end the day before, or go where they have not begun.
    pub end: Vec<AvailabilityId>,
    /// Patterns to add, as day and hours.
    pub add: Vec<(Weekday, Hours)>,
}

impl Availability {
    /// The patterns that count on `today` or later, as day and hours.
    #[must_use]
    pub fn week_from(&self, today: NaiveDate) -> Vec<(Weekday, Hours)> {
        let current =
            self.patterns.iter().filter(|pattern| pattern.until_date.is_none_or(|until| until >= today));
        let mut week: Vec<(Weekday, Hours)> =
            current.map(|pattern| (pattern.weekday, pattern.hours)).collect();
        week.sort_unstable_by_key(|(weekday, hours)| (weekday.num_days_from_monday(), *hours));
        week.dedup();
        week
    }

    /// What makes `week` the hours of every week from `today` on. Patterns that say the same already stay, so that
    /// nothing is written when nothing has changed.
    #[must_use]
    pub fn change_week(&self, week: &[(Weekday, Hours)], today: NaiveDate) -> WeekChange {
        let mut add = week.to_vec();
        let mut end = Vec::new();
        for pattern in &self.patterns {
            if pattern.until_date.is_some_and(|until| until < today) {
                continue;
            }
            let goes_on = pattern.until_date.is_none() && pattern.from_date <= today;
            match add.iter().position(|wanted| *wanted == (pattern.weekday, pattern.hours)) {
                Some(at) if goes_on => {
                    add.remove(at);
                }
                _ => end.push(pattern.id),
            }
        }
        WeekChange { end, add }
    }

    /// What stands against adding `hours` on `date`: they are away then, or have said so already.
    pub fn refuse_hours(&self, date: NaiveDate, hours: &Hours) -> Result<(), Clash> {
        if let Some(away) = self.away_on(date) {
            return Err(Clash::Away(*away));
        }
        let known = self.hours_on(date).into_iter().find(|known| known.overlap(hours));
        known.map_or(Ok(()), |known| Err(Clash::Hours(known)))
    }

    /// What stands against adding the days from `from` until `until` as time away: some of them are known as such.
    pub fn refuse_away(&self, from: NaiveDate, until: NaiveDate) -> Result<(), Clash> {
        let known = self.away.iter().find(|away| away.from_date <= until && from <= away.until_date);
        known.map_or(Ok(()), |away| Err(Clash::Away(*away)))
    }

    /// The time away that covers `date`.
    #[must_use]
    pub fn away_on(&self, date: NaiveDate) -> Option<&TimeAway> {
        self.away.iter().find(|away| away.covers(date))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate, NaiveTime, Weekday};

    use super::{Availability, Hours, Pattern};
    use crate::ground::id::AvailabilityId;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn hours(start: u32, end: u32) -> Hours {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        Hours { start: time(start), end: time(end) }
    }

    fn pattern(weekday: Weekday, hours: Hours) -> Pattern {
        let from_date = today() - Days::new(50);
        Pattern { id: AvailabilityId::new(), weekday, hours, from_date, until_date: None }
    }

    #[test]
    fn hours_that_touch_do_not_overlap_but_come_out_as_one() {
        assert!(!hours(9, 12).overlap(&hours(12, 17)));
        assert!(hours(9, 13).overlap(&hours(12, 17)));
        let patterns = vec![pattern(Weekday::Sun, hours(12, 17)), pattern(Weekday::Sun, hours(9, 12))];
        let availability = Availability { patterns, ..Availability::default() };
        assert_eq!(availability.hours_on(today()), [hours(9, 17)]);
    }

    #[test]
    fn only_what_differs_is_written() {
        let kept = pattern(Weekday::Mon, hours(9, 17));
        let gone = pattern(Weekday::Tue, hours(9, 17));
        let past = Pattern { until_date: today().pred_opt(), ..pattern(Weekday::Wed, hours(9, 17)) };
        let ending = Pattern { until_date: Some(today()), ..pattern(Weekday::Thu, hours(9, 17)) };
        let availability =
            Availability { patterns: vec![kept, gone, past, ending], ..Availability::default() };
        let week = [(Weekday::Mon, hours(9, 17)), (Weekday::Thu, hours(9, 17)), (Weekday::Fri, hours(9, 12))];
        let change = availability.change_week(&week, today());
        assert_eq!(change.end, [gone.id, ending.id]);
        assert_eq!(change.add, [(Weekday::Thu, hours(9, 17)), (Weekday::Fri, hours(9, 12))]);
        let same = availability.change_week(&availability.week_from(today()), today());
        assert_eq!((same.end, same.add.len()), (vec![ending.id], 1));
    }
}
