//! `/people/second-factor`: from when the bank demands a second factor of everybody who sees more than their own data.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;

use crate::ground::form_fields::{FieldErrors, RawDate};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::membership::forms::{DemandField, parse_demand};
use crate::people::membership::store::count_second_factors;
use crate::terms::bank::actions::demand_second_factor;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::boards::find_second_factor_from;

#[derive(Template)]
#[template(path = "people/membership/pages/second_factor.html")]
struct DemandPage {
    page: PageFrame,
    /// "1 December 2026"; "" where none is demanded.
    from: String,
    is_in_force: bool,
    /// "12 of 30 people have one."
    have_one: String,
    date: RawDate,
    errors: FieldErrors<DemandField>,
}

async fn demand_page(
    who: &Admitted,
    request: &HttpRequest,
    date: RawDate,
    errors: FieldErrors<DemandField>,
) -> Result<DemandPage, AppError> {
    let app = app_of(request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(who).await?;
    let from = find_second_factor_from(tx).await?;
    let (all, with_one) = count_second_factors(tx).await?;
    Ok(DemandPage {
        page: who.frame(request),
        from: from.map_or(String::new(), words::date_without_weekday),
        is_in_force: from.is_some_and(|from| from <= today),
        have_one: format!(
            "{} of {} have one",
            words::number(with_one),
            words::count(all, "person", "people")
        ),
        date,
        errors,
    })
}

/// `GET /people/second-factor`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    page(&demand_page(&who, &request, RawDate::default(), FieldErrors::none()).await?)
}

/// `POST /people/second-factor`.
pub async fn decide(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let from: Option<NaiveDate> = match parse_demand(&form, today) {
        Ok(from) => from,
        Err(errors) => {
            return page_with_errors(&demand_page(&who, &request, form.date("from"), errors).await?);
        }
    };
    app.db.change(&who, async |tx| demand_second_factor(tx, from).await).await?;
    let said = match from {
        Some(from) => format!("A second factor is demanded from {}", words::date_without_weekday(from)),
        None => "A second factor is demanded of nobody".to_owned(),
    };
    Ok(see_told("/people/second-factor", said))
}
