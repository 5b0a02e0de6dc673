//! `/join`: a bank's public page, and the form with which a clinician joins from it. Whoever sends the form hears the same,
//! after the same work, whether or not somebody has the address: who it is, is looked up in the background.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::join::{engagement_choices, role_choices};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::BankId;
use crate::ground::web::components::{Choice, Link};
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::told::{is_told, see_told};
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words;
use crate::people::account::attempt::Attempt;
use crate::people::account::pages::network_address;
use crate::people::invitation::actions::joining::{Asked, ask_to_join};
use crate::people::invitation::forms::join::{JoinField, parse_asked};
use crate::terms::bank::Role;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::needs::Need;
use crate::terms::bank::store::needs::list_needs;
use crate::terms::bank::store::{find_bank, list_roles_in_use};
use crate::terms::rules::paragraphs;
use crate::terms::rules::public::{PublicBank, PublicName};
use crate::terms::rules::store::list_public_banks;

#[derive(Template)]
#[template(path = "people/invitation/pages/banks.html")]
struct BanksPage {
    page: PageFrame,
    banks: Vec<Link>,
}

/// `GET /join`: the banks that take people from their public pages; with one, its page.
pub async fn banks(_: MaybeSignedIn, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let tx = &mut app_of(&request)?.db.look(Actor::Visitor).await?;
    let all = list_public_banks(tx, None).await?;
    let open: Vec<&PublicBank> = all.iter().filter(|bank| bank.joining.is_open).collect();
    if let [only] = open[..] {
        return Ok(see_other(&only.path()));
    }
    let link = |bank: &&PublicBank| Link::new(bank.about.name.clone(), bank.path());
    page(&BanksPage { page: visitor_frame(&request), banks: open.iter().map(link).collect() })
}

/// The roles that the bank uses today.
async fn roles_of(tx: &mut Tx, app: &App, bank: BankId) -> Result<Vec<Role>, AppError> {
    let bank = find_bank(tx, bank).await?.ok_or(AppError::NotFound)?;
    Ok(list_roles_in_use(tx, local_date(bank.time_zone, app.clock.now())).await?)
}

/// The bank whose public page has this address.
async fn bank_of(app: &App, named: &PublicName) -> Result<PublicBank, AppError> {
    let tx = &mut app.db.look(Actor::Visitor).await?;
    list_public_banks(tx, Some(named)).await?.pop().ok_or(AppError::NotFound)
}

fn frame(request: &HttpRequest, bank: &PublicBank) -> PageFrame {
    let frame = visitor_frame(request);
    if frame.signed_in.is_some() { frame } else { frame.of_bank(&bank.about.name, bank.is_invented) }
}

#[derive(Template)]
#[template(path = "people/invitation/pages/bank.html")]
struct BankPage {
    page: PageFrame,
    name: String,
    is_open: bool,
    about: Vec<String>,
    /// Address, phone number and email address, as far as the bank shows them.
    found: Vec<(&'static str, String)>,
    roles: String,
    who: Vec<String>,
    /// "GP: indemnity".
    documents: Vec<String>,
    at_hand: Vec<String>,
    form_href: String,
}

/// What each role needs, a line each: "GP: Indemnity and DBS check".
fn documents_of(roles: &[Role], needs: &[Need]) -> Vec<String> {
    let line = |role: &Role| {
        let of_role = needs.iter().filter(|need| need.role == role.code);
        let names: Vec<String> = of_role.map(|need| need.document_name.clone()).collect();
        (!names.is_empty()).then(|| format!("{}: {}", role.name, words::list(&names)))
    };
    roles.iter().filter_map(line).collect()
}

/// `GET /join/{bank}`: what the bank is, who may join, what to have at hand.
pub async fn bank_page(
    named: web::Path<PublicName>,
    _: MaybeSignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let bank = bank_of(app, &named).await?;
    let tx = &mut app.db.look(Actor::link_holder(bank.id)).await?;
    let (roles, needs) = (roles_of(tx, app, bank.id).await?, list_needs(tx).await?);
    let names: Vec<String> = roles.iter().map(|role| role.plural.clone()).collect();
    let found = [
        ("Address", bank.about.address.clone()),
        ("Phone", bank.about.phone.clone()),
        ("Email", bank.about.email.clone()),
    ];
    page(&BankPage {
        page: frame(&request, &bank),
        is_open: bank.joining.is_open,
        about: paragraphs(&bank.joining.about),
        found: found.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        roles: words::list(&names),
        who: paragraphs(&bank.joining.who),
        documents: documents_of(&roles, &needs),
        at_hand: paragraphs(&bank.joining.at_hand),
        form_href: format!("{}/about-you", bank.path()),
        name: bank.about.name,
    })
}

#[derive(Template)]
#[template(path = "people/invitation/pages/about_you.html")]
struct AboutYouPage {
    page: PageFrame,
    bank_name: String,
    bank_href: String,
    path: String,
    is_asked: bool,
    roles: Vec<Choice>,
    engagements: Vec<Choice>,
    raw: RawForm,
    errors: FieldErrors<JoinField>,
}

impl AboutYouPage {
    fn new(
        request: &HttpRequest,
        bank: &PublicBank,
        roles: &[Role],
        raw: RawForm,
        errors: FieldErrors<JoinField>,
    ) -> Self {
        Self {
            page: frame(request, bank),
            bank_name: bank.about.name.clone(),
            bank_href: bank.path(),
            path: format!("{}/about-you", bank.path()),
            is_asked: is_told(request) && errors.is_empty(),
            roles: role_choices(roles, &raw),
            engagements: engagement_choices(&raw),
            raw,
            errors,
        }
    }
}

/// The bank and the roles there are, where the bank takes people from its page.
async fn open_bank(app: &App, named: &PublicName) -> Result<(PublicBank, Vec<Role>), AppError> {
    let bank = bank_of(app, named).await?;
    if !bank.joining.is_open {
        return Err(AppError::conflict(
            format!("{} takes nobody from this page now", bank.about.name),
            "Ask the bank for an invitation. Nothing was sent.",
        ));
    }
    let tx = &mut app.db.look(Actor::link_holder(bank.id)).await?;
    let roles = roles_of(tx, app, bank.id).await?;
    Ok((bank, roles))
}

/// `GET /join/{bank}/about-you`: the form.
pub async fn form_page(
    named: web::Path<PublicName>,
    _: MaybeSignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (bank, roles) = open_bank(app_of(&request)?, &named).await?;
    page(&AboutYouPage::new(&request, &bank, &roles, RawForm::default(), FieldErrors::none()))
}

/// `POST /join/{bank}/about-you`: keeps what was written, and has a link sent to the address.
pub async fn ask(
    named: web::Path<PublicName>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let raw = read_form(&request, &mut payload.into_inner()).await?;
    let (bank, roles) = open_bank(app, &named).await?;
    let (email, said) = match parse_asked(&raw, &roles) {
        Ok(read) => read,
        Err(errors) => return page_with_errors(&AboutYouPage::new(&request, &bank, &roles, raw, errors)),
    };
    if Attempt::to_join(&email, &network_address(app, &request)).is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let asked = Asked { bank: bank.id, email, said };
    app.db.change(Actor::link_holder(bank.id), async |tx| ask_to_join(tx, &asked).await).await?;
    Ok(see_told(&format!("{}/about-you", bank.path()), "We have what you wrote."))
}
