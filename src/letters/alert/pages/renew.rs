//! `/renew-alert/{token}`: keeps an alert for another year, by the link in its mail, without signing in. A GET shows a
//! button and changes nothing, since mail scanners follow links.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::id::AlertId;
use crate::ground::mail::sealed_link::{Purpose, SealedLink};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{app_of, visitor_frame};
use crate::ground::web::page;
use crate::ground::words::{date_without_weekday, distance, london_date};
use crate::letters::alert::actions::renew_alert_by_link;
use crate::letters::alert::{Alert, store};
use crate::terms::bank::Bank;
use crate::terms::bank::store::find_bank;

#[derive(Template)]
#[template(path = "letters/alert/pages/renew.html")]
struct RenewPage {
    page: PageFrame,
    words: String,
    until: String,
    action: String,
    is_renewed: bool,
}

/// The alert of a token; a token that opens nothing looks like a page that is not there.
async fn open(app: &App, token: &str) -> Result<(Alert, Bank), AppError> {
    let link = SealedLink::read(&app.link_key, Purpose::Renew, token).ok_or(AppError::NotFound)?;
    let tx = &mut app.db.look(Actor::link_holder(link.bank)).await?;
    let alert = store::find_alert(tx, AlertId(link.id)).await?;
    let bank = find_bank(tx, link.bank).await?;
    alert.zip(bank).ok_or(AppError::NotFound)
}

fn renew_page(
    request: &HttpRequest,
    (alert, bank): &(Alert, Bank),
    token: &str,
    is_renewed: bool,
) -> RenewPage {
    RenewPage {
        page: visitor_frame(request).of_bank(&bank.name, bank.invented),
        words: format!("within {} of {}", distance(i64::from(alert.within_metres)), alert.place),
        until: date_without_weekday(london_date(alert.lapses_at)),
        action: format!("/renew-alert/{token}"),
        is_renewed,
    }
}

/// `GET /renew-alert/{token}`.
pub async fn show(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let opened = open(app_of(&request)?, &token).await?;
    page(&renew_page(&request, &opened, &token, false))
}

/// `POST /renew-alert/{token}`.
pub async fn renew(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (mut alert, bank) = open(app, &token).await?;
    let id = alert.id;
    let renewed = app.db.change(Actor::link_holder(bank.id), async |tx| renew_alert_by_link(tx, id).await);
    alert.lapses_at = renewed.await?;
    page(&renew_page(&request, &(alert, bank), &token, true))
}
