//! Wall-clock availability as spans of instants.
//!
//! An instant counts when the wall clock at that instant shows a time somebody offered. So where clocks go forward,
//! the hour that never comes gives nothing; where they go back, a time that comes twice counts both times.

use chrono::{DateTime, Days, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Availability, Hours};
use crate::terms::bank::calendar::start_of_day;

/// A span of instants, from `starts_at` until before `ends_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends; later than its beginning.
    pub ends_at: DateTime<Utc>,
}

/// The spans in which somebody with `availability` can work on the dates from `first` to `last` (both included) of
/// `zone`: in order, merged where they touch, none empty.
#[must_use]
pub fn spans(availability: &Availability, zone: Tz, first: NaiveDate, last: NaiveDate) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::new();
    for date in first.iter_days().take_while(|date| *date <= last) {
        let hours = availability.hours_on(date);
        if hours.is_empty() {
            continue;
        }
        let mut spans: Vec<Span> = Vec::new();
        for period in periods_of_day(zone, date) {
            spans.extend(hours.iter().filter_map(|hours| period.span_of(date, hours)));
        }
        spans.sort_unstable();
        for next in spans {
            match merged.last_mut() {
                Some(before) if next.starts_at <= before.ends_at => {
                    before.ends_at = before.ends_at.max(next.ends_at);
                }
                _ => merged.push(next),
            }
        }
    }
    merged
}

/// A part of a day in which clocks stay the same amount ahead of UTC.
#[derive(Debug, Clone, Copy)]
struct Period {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    ahead: TimeDelta,
}

impl Period {
    /// The part of `hours` on `date` that lies within the period.
    fn span_of(&self, date: NaiveDate, hours: &Hours) -> Option<Span> {
        let (start, end) = hours.minutes();
        let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc() - self.ahead;
        let at = |minute: u32| midnight + TimeDelta::minutes(i64::from(minute));
        let span = Span { starts_at: at(start).max(self.from), ends_at: at(end).min(self.until) };
        (span.starts_at < span.ends_at).then_some(span)
    }
}

/// The periods of one local day: one, or two when the clocks change on it.
fn periods_of_day(zone: Tz, date: NaiveDate) -> Vec<Period> {
    let from = start_of_day(zone, date);
    let until = date.checked_add_days(Days::new(1)).map_or(from, |next| start_of_day(zone, next));
    let (first, last) = (ahead_at(zone, from), ahead_at(zone, until - TimeDelta::minutes(1)));
    if first == last {
        return vec![Period { from, until, ahead: first }];
    }
    let change = minute_of_change(zone, from, until);
    vec![Period { from, until: change, ahead: first }, Period { from: change, until, ahead: last }]
}

