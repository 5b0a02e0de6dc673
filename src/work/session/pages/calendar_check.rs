//! What a change of the bank's calendar touches, shown before it is made.

use askama::Template;

use crate::ground::form_fields::RawForm;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::words;
use crate::work::booking::error::DeskError;
use crate::work::session::actions::calendar::{CalendarError, name_of};
use crate::work::session::actions::reband::{OutOfBand, Stays};

/// The page that shows it, and sends the form again with the name of what was seen.
#[derive(Template)]
#[template(path = "work/session/pages/calendar_check.html")]
pub(super) struct CheckPage {
    page: PageFrame,
    path: &'static str,
    place: &'static str,
    what: Vec<String>,
    why: String,
    follow: Vec<String>,
    agreed: Vec<String>,
    outside: Vec<String>,
    seen: String,
    sent: Vec<(String, String)>,
}

impl CheckPage {
    /// Of a form that is sent to the page at `path`, which is called `place`.
    pub(super) fn new(
        page: PageFrame,
        (path, place): (&'static str, &'static str),
        what: Vec<String>,
        (touched, form): (&[OutOfBand], &RawForm),
    ) -> Self {
        let lines = |of: fn(&OutOfBand) -> bool| touched.iter().filter(|out| of(out)).map(as_line).collect();
        Self {
            page,
            path,
            place,
            what,
            why: form.get("why").to_owned(),
            follow: lines(|out| out.stays.is_none()),
            agreed: lines(|out| out.stays == Some(Stays::Agreed)),
            outside: lines(|out| matches!(out.stays, Some(Stays::OutsideRange { .. }))),
            seen: name_of(touched),
            sent: form.without(&["csrf_token", "seen"]),
        }
    }
}

/// What becomes of a session, as a sentence of its own.
pub(super) fn as_line(out: &OutOfBand) -> String {
    format!("{}.", words::capitalised(&out.sentence()))
}

/// Why the calendar stays as it is.
pub(super) fn not_changed(error: CalendarError) -> AppError {
    match error {
        CalendarError::Known => AppError::conflict(
            "That day is a bank holiday already",
            "Somebody may have added it meanwhile. Look at the list of bank holidays.",
        ),
        CalendarError::Since => AppError::conflict(
            "Somebody has given the bands other times meanwhile",
            "Nothing was changed by you. Open the page again, see what it says now, and decide then.",
        ),
        CalendarError::Database(error) | CalendarError::Desk(DeskError::Database(error)) => error.into(),
        other => AppError::internal("changing the calendar", other),
    }
}
