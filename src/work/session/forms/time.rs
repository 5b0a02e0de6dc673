//! The form that changes when a session is, on its day.

use chrono::{DateTime, Utc};

use crate::ground::form_fields::{Field, FieldErrors, RawForm, time_of_day};
use crate::ground::words;
use crate::terms::bank::Catalogue;
use crate::work::session::series::Pattern;
use crate::work::session::{Session, SessionTimes};

/// The fields of the form that changes when a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeField {
    /// The start time.
    Start,
    /// The end time.
    End,
    /// Whether those who are booked have agreed.
    Agreed,
}

impl Field for TimeField {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Agreed => "agreed",
        }
    }
}

/// The form filled in with when a session is now.
#[must_use]
pub fn time_filled_in(session: &Session) -> RawForm {
    let times = &session.times;
    RawForm::from_pairs(vec![
        ("start".to_owned(), words::time_of_day(times.local_start)),
        ("end".to_owned(), words::time_of_day(times.local_end)),
    ])
}

/// Reads the form. The session stays on its day and in its band, and ends the next day where it does so now: its rate
/// was agreed for these. `booked` are the names of those who must have agreed.
pub fn parse_time(
    raw: &RawForm,
    session: &Session,
    booked: &[&str],
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> Result<SessionTimes, FieldErrors<TimeField>> {
    let mut errors = FieldErrors::none();
    let start = errors.keep(TimeField::Start, "start time", time_of_day(raw.get("start")));
    let end = errors.keep(TimeField::End, "end time", time_of_day(raw.get("end")));
    let times = start.zip(end).and_then(|(start, end)| {
        let before = &session.times;
        let pattern = Pattern {
            date: before.local_date,
            start,
            end,
            ends_next_day: before.local_end_date != before.local_date,
            until: None,
            on_bank_holidays: Some(true),
            leaves_out_skipped: false,
            which: None,
        };
        let expansion = pattern.expand(catalogue, before.time_zone);
        let Some(occurrence) = expansion.occurrences.first() else {
            errors.add(TimeField::Start, "The clocks change at that time. Choose another time");
            return None;
        };
        if occurrence.band != Some(session.band) {
            let band = session.band.name().to_lowercase();
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
    } else if (times.starts_at, times.ends_at) == (session.times.starts_at, session.times.ends_at) {
        errors.add(TimeField::Start, "Enter another time than the session has now");
    }
}
