//! `/me/documents/new`: a clinician hands in a document.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm, Typed};
use crate::ground::id::{BankId, ClinicianId, DocumentId};
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::upload::AdmittedUpload;
use crate::ground::web::{page, page_with_errors};
use crate::people::clinician::actions::find_own;
use crate::people::document::actions::NewDocument;
use crate::people::document::actions::hand_in::{MOST_A_DAY, NotTaken, hand_in};
use crate::people::document::forms::{DocumentField, HandedIn, parse_handed_in};
use crate::people::document::seal::{DocumentKeys, Whose};
use crate::people::document::virus::{self, Verdict};
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::list_competencies_in_use;
use crate::terms::bank::{Competency, CompetencyKind};

/// What follows `/me/documents/new?`.
#[derive(Debug, Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    competency: Typed,
}

#[derive(Template)]
#[template(path = "people/document/pages/new.html")]
struct NewPage {
    page: PageFrame,
    choices: Vec<Choice>,
    valid: RawDate,
    never_ends: bool,
    errors: FieldErrors<DocumentField>,
}

fn new_page(
    page: PageFrame,
    known: &[Competency],
    form: &RawForm,
    errors: FieldErrors<DocumentField>,
) -> NewPage {
    let chosen = form.get("competency");
    let documents = known.iter().filter(|it| it.kind == CompetencyKind::Document);
    let mut choices = vec![Choice::new("", "Choose one", chosen.is_empty())];
    choices.extend(documents.map(|it| Choice::new(&it.code, &it.name, it.code == chosen)));
    NewPage { page, choices, valid: form.date("valid"), never_ends: form.is_ticked("forever", "yes"), errors }
}

/// The keys by which files are sealed, of the settings.
pub(crate) fn keys_of(app: &App) -> Result<DocumentKeys, AppError> {
    DocumentKeys::read(&app.settings.secrets.document_keys)
        .map_err(|error| AppError::internal("reading the keys of documents", error))
}

/// The same, where files are taken.
fn demand_keys(app: &App) -> Result<DocumentKeys, AppError> {
    let keys = keys_of(app)?;
    let advice = "Send your documents to your bank administrator.";
    if keys.can_seal() { Ok(keys) } else { Err(AppError::conflict("This service takes no files", advice)) }
}

/// `GET /me/documents/new`.
pub async fn new_form(
    who: Admitted,
    query: web::Query<NewQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    demand_keys(app)?;
    let tx = &mut app.db.look(&who).await?;
    let known = list_competencies_in_use(tx, local_date(who.time_zone, app.clock.now())).await?;
    let form = RawForm::from_pairs(vec![("competency".to_owned(), query.into_inner().competency.into())]);
    page(&new_page(who.frame(&request), &known, &form, FieldErrors::none()))
}

/// `POST /me/documents`.
pub async fn send(upload: AdmittedUpload, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let keys = demand_keys(app)?;
    let AdmittedUpload { who, form, file, .. } = upload;
    let today = local_date(who.time_zone, app.clock.now());
    let (own, known) = own_and_known(app, &who).await?;
    let wrong = |errors| page_with_errors(&new_page(who.frame(&request), &known, &form, errors));
    let handed_in = match parse_handed_in(&form, file, &known, today) {
        Ok(handed_in) => handed_in,
        Err(errors) => return wrong(errors),
    };
    let verdict = match look_for_viruses(app, &handed_in.content.bytes).await {
        Ok(verdict) => verdict,
        Err(sentence) => return wrong(FieldErrors::one(DocumentField::File, sentence)),
    };
    let name = known.iter().find(|it| it.code == handed_in.competency).map(|it| it.name.clone());
    let new = sealed(&keys, (who.bank, own), handed_in, verdict)?;
    app.db.change(&who, async |tx| hand_in(tx, &new).await).await?;
    let told =
        format!("{} is handed in. Your bank’s administrators look at it next", name.unwrap_or_default());
    Ok(see_told("/me/documents", told))
}

async fn own_and_known(app: &App, who: &Admitted) -> Result<(ClinicianId, Vec<Competency>), AppError> {
    let tx = &mut app.db.look(who).await?;
    let today = local_date(who.time_zone, app.clock.now());
    Ok((find_own(tx).await?, list_competencies_in_use(tx, today).await?))
}

/// What the operator's program found; what to say to the person where it found something or nobody could look.
pub(crate) async fn look_for_viruses(app: &App, bytes: &[u8]) -> Result<Verdict, &'static str> {
    match virus::look(&app.settings.documents, bytes).await {
        Ok(Verdict::Infected) => {
            Err("The file has a virus in it, so it has not been kept. Scan the document on another device")
        }
        Ok(verdict) => Ok(verdict),
        Err(error) => {
            tracing::error!(%error, cause = ?std::error::Error::source(&error), "a file could not be looked through for viruses");
            Err(
                "The file could not be checked for viruses, so it has not been kept. Try again in a few minutes",
            )
        }
    }
}

fn sealed(
    keys: &DocumentKeys,
    (bank, clinician): (BankId, ClinicianId),
    handed_in: HandedIn,
    verdict: Verdict,
) -> Result<NewDocument, AppError> {
    let HandedIn { competency, valid_through, file_name, content } = handed_in;
    let whose = Whose { bank, clinician, document: DocumentId::new(), kind: content.kind };
    let bytes = i32::try_from(content.bytes.len()).unwrap_or(i32::MAX);
    let sealed = keys.seal(&whose, content.bytes);
    Ok(NewDocument {
        whose,
        competency,
        said_valid_through: valid_through,
        file_name,
        bytes,
        is_virus_checked: verdict == Verdict::Clean,
        sealed: sealed.map_err(|error| AppError::internal("sealing a file", error))?,
    })
}

impl From<NotTaken> for AppError {
    fn from(error: NotTaken) -> Self {
        match error {
            NotTaken::TooMany => Self::conflict(
                format!("You have handed in {MOST_A_DAY} documents within a day"),
                "That is as many as this service takes from one person. Hand in the others tomorrow.",
            ),
            NotTaken::NotDone(error) => error.into(),
            NotTaken::Database(error) => error.into(),
        }
    }
}
