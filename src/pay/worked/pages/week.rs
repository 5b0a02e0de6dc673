//! `/worked/week`: what a whole week comes to, and signing it off as it was booked.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use super::when_of;
use crate::ground::id::BookingId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, see_other};
use crate::ground::words;
use crate::pay::worked::NewSignOff;
use crate::pay::worked::actions::sign_off::sign_off;
use crate::pay::worked::store::works::{Work, list_managed_works, list_unsigned_works};
use crate::terms::bank::calendar::{monday_of, start_of_day};

/// What follows `/worked/week?`.
#[derive(Debug, Deserialize)]
pub struct WeekQuery {
    of: Option<NaiveDate>,
}

#[derive(Template)]
#[template(path = "pay/worked/pages/week.html")]
struct WeekPage {
    page: PageFrame,
    span: String,
    lines: Vec<Line>,
    total: String,
    /// How many are left out, because their clinician says something else than was booked; "" for none.
    left_out: String,
}

struct Line {
    id: BookingId,
    when: String,
    who: String,
    pay: String,
}

fn line(work: &Work) -> Line {
    Line {
        id: work.id,
        when: format!("{}, {}", when_of(work), work.practice_name),
        who: work.clinician_name.clone(),
        pay: words::pounds(pence(work)),
    }
}

fn pence(work: &Work) -> i64 {
    work.as_booked().worth(work.rate_pence_per_hour).total()
}

/// `GET /worked/week`: what it comes to.
pub async fn week_page(
    who: Admitted,
    query: web::Query<WeekQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, zone) = (app_of(&request)?, who.time_zone);
    let Some(of) = query.of.filter(|date| (2000..2100).contains(&date.year())) else {
        return Ok(see_other("/worked"));
    };
    let monday = monday_of(of);
    let after = |days| monday.checked_add_days(Days::new(days)).unwrap_or(monday);
    let span = (start_of_day(zone, monday), start_of_day(zone, after(7)));
    let tx = &mut app.db.look(&who).await?;
    let works = list_unsigned_works(tx, who.membership, span).await?;
    let (otherwise, as_booked): (Vec<&Work>, Vec<&Work>) =
        works.iter().partition(|work| work.is_said_otherwise());
    let many = i64::try_from(otherwise.len()).unwrap_or(i64::MAX);
    page(&WeekPage {
        page: who.frame(&request),
        span: words::date_span(monday, after(6)),
        lines: as_booked.iter().map(|work| line(work)).collect(),
        total: words::pounds(as_booked.iter().map(|work| pence(work)).sum()),
        left_out: if many == 0 { String::new() } else { words::count(many, "session", "sessions") },
    })
}

/// `POST /worked/week`: signs off what was shown, as it was booked; all or none.
pub async fn sign_week_off(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, membership) = (app_of(&request)?, who.membership);
    let letterhead = app.letterhead();
    let shown: Vec<BookingId> = form.all("booking").iter().filter_map(|id| id.parse().ok()).collect();
    let many = i64::try_from(shown.len()).unwrap_or(i64::MAX);
    if many == 0 {
        return Ok(see_other("/worked"));
    }
    let signed = app.db.change(&who, async |tx| {
        let works = list_managed_works(tx, membership, &shown).await?;
        let as_booked = |work: &Work| NewSignOff {
            booking: work.id,
            seen_version: 0,
            outcome: work.as_booked(),
            reason: String::new(),
        };
        let wanted: Vec<NewSignOff> = works.iter().map(as_booked).collect();
        sign_off(tx, &letterhead, &wanted).await
    });
    let total = words::pounds(signed.await?);
    let said = words::capitalised(&words::count(many, "session is signed off", "sessions are signed off"));
    Ok(see_told("/worked", format!("{said}: {total} in all.")))
}
