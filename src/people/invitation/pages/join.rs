//! `/invitation/{token}`: joining by the link of an invitation.
//!
//! Mail scanners follow links and press buttons, so nothing changes on GET, and a form without a password is sent back. A
//! link that was used, has lapsed, was withdrawn or never was shows one page, whichever it is.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::invited_as;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::AccountId;
use crate::ground::sign_in::{PersonKind, TokenHash};
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{app_of, visitor_frame};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::people::account::pages::NewSignIn;
use crate::people::account::password;
use crate::people::account::store::{Credentials, find_credentials};
use crate::people::clinician::Engagement;
use crate::people::invitation::actions::accept::{AcceptError, Acceptance, Joined, Joiner, accept};
use crate::people::invitation::actions::joining::keep_said;
use crate::people::invitation::forms::join::{
    Asked, JoinEntered, JoinField, Proof, form_of, parse_join, written,
};
use crate::people::invitation::{Invitation, store};
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::{find_bank, list_roles_in_use};
use crate::terms::bank::{Bank, Role};
use crate::terms::rules::public::TermsInForce;
use crate::terms::rules::store::find_public_bank_of;

/// A quarter of an hour, over which tries are counted.
const WINDOW_SECONDS: u32 = 900;

/// What a link opens.
struct Opened {
    invitation: Invitation,
    bank: Bank,
    practices: Vec<String>,
    roles: Vec<Role>,
    credentials: Option<Credentials>,
    /// What everybody in the bank accepts, and where it stands; none where it has set nothing.
    terms: Option<(TermsInForce, String)>,
}

impl Opened {
    fn is_clinician(&self) -> bool {
        self.invitation.kind == PersonKind::Clinician
    }

    fn has_second_factor(&self) -> bool {
        self.credentials.as_ref().is_some_and(|known| known.has_second_factor)
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            has_account: self.credentials.is_some(),
            is_clinician: self.is_clinician(),
            roles: &self.roles,
            terms: self.terms.as_ref().map(|(terms, _)| terms.version),
            own_words: [&self.invitation.email, &self.bank.name],
        }
    }
}

async fn open(app: &App, link: &TokenHash) -> Result<Option<Opened>, AppError> {
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let Some(bank) = store::find_bank_of_link(tx, link).await? else { return Ok(None) };
    tx.go_to_bank(bank).await?;
    let Some(invitation) = store::find_open_of_link(tx, link).await? else { return Ok(None) };
    let bank = find_bank(tx, invitation.bank_id).await?.ok_or(AppError::NotFound)?;
    let public = find_public_bank_of(tx, bank.id).await?.ok_or(AppError::NotFound)?;
    let terms_href = format!("{}/terms", public.path());
    Ok(Some(Opened {
        practices: store::list_practice_names(tx, &invitation.practices).await?,
        roles: list_roles_in_use(tx, local_date(bank.time_zone, app.clock.now())).await?,
        terms: public.terms.map(|terms| (terms, terms_href)),
        // A closed account can't join; that it is there is said to nobody but whoever knows its password.
        credentials: find_credentials(tx, &invitation.email).await?,
        bank,
        invitation,
    }))
}

#[derive(Template)]
#[template(path = "people/invitation/pages/ended.html")]
struct EndedPage {
    page: PageFrame,
}

/// What a link that opens nothing shows.
fn ended(request: &HttpRequest) -> Result<HttpResponse, AppError> {
    let mut response = page(&EndedPage { page: visitor_frame(request) })?;
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}

#[derive(Template)]
#[template(path = "people/invitation/pages/join.html")]
struct JoinPage {
    page: PageFrame,
    path: String,
    bank_name: String,
    invited_as: String,
    email: String,
    own_name: String,
    has_account: bool,
    is_clinician: bool,
    roles: Vec<Choice>,
    engagements: Vec<Choice>,
    /// The version of the terms of use that is to be accepted, and where it stands; "" where there is none.
    terms: (String, String),
    raw: RawForm,
    errors: FieldErrors<JoinField>,
}

/// The roles there are, for a list to choose from.
pub(super) fn role_choices(roles: &[Role], raw: &RawForm) -> Vec<Choice> {
    let role = |role: &Role| Choice::new(role.code.clone(), role.name.clone(), raw.get("role") == role.code);
    let nothing_yet = Choice::new("", "Choose your role", raw.get("role").is_empty());
    std::iter::once(nothing_yet).chain(roles.iter().map(role)).collect()
}

/// The terms on which people work, to choose from.
pub(super) fn engagement_choices(raw: &RawForm) -> Vec<Choice> {
    let choice = |engagement: Engagement| {
        Choice::new(engagement.code(), engagement.name(), raw.get("engagement") == engagement.code())
    };
    Engagement::ALL.map(choice).to_vec()
}

