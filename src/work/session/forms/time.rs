//! The form that changes when a session is, on its day.

use chrono::{DateTime, Utc};

use super::hours::{self, Hours, read_hours};
use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::ground::words;
use crate::terms::bank::Catalogue;
use crate::work::session::series::{Pattern, Question, Which};
use crate::work::session::{Session, SessionTimes};

/// The fields of the form that changes when a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeField {
    /// The start time.
    Start,
    /// The end time.
    End,
    /// Whether it ends the next day.
    Overnight,
    /// Which instant a repeated time means.
    Which,
    /// Whether those who are booked have agreed.
    Agreed,
}

impl Field for TimeField {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Overnight => "overnight",
            Self::Which => "which",
            Self::Agreed => "agreed",
        }
    }
}

/// The form filled in with when a session is now.
#[must_use]
pub fn time_filled_in(session: &Session) -> RawForm {
    RawForm::from_pairs(hours::filled_in(&session.asked.times))
}

/// Reads the form. The session stays on its day and in its band: its rate was agreed for these. Where the clocks repeat
/// its start or end, what it meant before is meant still unless the form says otherwise. `booked` are the names of those who must have agreed.
pub fn parse_time(
    raw: &RawForm,
    session: &Session,
    booked: &[&str],
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Result<SessionTimes, FieldErrors<TimeField>> {
    let mut errors = FieldErrors::none();
    let hours = read_hours(raw, (TimeField::Start, TimeField::End), &mut errors);
    let times = hours.and_then(|Hours { start, end, ends_next_day }| {
        let before = &session.asked.times;
        let pattern = Pattern {
            date: before.local_date,
            start,
            end,
            ends_next_day,
            until: None,
            also: Vec::new(),
            on_bank_holidays: true,
            leaves_out_skipped: false,
            which: Which::of_code(raw.get("which")).or_else(|| Which::of_session(before)),
        };
        let expansion = pattern.expand(catalogue, before.time_zone);
        for question in &expansion.questions {
            let happens = question.sentence();
            match question {
                Question::Repeated(..) => errors.add(TimeField::Which, happens),
                Question::Skipped(..) => {
                    errors.add(TimeField::Start, format!("{happens}. Choose another time"));
                }
            }
        }
        let occurrence = expansion.occurrences.first()?;
        if occurrence.band != Some(session.asked.band) {
            let band = session.asked.band.name().to_lowercase();
            errors.add(
                TimeField::Start,
                format!("The start must stay within {band}, because other rates count at other times"),
            );
        }
        Some(occurrence.times)
    });
    if let Some(times) = &times {
        check(times, session, now, &mut errors);
    }
    if !booked.is_empty() && !raw.is_ticked("agreed", "yes") {
        let names = words::list(booked);
        errors.add(TimeField::Agreed, format!("Ask {names} first, and tick when they have agreed"));
    }
    errors.finish(times)
}

fn check(times: &SessionTimes, session: &Session, now: DateTime<Utc>, errors: &mut FieldErrors<TimeField>) {
    if times.ends_at <= times.starts_at {
        errors.add(TimeField::End, "The end must be after the start");
    } else if times.ends_at - times.starts_at > chrono::TimeDelta::hours(24) {
        errors.add(TimeField::End, "A session can last 24 hours at most");
    } else if times.starts_at <= now {
        errors.add(TimeField::Start, "The session must start in the future");
    } else if (times.starts_at, times.ends_at) == (session.asked.times.starts_at, session.asked.times.ends_at)
    {
        errors.add(TimeField::Start, "Enter another time than the session has now");
    }
}
