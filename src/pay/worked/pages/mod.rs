//! Pages, one file each.

pub mod list;
pub mod one;
pub mod week;

use super::actions::NotSaid;
use super::store::works::{SignedOff, Work};
use super::{Hours, Taken};
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::words;

impl From<NotSaid> for AppError {
    fn from(error: NotSaid) -> Self {
        let (title, advice) = match error {
            NotSaid::NotDone(error) => return error.into(),
            NotSaid::Database(error) => return error.into(),
            NotSaid::Mail(error) => return Self::internal("writing about what was worked", error),
            NotSaid::NotOver => (
                "This session is not over, or its booking was cancelled",
                "What was worked can be said once a session is over, as long as its booking counts.",
            ),
            NotSaid::Since => (
                "A colleague has signed this off meanwhile",
                "Open it again to see what they signed off. You can still sign it off otherwise there.",
            ),
            NotSaid::Unreasoned => (
                "This says something else than was booked, and not why",
                "Go back and enter the reason: the clinician reads it.",
            ),
            NotSaid::NotAgreed => (
                "This was not agreed when the session was booked",
                "A practice pays beside the rate what its list said when the booking was made. Go back and leave it out.",
            ),
            NotSaid::SignedOff => (
                "The practice has signed this off meanwhile",
                "Open it again to see what it signed off. You can ask about it there.",
            ),
            NotSaid::Asked => (
                "You have asked about this already",
                "The practice has your question. Once it has answered you can ask again.",
            ),
            NotSaid::NothingThere => {
                ("There is nothing to ask or to answer here any more", "Open it again to see how it stands.")
            }
        };
        Self::conflict(title, advice)
    }
}

/// "Tue 10 Nov 2026, 8:30am to 12:40pm".
fn when_of(work: &Work) -> String {
    let date = words::short_date(words::london_date(work.starts_at));
    format!("{date}, {}", words::time_span(work.starts_at, work.ends_at))
}

/// "8:30am to 1:10pm with a break of 30 minutes (4 hours 10 minutes)".
fn hours_in_words(hours: Hours) -> String {
    let rest = match hours.break_minutes {
        0 => String::new(),
        minutes => format!(" with a break of {}", words::duration(minutes.into())),
    };
    let span = words::time_span(hours.starts_at, hours.ends_at);
    format!("{span}{rest} ({})", words::duration(hours.paid_minutes()))
}

/// "3 × Home visit, £12 each: £36; …"; "" where there are none.
fn extras_in_words(extras: &[Taken]) -> String {
    extras.iter().map(Taken::in_words).collect::<Vec<_>>().join("; ")
}

/// Where a booking that is over stands.
fn state_of(work: &Work) -> Tag {
    match work.newest() {
        None if work.is_said_otherwise() => Tag::new("Differs from the booking", TagColour::Orange),
        None => Tag::new("To sign off", TagColour::Yellow),
        Some(_) if work.open_query().is_some() => Tag::new("Question asked", TagColour::Orange),
        Some(SignedOff { hours: None, .. }) => Tag::new("Not attended", TagColour::Red),
        Some(_) => Tag::new("Signed off", TagColour::Green),
    }
}
