//! What was worked: a practice's sign-off of each booking once it has ended, and what its clinician says of it.
//!
//! ```text
//! ended ──▶ signed off (version 1) ──▶ signed off anew (2, 3, …), each with its reason; the newest counts
//!               └─▶ queried by its clinician ──▶ answered, in words or by another sign-off
//! ```
//!
//! Nothing is signed off by itself. Hours are instants, so that a night in which the clocks change pays the hours that
//! were worked.

pub mod actions;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::ground::id::BookingId;
use crate::people::practice::extras::Extra;
use crate::terms::bank::calendar::{WallTime, local_date, wall_time};
use crate::work::booking::pay_pence;

/// From when until when somebody worked, without their breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Hours {
    /// The first instant.
    pub starts_at: DateTime<Utc>,
    /// The last.
    pub ends_at: DateTime<Utc>,
    /// Minutes between them that are not paid.
    pub break_minutes: i32,
}

impl Hours {
    /// The minutes that are paid.
    #[must_use]
    pub fn paid_minutes(self) -> i64 {
        ((self.ends_at - self.starts_at).num_minutes() - i64::from(self.break_minutes)).max(0)
    }
}

/// Something agreed beside the rate, and how many times it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// What was agreed.
    #[serde(flatten)]
    pub extra: Extra,
    /// How many.
    pub quantity: i32,
}

impl Taken {
    /// What it comes to, in pence.
    #[must_use]
    pub fn pence(&self) -> i32 {
        self.extra.pence_per_unit.saturating_mul(self.quantity)
    }

    /// "3 × Home visit, £12 each: £36".
    #[must_use]
    pub fn in_words(&self) -> String {
        let total = crate::ground::words::pounds(self.pence().into());
        format!("{} × {}: {total}", self.quantity, self.extra.in_words())
    }
}

/// What became of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its clinician worked.
    Attended {
        /// From when until when.
        hours: Hours,
        /// What they did beside.
        extras: Vec<Taken>,
    },
    /// Its clinician did not come.
    NotAttended,
}

/// What an outcome is worth, in pence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worth {
    /// For the hours.
    pub pay_pence: i32,
    /// For what was done beside.
    pub extras_pence: i32,
}

impl Worth {
    /// Both together.
    #[must_use]
    pub fn total(self) -> i64 {
        i64::from(self.pay_pence) + i64::from(self.extras_pence)
    }
}

impl Outcome {
    /// The minutes that are paid; none where nobody came.
    #[must_use]
    pub fn minutes(&self) -> Option<i64> {
        match self {
            Self::Attended { hours, .. } => Some(hours.paid_minutes()),
            Self::NotAttended => None,
        }
    }

    /// What it is worth at the booking's rate, by the booking's own rule of rounding.
    #[must_use]
    pub fn worth(&self, rate_pence_per_hour: i32) -> Worth {
        match self {
            Self::Attended { hours, extras } => Worth {
                pay_pence: pay_pence(rate_pence_per_hour, hours.paid_minutes()),
                extras_pence: extras.iter().map(Taken::pence).fold(0, i32::saturating_add),
            },
            Self::NotAttended => Worth::default(),
        }
    }
}

/// A sign-off that somebody of a practice wants to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSignOff {
    /// Of which booking.
    pub booking: BookingId,
    /// The newest sign-off that they have seen of it; 0 for none.
    pub seen_version: i32,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it says something else than was booked or was said before; "" where it says what was booked.
    pub reason: String,
}

/// The instant of a clock's time that lies nearest to what was booked; none where the clocks leapt over it.
#[must_use]
pub fn nearest_instant(zone: Tz, booked: DateTime<Utc>, time: NaiveTime) -> Option<DateTime<Utc>> {
    let date = local_date(zone, booked);
    let dates = [date.pred_opt(), Some(date), date.succ_opt()];
    let instants = dates.into_iter().flatten().flat_map(|date| match wall_time(zone, date, time) {
        WallTime::Once(instant) => [Some(instant), None],
        WallTime::Twice(first, second) => [Some(first), Some(second)],
        WallTime::Never => [None, None],
    });
    let nearest = instants.flatten().min_by_key(|instant| (*instant - booked).abs());
    nearest.filter(|instant| (*instant - booked).abs() <= TimeDelta::hours(13))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime, Utc};
    use chrono_tz::Europe::London;

    use super::{Hours, Outcome, Taken, nearest_instant};
    use crate::people::practice::extras::{Extra, ExtraUnit};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn night(starts_at: &str, ends_at: &str) -> Outcome {
        let hours = Hours { starts_at: at(starts_at), ends_at: at(ends_at), break_minutes: 0 };
        Outcome::Attended { hours, extras: Vec::new() }
    }

    #[test]
    fn a_night_pays_the_hours_that_pass() {
        // 10pm to 6am, when the clocks go back, when they go forward, and in between.
        let back = night("2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z");
        let forward = night("2027-03-27T22:00:00Z", "2027-03-28T05:00:00Z");
        let plain = night("2026-11-02T22:00:00Z", "2026-11-03T06:00:00Z");
        let paid =
            [&back, &forward, &plain].map(|it| (it.minutes().unwrap() / 60, it.worth(10_000).pay_pence));
        assert_eq!(paid, [(9, 90_000), (7, 70_000), (8, 80_000)]);
    }

    #[test]
    fn breaks_are_not_paid_and_extras_are() {
        let hours = Hours {
            starts_at: at("2026-11-02T08:30:00Z"),
            ends_at: at("2026-11-02T13:10:00Z"),
            break_minutes: 30,
        };
        let visits = Extra { name: "Home visit".to_owned(), unit: ExtraUnit::Each, pence_per_unit: 1_200 };
        let outcome = Outcome::Attended { hours, extras: vec![Taken { extra: visits, quantity: 3 }] };
        let worth = outcome.worth(8_800);
        assert_eq!((worth.pay_pence, worth.extras_pence, worth.total()), (36_667, 3_600, 40_267));
        assert_eq!(Outcome::NotAttended.worth(8_800).total(), 0);
    }

    #[test]
    fn a_clocks_time_is_the_instant_nearest_to_what_was_booked() {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let near = |booked: &str, hour, minute| nearest_instant(London, at(booked), time(hour, minute));
        assert_eq!(near("2026-11-02T08:30:00Z", 8, 45), Some(at("2026-11-02T08:45:00Z")));
        // Begun before midnight, booked for after it.
        assert_eq!(near("2026-11-03T00:10:00Z", 23, 50), Some(at("2026-11-02T23:50:00Z")));
        // Half past one is there twice, or not at all.
        assert_eq!(near("2026-10-25T01:10:00Z", 1, 30), Some(at("2026-10-25T01:30:00Z")));
        assert_eq!(near("2026-10-25T00:00:00Z", 1, 30), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(near("2027-03-28T02:00:00Z", 1, 30), None);
    }
}
