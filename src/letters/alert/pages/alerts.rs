//! `/alerts`: a clinician's alerts for new sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::ground::app::App;
use crate::ground::audit::{self, AuditEvent};
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::{AlertId, ClinicianId};
use crate::ground::sign_in::SignedIn;
use crate::ground::web::components;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{CanBeBooked, Guarded, GuardedForm, app_of};
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words::{date_without_weekday, distance, london_date};
use crate::letters::alert::forms::{self, AlertEntered, AlertField};
use crate::letters::alert::messages::SESSION_ALERT;
use crate::letters::alert::{Alert, MOST_ALERTS, lapses_at, store};
use crate::letters::mail_choice::{self, Choice};
use crate::people::clinician::store::find_clinician_of_membership;

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

/// What follows `/alerts?`.
#[derive(Debug, Deserialize)]
pub struct AlertsQuery {
    #[serde(default)]
    done: String,
}

async fn load(app: &App, who: &SignedIn) -> Result<(ClinicianId, Vec<Alert>), AppError> {
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    let person = find_clinician_of_membership(tx, membership).await?;
    let id = person.ok_or(AppError::NotFound)?.id;
    Ok((id, store::list_alerts(tx, id).await?))
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
pub async fn list(
    who: Guarded<CanBeBooked>,
    query: web::Query<AlertsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (_, alerts) = load(app, &who).await?;
    let frame = who.frame(&app.settings.server.product_name, request.path());
    let frame = match query.done.as_str() {
        "added" => frame.with_success("The alert is set. It lasts a year, and an email asks before it ends."),
        "ended" => frame.with_success("The alert has ended."),
        "renewed" => frame.with_success("The alert lasts another year."),
        _ => frame,
    };
    page(&alerts_page(app, frame, &alerts, RawForm::default(), FieldErrors::none()))
}

/// `POST /alerts`.
pub async fn add(
    GuardedForm { who, form }: GuardedForm<CanBeBooked>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (clinician, alerts) = load(app, &who).await?;
    let errors = match forms::parse(&form) {
        Ok(entered) => {
            if keep(app, &who, clinician, entered).await? {
                return Ok(see_other("/alerts?done=added"));
            }
            FieldErrors::one(AlertField::Place, "End an alert before you add another")
        }
        Err(errors) => errors,
    };
    let frame = who.frame(&app.settings.server.product_name, request.path());
    page_with_errors(&alerts_page(app, frame, &alerts, form, errors))
}

/// Keeps an alert and how its mails come. False where the clinician has as many as there may be.
async fn keep(
    app: &App,
    who: &SignedIn,
    clinician: ClinicianId,
    entered: AlertEntered,
) -> Result<bool, AppError> {
    let (bank, account, now) = (who.bank, who.account, app.clock.now());
    let alert = Alert {
        bank_id: bank,
        id: AlertId::new(),
        clinician_id: clinician,
        place: entered.district,
        latitude_microdegrees: entered.place.latitude_microdegrees,
        longitude_microdegrees: entered.place.longitude_microdegrees,
        within_metres: entered.within_metres,
        told_until: now,
        lapses_at: lapses_at(now),
    };
    let choice = [(SESSION_ALERT.name, entered.choice)];
    app.db
        .change(who, async |tx| {
            crate::people::clinician::store::lock_clinician(tx, clinician).await?;
            if !store::insert_alert(tx, &alert, MOST_ALERTS).await? {
                return Ok(false);
            }
            mail_choice::store::upsert_choices(tx, account, &choice).await?;
            let event = AuditEvent {
                bank,
                by: Some(account),
                action: "alert.added",
                subject_kind: "alert",
                subject: alert.id.0,
                detail: json!({ "place": alert.place, "within_metres": alert.within_metres }),
            };
            audit::store::insert_event(tx, &event).await?;
            Ok(true)
        })
        .await
}

/// `POST /alerts/{id}/end` and `/renew`, from the list.
async fn change(
    GuardedForm { who, form: _ }: GuardedForm<CanBeBooked>,
    id: web::Path<String>,
    request: HttpRequest,
    ends: bool,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id: AlertId = id.parse().map_err(|_no_id| AppError::NotFound)?;
    let (clinician, alerts) = load(app, &who).await?;
    if alerts.iter().all(|alert| alert.id != id) {
        return Err(AppError::NotFound);
    }
    let (bank, account, now) = (who.bank, who.account, app.clock.now());
    app.db
        .change(&who, async |tx| {
            let done = if ends {
                store::mark_ended(tx, clinician, id).await?
            } else {
                store::mark_renewed(tx, id, lapses_at(now)).await?
            };
            if !done {
                return Err(AppError::NotFound);
            }
            let event = AuditEvent {
                bank,
                by: Some(account),
                action: if ends { "alert.ended" } else { "alert.renewed" },
                subject_kind: "alert",
                subject: id.0,
                detail: json!({}),
            };
            Ok(audit::store::insert_event(tx, &event).await?)
        })
        .await?;
    Ok(see_other(if ends { "/alerts?done=ended" } else { "/alerts?done=renewed" }))
}

/// `POST /alerts/{id}/end`.
pub async fn end(
    sent: GuardedForm<CanBeBooked>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    change(sent, id, request, true).await
}

/// `POST /alerts/{id}/renew`.
pub async fn renew(
    sent: GuardedForm<CanBeBooked>,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    change(sent, id, request, false).await
}
