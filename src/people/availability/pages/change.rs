//! The forms that change availability.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::form_fields::{Field, FieldErrors, RawDate, RawForm};
use crate::ground::id::AvailabilityId;
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::Link;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::availability::actions::{self, NotAdded};
use crate::people::availability::forms::{
    AwayField, EntryField, WEEKDAYS, WeekField, against_away, against_entry, line_of_day, parse_away,
    parse_entry, parse_week, weekday_name,
};
use crate::people::availability::{Clash, Entry, TimeAway};
use crate::people::clinician::actions::find_own;
use crate::terms::bank::calendar::local_date;

#[derive(Template)]
#[template(path = "people/availability/pages/week.html")]
struct WeekPage {
    page: PageFrame,
    lines: Vec<WeekLine>,
    errors: FieldErrors<WeekField>,
}

struct WeekLine {
    label: &'static str,
    name: &'static str,
    value: String,
}

fn week_page(page: PageFrame, raw: &RawForm, errors: FieldErrors<WeekField>) -> WeekPage {
    let line = |weekday| {
        let name = WeekField(weekday).name();
        WeekLine { label: weekday_name(weekday), name, value: raw.get(name).to_owned() }
    };
    WeekPage { page, lines: WEEKDAYS.into_iter().map(line).collect(), errors }
}

/// `GET /availability/week`.
pub async fn week_form(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(&who).await?;
    let own = find_own(tx).await?;
    let week = actions::load_from(tx, own, today).await?.week_from(today);
    let pair = |weekday| (WeekField(weekday).name().to_owned(), line_of_day(&week, weekday));
    let raw = RawForm::from_pairs(WEEKDAYS.into_iter().map(pair).collect());
    let frame = who.frame(&request);
    page(&week_page(frame, &raw, FieldErrors::none()))
}

/// `POST /availability/week`.
pub async fn save_week(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let week = match parse_week(&form) {
        Ok(week) => week,
        Err(errors) => {
            let frame = who.frame(&request);
            return page_with_errors(&week_page(frame, &form, errors));
        }
    };
    let today = local_date(who.time_zone, app.clock.now());
    app.db.change(&who, async |tx| actions::change_week(tx, &week, today).await).await?;
    Ok(see_told("/availability", "Your weekly hours are saved"))
}

/// What stands against what was to be added, for its form; whatever else went wrong is not the form's.
fn clash_of(error: NotAdded) -> Result<Clash, AppError> {
    match error {
        NotAdded::Clash(clash) => Ok(clash),
        NotAdded::NotDone(error) => Err(error.into()),
        NotAdded::Fact(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "people/availability/pages/date.html")]
struct EntryPage {
    page: PageFrame,
    raw: RawForm,
    on: RawDate,
    errors: FieldErrors<EntryField>,
}

/// `GET /availability/dates/new`.
pub async fn entry_form(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let frame = who.frame(&request);
    let (raw, on) = (RawForm::default(), RawDate::default());
    page(&EntryPage { page: frame, raw, on, errors: FieldErrors::none() })
}

/// `POST /availability/dates`.
pub async fn add_entry(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let errors = match parse_entry(&form, today) {
        Err(errors) => errors,
        Ok((date, hours)) => {
            let entry = Entry { id: AvailabilityId::new(), date, hours };
            match app.db.change(&who, async |tx| actions::add_date(tx, &entry, today).await).await {
                Ok(()) => return Ok(see_told("/availability", "The date is added")),
                Err(error) => against_entry(&clash_of(error)?),
            }
        }
    };
    let frame = who.frame(&request);
    page_with_errors(&EntryPage { page: frame, on: form.date("on"), raw: form, errors })
}

/// `POST /availability/dates/{id}/remove`.
pub async fn remove_entry(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<AvailabilityId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = *path;
    app_of(&request)?.db.change(&who, async |tx| actions::remove_date(tx, id).await).await?;
    Ok(see_told("/availability", "The date is removed"))
}

#[derive(Template)]
#[template(path = "people/availability/pages/away.html")]
struct AwayPage {
    page: PageFrame,
    from: RawDate,
    until: RawDate,
    errors: FieldErrors<AwayField>,
}

/// `GET /availability/away/new`.
pub async fn away_form(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let frame = who.frame(&request);
    let (from, until) = (RawDate::default(), RawDate::default());
    page(&AwayPage { page: frame, from, until, errors: FieldErrors::none() })
}

/// `POST /availability/away`.
pub async fn add_away(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let errors = match parse_away(&form, today) {
        Err(errors) => errors,
        Ok((from_date, until_date)) => {
            let away = TimeAway { id: AvailabilityId::new(), from_date, until_date };
            let reliants = app.reliants().with_consent_to(seen(&form));
            let added = app.db.change(&who, async |tx| actions::add_away(tx, &reliants, &away, today).await);
            match added.await {
                Ok(()) => {
                    let said = "Your time away is added. No session is offered to you on those days";
                    return Ok(see_told("/availability", said));
                }
                Err(NotAdded::Fact(error)) => {
                    let back = Link::new("Availability", "/availability");
                    return ask_first(error, &request, (&who, &form), back);
                }
                Err(error) => against_away(&clash_of(error)?),
            }
        }
    };
    let frame = who.frame(&request);
    let (from, until) = (form.date("from"), form.date("until"));
    page_with_errors(&AwayPage { page: frame, from, until, errors })
}

/// `POST /availability/away/{id}/remove`.
pub async fn remove_away(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<AvailabilityId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = *path;
    app_of(&request)?.db.change(&who, async |tx| actions::remove_away(tx, id).await).await?;
    Ok(see_told("/availability", "Your time away is taken back"))
}
