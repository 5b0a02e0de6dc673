//! Who may ask for what, which the table of routes says. A handler says in its signature that it wants whom its route
//! admits: [`Admitted`] for a page, [`AdmittedForm`] for a form. Somebody else sees what they would see if the page did
//! not exist; a visitor is asked to sign in.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::AppError;
use super::form_body;
use super::frame::PageFrame;
use super::told;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::app::route::{Permission, Who};
use crate::ground::data_key::NONCE;
use crate::ground::db::Tx;
use crate::ground::form_fields::RawForm;
use crate::ground::sign_in::kept_form::{self, NotKept};
use crate::ground::sign_in::meant_for::MeantFor;
use crate::ground::sign_in::{self, SecondFactorState, SignInRow, SignedIn, TokenHash};

/// The cookie that carries a sign-in's token. `__Host-`: only over a secure connection (or this machine's own
/// address), only for this host, every path.
pub const SIGN_IN_COOKIE: &str = "__Host-sign_in";

/// A signed-in person whom the route admits: somebody with the permission that it names.
pub struct Admitted(SignedIn);

impl Deref for Admitted {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl From<&Admitted> for Actor {
    fn from(who: &Admitted) -> Self {
        Self::from(&who.0)
    }
}

/// A form sent by a signed-in person whom the route admits, its token checked.
pub struct AdmittedForm {
    /// Who sent it.
    pub who: Admitted,
    /// What they entered.
    pub form: RawForm,
}

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

impl FromRequest for Admitted {
    type Error = AppError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { admit(&request).await })
    }
}

impl FromRequest for AdmittedForm {
    type Error = AppError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let who = match admit(&request).await {
                Err(AppError::SignInNeeded) => return Err(keep(&request, &mut payload).await?),
                admitted => admitted?,
            };
            let form = form_body::read_own_form(&request, &mut payload, &who.form_token).await?;
            Ok(Self { who, form })
        })
    }
}

/// The signed-in person, or nobody. For pages that visitors see too.
pub struct MaybeSignedIn(pub Option<SignedIn>);

impl FromRequest for MaybeSignedIn {
    type Error = AppError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(find_signed_in(&request).await?)) })
    }
}

/// The signed-in person whom the request's route admits.
pub(super) async fn admit(request: &HttpRequest) -> Result<Admitted, AppError> {
    let Some(Who::May(permission)) = request.extensions().get::<Who>().copied() else {
        return Err(AppError::internal("admitting a person", "the route names no permission"));
    };
    let who = find_signed_in(request).await?.ok_or(AppError::SignInNeeded)?;
    if is_for_another(request, &who).await? {
        return Err(AppError::Elsewhere(with_next("/switch", request)));
    }
    if who.second_factor.is_missing() && permission != Permission::SignedIn {
        return Err(AppError::Elsewhere("/second-factor".to_owned()));
    }
    // A form that is sent all the same is taken: nothing that somebody has typed is lost for it.
    if who.owes_terms && permission != Permission::SignedIn && request.method().is_safe() {
        return Err(AppError::Elsewhere(with_next("/terms-of-use", request)));
    }
    if permission.kinds().contains(&who.kind) { Ok(Admitted(who)) } else { Err(AppError::NotFound) }
}

/// The page at `path`, from which they go on to the one they ask for.
fn with_next(path: &str, request: &HttpRequest) -> String {
    let next = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
    format!("{path}?{query}")
}

/// Whether the page is for the person in another of their memberships than the one they act in.
async fn is_for_another(request: &HttpRequest, who: &SignedIn) -> Result<bool, AppError> {
    let meant = MeantFor::in_query(request.query_string()).filter(|_| who.has_others);
    let meant = meant.map(|meant| (meant.bank, meant.kind)).filter(|meant| *meant != (who.bank, who.kind));
    let Some(meant) = meant.filter(|_| request.method().is_safe()) else { return Ok(false) };
    Ok(sign_in::store::acts_as(&mut app_of(request)?.db.look(who).await?, who.account, meant).await?)
}

/// Keeps the form of somebody whose sign-in has run out, and says where they sign in to send it; that they have to sign in,
/// where it can't be kept: from nobody known, from no page of theirs, or with a secret in it.
async fn keep(request: &HttpRequest, payload: &mut Payload) -> Result<AppError, AppError> {
    let app = app_of(request)?;
    let Some((row, _)) = find_row(request).await? else { return Ok(AppError::SignInNeeded) };
    let form = form_body::read_own_form(request, payload, &form_token(&row.form_key)).await?;
    let fields = form.without(&[kept_form::TOKEN]);
    if !kept_form::may_be_kept(&fields) {
        return Ok(AppError::SignInNeeded);
    }
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|error| AppError::internal("keeping a form", error.to_string()))?;
    let sent = (request.path(), fields.as_slice());
    let keep = async |tx: &mut Tx| {
        tx.go_to_bank(row.bank_id).await?;
        kept_form::keep_form(tx, (&app.data_key, nonce), &row, sent).await
    };
    let kept = app.db.change(Actor::Visitor, keep).await;
    kept.map_err(|error: NotKept| AppError::internal("keeping a form", error))?;
    let meant = MeantFor { bank: row.bank_id, kind: row.kind };
    let next = format!("/kept-form?{}", meant.query());
    let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
    Ok(AppError::Elsewhere(format!("/sign-in?{query}")))
}

