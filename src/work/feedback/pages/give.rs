//! `/bookings/{id}/feedback`: how a booking went.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::BookingId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::work::booking::Side;
use crate::work::booking::store::lists::{BookingLine, find_own_booking};
use crate::work::feedback::actions::{Kept, give_feedback, is_over, side_of};
use crate::work::feedback::forms::{self, FeedbackField};
use crate::work::feedback::store::load_feedback;
use crate::work::feedback::{Both, Given, Went};

const KEPT: &str = "Thank you. The bank reads what you said.";
const STANDS: &str = "Both sides have said how it went, so what you said before stands.";
const NOT_WORKED: &str = "You can say how it went once the session is over.";

#[derive(Template)]
#[template(path = "work/feedback/pages/give.html")]
struct GivePage {
    page: PageFrame,
    action: String,
    booking_href: String,
    caption: String,
    is_practice: bool,
    /// Whether it is over, so that there is something to say.
    is_over: bool,
    /// What each has said, once both have: name and lines.
    both: Vec<(&'static str, Told)>,
    went: Vec<Choice>,
    again_question: &'static str,
    again: Vec<Choice>,
    typed: String,
    was_given: bool,
    errors: FieldErrors<FeedbackField>,
}

/// What somebody said, in words.
struct Told {
    went: &'static str,
    again: &'static str,
    words: String,
    when: String,
}

fn told(given: &Given, now: DateTime<Utc>) -> Told {
    Told {
        went: given.said.went.text(),
        again: if given.said.would_again { "Yes" } else { "No" },
        words: given.said.words.clone(),
        when: words::capitalised(&words::when(given.at, now)),
    }
}

struct Seen {
    line: BookingLine,
    both: Both,
    side: Side,
}

async fn see(app: &App, who: &Admitted, booking: BookingId) -> Result<Seen, AppError> {
    let tx = &mut app.db.look(who).await?;
    let line = find_own_booking(tx, who.membership, booking).await?.ok_or(AppError::NotFound)?;
    let both = load_feedback(tx, booking).await?;
    Ok(Seen { line, both, side: side_of(who.kind) })
}

impl Seen {
    fn page(&self, app: &App, page: PageFrame) -> GivePage {
        let (now, line) = (app.clock.now(), &self.line);
        let own = self.both.of(self.side);
        let is_practice = self.side == Side::Practice;
        let who = if is_practice { &line.clinician_name } else { &line.practice_name };
        let day = words::short_date(words::london_date(line.starts_at));
        let told_both = own.zip(self.both.read_by(self.side));
        let (own_name, other_name) =
            if is_practice { ("You", "The clinician") } else { ("You", "The practice") };
        GivePage {
            page,
            action: format!("/bookings/{}/feedback", line.id),
            booking_href: format!("/bookings/{}", line.id),
            caption: format!("{day}, {}, {who}", words::time_span(line.starts_at, line.ends_at)),
            is_practice,
            is_over: is_over(line, now),
            both: told_both.map_or_else(Vec::new, |(own, other)| {
                vec![(own_name, told(own, now)), (other_name, told(other, now))]
            }),
            went: went_choices(own.map_or("", |own| own.said.went.code())),
            again_question: again_question(self.side),
            again: again_choices(own.map_or("", |own| if own.said.would_again { "yes" } else { "no" })),
            typed: own.map(|own| own.said.words.clone()).unwrap_or_default(),
            was_given: own.is_some(),
            errors: FieldErrors::none(),
        }
    }
}

fn went_choices(chosen: &str) -> Vec<Choice> {
    Went::ALL.map(|went| Choice::new(went.code(), went.text(), went.code() == chosen)).to_vec()
}

fn again_choices(chosen: &str) -> Vec<Choice> {
    [("yes", "Yes"), ("no", "No")].map(|(code, name)| Choice::new(code, name, code == chosen)).to_vec()
}

/// What a side is asked beside how it went.
pub(super) fn again_question(side: Side) -> &'static str {
    match side {
        Side::Practice => "Would you have them again?",
        Side::Clinician | Side::Bank => "Would you work there again?",
    }
}

/// `GET /bookings/{id}/feedback`.
pub async fn feedback_page(
    who: Admitted,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    page(&see(app, &who, *id).await?.page(app, who.frame(&request)))
}

/// `POST /bookings/{id}/feedback`: says it.
pub async fn give(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<BookingId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let said = match forms::feedback(&form) {
        Ok(said) => said,
        Err(errors) => return again(app, &who, *id, (&form, errors), &request).await,
    };
    let booking = *id;
    let sentence = match app.db.change(&who, async |tx| give_feedback(tx, booking, &said).await).await? {
        Kept::Kept => KEPT,
        Kept::Stands => STANDS,
        Kept::NotWorked => NOT_WORKED,
    };
    Ok(see_told(&format!("/bookings/{booking}/feedback"), sentence))
}

async fn again(
    app: &App,
    who: &Admitted,
    booking: BookingId,
    (form, errors): (&RawForm, FieldErrors<FeedbackField>),
    request: &HttpRequest,
) -> Result<HttpResponse, AppError> {
    let shown = see(app, who, booking).await?.page(app, who.frame(request));
    page_with_errors(&GivePage {
        went: went_choices(form.get("went")),
        again: again_choices(form.get("again")),
        typed: form.get("words").to_owned(),
        errors,
        ..shown
    })
}
