//! An offer answered by the link in its mail, without signing in.
//!
//! The link is a capability for one offer. Mail scanners follow links and press buttons, so nothing changes on GET or
//! HEAD, and the form comes with no answer chosen.

use actix_web::{HttpRequest, HttpResponse, web};

use super::booking::{as_download, load_entry};
use super::offer::{OfferPage, ShownOffer, show};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::id::AccountId;
use crate::ground::sign_in::TokenHash;
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{app_of, visitor_frame};
use crate::ground::web::{page, page_with_errors, see_other};
use crate::terms::bank::Bank;
use crate::terms::bank::store::find_bank;
use crate::work::booking::actions::answer::answer_offer;
use crate::work::booking::desk::Desk;
use crate::work::booking::forms;
use crate::work::booking::offer::Offer;
use crate::work::booking::store::offers::{Holder, find_account, find_offer_of_link, list_holders};

/// What a link opens.
struct Opened {
    shown: ShownOffer,
    holder: Holder,
    bank: Bank,
}

/// The offer of a token; a token that opens nothing looks like a page that is not there.
async fn open(app: &App, token: &str) -> Result<Opened, AppError> {
    let hash = TokenHash::of(token);
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let offer = find_offer_of_link(tx, &hash).await?.ok_or(AppError::NotFound)?;
    tx.go_to_bank(offer.bank).await?;
    let holder = list_holders(tx, &[offer.clinician]).await?.pop();
    let bank = find_bank(tx, offer.bank).await?;
    let shown = show(tx, offer).await?;
    let (holder, bank) = holder.zip(bank).ok_or(AppError::NotFound)?;
    Ok(Opened { shown, holder, bank })
}

/// The offer of a token, and its clinician's account: all that an answer needs.
async fn find(app: &App, token: &str) -> Result<(Offer, AccountId), AppError> {
    let hash = TokenHash::of(token);
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let offer = find_offer_of_link(tx, &hash).await?.ok_or(AppError::NotFound)?;
    tx.go_to_bank(offer.bank).await?;
    let account = find_account(tx, offer.clinician).await?;
    Ok((offer, account.ok_or(AppError::NotFound)?))
}

fn frame(request: &HttpRequest, bank: &Bank) -> PageFrame {
    visitor_frame(request).of_bank(&bank.name, bank.invented)
}

fn offer_page(request: &HttpRequest, app: &App, opened: &Opened, token: &str) -> OfferPage {
    let frame = frame(request, &opened.bank);
    let page = OfferPage::of(&opened.shown, frame, format!("/offer-link/{token}"), app.clock.now());
    OfferPage { by_link: true, ..page }
}

/// `GET /offer-link/{token}`: the offer, and how it stands.
pub async fn link_page(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let opened = open(app, &token).await?;
    page(&offer_page(&request, app, &opened, &token))
}

/// `POST /offer-link/{token}`: accepts or declines.
pub async fn answer_by_link(
    token: web::Path<String>,
    payload: web::Payload,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let answer = match forms::answer(&form) {
        Ok(answer) => answer,
        Err(errors) => {
            let opened = open(app, &token).await?;
            let again = offer_page(&request, app, &opened, &token);
            return page_with_errors(&again.with_errors(&form, errors));
        }
    };
    let (offer, account) = find(app, &token).await?;
    let holder = Actor::LinkHolder { bank: offer.bank, account: Some(account) };
    let (desk, now) = (Desk::of(app), app.clock.now());
    let answered = app.db.change(holder, async |tx| answer_offer(tx, &desk, &offer, &answer).await);
    answered.await.map_err(|error| super::answered(error, now))?;
    Ok(see_other(&format!("/offer-link/{token}")))
}

/// `GET /offer-link/{token}/calendar.ics`: the calendar entry of the booking that the offer led to.
pub async fn link_calendar(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let opened = open(app, &token).await?;
    let booking = opened.shown.booking.ok_or(AppError::NotFound)?;
    Ok(as_download(
        load_entry(app, Actor::link_holder(opened.bank.id), booking, &opened.holder.role_name).await?,
    ))
}
