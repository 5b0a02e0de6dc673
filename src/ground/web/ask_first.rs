//! The page that shows what falls with a change before it is made: it sends the same form again, with the name of what was
//! seen.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::components::Link;
use super::errors::AppError;
use super::frame::PageFrame;
use super::guard::Admitted;
use crate::ground::facts::{FactError, Fallen, Fallout};
use crate::ground::form_fields::RawForm;
use crate::ground::sign_in::PersonKind;
use crate::ground::words;

/// The field that names what was seen.
const SEEN: &str = "seen";

/// The fallout that whoever sends a form says they have seen; "" where they have seen none.
#[must_use]
pub fn seen(form: &RawForm) -> &str {
    form.get(SEEN)
}

#[derive(Template)]
#[template(path = "ground/web/ask_first.html")]
struct AskFirstPage {
    page: PageFrame,
    action: String,
    fields: Vec<(String, String)>,
    seen: String,
    lists: Vec<List>,
    back: Link,
}

/// What becomes of some offers or bookings.
struct List {
    heading: String,
    sentence: &'static str,
    lines: Vec<Line>,
}

struct Line {
    when: String,
    practice: String,
    clinician: String,
    why: String,
}

fn line(fallen: &Fallen) -> Line {
    Line {
        when: format!(
            "{}, {}",
            words::short_date(words::london_date(fallen.starts_at)),
            words::time_span(fallen.starts_at, fallen.ends_at)
        ),
        practice: fallen.practice.clone(),
        clinician: fallen.clinician.clone(),
        why: fallen.why.clone(),
    }
}

/// `names` says whether whoever reads it may see whose they are.
fn list(fallen: &[Fallen], names: bool, (one, many): (&str, &str), sentence: &'static str) -> Option<List> {
    let count = i64::try_from(fallen.len()).unwrap_or(i64::MAX);
    let heading = words::capitalised(&words::count(count, one, many));
    let lines = fallen.iter().filter(|_| names).map(line).collect();
    (count > 0).then_some(List { heading, sentence, lines })
}

fn lists(fallout: &Fallout, names: bool) -> Vec<List> {
    let offers = list(
        &fallout.offers,
        names,
        ("offer ends", "offers end"),
        "They are taken back at once, and whoever holds them gets an email.",
    );
    let cancelled = list(
        &fallout.cancelled,
        names,
        ("booking is cancelled", "bookings are cancelled"),
        "Both sides get an email.",
    );
    let flagged = list(
        &fallout.flagged,
        names,
        ("booking has to be looked at", "bookings have to be looked at"),
        "They stand for now. The bank’s administrators get an email and settle each with both sides.",
    );
    [offers, cancelled, flagged].into_iter().flatten().collect()
}

/// Answers a form that changes a fact and has failed: with the page that asks, where more falls with the change than was
/// seen. `back` is the page that it was asked from.
pub fn ask_first(
    error: FactError,
    request: &HttpRequest,
    (who, form): (&Admitted, &RawForm),
    back: Link,
) -> Result<HttpResponse, AppError> {
    let FactError::AskFirst(fallout) = error else { return Err(error.into()) };
    super::page(&AskFirstPage {
        page: who.frame(request),
        action: request.path().to_owned(),
        fields: form.without(&[SEEN, "csrf_token"]),
        seen: fallout.name(),
        lists: lists(&fallout, who.kind != PersonKind::Commissioner),
        back,
    })
}
