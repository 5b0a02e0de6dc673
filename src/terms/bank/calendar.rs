//! The local calendar: which instant a wall-clock time means, which band it falls in, bank holidays; and the two dates
//! of work, which is half-open in time: its last date, and the working day that it belongs to.

use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

use super::{Band, BandHours, Catalogue, DayKind};
use crate::ground::words;

/// A bank holiday.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct BankHoliday {
    /// The day.
    pub date: NaiveDate,
    /// Its name, "Easter Monday".
    pub title: String,
}

/// What a wall-clock time means where clocks change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WallTime {
    /// One instant.
    Once(DateTime<Utc>),
    /// Two instants: the clocks go back over this time.
    Twice(DateTime<Utc>, DateTime<Utc>),
    /// No instant: the clocks go forward over this time.
    Never,
}

/// The instant or instants that `date` `time` means in `zone`.
#[must_use]
pub fn wall_time(zone: Tz, date: NaiveDate, time: NaiveTime) -> WallTime {
    match zone.from_local_datetime(&date.and_time(time)) {
        LocalResult::Single(instant) => WallTime::Once(instant.to_utc()),
        LocalResult::Ambiguous(first, second) => WallTime::Twice(first.to_utc(), second.to_utc()),
        LocalResult::None => WallTime::Never,
    }
}

/// The first instant of `date` in `zone`. Where the clocks skip midnight, the first that exists.
#[must_use]
pub fn start_of_day(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    let earliest = (0..=4).find_map(|half_hours| {
        let later = midnight + TimeDelta::minutes(30 * half_hours);
        zone.from_local_datetime(&later).earliest()
    });
    earliest.map_or_else(|| midnight.and_utc(), |instant| instant.to_utc())
}

