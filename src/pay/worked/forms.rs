//! What people send about what was worked.

use chrono::{DateTime, NaiveTime, Utc};

use super::store::works::Work;
use super::{Hours, NewSignOff, Outcome, Taken, nearest_instant};
use crate::ground::form_fields::{
    Field, FieldErrors, RawForm, end_time, optional, text_of_lines, time_of_day, whole_number,
};
use crate::ground::words::{in_london, time_of_day as time_in_words};

/// The most letters of a reason, a note, a question or an answer.
const MOST_LETTERS: usize = 500;
/// The longest break, in minutes.
const LONGEST_BREAK: i64 = 600;
/// The most of one extra.
const MOST_OF_AN_EXTRA: i64 = 999;

/// The fields of the forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkField {
    /// What became of the booking.
    Outcome,
    /// When they began.
    Start,
    /// When they ended.
    End,
    /// How long they rested between.
    Break,
    /// What they did beside.
    Extras,
    /// Why it says something else than was booked.
    Reason,
    /// What is added, asked or answered.
    Words,
}

impl Field for WorkField {
    fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Start => "start",
            Self::End => "end",
            Self::Break => "break",
            Self::Extras => "extras",
            Self::Reason => "reason",
            Self::Words => "words",
        }
    }
}

/// The name of the field for how many of the agreed extra at this place.
#[must_use]
pub fn extra_field(place: usize) -> String {
    format!("extra-{place}")
}

/// The names and values of the form that these hours, extras and words fill in.
#[must_use]
pub fn filled_in(work: &Work, hours: Hours, extras: &[Taken], words: (&str, &str)) -> RawForm {
    let time = |instant: DateTime<Utc>| time_in_words(in_london(instant).time());
    let mut pairs = vec![
        ("start".to_owned(), time(hours.starts_at)),
        ("end".to_owned(), time(hours.ends_at)),
        (
            "break".to_owned(),
            if hours.break_minutes == 0 { String::new() } else { hours.break_minutes.to_string() },
        ),
        (words.0.to_owned(), words.1.to_owned()),
    ];
    for (place, agreed) in work.agreed.iter().enumerate() {
        let taken = extras.iter().find(|taken| taken.extra == *agreed);
        if let Some(taken) = taken {
            pairs.push((extra_field(place), taken.quantity.to_string()));
        }
    }
    RawForm::from_pairs(pairs)
}

/// Reads the hours that somebody worked: clocks' times, each the one nearest to what was booked.
fn hours(
    raw: &RawForm,
    work: &Work,
    now: DateTime<Utc>,
    errors: &mut FieldErrors<WorkField>,
) -> Option<Hours> {
    let start = errors.keep(WorkField::Start, "start", time_of_day(raw.get("start")));
    let end = errors.keep(WorkField::End, "end", end_time(raw.get("end")));
    let minutes = optional(raw.get("break"), |typed| whole_number(typed, 0, LONGEST_BREAK));
    let minutes = errors.keep(WorkField::Break, "break in minutes", minutes);
    let mut instant = |field, booked, time: Option<NaiveTime>| {
        let found = time.and_then(|time| nearest_instant(work.zone(), booked, time));
        if time.is_some() && found.is_none() {
            errors.add(field, "The clocks went forward over that time. Enter the time that they showed then");
        }
        found
    };
    let starts_at = instant(WorkField::Start, work.starts_at, start);
    let ends_at = instant(WorkField::End, work.ends_at, end);
    let break_minutes = i32::try_from(minutes?.unwrap_or(0)).ok()?;
    let hours = Hours { starts_at: starts_at?, ends_at: ends_at?, break_minutes };
    if hours.ends_at <= hours.starts_at {
        errors.add(WorkField::End, "Enter an end that is after the start");
        return None;
    }
    if hours.ends_at > now {
        errors.add(WorkField::End, "Enter an end that has passed: it can be said once it is over");
        return None;
    }
    if hours.paid_minutes() == 0 {
        errors.add(WorkField::Break, "Enter a break that is shorter than the time between start and end");
        return None;
    }
    Some(hours)
}

/// Reads how many of each agreed extra.
fn extras(raw: &RawForm, work: &Work, errors: &mut FieldErrors<WorkField>) -> Option<Vec<Taken>> {
    let mut taken = Vec::new();
    for (place, extra) in work.agreed.iter().enumerate() {
        let read = optional(raw.get(&extra_field(place)), |typed| whole_number(typed, 0, MOST_OF_AN_EXTRA));
        let quantity = errors.keep(WorkField::Extras, &format!("number for {}", extra.name), read)?;
        let quantity = i32::try_from(quantity.unwrap_or(0)).ok()?;
        if quantity > 0 {
            taken.push(Taken { extra: extra.clone(), quantity });
        }
    }
    Some(taken)
}

/// Reads a practice's sign-off of a booking.
pub fn parse_sign_off(
    raw: &RawForm,
    work: &Work,
    now: DateTime<Utc>,
) -> Result<NewSignOff, FieldErrors<WorkField>> {
    let mut errors = FieldErrors::none();
    let seen_version = raw.get("version").parse().unwrap_or(0);
    let outcome = match raw.get("outcome") {
        "booked" => Some(work.as_booked()),
        "otherwise" => {
            let hours = hours(raw, work, now, &mut errors);
            let extras = extras(raw, work, &mut errors);
            hours.zip(extras).map(|(hours, extras)| Outcome::Attended { hours, extras })
        }
        "absent" => Some(Outcome::NotAttended),
        _ => {
            errors.add(WorkField::Outcome, "Select what was worked");
            None
        }
    };
    let is_as_booked = match &outcome {
        Some(Outcome::Attended { hours, .. }) => *hours == work.booked(),
        Some(Outcome::NotAttended) => false,
        // Something else is to be mended first.
        None => true,
    };
    let reason = optional(raw.get("reason"), |typed| text_of_lines(typed, MOST_LETTERS));
    let reason = errors.keep(WorkField::Reason, "reason", reason).map(Option::unwrap_or_default);
    if reason.as_deref() == Some("") && (seen_version > 0 || !is_as_booked) {
        errors.add(WorkField::Reason, "Enter why: the clinician reads it");
    }
    let read = outcome.zip(reason);
    errors.finish(read.map(|(outcome, reason)| NewSignOff {
        booking: work.id,
        seen_version,
        outcome,
        reason,
    }))
}

/// What a clinician says they worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSaid {
    /// From when until when.
    pub hours: Hours,
    /// What they did beside.
    pub extras: Vec<Taken>,
    /// What they add.
    pub note: String,
}

/// Reads what a clinician says they worked.
pub fn parse_said(raw: &RawForm, work: &Work, now: DateTime<Utc>) -> Result<NewSaid, FieldErrors<WorkField>> {
    let mut errors = FieldErrors::none();
    let hours = hours(raw, work, now, &mut errors);
    let extras = extras(raw, work, &mut errors);
    let note = optional(raw.get("words"), |typed| text_of_lines(typed, MOST_LETTERS));
    let note = errors.keep(WorkField::Words, "message", note).map(Option::unwrap_or_default);
    let read = hours.zip(extras).zip(note);
    errors.finish(read.map(|((hours, extras), note)| NewSaid { hours, extras, note }))
}

/// Reads a question or an answer.
pub fn parse_words(raw: &RawForm, what: &str) -> Result<String, FieldErrors<WorkField>> {
    let mut errors = FieldErrors::none();
    let words = errors.keep(WorkField::Words, what, text_of_lines(raw.get("words"), MOST_LETTERS));
    errors.finish(words)
}
