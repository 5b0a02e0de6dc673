//! `/accessibility`, `/privacy`, `/cookies`: true to what the service does, and filled in with what banks and the operator
//! have set. Whoever is signed in reads of their own bank, a visitor of every bank.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::settings::Operator;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{MaybeSignedIn, app_of, visitor_frame};
use crate::ground::web::page;
use crate::terms::rules::paragraphs;
use crate::terms::rules::public::PublicBank;
use crate::terms::rules::store::list_public_banks;

/// The banks whose notices whoever asks reads.
async fn banks(app: &App, who: &MaybeSignedIn) -> Result<Vec<PublicBank>, AppError> {
    let all = list_public_banks(&mut app.db.look(Actor::Visitor).await?, None).await?;
    let own = who.0.as_ref().map(|who| who.bank);
    Ok(all.into_iter().filter(|bank| own.is_none_or(|own| own == bank.id)).collect())
}

/// Whom to write to, in one line: "Dorset bank, bank@dorset.example, 01305 000001".
fn contact(name: &str, ways: &[&str]) -> String {
    let known = ways.iter().copied().filter(|way| !way.is_empty());
    std::iter::once(name).chain(known).collect::<Vec<_>>().join(", ")
}

/// Whom to write to about the service: its operator where the settings name one, and otherwise the banks.
fn contacts(operator: &Operator, banks: &[PublicBank]) -> Vec<String> {
    if operator.email.is_empty() {
        let of_bank = |bank: &PublicBank| contact(&bank.about.name, &[&bank.about.email, &bank.about.phone]);
        return banks.iter().map(of_bank).collect();
    }
    let name = if operator.name.is_empty() { "The operator of this service" } else { &operator.name };
    vec![contact(name, &[&operator.email])]
}

#[derive(Template)]
#[template(path = "terms/notice/pages/accessibility.html")]
struct AccessibilityPage {
    page: PageFrame,
    product_name: String,
    address: String,
    contacts: Vec<String>,
}

/// `GET /accessibility`.
pub async fn accessibility(who: MaybeSignedIn, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    page(&AccessibilityPage {
        page: visitor_frame(&request),
        product_name: app.settings.server.product_name.clone(),
        address: app.base_url(),
        contacts: contacts(&app.settings.operator, &banks(app, &who).await?),
    })
}

#[derive(Template)]
#[template(path = "terms/notice/pages/privacy.html")]
struct PrivacyPage {
    page: PageFrame,
    operator: String,
    banks: Vec<Controller>,
}

/// Who answers for the data of a bank, in words.
struct Controller {
    bank: String,
    name: String,
    contact: String,
    bases: Vec<String>,
    kept: Vec<String>,
}

impl Controller {
    fn of(bank: &PublicBank) -> Self {
        let (about, privacy) = (&bank.about, &bank.privacy);
        let named = |own: &str| if own.is_empty() { about.name.clone() } else { own.to_owned() };
        let email = if privacy.email.is_empty() { &about.email } else { &privacy.email };
        Self {
            bank: about.name.clone(),
            name: contact(&named(&privacy.controller), &[&about.address]),
            contact: contact(&named(&privacy.contact), &[email, &about.phone]),
            bases: paragraphs(&privacy.bases),
            kept: paragraphs(&privacy.kept),
        }
    }
}

/// `GET /privacy`.
pub async fn privacy(who: MaybeSignedIn, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let operator = &app.settings.operator;
    page(&PrivacyPage {
        page: visitor_frame(&request),
        operator: if operator.name.is_empty() {
            String::new()
        } else {
            contact(&operator.name, &[&operator.email])
        },
        banks: banks(app, &who).await?.iter().map(Controller::of).collect(),
    })
}

#[derive(Template)]
#[template(path = "terms/notice/pages/cookies.html")]
struct CookiesPage {
    page: PageFrame,
    idle_minutes: i64,
    absolute_hours: i64,
}

/// `GET /cookies`.
pub async fn cookies(_: MaybeSignedIn, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let sign_in = &app_of(&request)?.settings.sign_in;
    page(&CookiesPage {
        page: visitor_frame(&request),
        idle_minutes: sign_in.idle_minutes,
        absolute_hours: sign_in.absolute_hours,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Controller, contacts};
    use crate::ground::id::BankId;
    use crate::ground::settings::Operator;
    use crate::terms::rules::public::{PublicBank, PublicName};

    #[test]
    fn people_write_to_the_operator_where_there_is_one_and_else_to_the_bank() {
        let mut bank = PublicBank::new(
            (BankId::new(), "Kent bank", PublicName("kent-bank".to_owned()), false),
            BTreeMap::new(),
        );
        bank.about.email = "bank@kent.example".to_owned();
        let nobody = Operator { name: String::new(), email: String::new() };
        assert_eq!(contacts(&nobody, std::slice::from_ref(&bank)), ["Kent bank, bank@kent.example"]);
        let somebody = Operator { name: "Kent IT".to_owned(), email: "help@it.example".to_owned() };
        assert_eq!(contacts(&somebody, std::slice::from_ref(&bank)), ["Kent IT, help@it.example"]);
        assert_eq!(Controller::of(&bank).contact, "Kent bank, bank@kent.example");
        bank.privacy.contact = "The data protection officer".to_owned();
        bank.privacy.email = "dpo@kent.example".to_owned();
        assert_eq!(Controller::of(&bank).contact, "The data protection officer, dpo@kent.example");
    }
}
