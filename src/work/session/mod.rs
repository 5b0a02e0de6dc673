//! Sessions: one dated piece of locum work at one practice, with the wall-clock times as posted and the instants
//! they mean.
//!
//! | From | Move | To |
//! |---|---|---|
//! | – | post | open |
//! | open | withdraw, with a reason | withdrawn |
//!
//! A withdrawn session stays withdrawn: posting it again makes another session.

pub mod actions;
pub mod crossing;
pub mod forms;
pub mod pages;
pub mod repeat;
pub mod row;
pub mod series;
pub mod standing;
pub mod store;
pub mod template;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::ground::events::Happened;
use crate::ground::id::{PracticeId, SeriesId, SessionId};
use crate::ground::words;
use crate::terms::bank::{Band, calendar};

/// The most weeks ahead a session may be repeated.
pub const MOST_WEEKS: i64 = 52;

/// Where a session stands of itself; whether it is filled is said by its bookings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// It wants people.
    Open,
    /// The practice took it back.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
        /// Why, as the practice said.
        reason: String,
    },
}

/// What a session pays and says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Pence an hour it pays at least.
    pub rate_min_pence_per_hour: i32,
    /// Pence an hour it pays at most.
    pub rate_max_pence_per_hour: i32,
    /// What people should know.
    pub notes: String,
    /// Who supervises on the day; "" for nobody.
    pub supervisor: String,
    /// Whether the rates differ from those the session had.
    pub changes_rate: bool,
}

/// When a session is: local wall-clock times, and the instants they mean in the bank's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// The local date on which it starts.
    pub local_date: NaiveDate,
    /// The local time at which it starts.
    pub local_start: NaiveTime,
    /// The local date on which it ends: the same, or the day after.
    pub local_end_date: NaiveDate,
    /// The local time at which it ends.
    pub local_end: NaiveTime,
    /// The zone of the local times.
    pub time_zone: Tz,
    /// The instant at which it starts.
    pub starts_at: DateTime<Utc>,
    /// The instant at which it ends.
    pub ends_at: DateTime<Utc>,
}

impl SessionTimes {
    /// How long it lasts in minutes that pass, whatever the clocks show.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        (self.ends_at - self.starts_at).num_minutes()
    }

    /// The local date of its last minute.
    #[must_use]
    pub fn last_date(&self) -> NaiveDate {
        calendar::last_date(self.time_zone, self.ends_at)
    }

    /// "Tuesday 3 November 2026".
    #[must_use]
    pub fn date_text(&self) -> String {
        words::full_date(self.local_date)
    }

    /// "8:30am to 12:40pm", "6:30pm to midnight", or "10pm to 6am the next day".
    #[must_use]
    pub fn span_text(&self) -> String {
        words::time_span(self.starts_at, self.ends_at)
    }

    /// "Tuesday 3 November 2026, 8:30am to 12:40pm".
    #[must_use]
    pub fn when_text(&self) -> String {
        format!("{}, {}", self.date_text(), self.span_text())
    }
}

/// What a practice asks for: a session as it is posted, whatever becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedSession {
    /// Its id.
    pub id: SessionId,
    /// The practice that posts it.
    pub practice: PracticeId,
    /// The series it is posted with.
    pub series: Option<SeriesId>,
    /// When it is.
    pub times: SessionTimes,
    /// The band its rate belongs to.
    pub band: Band,
    /// The roles that may do it, at least one, in order of their codes.
    pub roles: Vec<String>,
    /// The competencies it needs, every one of them, in order of their codes.
    pub competencies: Vec<String>,
    /// How many clinicians it needs.
    pub places: i16,
    /// How much it matters, 1 to 1,000.
    pub priority: i16,
    /// Pence an hour it pays at least.
    pub rate_min_pence_per_hour: i32,
    /// Pence an hour it pays at most.
    pub rate_max_pence_per_hour: i32,
    /// What the practice wants people to know.
    pub notes: String,
    /// Who supervises on the day; "" for nobody.
    pub supervisor: String,
}

impl AskedSession {
    /// What it costs in pence at least and at most, for all its places: whole pence, half of one upwards.
    #[must_use]
    pub fn cost_pence(&self) -> (i64, i64) {
        let cost = |rate: i32| (i64::from(rate) * self.times.minutes() * i64::from(self.places) + 30) / 60;
        (cost(self.rate_min_pence_per_hour), cost(self.rate_max_pence_per_hour))
    }

    /// That it was posted.
    #[must_use]
    pub fn as_posted(&self) -> Happened {
        Happened::SessionPosted {
            session: self.id,
            span: (self.times.starts_at, self.times.ends_at),
            places: self.places,
            rate_pence_per_hour: (self.rate_min_pence_per_hour, self.rate_max_pence_per_hour),
        }
    }
}

/// A session that has been posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What is asked for.
    pub asked: AskedSession,
    /// Where it stands.
    pub state: SessionState,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
}

impl Session {
    /// Whether it still wants people: open, and not begun at `now`.
    #[must_use]
    pub fn is_wanted_at(&self, now: DateTime<Utc>) -> bool {
        self.state == SessionState::Open && self.asked.times.starts_at > now
    }

    /// "£80 to £95 an hour".
    #[must_use]
    pub fn rate_text(&self) -> String {
        let AskedSession { rate_min_pence_per_hour, rate_max_pence_per_hour, .. } = self.asked;
        words::rate_span(rate_min_pence_per_hour.into(), rate_max_pence_per_hour.into())
    }
}

/// What stands of sessions that were posted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Posted {
    /// The local date of the first.
    pub first: NaiveDate,
    /// How many stand.
    pub open: i64,
    /// How many have been withdrawn.
    pub withdrawn: i64,
}