/// The sign-in of the request's cookie, whatever its age, with the hash of its token.
async fn find_row(request: &HttpRequest) -> Result<Option<(SignInRow, TokenHash)>, AppError> {
    let Some(cookie) = request.cookie(SIGN_IN_COOKIE) else { return Ok(None) };
    let token_hash = TokenHash::of(cookie.value());
    let tx = &mut app_of(request)?.db.look(Actor::Visitor).await?;
    let row = sign_in::store::find_sign_in(tx, &token_hash).await?;
    Ok(row.map(|row| (row, token_hash)))
}

/// Who is signed in by the request's cookie, noted with the request for what comes after.
pub(super) async fn find_signed_in(request: &HttpRequest) -> Result<Option<SignedIn>, AppError> {
    let app = app_of(request)?;
    let (now, rules) = (app.clock.now(), &app.settings.sign_in);
    let (idle, absolute) =
        (chrono::TimeDelta::minutes(rules.idle_minutes), chrono::TimeDelta::hours(rules.absolute_hours));
    let found = find_row(request).await?.filter(|(row, _)| row.times().is_live(now, idle, absolute));
    let Some((row, token_hash)) = found else { return Ok(None) };
    if now - row.last_seen_at >= chrono::TimeDelta::minutes(1) {
        let seen = async |tx: &mut Tx| sign_in::store::mark_sign_in_seen(tx, &token_hash).await;
        app.db.change(Actor::Visitor, seen).await?;
    }
    let signed_in = signed_in(row, token_hash, now);
    request.extensions_mut().insert(signed_in.clone());
    Ok(Some(signed_in))
}

fn signed_in(row: SignInRow, token_hash: TokenHash, now: DateTime<Utc>) -> SignedIn {
    let time_zone: Tz = row.time_zone.parse().unwrap_or(chrono_tz::Europe::London);
    let today = now.with_timezone(&time_zone).date_naive();
    SignedIn {
        account: row.account_id,
        bank: row.bank_id,
        membership: row.membership_id,
        kind: row.kind,
        name: row.name,
        bank_name: row.bank_name,
        time_zone,
        invented: row.invented,
        has_others: row.has_others,
        second_factor: SecondFactorState::of(row.kind, row.second_factor_from, today, row.has_second_factor),
        token_hash,
        owes_terms: row.owes_terms,
        form_token: form_token(&row.form_key),
    }
}

/// The token the forms of one sign-in carry: an HMAC of its key, so that the key never leaves the server.
#[must_use]
pub fn form_token(form_key: &[u8]) -> String {
    let mac =
        Hmac::<Sha256>::new_from_slice(form_key).map(|mac| mac.chain_update(b"form").finalize().into_bytes());
    mac.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
}

/// What every request shares.
pub fn app_of(request: &HttpRequest) -> Result<&App, AppError> {
    let app = request.app_data::<web::Data<App>>();
    app.map(web::Data::get_ref)
        .ok_or_else(|| AppError::internal("finding the application", "create_app() was not used"))
}

/// The frame of a page for whoever was found to be signed in, or for a visitor.
#[must_use]
pub fn visitor_frame(request: &HttpRequest) -> PageFrame {
    match request.extensions().get::<SignedIn>() {
        Some(who) => who.frame(request),
        None => frame(request, String::new()),
    }
}

/// A page's frame with the sentence that it is to tell, if any.
fn frame(request: &HttpRequest, form_token: String) -> PageFrame {
    let product_name = app_of(request).map_or("Locum bank", |app| app.settings.server.product_name.as_str());
    let frame = PageFrame::for_visitor(product_name, super::assets::urls(), form_token);
    match told::sentence_for(request) {
        Some(sentence) => frame.with_success(sentence),
        None => frame,
    }
}

impl SignedIn {
    /// The frame of the page that they ask for: who they are, their menu, their form token, and what they have just done.
    #[must_use]
    pub fn frame(&self, request: &HttpRequest) -> PageFrame {
        frame(request, self.form_token.clone())
            .signed_in_as(&self.name, self.kind, request.path())
            .of_bank(&self.bank_name, self.invented)
            .with_others(self.has_others)
            .idle_after(app_of(request).map_or(0, |app| app.settings.sign_in.idle_minutes))
    }
}
