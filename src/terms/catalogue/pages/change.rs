//! A role or a competency is added or changed: the form, what it touches, and the decision.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::ground::app::App;
use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm, Typed};
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::calendar::local_date;
use crate::terms::catalogue::actions::{NotKept, Wish, keep_term};
use crate::terms::catalogue::forms::{self, TermField};
use crate::terms::catalogue::store::{self, Touched};
use crate::terms::catalogue::{Standing, Term, TermKind, differences};

/// What follows `/bank/roles/change?`: which of the two, and the code of the one that is to change.
#[derive(Debug, Deserialize)]
pub struct ChangeQuery {
    #[serde(default)]
    kind: Typed,
    #[serde(default)]
    code: Typed,
}

#[derive(Template)]
#[template(path = "terms/catalogue/pages/change.html")]
struct ChangePage {
    page: PageFrame,
    title: String,
    is_role: bool,
    is_new: bool,
    sorts: Vec<Choice>,
    until: RawDate,
    raw: RawForm,
    errors: FieldErrors<TermField>,
}

impl ChangePage {
    fn new(page: PageFrame, before: Option<&Standing>, raw: RawForm, errors: FieldErrors<TermField>) -> Self {
        let is_role = TermKind::of_code(raw.get("kind")) == TermKind::Role;
        let sort =
            |kind: CompetencyKind| Choice::new(kind.code(), kind.name(), raw.get("sort") == kind.code());
        let title = match before {
            Some(standing) => standing.term.name().to_owned(),
            None if is_role => "Add a role".to_owned(),
            None => "Add a competency".to_owned(),
        };
        let sorts = CompetencyKind::ALL.map(sort).to_vec();
        Self { page, title, is_role, is_new: before.is_none(), sorts, until: raw.date("until"), raw, errors }
    }
}

/// The term that a form names; none of a new one.
async fn standing_of(tx: &mut Tx, kind: TermKind, code: &str) -> Result<Option<Standing>, AppError> {
    if code.is_empty() {
        return Ok(None);
    }
    let found = store::list(tx, kind).await?.into_iter().find(|standing| standing.code == code);
    found.map(Some).ok_or(AppError::NotFound)
}

/// `GET /bank/roles/change`: the form, filled in with what counts.
pub async fn change_page(
    who: Admitted,
    query: web::Query<ChangeQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let kind = TermKind::of_code(query.kind.as_str());
    let before = standing_of(&mut app.db.look(&who).await?, kind, query.code.as_str()).await?;
    let raw = forms::filled_in(kind, before.as_ref());
    page(&ChangePage::new(who.frame(&request), before.as_ref(), raw, FieldErrors::none()))
}

/// What was sent: what stands, and what is wanted instead; or the form again.
async fn read(
    (app, who): (&App, &Admitted),
    request: &HttpRequest,
    form: &RawForm,
) -> Result<Result<(Option<Standing>, Wish), HttpResponse>, AppError> {
    let today = local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(who).await?;
    let before = standing_of(tx, TermKind::of_code(form.get("kind")), form.get("code")).await?;
    match forms::parse(form, before.as_ref().map(|standing| &standing.term), today) {
        Ok(wish) => Ok(Ok((before, wish))),
        Err(errors) => {
            let again = ChangePage::new(who.frame(request), before.as_ref(), form.clone(), errors);
            page_with_errors(&again).map(Err)
        }
    }
}

#[derive(Template)]
#[template(path = "terms/catalogue/pages/check.html")]
struct CheckPage {
    page: PageFrame,
    back: String,
    changes: Vec<String>,
    effects: Vec<String>,
    why: String,
    sent: Vec<(String, String)>,
}

/// `POST /bank/roles/check`: what the change would touch, before it is made.
pub async fn check(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (before, wish) = match read((app, &who), &request, &form).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let today = local_date(who.time_zone, app.clock.now());
    let effects = effects(&mut app.db.look(&who).await?, before.as_ref(), &wish, today).await?;
    page(&CheckPage {
        page: who.frame(&request),
        back: super::list::change_href(wish.term.kind(), form.get("code")),
        changes: differences(before.as_ref().map(|standing| &standing.term), &wish.term),
        effects,
        why: wish.why,
        sent: form.without(&["csrf_token"]),
    })
}

