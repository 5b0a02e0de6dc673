//! `/people/{id}/data`: what an administrator does for somebody who asks by letter, as far as their own bank goes.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{FetchField, Line, file, lines, wrong_password};
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::AccountId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::account::pages::own_password::{is_own_password, load};
use crate::people::membership::store::find_person;
use crate::rights::erasure::pages::{KeptLine, lines as kept_lines};
use crate::rights::erasure::store::{ErasureLine, list_erasures};
use crate::rights::export::actions::{ask_for_copy, fetch_copy};
use crate::rights::export::store::list_exports;

/// So many erasures of one person are shown: there is one, and another for each time they came back.
const MOST_ERASURES: i64 = 10;

#[derive(Template)]
#[template(path = "rights/export/pages/person.html")]
struct PersonPage {
    page: PageFrame,
    name: String,
    path: String,
    own_email: String,
    copies: Vec<Line>,
    erasures: Vec<Erased>,
    errors: FieldErrors<FetchField>,
}

/// An erasure on the page.
struct Erased {
    sentence: String,
    kept: Vec<KeptLine>,
}

async fn person_page(
    who: &Admitted,
    account: AccountId,
    request: &HttpRequest,
    errors: FieldErrors<FetchField>,
) -> Result<PersonPage, AppError> {
    let app = app_of(request)?;
    let (now, own_email) = (app.clock.now(), load(app, who).await?.email);
    let tx = &mut app.db.look(who).await?;
    let person = find_person(tx, account, (now, now)).await?.ok_or(AppError::NotFound)?;
    let copies = list_exports(tx, account, who.account).await?;
    let erasures = list_erasures(tx, Some(account), MOST_ERASURES).await?;
    let erased = |line: ErasureLine| Erased {
        sentence: format!(
            "Erased {}, {}.",
            words::when(line.erased_at, now),
            match (line.by_themselves, line.by_itself) {
                (true, _) => "as they asked for on their own page",
                (_, true) => "by itself, by the bank’s times",
                _ => "by an administrator",
            }
        ),
        kept: kept_lines(&line.kept),
    };
    Ok(PersonPage {
        page: who.frame(request),
        name: person.name,
        path: format!("/people/{account}"),
        own_email,
        copies: lines(copies, now),
        erasures: erasures.into_iter().map(erased).collect(),
        errors,
    })
}

/// `GET /people/{id}/data`.
pub async fn show(
    who: Admitted,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    page(&person_page(&who, *path, &request, FieldErrors::none()).await?)
}

/// `POST /people/{id}/data`: asks for a copy of what the bank holds.
pub async fn ask(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let account = *path;
    let is_new = app_of(&request)?.db.change(&who, async |tx| ask_for_copy(tx, account).await).await?;
    let said = if is_new {
        "A copy is being made. An email tells you when it is ready"
    } else {
        "A copy is being made already. An email tells you when it is ready"
    };
    Ok(see_told(&format!("/people/{account}/data"), said))
}

/// `POST /people/{id}/data/fetch`.
pub async fn fetch(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, account) = (app_of(&request)?, *path);
    let shown = person_page(&who, account, &request, FieldErrors::none()).await?;
    let holder = load(app, &who).await?;
    if !is_own_password(app, &holder, form.exactly("password")).await? {
        return page_with_errors(&PersonPage { errors: wrong_password(), ..shown });
    }
    let key = &app.data_key;
    Ok(file(app.db.change(&who, async |tx| fetch_copy(tx, key, account).await).await?))
}
