//! What runs by itself, and when. Each due time is run once, however many workers there are and whatever their clocks
//! say: the database's clock counts. After a downtime the latest due time alone is caught up.

use chrono::{DateTime, Days, DurationRound, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::London;

/// When work that runs by itself is due.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// Every so many minutes, counted from midnight UTC.
    EveryMinutes(i64),
    /// Every day at this hour and minute in London.
    DailyAt(u32, u32),
}

/// Work that runs by itself.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// The kind of job.
    pub kind: &'static str,
    /// When it is due.
    pub when: When,
    /// The priority of its jobs.
    pub priority: i16,
}

impl When {
    /// The last due time that is not after `now`.
    #[must_use]
    pub fn last_due(self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::EveryMinutes(minutes) => now.duration_trunc(TimeDelta::minutes(minutes)).unwrap_or(now),
            Self::DailyAt(hour, minute) => {
                let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
                let today = now.with_timezone(&London).date_naive();
                // A time that the clock change skips is due an hour later; one that comes twice, the first time.
                let due_on = |date: chrono::NaiveDate| {
                    let local = date.and_time(time);
                    let due = London.from_local_datetime(&local).earliest();
                    due.or_else(|| London.from_local_datetime(&(local + TimeDelta::hours(1))).earliest())
                        .map(|due| due.to_utc())
                };
                let days = [today, today - Days::new(1)];
                days.into_iter().filter_map(due_on).find(|due| *due <= now).unwrap_or(now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::When;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn due_times_are_counted_from_midnight() {
        let now = at("2026-11-02T09:47:12Z");
        assert_eq!(When::EveryMinutes(60).last_due(now), at("2026-11-02T09:00:00Z"));
        assert_eq!(When::EveryMinutes(1).last_due(now), at("2026-11-02T09:47:00Z"));
        assert_eq!(When::EveryMinutes(1440).last_due(now), at("2026-11-02T00:00:00Z"));
    }

    #[test]
    fn a_daily_due_time_keeps_to_the_wall_clock() {
        let six = When::DailyAt(6, 0);
        assert_eq!(
            six.last_due(at("2026-07-01T05:00:00Z")),
            at("2026-07-01T05:00:00Z"),
            "British summer time"
        );
        assert_eq!(six.last_due(at("2026-07-01T04:59:59Z")), at("2026-06-30T05:00:00Z"));
        assert_eq!(six.last_due(at("2026-12-01T06:30:00Z")), at("2026-12-01T06:00:00Z"));
        // On 29 March 2026 the clocks go from 1am to 2am; on 25 October there are two times 1.30am.
        let half_past_one = When::DailyAt(1, 30);
        assert_eq!(half_past_one.last_due(at("2026-03-29T12:00:00Z")), at("2026-03-29T01:30:00Z"));
        assert_eq!(half_past_one.last_due(at("2026-10-25T12:00:00Z")), at("2026-10-25T00:30:00Z"));
    }
}
