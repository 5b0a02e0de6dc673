//! `/needs`: which documents the roles of the bank need, and from when; another is shown with its effect before it is decided.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::ground::app::App;
use crate::ground::facts::FactError;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm, Typed};
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::{Choice, Link};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::needs::{Need, need_document, need_no_longer};
use crate::terms::bank::store::load_catalogue;
use crate::terms::bank::store::needs::list_needs;
use crate::terms::bank::{Catalogue, CompetencyKind};
use crate::work::standing::forms::{NeedEntered, NeedField, parse_need};
use crate::work::standing::store::needs::{Reached, list_reached};

/// So many are named of those who would work no more; the number says how many there are.
const MOST_NAMED: usize = 100;

#[derive(Template)]
#[template(path = "work/standing/pages/needs.html")]
struct NeedsPage {
    page: PageFrame,
    lines: Vec<NeedLine>,
}

struct NeedLine {
    role: String,
    document: String,
    from: String,
    end_href: String,
}

fn need_line(need: Need, today: NaiveDate) -> NeedLine {
    let from = words::date_without_weekday(need.valid_from);
    let asked = [("role", need.role.as_str()), ("document", need.document.as_str())];
    NeedLine {
        from: if need.valid_from > today { format!("From {from}") } else { format!("Since {from}") },
        end_href: format!("/needs/end?{}", serde_html_form::to_string(asked).unwrap_or_default()),
        role: need.role_name,
        document: need.document_name,
    }
}

/// `GET /needs`.
pub async fn needs(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(&who).await?;
    let lines = list_needs(tx).await?.into_iter().map(|need| need_line(need, today)).collect();
    page(&NeedsPage { page: who.frame(&request), lines })
}

#[derive(Template)]
#[template(path = "work/standing/pages/new_need.html")]
struct NewNeedPage {
    page: PageFrame,
    roles: Vec<Choice>,
    documents: Vec<Choice>,
    from: RawDate,
    errors: FieldErrors<NeedField>,
}

fn new_need_page(
    page: PageFrame,
    catalogue: &Catalogue,
    form: &RawForm,
    errors: FieldErrors<NeedField>,
) -> NewNeedPage {
    let (role, document) = (form.get("role"), form.get("document"));
    let mut roles = vec![Choice::new("", "Choose one", role.is_empty())];
    roles.extend(catalogue.roles.iter().map(|it| Choice::new(&it.code, &it.name, it.code == role)));
    let mut documents = vec![Choice::new("", "Choose one", document.is_empty())];
    let known = catalogue.competencies.iter().filter(|it| it.kind == CompetencyKind::Document);
    documents.extend(known.map(|it| Choice::new(&it.code, &it.name, it.code == document)));
    NewNeedPage { page, roles, documents, from: form.date("from"), errors }
}

async fn catalogue_of(app: &App, who: &Admitted) -> Result<Catalogue, AppError> {
    let today = local_date(who.time_zone, app.clock.now());
    Ok(load_catalogue(&mut app.db.look(who).await?).await?.in_use_on(today))
}

/// `GET /needs/new`.
pub async fn new_need(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let catalogue = catalogue_of(app_of(&request)?, &who).await?;
    page(&new_need_page(who.frame(&request), &catalogue, &RawForm::default(), FieldErrors::none()))
}

