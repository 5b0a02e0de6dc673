//! Matching problems of any size, made from postcode districts alone, for benches, tests and trying things
//! out. Rates, hours and habits are invented, in the proportions that banks of this kind have.
//!
//! The same request makes the same problem on every machine.

pub mod chance;
mod diaries;
mod people;
mod places;
mod sessions;
mod trades;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use matching_model::policy::Policy;
use matching_model::problem::Problem;

use self::chance::Chance;

pub use self::places::{District, read_districts};

/// The time zone of every example.
const ZONE: chrono_tz::Tz = chrono_tz::Europe::London;

/// What kind of problem is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// As banks usually are: more work than people.
    Usual,
    /// Everybody works every day, travels far and has every skill.
    OverSupply,
    /// Few people, few days, short ways.
    Scarcity,
    /// General practitioners only.
    OneRole,
    /// Up to eight places a session.
    ManyPlaces,
    /// Caps of a few sessions a week and of one or two a day.
    TightWeeks,
    /// Every place is booked already, some against the rules.
    AllBooked,
    /// Practices without sessions and without people.
    Empty,
    /// One session, whatever number was asked for.
    OneSession,
    /// Nobody is cleared to work.
    NobodyEligible,
    /// One practice, and clinicians who differ in nothing but their ids.
    Identical,
    /// Sunday work over the change of the clocks, a 23-hour session among it, with bookings and offers out.
    ClockChange,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Letters of outcodes (`CT`, `ME`), `england` or `all`.
    pub areas: Vec<String>,
    /// How many sessions.
    pub sessions: usize,
    /// How many clinicians.
    pub clinicians: usize,
    /// How many weeks they lie in, from `start`.
    pub weeks: u32,
    /// The first day. A shape that needs a clock change moves it to the Monday before the next one.
    pub start: NaiveDate,
    /// The seed.
    pub seed: u64,
    /// The kind of problem.
    pub shape: Shape,
    /// Days paid as Sundays, on which nobody is available by habit.
    pub bank_holidays: BTreeSet<NaiveDate>,
    /// How many sessions in a thousand are booked already.
    pub booked_per_mille: usize,
    /// How many sessions in a thousand have an offer out.
    pub incumbent_per_mille: usize,
}

/// Why no example could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExampleError {
    /// No area was named.
    #[error("name at least one area, such as CT, england or all")]
    NoArea,
    /// An area has no districts.
    #[error(
        "no postcode district lies in {area}: give the letters of its outcodes, such as CT, or england or all"
    )]
    UnknownArea {
        /// The area asked for.
        area: String,
    },
    /// The list of districts cannot be read.
    #[error("line {line} of the postcode districts cannot be read: {text}")]
    District {
        /// The line, counted from one.
        line: usize,
        /// The line itself.
        text: String,
    },
    /// There is no week to put sessions in.
    #[error("an example needs from one week to 520, and {weeks} were asked for")]
    Weeks {
        /// The weeks asked for.
        weeks: u32,
    },
}

/// Makes the problem that was asked for.
pub fn example(request: &Request, districts: &[District]) -> Result<Problem, ExampleError> {
    if !(1..=520).contains(&request.weeks) {
        return Err(ExampleError::Weeks { weeks: request.weeks });
    }
    let districts = places::districts_of(districts, &request.areas)?;
    let calendar = Calendar::of(request);
    let mut places = places::practices(&mut Chance::new(request.seed, 1), &districts, request.shape);
    let (asked_sessions, asked_clinicians) = match request.shape {
        Shape::Empty => (0, 0),
        Shape::OneSession => (1, request.clinicians),
        _ => (request.sessions, request.clinicians),
    };
    let sessions = sessions::sessions(request, &calendar, &places, asked_sessions);
    let clinicians = people::clinicians(request, &calendar, &places, asked_clinicians);
    let (booked, incumbent) = diaries::booked_and_incumbent(request, &sessions, &clinicians);
    if request.shape == Shape::ClockChange {
        diaries::refuse_some(request.seed, &mut places, &clinicians);
    }
    Ok(Problem {
        timezone: ZONE,
        policy: Policy::default(),
        practices: places.into_iter().map(|place| place.practice).collect(),
        clinicians,
        sessions,
        booked,
        incumbent,
    })
}

/// The days of an example.
struct Calendar {
    first: NaiveDate,
    weekdays: Vec<NaiveDate>,
    saturdays: Vec<NaiveDate>,
    sundays: Vec<NaiveDate>,
    bank_holidays: BTreeSet<NaiveDate>,
}

impl Calendar {
    fn of(request: &Request) -> Self {
        let first = if request.shape == Shape::ClockChange {
            monday_before_clock_change(request.start)
        } else {
            request.start
        };
        let days: Vec<NaiveDate> = first.iter_days().take(7 * request.weeks as usize).collect();
        let on = |wanted: &dyn Fn(Weekday) -> bool| -> Vec<NaiveDate> {
            days.iter().copied().filter(|day| wanted(day.weekday())).collect()
        };
        Calendar {
            first,
            weekdays: on(&|day| day.number_from_monday() <= 5),
            saturdays: on(&|day| day == Weekday::Sat),
            sundays: on(&|day| day == Weekday::Sun),
            bank_holidays: request.bank_holidays.clone(),
        }
    }

    /// Every day in order.
    fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let count = self.weekdays.len() + self.saturdays.len() + self.sundays.len();
        self.first.iter_days().take(count)
    }

    /// What kind of pay a start at this local time earns.
    fn band(&self, day: NaiveDate, start: NaiveTime) -> &'static str {
        if self.bank_holidays.contains(&day) || day.weekday() == Weekday::Sun {
            "sunday_or_bank_holiday"
        } else if day.weekday() == Weekday::Sat {
            "saturday"
        } else if start >= NaiveTime::from_hms_opt(18, 0, 0).unwrap_or(NaiveTime::MIN) {
            "evening"
        } else {
            "core"
        }
    }
}

/// The first of the seven days that end with the next change of the clocks, the day before `start` or later.
fn monday_before_clock_change(start: NaiveDate) -> NaiveDate {
    let changes = |day: &NaiveDate| {
        let (from, to) = (instant(*day, 0), instant(*day + Days::new(1), 0));
        (to - from).num_hours() != 24
    };
    start.iter_days().take(366).find(changes).map_or(start, |sunday| sunday - Days::new(6))
}

/// The instant of a local time, given in minutes after midnight; where the clocks skip it, an hour later.
fn instant(day: NaiveDate, minutes: u32) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = midnight + chrono::TimeDelta::minutes(i64::from(minutes));
    let skipped = || ZONE.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest();
    ZONE.from_local_datetime(&local)
        .earliest()
        .or_else(skipped)
        .unwrap_or_else(|| ZONE.from_utc_datetime(&local))
        .to_utc()
}
