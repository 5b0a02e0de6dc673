//! `/switch`: a person of several memberships chooses in which they act. What they choose is remembered for the next time.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::cookies::random;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::form_fields::{Field, FieldErrors, Typed};
use crate::ground::id::MembershipId;
use crate::ground::sign_in::meant_for::MeantFor;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::own_path::own_path;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::people::account::actions::switch::switch_membership;
use crate::people::account::store::{Membership, list_memberships};

/// The field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SwitchField {
    Membership,
}

impl Field for SwitchField {
    fn name(self) -> &'static str {
        "membership"
    }
}

#[derive(Template)]
#[template(path = "people/account/pages/switch.html")]
struct SwitchPage {
    page: PageFrame,
    /// "clinician of Dorset bank", where the page that was asked for is for that.
    meant: String,
    choices: Vec<Choice>,
    next: String,
    errors: FieldErrors<SwitchField>,
}

/// What follows `/switch?`.
#[derive(Debug, Deserialize)]
pub struct SwitchQuery {
    #[serde(default)]
    next: Typed,
}

/// Where somebody chooses who wants to see `next` then.
pub(super) fn address(next: Option<&str>) -> String {
    let query = next.and_then(|next| serde_html_form::to_string([("next", next)]).ok());
    query.map_or("/switch".to_owned(), |query| format!("/switch?{query}"))
}

async fn own(app: &App, who: &Admitted) -> Result<Vec<Membership>, AppError> {
    Ok(list_memberships(&mut app.db.look(who).await?, who.account).await?)
}

fn switch_page(
    page: PageFrame,
    own: &[Membership],
    now: MembershipId,
    next: &str,
    errors: FieldErrors<SwitchField>,
) -> SwitchPage {
    let meant = MeantFor::in_path(next);
    let meant = own.iter().find(|own| meant.is_some_and(|meant| own.is_meant(meant)));
    let chosen = meant.map_or(now, |meant| meant.membership_id);
    let choice = |own: &Membership| {
        let label = format!("{}, {}", own.kind.name(), own.bank_name);
        Choice::new(own.membership_id.to_string(), label, own.membership_id == chosen)
    };
    SwitchPage {
        page,
        meant: meant.map_or(String::new(), |meant| format!("{} of {}", meant.kind.text(), meant.bank_name)),
        choices: own.iter().map(choice).collect(),
        next: next.to_owned(),
        errors,
    }
}

/// `GET /switch`.
pub async fn show(
    who: Admitted,
    query: web::Query<SwitchQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let own = own(app_of(&request)?, &who).await?;
    page(&switch_page(who.frame(&request), &own, who.membership, &query.next, FieldErrors::none()))
}

/// `POST /switch`.
pub async fn switch(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let next = form.get("next");
    let Ok(wanted) = form.get("membership").parse::<MembershipId>() else {
        let errors = FieldErrors::one(SwitchField::Membership, "Select what you want to act as");
        let own = own(app, &who).await?;
        return page_with_errors(&switch_page(who.frame(&request), &own, who.membership, next, errors));
    };
    let (token, form_key) = (who.token_hash.clone(), random()?);
    let switch = async |tx: &mut Tx| switch_membership(tx, (&token, form_key), wanted).await;
    let kind = app.db.change(&who, switch).await?;
    Ok(see_other(own_path(next).as_deref().unwrap_or(kind.start_page())))
}
