//! A clinician's calendar: the address that it subscribes to, and what it is given there. No sign-in is asked for, because
//! calendars can't; the address is the secret.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::actor::Actor;
use crate::ground::id::CalendarFeedId;
use crate::ground::mail::sealed_link::{Purpose, SealedLink};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::people::clinician::actions::find_own;
use crate::work::booking::actions::feed::{end_feed, load_feed, make_feed};
use crate::work::booking::store::feed::find_feed_of;

/// Calendars fetch once an hour or less; one that asks more often than this in a quarter of an hour is broken.
const MOST_FETCHES: u64 = 30;
const WINDOW_SECONDS: u32 = 900;

#[derive(Template)]
#[template(path = "work/booking/pages/feed.html")]
struct FeedPage {
    page: PageFrame,
    /// Where calendars fetch; "" where there is no address yet.
    address: String,
    /// The same, as phones and computers open it in their calendar.
    opens: String,
}

/// `GET /bookings/calendar`: the address, and how calendars subscribe to it.
pub async fn feed_page(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let own = find_own(tx).await?;
    let token = find_feed_of(tx, own).await?.map(|feed| {
        let link = SealedLink { bank: who.bank, id: feed.0, kind: String::new() };
        link.token(&app.link_key, Purpose::Calendar)
    });
    let base_url = app.base_url();
    let address = token.map(|token| format!("{base_url}/calendar/{token}")).unwrap_or_default();
    let opens = address.split_once("://").map(|(_, rest)| format!("webcal://{rest}")).unwrap_or_default();
    page(&FeedPage { page: who.frame(&request), address, opens })
}

/// `POST /bookings/calendar`: makes an address.
pub async fn make(
    AdmittedForm { who, .. }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    app_of(&request)?.db.change(&who, async |tx| make_feed(tx).await).await?;
    Ok(see_told("/bookings/calendar", "Your calendar has an address. Subscribe to it as described below."))
}

/// `POST /bookings/calendar/end`: ends it.
pub async fn end(
    AdmittedForm { who, .. }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    app_of(&request)?.db.change(&who, async |tx| end_feed(tx).await).await?;
    let told = "The address has ended. Calendars that subscribed to it get nothing more.";
    Ok(see_told("/bookings/calendar", told))
}

/// `GET /calendar/{token}`: the calendar. An address that opens nothing looks like a page that is not there.
pub async fn calendar(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let link = SealedLink::read(&app.link_key, Purpose::Calendar, &token).ok_or(AppError::NotFound)?;
    let now = app.clock.now();
    if app.cache.count(&format!("calendar-feed:{}", link.id), WINDOW_SECONDS, now).await > MOST_FETCHES {
        return Err(AppError::TooMany);
    }
    let tx = &mut app.db.look(Actor::link_holder(link.bank)).await?;
    let feed = load_feed(tx, CalendarFeedId(link.id)).await?.ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .body(feed.render(&app.letterhead(), now)))
}