/// The date that `instant` falls on in `zone`.
#[must_use]
pub fn local_date(zone: Tz, instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// The date of the last minute of work that ends at `ends_at`: what ends at midnight does not touch the day that begins
/// then, so that whoever is cleared until the day before may do it. In SQL it is `session.last_date`.
#[must_use]
pub fn last_date(zone: Tz, ends_at: DateTime<Utc>) -> NaiveDate {
    local_date(zone, ends_at - TimeDelta::seconds(1))
}

/// The working day of work that starts at `starts_at`. It begins at 4am, so that a night belongs to the evening that it
/// follows. In SQL it is `working_day`.
#[must_use]
pub fn working_day(zone: Tz, starts_at: DateTime<Utc>) -> NaiveDate {
    (starts_at.with_timezone(&zone).naive_local() - TimeDelta::hours(4)).date()
}

/// The Monday of the ISO week of `date`.
#[must_use]
pub fn monday_of(date: NaiveDate) -> NaiveDate {
    date.week(Weekday::Mon).checked_first_day().unwrap_or(date)
}

impl Catalogue {
    /// The bank holiday on `date`.
    #[must_use]
    pub fn bank_holiday(&self, date: NaiveDate) -> Option<&BankHoliday> {
        self.bank_holidays.iter().find(|holiday| holiday.date == date)
    }

    /// The kind of day that `date` is.
    #[must_use]
    pub fn day_kind(&self, date: NaiveDate) -> DayKind {
        match date.weekday() {
            _ if self.bank_holiday(date).is_some() => DayKind::SundayOrBankHoliday,
            Weekday::Sun => DayKind::SundayOrBankHoliday,
            Weekday::Sat => DayKind::Saturday,
            _ => DayKind::Weekday,
        }
    }

    /// The band of work that starts on `date` at `start`, by the bank's table: the last row of that kind of day
    /// at or before the start, or the day's last row where the work starts before the first (a night that began
    /// the day before). `None` where the bank has no row for that kind of day.
    #[must_use]
    pub fn band_at(&self, date: NaiveDate, start: NaiveTime) -> Option<Band> {
        let kind = self.day_kind(date);
        let mut rows: Vec<_> = self.band_hours.iter().filter(|row| row.day_kind == kind).collect();
        rows.sort_by_key(|row| row.from_time);
        rows.iter().rev().find(|row| row.from_time <= start).or(rows.last()).map(|row| row.band)
    }
}

/// The kinds of day in the order in which people list them, each with its name.
const DAY_KINDS: [(DayKind, &str); 3] = [
    (DayKind::Weekday, "Monday to Friday"),
    (DayKind::Saturday, "Saturday"),
    (DayKind::SundayOrBankHoliday, "Sunday and bank holidays"),
];

impl Catalogue {
    /// Where the band of work between two local times changes: dates and times in order, each with the band that begins.
    #[must_use]
    pub fn band_changes(
        &self,
        (date, start): (NaiveDate, NaiveTime),
        (end_date, end): (NaiveDate, NaiveTime),
    ) -> Vec<(NaiveDate, NaiveTime, Band)> {
        let mut times: Vec<NaiveTime> = self.band_hours.iter().map(|row| row.from_time).collect();
        times.push(NaiveTime::MIN);
        times.sort_unstable();
        times.dedup();
        let days = date.iter_days().take_while(|day| *day <= end_date);
        let moments = days.flat_map(|day| times.iter().map(move |time| (day, *time)));
        let inside = moments.filter(|moment| *moment > (date, start) && *moment < (end_date, end));
        let (mut before, mut changes) = (self.band_at(date, start), Vec::new());
        for (day, time) in inside {
            let band = self.band_at(day, time);
            if let Some(band) = band.filter(|_| band != before) {
                changes.push((day, time, band));
            }
            before = band;
        }
        changes
    }

    /// The table of bands in words: [`bands_in_words`].
    #[must_use]
    pub fn bands_in_words(&self) -> Vec<String> {
        bands_in_words(&self.band_hours)
    }
}

/// The table of bands, a line for each kind of day: "Monday to Friday: core hours from 8am, evening from 6:30pm until
/// 8am".
#[must_use]
pub fn bands_in_words(band_hours: &[BandHours]) -> Vec<String> {
    let line = |(kind, name): (DayKind, &str)| {
        let mut rows: Vec<_> = band_hours.iter().filter(|row| row.day_kind == kind).collect();
        rows.sort_by_key(|row| row.from_time);
        let first = rows.first()?.from_time;
        if let [only] = rows.as_slice() {
            return Some(format!("{name}: {}", only.band.within_a_sentence()));
        }
        let parts: Vec<String> = rows
            .iter()
            .map(|row| format!("{} from {}", row.band.within_a_sentence(), words::time_of_day(row.from_time)))
            .collect();
        // What begins before the day's first row belongs to its last.
        let until = if first == NaiveTime::MIN {
            String::new()
        } else {
            format!(" until {}", words::time_of_day(first))
        };
        Some(format!("{name}: {}{until}", parts.join(", ")))
    };
    DAY_KINDS.into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveTime};
    use chrono_tz::Europe::London;

    use super::{BankHoliday, WallTime, last_date, monday_of, start_of_day, wall_time, working_day};
    use crate::terms::bank::{Band, BandHours, Catalogue, DayKind};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    #[test]
    fn clocks_that_change_skip_and_repeat_an_hour() {
        assert_eq!(wall_time(London, day(2027, 3, 28), at(1, 30)), WallTime::Never);
        assert!(matches!(wall_time(London, day(2027, 10, 31), at(1, 30)), WallTime::Twice(..)));
        assert!(matches!(wall_time(London, day(2027, 3, 29), at(1, 30)), WallTime::Once(_)));
    }

    #[test]
    fn a_day_begins_at_local_midnight() {
        assert_eq!(start_of_day(London, day(2027, 7, 1)).to_rfc3339(), "2027-06-30T23:00:00+00:00");
        assert_eq!(monday_of(day(2026, 11, 22)), day(2026, 11, 16));
    }

    #[test]
    fn what_ends_at_midnight_does_not_touch_the_next_day() {
        let ends = |text: &str| last_date(London, text.parse().unwrap());
        assert_eq!(ends("2026-11-04T00:00:00Z"), day(2026, 11, 3));
        assert_eq!(ends("2026-11-04T00:01:00Z"), day(2026, 11, 4));
        assert_eq!(ends("2026-07-03T23:00:00Z"), day(2026, 7, 3), "midnight of summer time");
    }

    #[test]
    fn a_working_day_begins_at_four_whatever_the_clocks_did() {
        let of = |text: &str| working_day(London, text.parse().unwrap());
        assert_eq!(of("2026-11-04T03:59:00Z"), day(2026, 11, 3));
        assert_eq!(of("2026-11-04T04:00:00Z"), day(2026, 11, 4));
        assert_eq!(
            (of("2027-03-28T02:59:00Z"), of("2027-03-28T03:00:00Z")),
            (day(2027, 3, 27), day(2027, 3, 28))
        );
        assert_eq!(
            (of("2027-10-31T03:59:00Z"), of("2027-10-31T04:00:00Z")),
            (day(2027, 10, 30), day(2027, 10, 31))
        );
    }

    #[test]
    fn the_band_follows_the_start_and_bank_holidays_count_as_sundays() {
        let row = |day_kind, from_time, band| BandHours { day_kind, from_time, band };
        let catalogue = Catalogue {
            band_hours: vec![
                row(DayKind::Weekday, at(18, 30), Band::Evening),
                row(DayKind::Weekday, at(8, 0), Band::Core),
                row(DayKind::Saturday, at(0, 0), Band::Saturday),
                row(DayKind::SundayOrBankHoliday, at(0, 0), Band::SundayOrBankHoliday),
            ],
            bank_holidays: vec![BankHoliday { date: day(2026, 12, 25), title: "Christmas Day".to_owned() }],
            ..Catalogue::default()
        };
        assert_eq!(catalogue.band_at(day(2026, 11, 2), at(8, 30)), Some(Band::Core));
        assert_eq!(catalogue.band_at(day(2026, 11, 2), at(18, 30)), Some(Band::Evening));
        assert_eq!(catalogue.band_at(day(2026, 11, 2), at(6, 0)), Some(Band::Evening));
        assert_eq!(catalogue.band_at(day(2026, 11, 7), at(9, 0)), Some(Band::Saturday));
        assert_eq!(catalogue.band_at(day(2026, 12, 25), at(9, 0)), Some(Band::SundayOrBankHoliday));
        assert_eq!(
            catalogue.bands_in_words(),
            [
                "Monday to Friday: core hours from 8am, evening from 6:30pm until 8am",
                "Saturday: Saturday",
                "Sunday and bank holidays: Sunday or bank holiday"
            ]
        );
        assert_eq!(Catalogue::default().band_at(day(2026, 12, 25), at(9, 0)), None);
    }
}