#[derive(Template)]
#[template(path = "work/standing/pages/check_need.html")]
struct CheckNeedPage {
    page: PageFrame,
    sentence: String,
    effect: String,
    names: Vec<(String, String)>,
    left_out: String,
    sent: Vec<(&'static str, String)>,
}

/// "31 of 45 would no longer be cleared from 1 March 2027."
fn effect(reached: usize, kept_out: usize, from: &str) -> String {
    let number = |count: usize| words::number(i64::try_from(count).unwrap_or(i64::MAX));
    match (reached, kept_out) {
        (0, _) => format!("Nobody of this role is cleared on {from}."),
        (_, 0) => {
            format!("Everybody of this role who is cleared on {from} has it: nobody is kept from work.")
        }
        (1, _) => {
            format!("The one person of this role who is cleared would no longer be cleared from {from}.")
        }
        (all, 1) => format!("1 of {} people would no longer be cleared from {from}.", number(all)),
        (all, some) => {
            format!("{} of {} people would no longer be cleared from {from}.", number(some), number(all))
        }
    }
}

fn why(reached: &Reached) -> String {
    match reached.valid_through {
        Some(last) => format!("Ends on {}", words::date_without_weekday(last)),
        None => "Not recorded".to_owned(),
    }
}

impl CheckNeedPage {
    fn of(
        page: PageFrame,
        catalogue: &Catalogue,
        need: &NeedEntered,
        reached: &[Reached],
        form: &RawForm,
    ) -> Self {
        let from = words::date_without_weekday(need.from);
        let kept_out: Vec<&Reached> = reached.iter().filter(|it| it.would_not_work(need.from)).collect();
        let left_out = i64::try_from(kept_out.len().saturating_sub(MOST_NAMED)).unwrap_or(i64::MAX);
        let sent = ["role", "document", "from-day", "from-month", "from-year"];
        Self {
            page,
            sentence: format!(
                "{} needs {} from {from}.",
                catalogue.role_name(&need.role),
                words::in_sentence(catalogue.competency_name(&need.document))
            ),
            effect: effect(reached.len(), kept_out.len(), &from),
            names: kept_out.iter().take(MOST_NAMED).map(|it| (it.name.clone(), why(it))).collect(),
            left_out: if left_out > 0 {
                format!("And {} more.", words::number(left_out))
            } else {
                String::new()
            },
            sent: sent.map(|name| (name, form.get(name).to_owned())).to_vec(),
        }
    }
}

/// `POST /needs/check`: whom it would keep from work, before anything is decided.
pub async fn check(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let catalogue = catalogue_of(app, &who).await?;
    let frame = who.frame(&request);
    let need = match parse_need(&form, &catalogue, local_date(who.time_zone, app.clock.now())) {
        Ok(need) => need,
        Err(errors) => return page_with_errors(&new_need_page(frame, &catalogue, &form, errors)),
    };
    let tx = &mut app.db.look(&who).await?;
    let reached = list_reached(tx, (&need.role, &need.document), need.from).await?;
    page(&CheckNeedPage::of(frame, &catalogue, &need, &reached, &form))
}

/// `POST /needs`: decides it; shows first which offers end with it and which bookings have to be looked at.
pub async fn decide(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let catalogue = catalogue_of(app, &who).await?;
    let need = match parse_need(&form, &catalogue, local_date(who.time_zone, app.clock.now())) {
        Ok(need) => need,
        Err(errors) => {
            return page_with_errors(&new_need_page(who.frame(&request), &catalogue, &form, errors));
        }
    };
    let reliants = app.reliants().with_consent_to(seen(&form));
    let pair = (need.role.as_str(), need.document.as_str());
    let decided = app.db.change(&who, async |tx| need_document(tx, &reliants, pair, need.from).await).await;
    if let Err(error) = decided {
        return ask_first(error, &request, (&who, &form), Link::new("What roles need", "/needs"));
    }
    Ok(see_told("/needs", "What the role needs is saved"))
}

/// What follows `/needs/end?`.
#[derive(Debug, Deserialize)]
pub struct EndQuery {
    #[serde(default)]
    role: Typed,
    #[serde(default)]
    document: Typed,
}

#[derive(Template)]
#[template(path = "work/standing/pages/end_need.html")]
struct EndNeedPage {
    page: PageFrame,
    caption: String,
    need: Need,
}

/// `GET /needs/end`: asks whether a role is to need a document no longer.
pub async fn end_form(
    who: Admitted,
    query: web::Query<EndQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let meant = |it: &Need| it.role == *query.role.as_str() && it.document == *query.document.as_str();
    match list_needs(tx).await?.into_iter().find(meant) {
        Some(need) => {
            let caption = format!("{}: {}", need.role_name, need.document_name);
            page(&EndNeedPage { page: who.frame(&request), caption, need })
        }
        None => Ok(see_told("/needs", "That role does not need that document")),
    }
}

/// `POST /needs/end`.
pub async fn end(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let reliants = app.reliants().with_consent_to(seen(&form));
    let pair = (form.get("role"), form.get("document"));
    let ended = app.db.change(&who, async |tx| need_no_longer(tx, &reliants, pair).await).await;
    match ended {
        Ok(()) => Ok(see_told("/needs", "The role needs that document no longer")),
        Err(FactError::NotFound) => Err(AppError::conflict(
            "That role does not need that document",
            "Somebody may have ended it before. Nothing has been changed.",
        )),
        Err(error) => ask_first(error, &request, (&who, &form), Link::new("What roles need", "/needs")),
    }
}
