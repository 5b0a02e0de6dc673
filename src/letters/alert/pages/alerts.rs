//! `/alerts`: a clinician's alerts for new sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::AlertId;
use crate::ground::sign_in::SignedIn;
use crate::ground::web::components;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words::{date_without_weekday, distance, london_date};
use crate::letters::alert::actions::{add_alert, end_alert, renew_alert};
use crate::letters::alert::forms::{self, AlertField};
use crate::letters::alert::{Alert, MOST_ALERTS, store};
use crate::letters::mail_choice::Choice;
use crate::people::clinician::actions::find_own;

struct Line {
    id: String,
    words: String,
    until: String,
}

#[derive(Template)]
#[template(path = "letters/alert/pages/alerts.html")]
struct AlertsPage {
    page: PageFrame,
    lines: Vec<Line>,
    has_room: bool,
    whens: Vec<components::Choice>,
    raw: RawForm,
    errors: FieldErrors<AlertField>,
}

async fn load(app: &App, who: &SignedIn) -> Result<Vec<Alert>, AppError> {
    let tx = &mut app.db.look(who).await?;
    let own = find_own(tx).await?;
    Ok(store::list_alerts(tx, own).await?)
}

fn alerts_page(
    app: &App,
    page: PageFrame,
    alerts: &[Alert],
    raw: RawForm,
    errors: FieldErrors<AlertField>,
) -> AlertsPage {
    let now = app.clock.now();
    let line = |alert: &Alert| {
        let until = date_without_weekday(london_date(alert.lapses_at));
        Line {
            id: alert.id.to_string(),
            words: format!("Within {} of {}", distance(i64::from(alert.within_metres)), alert.place),
            until: if alert.lapses_at > now { format!("Until {until}") } else { format!("Ended on {until}") },
        }
    };
    let live = alerts.iter().filter(|alert| alert.lapses_at > now).count();
    let choice = |choice: Choice| {
        let is_chosen =
            raw.get("when") == choice.code() || (choice == Choice::AtOnce && raw.get("when").is_empty());
        components::Choice::new(choice.code(), choice.name(), is_chosen)
    };
    AlertsPage {
        page,
        lines: alerts.iter().map(line).collect(),
        has_room: i64::try_from(live).is_ok_and(|live| live < MOST_ALERTS),
        whens: [Choice::AtOnce, Choice::Digest].map(choice).into(),
        raw,
        errors,
    }
}

/// `GET /alerts`.
pub async fn list(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let alerts = load(app, &who).await?;
    let frame = who.frame(&request);
    page(&alerts_page(app, frame, &alerts, RawForm::default(), FieldErrors::none()))
}

/// `POST /alerts`.
pub async fn add(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let errors = match forms::parse(&form) {
        Ok(new) => {
            if app.db.change(&who, async |tx| add_alert(tx, &new).await).await? {
                let said = "The alert is set. It lasts a year, and an email asks before it ends.";
                return Ok(see_told("/alerts", said));
            }
            FieldErrors::one(AlertField::Place, "End an alert before you add another")
        }
        Err(errors) => errors,
    };
    let alerts = load(app, &who).await?;
    let frame = who.frame(&request);
    page_with_errors(&alerts_page(app, frame, &alerts, form, errors))
}

/// `POST /alerts/{id}/end`.
pub async fn end(
    AdmittedForm { who, form: _ }: AdmittedForm,
    id: web::Path<AlertId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = *id;
    app_of(&request)?.db.change(&who, async |tx| end_alert(tx, id).await).await?;
    Ok(see_told("/alerts", "The alert has ended."))
}

/// `POST /alerts/{id}/renew`.
pub async fn renew(
    AdmittedForm { who, form: _ }: AdmittedForm,
    id: web::Path<AlertId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = *id;
    app_of(&request)?.db.change(&who, async |tx| renew_alert(tx, id).await).await?;
    Ok(see_told("/alerts", "The alert lasts another year."))
}