/// The first minute between `from` and `until` at which clocks are set otherwise than at `from`. Clocks change at
/// most once a day.
fn minute_of_change(zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> DateTime<Utc> {
    let before = ahead_at(zone, from);
    let (mut same, mut other) = (0, (until - from).num_minutes());
    while other - same > 1 {
        let middle = i64::midpoint(same, other);
        if ahead_at(zone, from + TimeDelta::minutes(middle)) == before {
            same = middle;
        } else {
            other = middle;
        }
    }
    from + TimeDelta::minutes(other)
}

/// How far clocks in `zone` are ahead of UTC at `instant`.
fn ahead_at(zone: Tz, instant: DateTime<Utc>) -> TimeDelta {
    let offset = zone.offset_from_utc_datetime(&instant.naive_utc()).fix();
    TimeDelta::seconds(i64::from(offset.local_minus_utc()))
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Weekday};
    use chrono_tz::{Europe::London, Tz};
    use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_assert_eq, prop_oneof, proptest};

    use super::{Span, spans};
    use crate::ground::id::AvailabilityId;
    use crate::people::availability::{Availability, END_OF_DAY, Entry, Hours, Pattern, TimeAway};
    use crate::terms::bank::calendar::start_of_day;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").unwrap()
    }

    fn hours(start: &str, end: &str) -> Hours {
        Hours { start: time(start), end: time(end) }
    }

    fn weekly(weekday: Weekday, start: &str, end: &str) -> Pattern {
        let (id, hours) = (AvailabilityId::new(), hours(start, end));
        Pattern { id, weekday, hours, from_date: day(2020, 1, 1), until_date: None }
    }

    fn single(date: NaiveDate, start: &str, end: &str) -> Entry {
        Entry { id: AvailabilityId::new(), date, hours: hours(start, end) }
    }

    fn text(spans: &[Span]) -> Vec<String> {
        let written = |span: &Span| {
            format!("{} {}", span.starts_at.format("%m-%dT%H:%M"), span.ends_at.format("%m-%dT%H:%M"))
        };
        spans.iter().map(written).collect()
    }

    #[test]
    fn a_weekly_pattern_keeps_its_wall_clock_times_across_the_clock_change() {
        let availability = Availability {
            patterns: vec![weekly(Weekday::Mon, "09:00", "17:00")],
            ..Availability::default()
        };
        let found = spans(&availability, London, day(2026, 10, 19), day(2026, 10, 26));
        assert_eq!(text(&found), ["10-19T08:00 10-19T16:00", "10-26T09:00 10-26T17:00"]);
    }

    #[test]
    fn time_away_takes_whole_days_out_and_single_dates_add_to_the_week() {
        let availability = Availability {
            patterns: vec![weekly(Weekday::Mon, "09:00", "12:00"), weekly(Weekday::Tue, "09:00", "12:00")],
            entries: vec![
                single(day(2026, 11, 2), "12:00", "13:00"),
                single(day(2026, 11, 3), "12:00", "13:00"),
            ],
            away: vec![TimeAway {
                id: AvailabilityId::new(),
                from_date: day(2026, 11, 3),
                until_date: day(2026, 11, 9),
            }],
        };
        let found = spans(&availability, London, day(2026, 11, 2), day(2026, 11, 10));
        assert_eq!(text(&found), ["11-02T09:00 11-02T13:00", "11-10T09:00 11-10T12:00"]);
    }

    #[test]
    fn a_pattern_counts_from_its_first_date_to_its_last() {
        let mut pattern = weekly(Weekday::Mon, "09:00", "12:00");
        (pattern.from_date, pattern.until_date) = (day(2026, 11, 9), Some(day(2026, 11, 16)));
        let availability = Availability { patterns: vec![pattern], ..Availability::default() };
        let found = spans(&availability, London, day(2026, 11, 1), day(2026, 11, 30));
        assert_eq!(text(&found), ["11-09T09:00 11-09T12:00", "11-16T09:00 11-16T12:00"]);
    }

    #[test]
    fn an_evening_up_to_midnight_and_the_night_after_are_one_span() {
        let availability = Availability {
            entries: vec![
                Entry {
                    id: AvailabilityId::new(),
                    date: day(2026, 11, 2),
                    hours: Hours { start: time("22:00"), end: END_OF_DAY },
                },
                single(day(2026, 11, 3), "00:00", "06:00"),
            ],
            ..Availability::default()
        };
        let found = spans(&availability, London, day(2026, 11, 1), day(2026, 11, 4));
        assert_eq!(text(&found), ["11-02T22:00 11-03T06:00"]);
    }

    #[test]
    fn the_hour_that_never_comes_gives_nothing_and_the_one_that_comes_twice_counts_twice() {
        let offer = |date, start, end| Availability {
            entries: vec![single(date, start, end)],
            ..Availability::default()
        };
        let (forward, back) = (day(2027, 3, 28), day(2027, 10, 31));
        let on = |availability: &Availability, date| text(&spans(availability, London, date, date));
        assert!(on(&offer(forward, "01:15", "01:45"), forward).is_empty());
        assert_eq!(on(&offer(forward, "00:30", "01:30"), forward), ["03-28T00:30 03-28T01:00"]);
        assert_eq!(on(&offer(forward, "01:30", "03:00"), forward), ["03-28T01:00 03-28T02:00"]);
        assert_eq!(
            on(&offer(back, "01:15", "01:45"), back),
            ["10-31T00:15 10-31T00:45", "10-31T01:15 10-31T01:45"]
        );
        assert_eq!(on(&offer(back, "00:00", "06:00"), back), ["10-30T23:00 10-31T06:00"]);
    }

    /// The same question asked of each minute by itself.
    fn minute_by_minute(
        availability: &Availability,
        zone: Tz,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Vec<Span> {
        let is_offered = |date: NaiveDate, time: NaiveTime| {
            let minute = time.hour() * 60 + time.minute();
            let within = |hours: &Hours| (hours.minutes().0..hours.minutes().1).contains(&minute);
            let weekly = availability.patterns.iter().any(|pattern| {
                pattern.weekday == date.weekday()
                    && date >= pattern.from_date
                    && pattern.until_date.is_none_or(|until| date <= until)
                    && within(&pattern.hours)
            });
            let single = availability.entries.iter().any(|entry| entry.date == date && within(&entry.hours));
            let away =
                availability.away.iter().any(|away| (away.from_date..=away.until_date).contains(&date));
            (weekly || single) && !away
        };
        let mut found: Vec<Span> = Vec::new();
        let mut minute = start_of_day(zone, first) - TimeDelta::days(1);
        while minute < start_of_day(zone, last) + TimeDelta::days(2) {
            let local = minute.with_timezone(&zone);
            let (date, after) = (local.date_naive(), minute + TimeDelta::minutes(1));
            if (first..=last).contains(&date) && is_offered(date, local.time()) {
                match found.last_mut() {
                    Some(span) if span.ends_at == minute => span.ends_at = after,
                    _ => found.push(Span { starts_at: minute, ends_at: after }),
                }
            }
            minute = after;
        }
        found
    }

    fn any_hours() -> impl Strategy<Value = Hours> {
        (0_u32..95, 1_u32..=96).prop_map(|(start, length)| {
            let quarter = |quarters: u32| {
                NaiveTime::from_hms_opt(quarters / 4, quarters % 4 * 15, 0).unwrap_or(END_OF_DAY)
            };
            Hours { start: quarter(start), end: quarter((start + length).min(96)) }
        })
    }

    fn any_availability(first: NaiveDate) -> impl Strategy<Value = Availability> {
        let date = move |after: i64| first + TimeDelta::days(after);
        let pattern = (0_u8..7, any_hours(), -3_i64..6, prop::option::of(0_i64..6)).prop_map(
            move |(weekday, hours, from, length)| Pattern {
                id: AvailabilityId::new(),
                weekday: Weekday::try_from(weekday).unwrap(),
                hours,
                from_date: date(from),
                until_date: length.map(|length| date(from + length)),
            },
        );
        let entry = (0_i64..6, any_hours()).prop_map(move |(after, hours)| Entry {
            id: AvailabilityId::new(),
            date: date(after),
            hours,
        });
        let away = (-2_i64..6, 0_i64..3).prop_map(move |(from, length)| TimeAway {
            id: AvailabilityId::new(),
            from_date: date(from),
            until_date: date(from + length),
        });
        let lists = (
            prop::collection::vec(pattern, 0..6),
            prop::collection::vec(entry, 0..5),
            prop::collection::vec(away, 0..2),
        );
        lists.prop_map(|(patterns, entries, away)| Availability { patterns, entries, away })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]
        #[test]
        fn spans_are_what_each_minute_says(
            (first, zone, availability) in prop_oneof![
                Just((day(2027, 3, 26), London)),
                Just((day(2027, 10, 29), London)),
                Just((day(2026, 12, 30), London)),
                // Half an hour, and in the middle of the night.
                Just((day(2027, 4, 2), chrono_tz::Australia::Lord_Howe)),
                // At midnight, so that a day begins at 1am.
                Just((day(2018, 11, 2), chrono_tz::America::Sao_Paulo)),
            ].prop_flat_map(|(first, zone)| (Just(first), Just(zone), any_availability(first)))
        ) {
            let last = first + TimeDelta::days(4);
            let found = spans(&availability, zone, first, last);
            prop_assert_eq!(found, minute_by_minute(&availability, zone, first, last));
        }
    }
}
