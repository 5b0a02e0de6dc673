//! `/terms-of-use`: what the bank asks of everybody who acts in it, and that one accepts it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::actor::Actor;
use crate::ground::form_fields::Typed;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::own_path::own_path;
use crate::ground::web::{page, see_other};
use crate::ground::words;
use crate::people::agreement::actions::accept_terms;
use crate::people::agreement::store::find_newest_accepted;
use crate::terms::rules::paragraphs;
use crate::terms::rules::public::{PublicName, TermsInForce};
use crate::terms::rules::store::{find_public_bank_of, list_public_banks};

/// What follows `/terms-of-use?`.
#[derive(Debug, Deserialize)]
pub struct TermsQuery {
    #[serde(default)]
    next: Typed,
}

#[derive(Template)]
#[template(path = "people/agreement/pages/terms.html")]
struct TermsPage {
    page: PageFrame,
    bank_name: String,
    /// "Version 2, of 9 November 2026".
    version: String,
    number: i32,
    paragraphs: Vec<String>,
    /// "You accepted this version on 9 November 2026 at 9am."; "" where there is nothing to say.
    accepted: String,
    /// Whether whoever reads it is asked to accept it.
    is_owed: bool,
    next: String,
}

impl TermsPage {
    fn new(page: PageFrame, bank_name: String, terms: Option<&TermsInForce>) -> Self {
        let date = |terms: &TermsInForce| words::date_without_weekday(words::london_date(terms.decided_at));
        Self {
            page,
            bank_name,
            version: terms
                .map_or_else(String::new, |terms| format!("Version {}, of {}", terms.version, date(terms))),
            number: terms.map_or(0, |terms| terms.version),
            paragraphs: terms.map_or_else(Vec::new, |terms| paragraphs(&terms.terms.text)),
            accepted: String::new(),
            is_owed: false,
            next: String::new(),
        }
    }
}

/// `GET /terms-of-use`: the terms of the bank they act in, with what they have accepted, or a button to accept.
pub async fn own_terms(
    who: Admitted,
    query: web::Query<TermsQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let tx = &mut app_of(&request)?.db.look(&who).await?;
    let bank = find_public_bank_of(tx, who.bank).await?.ok_or(AppError::NotFound)?;
    let accepted = find_newest_accepted(tx, who.membership).await?;
    let shown = TermsPage::new(who.frame(&request), bank.about.name, bank.terms.as_ref());
    let is_accepted = accepted.is_some_and(|(version, _)| version >= shown.number);
    let at = accepted.filter(|_| is_accepted && shown.number > 0);
    page(&TermsPage {
        accepted: at.map_or_else(String::new, |(_, at)| {
            format!("You accepted this version on {}.", words::moment(at))
        }),
        is_owed: shown.number > 0 && !is_accepted,
        next: query.next.to_string(),
        ..shown
    })
}

/// `POST /terms-of-use`: they accept the version that they have read, and go on to where they wanted to be.
pub async fn accept(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    // What is no number is no version, and in force is none of it.
    let version = form.get("version").parse().unwrap_or_default();
    let accept = async |tx: &mut _| Ok::<_, AppError>(accept_terms(tx, version).await?);
    app.db.change(&who, accept).await?;
    Ok(see_other(own_path(form.get("next")).as_deref().unwrap_or(who.kind.start_page())))
}

/// `GET /join/{bank}/terms`: the same for whoever thinks of joining.
pub async fn public_terms(
    named: web::Path<PublicName>,
    _: MaybeSignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let tx = &mut app_of(&request)?.db.look(Actor::Visitor).await?;
    let bank = list_public_banks(tx, Some(&named)).await?.pop().ok_or(AppError::NotFound)?;
    page(&TermsPage::new(visitor_frame(&request), bank.about.name, bank.terms.as_ref()))
}