/// What a change touches, a sentence each.
async fn effects(
    tx: &mut Tx,
    before: Option<&Standing>,
    wish: &Wish,
    today: NaiveDate,
) -> Result<Vec<String>, DbError> {
    let Some(before) = before else { return Ok(vec![new_sentence(&wish.term)]) };
    let mut sentences = Vec::new();
    if before.term.name() != wish.term.name() {
        let people = words::count(before.people, "person has it", "people have it");
        sentences.push(format!(
            "Pages and emails call it {} from now on: {people}. Emails that were sent keep what they say.",
            wish.term.name()
        ));
    }
    if let (Term::Role(was), Term::Role(is)) = (&before.term, &wish.term)
        && was.register != is.register
    {
        let numbers = store::list_numbers(tx, &before.code).await?;
        sentences.push(numbers_sentence(is, &numbers));
    }
    if let (Term::Role(was), Term::Role(is)) = (&before.term, &wish.term)
        && was.needs_supervisor != is.needs_supervisor
    {
        let without = store::count_unsupervised(tx, &before.code).await?;
        sentences.push(supervisor_sentence(is.needs_supervisor, without));
    }
    if let Some(last) = wish.term.used_until().filter(|_| before.term.used_until() != wish.term.used_until())
    {
        let kind = wish.term.kind();
        let touched = store::count_touched(tx, (kind, &before.code), last.max(today)).await?;
        sentences.push(until_sentence(kind, last, touched));
    }
    if sentences.is_empty() {
        sentences.push("Sessions and people that have it stay as they are.".to_owned());
    }
    Ok(sentences)
}

fn new_sentence(term: &Term) -> String {
    match term {
        Term::Role(_) => "People can be invited and join with it from now on. Practices can post sessions for it once your \
                          commissioner has published a rate range for it."
            .to_owned(),
        Term::Competency(it) if it.kind == CompetencyKind::Document => {
            "People can hand it in from now on. Who needs it is decided in “What roles need”.".to_owned()
        }
        Term::Competency(_) => {
            "People can say that they have it, and practices can ask for it, from now on. Until people do, nobody fits a \
             session that asks for it."
                .to_owned()
        }
    }
}

/// How many of the numbers on record have not the new form.
fn numbers_sentence(role: &crate::terms::catalogue::RoleTerm, numbers: &[String]) -> String {
    let fits = |number: &&String| role.register.as_ref().is_some_and(|register| register.form.fits(number));
    let others = numbers.iter().filter(|number| !fits(number)).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    format!(
        "{} on record, {} of them not of the new form. What is on record stays; whoever enters a number from now on is asked \
         for the new form.",
        words::capitalised(&words::count(count(numbers.len()), "number is", "numbers are")),
        words::number(count(others))
    )
}

/// What follows where sessions have, or have not, to name who supervises.
fn supervisor_sentence(is_needed: bool, without: i64) -> String {
    if !is_needed {
        return "Practices do not have to name who supervises any more. What they have named stays."
            .to_owned();
    }
    let lack = words::count(without, "open session has no supervisor", "open sessions have no supervisor");
    format!(
        "Sessions posted or changed from now on have to name who supervises. {}: they stay as they are until their practice \
         changes them, and their pages say that nobody is named.",
        words::capitalised(&lack)
    )
}

fn until_sentence(kind: TermKind, last: NaiveDate, touched: Touched) -> String {
    let day = words::date_without_weekday(last);
    let rule = match kind {
        TermKind::Role => {
            format!("No session after {day} can be posted for it, and nobody can join with it then.")
        }
        TermKind::Competency => {
            format!("No session after {day} can ask for it, and nobody can choose it then.")
        }
    };
    let stay = if touched.sessions == 0 {
        "No open session after that day asks for it.".to_owned()
    } else {
        format!(
            "{} after that day, {} of them with somebody booked: they stay as they are, until their practice withdraws them.",
            words::capitalised(&words::count(
                touched.sessions,
                "open session asks for it",
                "open sessions ask for it"
            )),
            words::number(touched.booked)
        )
    };
    format!("{rule} {stay}")
}

/// `POST /bank/roles`: decides it, or says what somebody else has decided since.
pub async fn save(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (before, wish) = match read((app, &who), &request, &form).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let kept = app.db.change(&who, async |tx| keep_term(tx, &wish).await).await;
    let name = wish.term.name();
    match kept {
        Ok(_) => Ok(see_told("/bank/roles", format!("{name} is saved"))),
        Err(NotKept::Same) => Ok(see_told("/bank/roles", format!("{name} says that already"))),
        Err(refused) => {
            let errors = to_mend(refused, name)?;
            page_with_errors(&ChangePage::new(who.frame(&request), before.as_ref(), form, errors))
        }
    }
}

/// What is to be mended in the form, where that is possible.
fn to_mend(refused: NotKept, name: &str) -> Result<FieldErrors<TermField>, AppError> {
    match refused {
        NotKept::NameTaken => {
            let sentence = format!("There is a {name} already: enter another name");
            Ok(FieldErrors::one(TermField::Name, sentence))
        }
        NotKept::Needed(roles) => {
            let roles = words::list(&roles);
            let sentence = format!("{roles} needs it: end that first in “What roles need”");
            Ok(FieldErrors::one(TermField::Until, sentence))
        }
        NotKept::Since | NotKept::Same => Err(AppError::conflict(
            format!("Somebody has changed {name} meanwhile"),
            "Nothing was changed by you. Open it again from “Roles and competencies”, see what it says now, and decide then.",
        )),
        NotKept::NotFound => Err(AppError::NotFound),
        NotKept::Database(error) => Err(error.into()),
    }
}
