//! The daily email: at 6am, what fits somebody among the open sessions, in order of fit, and the messages they wanted
//! there. Nobody gets one with nothing in it, and nobody gets two for one day.
//!
//! It is written from the facts and by the rules that planning uses, for the whole bank at once. When it leaves, what
//! has been filled meanwhile is left out ([`crate::ground::mail::fresh`]).

pub mod jobs;
pub mod messages;
pub mod open;
pub mod store;

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

/// When it is written, by the bank's clock.
pub const WRITTEN_AT_HOUR: u32 = 6;

/// From this hour on it is not written any more, such as after a downtime: the working day has begun, and tomorrow's
/// says what it would have said.
const TOO_LATE_HOUR: u32 = 9;

/// Open sessions it tells of at most. Surveyed clinicians read the first few lines.
pub const MOST_FITS: usize = 10;

/// How many days ahead it looks.
pub const DAYS_AHEAD: u64 = 28;

/// The date whose daily email is to be written at `now`; none before its time, and none when it would be too late.
#[must_use]
pub fn date_due(zone: Tz, now: DateTime<Utc>) -> Option<NaiveDate> {
    let local = now.with_timezone(&zone);
    (WRITTEN_AT_HOUR..TOO_LATE_HOUR).contains(&local.hour()).then(|| local.date_naive())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use chrono_tz::Europe::London;

    use super::date_due;

    #[test]
    fn the_daily_email_is_written_before_the_working_day() {
        let table = [
            ("2026-11-02T05:59:59Z", None),
            ("2026-11-02T06:00:00Z", Some("2026-11-02")),
            ("2026-11-02T08:59:59Z", Some("2026-11-02")),
            ("2026-11-02T09:00:00Z", None),
            // In summer 6am is 5am universal time.
            ("2026-07-06T04:59:59Z", None),
            ("2026-07-06T05:00:00Z", Some("2026-07-06")),
        ];
        for (now, date) in table {
            let now: DateTime<Utc> = now.parse().unwrap();
            assert_eq!(date_due(London, now), date.map(|date| date.parse().unwrap()), "{now}");
        }
    }
}