fn join_form(
    request: &HttpRequest,
    opened: &Opened,
    raw: &RawForm,
    errors: FieldErrors<JoinField>,
) -> JoinPage {
    let typed_name = raw.get("name");
    JoinPage {
        page: visitor_frame(request).of_bank(&opened.bank.name, opened.bank.invented),
        path: request.path().to_owned(),
        bank_name: opened.bank.name.clone(),
        invited_as: invited_as(opened.invitation.kind, &opened.practices),
        email: opened.invitation.email.clone(),
        own_name: if typed_name.is_empty() { opened.invitation.name.clone() } else { typed_name.to_owned() },
        has_account: opened.credentials.is_some(),
        is_clinician: opened.is_clinician(),
        roles: role_choices(&opened.roles, raw),
        engagements: engagement_choices(raw),
        terms: opened
            .terms
            .as_ref()
            .map_or_else(Default::default, |(terms, href)| (terms.version.to_string(), href.clone())),
        raw: raw.clone(),
        errors,
    }
}

/// `GET /invitation/{token}`: what they are asked to join, and the form. Nothing is changed.
pub async fn join_page(token: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    match open(app, &TokenHash::of(&token)).await? {
        Some(opened) => {
            let written = opened.invitation.said.as_ref().map(form_of).unwrap_or_default();
            page(&join_form(&request, &opened, &written, FieldErrors::none()))
        }
        None => ended(&request),
    }
}

/// `POST /invitation/{token}`: the person joins, and is signed in. Tries are counted by link.
pub async fn join(
    token: web::Path<String>,
    payload: web::Payload,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let link = TokenHash::of(&token);
    let Some(opened) = open(app, &link).await? else { return ended(&request) };
    keep(app, &opened, &link, &form).await?;
    let again = |errors| page_with_errors(&join_form(&request, &opened, &form, errors));
    let JoinEntered { proof, profession, terms } = match parse_join(&form, &opened.asked()) {
        Ok(entered) => entered,
        Err(errors) => return again(errors),
    };
    if is_tried_too_often(app, &link).await {
        return Err(AppError::TooMany);
    }
    let Some(joiner) = proved(app, &opened, proof).await? else {
        return again(FieldErrors::one(JoinField::Password, "This is not the password of your account"));
    };
    let (acceptance, new) = (Acceptance { link, joiner, profession, terms }, NewSignIn::make(&request)?);
    match carry_out(app, &opened, &acceptance, &new).await {
        Ok(_) if opened.has_second_factor() => Ok(see_told("/sign-in", "You have joined. Sign in to go on.")),
        Ok(joined) => new.lead_to(first_page(joined.kind), joined.account, &request),
        Err(AcceptError::Gone) => ended(&request),
        Err(error) => Err(error.into()),
    }
}

/// Keeps what somebody has written who came from the public page, whether or not they join now.
async fn keep(app: &App, opened: &Opened, link: &TokenHash, form: &RawForm) -> Result<(), AppError> {
    let Some(before) = &opened.invitation.said else { return Ok(()) };
    let said = written(before, form);
    if said == *before {
        return Ok(());
    }
    let holder = Actor::link_holder(opened.bank.id);
    Ok(app.db.change(holder, async |tx| keep_said(tx, link, &said).await).await?)
}

/// Where somebody starts who has just joined: a clinician where they read what is still to be done.
fn first_page(kind: PersonKind) -> &'static str {
    if kind == PersonKind::Clinician { "/me/missing" } else { kind.start_page() }
}

async fn is_tried_too_often(app: &App, link: &TokenHash) -> bool {
    let (key, now) = (format!("invitation:{}", hex::encode(link.0)), app.clock.now());
    app.cache.count(&key, WINDOW_SECONDS, now).await
        > u64::from(app.settings.sign_in.attempts_per_quarter_hour)
}

/// Who joins, once their password is checked or hashed; none where it is wrong.
async fn proved(app: &App, opened: &Opened, proof: Proof) -> Result<Option<Joiner>, AppError> {
    let memory_kib = app.settings.sign_in.argon2_memory_kib;
    match (proof, &opened.credentials) {
        (Proof::New(name, password), _) => {
            let hash = password.hash(memory_kib).await;
            let password_hash = hash.map_err(|error| AppError::internal("hashing a password", error))?;
            Ok(Some(Joiner::New { name, password_hash }))
        }
        (Proof::Password(password), Some(Credentials { account_id, password_hash, .. })) => {
            let is_right = password::verify(password, password_hash.clone(), memory_kib).await;
            Ok(is_right.then_some(Joiner::Known(*account_id)))
        }
        (Proof::Password(_), None) => Ok(None),
    }
}

/// Joins and signs in, both or neither; whoever has a second factor signs in by themselves, since their password alone does
/// not.
async fn carry_out(
    app: &App,
    opened: &Opened,
    acceptance: &Acceptance,
    new: &NewSignIn,
) -> Result<Joined, AcceptError> {
    let account: Option<AccountId> = match acceptance.joiner {
        Joiner::Known(account) => Some(account),
        Joiner::New { .. } => None,
    };
    let holder = Actor::LinkHolder { bank: opened.bank.id, account };
    let reliants = app.reliants();
    app.db
        .change(holder, async |tx| {
            let joined = accept(tx, &reliants, acceptance).await?;
            if !opened.has_second_factor() {
                new.begin(tx, joined.account, (joined.bank, joined.membership)).await?;
            }
            Ok(joined)
        })
        .await
}
