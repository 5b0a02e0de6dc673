//! `/kept-form`: a form that was sent when its person had been signed out, offered to them again.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::sign_in::kept_form::{KeptForm, let_form_go};
use crate::ground::sign_in::store::kept_form::find_form;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, see_other};
use crate::ground::words;

#[derive(Template)]
#[template(path = "people/account/pages/kept_form.html")]
struct KeptPage {
    page: PageFrame,
    fields: Vec<(String, String)>,
    /// What a person typed: what the field is about, and what it says.
    typed: Vec<(String, String)>,
    until: String,
}

/// The form that is kept for whoever is signed in, in the membership in which they sent it, with what it says.
async fn kept_for(app: &App, who: &Admitted) -> Result<Option<(KeptForm, Vec<(String, String)>)>, AppError> {
    let kept = find_form(&mut app.db.look(who).await?, who.account).await?;
    let kept = kept.filter(|kept| kept.membership_id == who.membership);
    Ok(kept.and_then(|kept| kept.fields(&app.data_key).map(|fields| (kept, fields))))
}

/// "First name" for `first_name`. Ids, which pages put there, are left out.
fn typed((name, value): &(String, String)) -> Option<(String, String)> {
    let is_id = value.parse::<uuid::Uuid>().is_ok();
    let about = words::capitalised(&name.replace(['-', '_'], " "));
    (!is_id && !value.trim().is_empty()).then(|| (about, value.clone()))
}

/// `GET /kept-form`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let Some((kept, fields)) = kept_for(app, &who).await? else {
        return Ok(see_other(who.kind.start_page()));
    };
    page(&KeptPage {
        page: who.frame(&request),
        typed: fields.iter().filter_map(typed).collect(),
        fields,
        until: words::when(kept.expires_at, app.clock.now()),
    })
}

/// `POST /kept-form`: lets it go, and has the browser send what it carries to where it was sent first.
pub async fn send(
    AdmittedForm { who, .. }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let kept = kept_for(app, &who).await?;
    let is_let_go = app.db.change(&who, async |tx: &mut Tx| let_form_go(tx).await).await?;
    match kept.filter(|_| is_let_go) {
        Some((kept, _)) => {
            Ok(HttpResponse::TemporaryRedirect().insert_header((header::LOCATION, kept.path)).finish())
        }
        None => Err(AppError::conflict(
            "This form is not kept any more",
            "It was sent from another page, or has been kept for a day. Look whether it was taken.",
        )),
    }
}

/// `POST /kept-form/discard`.
pub async fn discard(
    AdmittedForm { who, .. }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    app.db.change(&who, async |tx: &mut Tx| let_form_go(tx).await).await?;
    Ok(see_told(who.kind.start_page(), "What you had typed is not sent"))
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn what_a_person_typed_is_told_by_what_it_is_about() {
        let told = |name: &str, value: &str| typed(&(name.to_owned(), value.to_owned()));
        assert_eq!(told("from-day", "3"), Some(("From day".to_owned(), "3".to_owned())));
        assert_eq!(told("notes", "  "), None);
        assert_eq!(told("key", "01a20000-0000-7000-8000-000000000000"), None);
    }
}
