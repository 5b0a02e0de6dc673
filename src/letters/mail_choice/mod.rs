//! What somebody wants to have by email: each kind of message at once, in the daily email or not at all, and the hours
//! in which they want none.
//!
//! A choice is applied when a mail is sent, not when it is written, so that a change counts for what waits:
//!
//! ```text
//! its time has come ──▶ sent         wanted at once
//!                  ──▶ waits         it is quiet, and afterwards is soon enough
//!                  ──▶ daily email   wanted there: the next one has it
//!                  ──▶ not sent      not wanted, or the address takes no mail
//! ```

pub mod actions;
pub mod delivery;
pub mod forms;
pub mod pages;
pub mod store;

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::ground::actor::PersonKind;
use crate::ground::mail::course::Course;
use crate::ground::mail::kinds::{Audience, MessageKind, Urgency};

/// Mail waits for the end of quiet hours where so much time is left then before it is too late.
pub const LEAST_LEFT: TimeDelta = TimeDelta::hours(12);

/// The rule of quiet hours, for pages. It says [`LEAST_LEFT`].
pub const QUIET_RULE: &str = "During your quiet hours emails wait until they end, unless fewer than 12 hours would then be left to act on the email.";

/// How somebody wants to have a kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Choice {
    /// As soon as it is written.
    AtOnce,
    /// In the daily email.
    Digest,
    /// Not at all.
    Never,
}

impl Choice {
    /// The name in the database and in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Digest => "digest",
            Self::Never => "never",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "At once",
            Self::Digest => "In the daily email",
            Self::Never => "Not at all",
        }
    }
}

/// What decides about the choices for a kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// Whom it is for.
    pub audience: Audience,
    /// How soon it is wanted.
    pub urgency: Urgency,
    /// Whether its reader may say no to it.
    pub may_decline: bool,
}

impl Nature {
    /// The nature of a kind of message.
    #[must_use]
    pub fn of(kind: &MessageKind) -> Self {
        Self { audience: kind.audience, urgency: kind.urgency, may_decline: kind.may_decline }
    }

    /// The choices somebody has: what must be acted on at once is never put off, and what the law or a booking demands
    /// can't be declined.
    #[must_use]
    pub fn choices(self) -> &'static [Choice] {
        match (self.urgency, self.may_decline) {
            (Urgency::AtOnce, false) => &[Choice::AtOnce],
            (Urgency::AtOnce, true) => &[Choice::AtOnce, Choice::Never],
            (Urgency::Digestible, false) => &[Choice::AtOnce, Choice::Digest],
            (Urgency::Digestible, true) => &[Choice::AtOnce, Choice::Digest, Choice::Never],
        }
    }

    /// What somebody has who has not chosen. For clinicians that is quiet: at once only what they must act on at once.
    #[must_use]
    pub fn usual(self) -> Choice {
        match (self.urgency, self.audience) {
            (Urgency::Digestible, Audience::Acting(PersonKind::Clinician)) => Choice::Digest,
            _ => Choice::AtOnce,
        }
    }

    /// What somebody has who chose `chosen`. Whoever wants no daily email has what would stand in it at once where it
    /// can't be declined, and otherwise not at all.
    #[must_use]
    pub fn effective(self, chosen: Option<Choice>, wants_digest: bool) -> Choice {
        let chosen = chosen.filter(|choice| self.choices().contains(choice));
        match chosen.unwrap_or_else(|| self.usual()) {
            Choice::Digest if !wants_digest && self.may_decline => Choice::Never,
            Choice::Digest if !wants_digest => Choice::AtOnce,
            choice => choice,
        }
    }
}

/// What somebody chooses about the email they want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// For each kind of message that was asked about.
    pub of_kinds: Vec<(&'static str, Choice)>,
    /// The quiet hours, or none.
    pub quiet: Option<QuietHours>,
}

/// Hours in which somebody wants no email, by the bank's wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// When they start.
    pub starts_at: NaiveTime,
    /// When they end: on the next day where that is the earlier time.
    pub ends_at: NaiveTime,
}

impl QuietHours {
    /// When the quiet hours that are on at `now` end; none where it is not quiet.
    #[must_use]
    pub fn end_after(&self, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&zone);
        let (today, time) = (local.date_naive(), local.time());
        let over_midnight = self.ends_at < self.starts_at;
        let (has_begun, goes_on) = (time >= self.starts_at, time < self.ends_at);
        let day = match (over_midnight, has_begun, goes_on) {
            (false, true, true) | (true, _, true) => today,
            (true, true, false) => today + Days::new(1),
            _ => return None,
        };
        Some(instant(zone, day, self.ends_at)).filter(|end| *end > now)
    }
}

/// The instant of a wall-clock time: the later of two, and an hour on where the clocks skip it.
fn instant(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let wall = date.and_time(time);
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(_, instant) => instant.to_utc(),
        LocalResult::None => {
            let later = zone.from_local_datetime(&(wall + TimeDelta::hours(1))).latest();
            later.map_or_else(|| wall.and_utc(), |instant| instant.to_utc())
        }
    }
}

/// What somebody said about a kind of message, and what their address can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// What they chose for this kind.
    pub chosen: Option<Choice>,
    /// Whether they want the daily email.
    pub wants_digest: bool,
    /// When they want none.
    pub quiet: Option<QuietHours>,
    /// Whether mail to their address is stopped, since it came back.
    pub is_stopped: bool,
}

/// Says what becomes of a mail of this kind for somebody at `now`; after `not_after` it would be too late. A kind that
/// the catalogue no longer has is sent, as what is known is that somebody wrote it.
#[must_use]
pub fn course(
    kind: Option<Nature>,
    wish: &Wish,
    not_after: Option<DateTime<Utc>>,
    zone: Tz,
    now: DateTime<Utc>,
) -> Course {
    if wish.is_stopped {
        return Course::Stopped;
    }
    match kind.map_or(Choice::AtOnce, |kind| kind.effective(wish.chosen, wish.wants_digest)) {
        Choice::Never => Course::Declined,
        Choice::Digest => Course::Digest,
        Choice::AtOnce => {
            let end = wish.quiet.and_then(|quiet| quiet.end_after(zone, now));
            let end = end.filter(|end| not_after.is_none_or(|too_late| too_late - *end >= LEAST_LEFT));
            end.map_or(Course::Now, Course::Later)
        }
    }
}

#[cfg(test)]
mod tests;
