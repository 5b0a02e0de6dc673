//! Where a bank administrator clears somebody, ends a clearance, and says which bookings go with it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveDate};

use crate::ground::facts::Fallen;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm};
use crate::ground::id::{BookingId, ClinicianId};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::credential::actions::clearance::{After, Decision, DecisionError, Outcome, decide};
use crate::people::credential::forms::{ClearField, parse_clearance, parse_ending};
use crate::people::credential::store::record::{Whose, find_record};
use crate::people::credential::{Record, suggested_day, warnings};
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::calendar::local_date;

/// The record of a clinician of the administrator's bank, and the date it is there.
pub(crate) async fn record_of(
    who: &Admitted,
    id: ClinicianId,
    request: &HttpRequest,
) -> Result<(Record, NaiveDate), AppError> {
    let app = app_of(request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(who).await?;
    let record = find_record(tx, Whose::Clinician(id)).await?;
    let record = record.ok_or(AppError::NotFound)?;
    Ok((record, today))
}

#[derive(Template)]
#[template(path = "people/credential/pages/clear.html")]
struct ClearPage {
    page: PageFrame,
    name: String,
    role: String,
    path: String,
    until: RawDate,
    reason: String,
    suggestion: String,
    warnings: Vec<String>,
    /// What was decided last when the form was opened.
    after: String,
    errors: FieldErrors<ClearField>,
}

fn clear_page(
    page: PageFrame,
    record: &Record,
    (until, reason, after): (RawDate, String, String),
    warnings: Vec<String>,
    errors: FieldErrors<ClearField>,
) -> ClearPage {
    let documents = record.held.iter().filter(|held| held.kind == CompetencyKind::Document);
    let first = documents.filter(|held| held.valid_through.is_some()).min_by_key(|held| held.valid_through);
    let suggestion = match first.and_then(|held| held.valid_through.map(|last| (held, last))) {
        Some((held, last)) => {
            format!("The document that ends first is {}, on {}", held.name, words::date_without_weekday(last))
        }
        None => "No document with a last day is recorded".to_owned(),
    };
    ClearPage {
        page,
        name: record.clinician.name.clone(),
        role: words::in_sentence(&record.role.name),
        path: format!("/clinicians/{}", record.clinician.id),
        until,
        reason,
        suggestion,
        warnings,
        after,
        errors,
    }
}

/// `GET /clinicians/{id}/clear`.
pub async fn clear_form(
    who: Admitted,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (record, today) = record_of(&who, *path, &request).await?;
    let frame = who.frame(&request);
    let until = suggested_day(&record, today).map(RawDate::of).unwrap_or_default();
    let shown = (until, String::new(), record.last_decision.to_string());
    page(&clear_page(frame, &record, shown, Vec::new(), FieldErrors::none()))
}

/// `POST /clinicians/{id}/clear`: asks again where something speaks against it, or where bookings would go with it.
pub async fn clear(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (record, today) = record_of(&who, *path, &request).await?;
    let frame = who.frame(&request);
    let typed = (form.date("until"), form.get("reason").to_owned(), form.get("after").to_owned());
    let entered = match parse_clearance(&form, today) {
        Ok(entered) => entered,
        Err(errors) => return page_with_errors(&clear_page(frame, &record, typed, Vec::new(), errors)),
    };
    let against = warnings(&record, entered.cleared_until, today);
    if !against.is_empty() && !entered.is_sure {
        let sentence = "Read what speaks against it, and say that you want to clear them all the same";
        let errors = FieldErrors::one(ClearField::Sure, sentence);
        return page_with_errors(&clear_page(frame, &record, typed, against, errors));
    }
    let decision = decision(&who, &record, &form, (entered.cleared_until, entered.reason));
    let sentence = format!("Clear until {}", words::date_without_weekday(entered.cleared_until));
    carry_out(
        &request,
        &who,
        decision,
        frame,
        Check::new(&record, &form, "clear", sentence),
        "The clearance is saved",
    )
    .await
}

#[derive(Template)]
#[template(path = "people/credential/pages/end.html")]
struct EndPage {
    page: PageFrame,
    name: String,
    path: String,
    until: String,
    reason: String,
    after: String,
    errors: FieldErrors<ClearField>,
}

fn end_page(
    page: PageFrame,
    record: &Record,
    (reason, after): (String, String),
    errors: FieldErrors<ClearField>,
) -> EndPage {
    let until = record.clearance.as_ref().map(|clearance| clearance.cleared_until);
    EndPage {
        page,
        name: record.clinician.name.clone(),
        path: format!("/clinicians/{}", record.clinician.id),
        until: until.map(words::date_without_weekday).unwrap_or_default(),
        reason,
        after,
        errors,
    }
}

/// A clearance that has ended already can't be ended again.
fn refuse_unless_cleared(record: &Record, today: NaiveDate) -> Result<(), AppError> {
    if record.clearance.as_ref().is_some_and(|clearance| clearance.cleared_until >= today) {
        return Ok(());
    }
    Err(AppError::conflict(
        format!("{} is not cleared", record.clinician.name),
        "There is no clearance to end. Go back to the clinician to see what was decided.",
    ))
}

/// `GET /clinicians/{id}/end-clearance`.
pub async fn end_form(
    who: Admitted,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (record, today) = record_of(&who, *path, &request).await?;
    refuse_unless_cleared(&record, today)?;
    let frame = who.frame(&request);
    let shown = (String::new(), record.last_decision.to_string());
    page(&end_page(frame, &record, shown, FieldErrors::none()))
}

/// `POST /clinicians/{id}/end-clearance`: ends it at once. Yesterday is its last day, so that today's sessions that
/// have not begun are not covered either.
pub async fn end(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<ClinicianId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (record, today) = record_of(&who, *path, &request).await?;
    refuse_unless_cleared(&record, today)?;
    let frame = who.frame(&request);
    let reason = match parse_ending(&form) {
        Ok(reason) => reason,
        Err(errors) => {
            let typed = (form.get("reason").to_owned(), form.get("after").to_owned());
            return page_with_errors(&end_page(frame, &record, typed, errors));
        }
    };
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let decision = decision(&who, &record, &form, (yesterday, reason));
    let check = Check::new(&record, &form, "end-clearance", "End the clearance now".to_owned());
    carry_out(&request, &who, decision, frame, check, "The clearance is ended").await
}

fn decision(
    who: &Admitted,
    record: &Record,
    form: &RawForm,
    (cleared_until, reason): (NaiveDate, String),
) -> Decision {
    let agreed = form.all("cancel").into_iter().filter_map(|id| id.parse::<BookingId>().ok());
    Decision {
        clinician: record.clinician.id,
        role: record.role.code.clone(),
        cleared_until,
        reason,
        by_name: who.name.clone(),
        cancels: agreed.collect(),
        after: after_of(form),
    }
}

/// After which decision whoever sends the form decides: the one that stood when they opened it. A form that does not say so
/// comes from no page, and decides after whichever.
pub(super) fn after_of(form: &RawForm) -> After {
    form.get("after").parse().map_or(After::Whichever, After::Seen)
}

/// What the page that asks about bookings sends again.
struct Check {
    name: String,
    path: String,
    action: String,
    sentence: String,
    fields: Vec<(&'static str, String)>,
}

impl Check {
    fn new(record: &Record, form: &RawForm, step: &str, sentence: String) -> Self {
        let path = format!("/clinicians/{}", record.clinician.id);
        let sent = ["until-day", "until-month", "until-year", "reason", "sure", "after"];
        let fields = sent.into_iter().map(|name| (name, form.get(name).to_owned()));
        Self {
            name: record.clinician.name.clone(),
            action: format!("{path}/{step}"),
            path,
            sentence,
            fields: fields.filter(|(_, value)| !value.is_empty()).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "people/credential/pages/check.html")]
struct CheckPage {
    page: PageFrame,
    check: Check,
    count: String,
    button_text: String,
    bookings: Vec<BookingLine>,
}

struct BookingLine {
    id: BookingId,
    date: String,
    time: String,
    practice: String,
}

fn check_page(page: PageFrame, check: Check, bookings: &[Fallen]) -> CheckPage {
    let line = |booking: &Fallen| BookingLine {
        id: BookingId(booking.id),
        date: words::full_date(words::london_date(booking.starts_at)),
        time: words::time_span(booking.starts_at, booking.ends_at),
        practice: booking.practice.clone(),
    };
    let count = i64::try_from(bookings.len()).unwrap_or(i64::MAX);
    let count = words::count(count, "booking", "bookings");
    let button_text = match bookings {
        [] => check.sentence.clone(),
        _ => format!("{} and cancel {count}", check.sentence),
    };
    CheckPage { page, check, count, button_text, bookings: bookings.iter().map(line).collect() }
}

/// That another has decided since the form was opened.
pub(super) fn decided_meanwhile() -> AppError {
    AppError::conflict(
        "Somebody has decided about this clinician meanwhile",
        "Nothing has been changed. Go back and see what was decided.",
    )
}

impl From<DecisionError> for AppError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::WouldUncover(_) => Self::conflict(
                "This leaves bookings without clearance",
                "Nothing has been changed. Go back and look again.",
            ),
            DecisionError::Overtaken => decided_meanwhile(),
            DecisionError::Reliance(error) => error.into(),
            DecisionError::Unwritten(error) => Self::internal("writing a mail about a clearance", error),
            DecisionError::Database(error) => error.into(),
        }
    }
}

/// Makes the decision, or asks about the bookings that would go with it.
async fn carry_out(
    request: &HttpRequest,
    who: &Admitted,
    decision: Decision,
    frame: PageFrame,
    check: Check,
    done: &str,
) -> Result<HttpResponse, AppError> {
    let app = app_of(request)?;
    let reliants = app.reliants();
    match app.db.change(who, async |tx| decide(tx, &reliants, &decision).await).await {
        Ok(Outcome::Decided { cancelled: 0 }) => Ok(see_told(&check.path, done)),
        Ok(Outcome::Decided { cancelled }) => {
            let cancelled =
                words::count(i64::try_from(cancelled).unwrap_or(i64::MAX), "booking is", "bookings are");
            let said =
                format!("{done}. {} cancelled, and both sides are told", words::capitalised(&cancelled));
            Ok(see_told(&check.path, said))
        }
        Err(DecisionError::WouldUncover(bookings)) => page(&check_page(frame, check, &bookings)),
        Err(error) => Err(error.into()),
    }
}
