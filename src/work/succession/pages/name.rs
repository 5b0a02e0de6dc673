//! `/practices/{id}/successor`: an administrator names who takes a practice's place, and sees first what goes over.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::db::Tx;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::PracticeId;
use crate::ground::web::ask_first::seen;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::clinician::PreferenceKind;
use crate::people::practice::Practice;
use crate::people::practice::store::{find_practice, list_practices_called, successor::find_successor};
use crate::people::practice::successor::Successor;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::session::store::closing::Beyond;
use crate::work::succession::actions::{NotNamed, name_successor};
use crate::work::succession::forms::{SuccessorField, parse_successor, successor_typed};
use crate::work::succession::{Carried, CarriedOver, Wish};

#[derive(Template)]
#[template(path = "work/succession/pages/name.html")]
struct NamePage {
    page: PageFrame,
    practice: Practice,
    last_day: String,
    proposed: String,
    typed: String,
    errors: FieldErrors<SuccessorField>,
}

impl NamePage {
    fn new(
        page: PageFrame,
        practice: Practice,
        proposed: Option<&Successor>,
        (typed, errors): (Option<&str>, FieldErrors<SuccessorField>),
    ) -> Self {
        let code = proposed.map_or("", |it| it.successor_code.as_str());
        Self {
            page,
            last_day: practice.closed_on.map(words::date_without_weekday).unwrap_or_default(),
            proposed: proposed.map(|it| it.successor_name.clone()).unwrap_or_default(),
            typed: typed.unwrap_or(code).to_owned(),
            practice,
            errors,
        }
    }
}

/// The practice, and who is proposed to take its place. Refused where somebody has been named.
async fn undecided(tx: &mut Tx, id: PracticeId) -> Result<(Practice, Option<Successor>), AppError> {
    let practice = find_practice(tx, id).await?.ok_or(AppError::NotFound)?;
    match find_successor(tx, id).await? {
        Some(named) if named.named_at.is_some() => Err(named_before(&named.successor_name)),
        proposed => Ok((practice, proposed)),
    }
}

fn named_before(successor: &str) -> AppError {
    AppError::conflict(
        format!("{successor} takes the place of this practice"),
        "That was decided before, and is decided once. Nothing has been changed.",
    )
}

/// `GET /practices/{id}/successor`: the form, filled in with whom the register proposes.
pub async fn name_form(
    who: Admitted,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let (practice, proposed) = undecided(tx, *id).await?;
    let blank = (None, FieldErrors::none());
    page(&NamePage::new(who.frame(&request), practice, proposed.as_ref(), blank))
}

#[derive(Template)]
#[template(path = "work/succession/pages/check.html")]
struct CheckPage {
    page: PageFrame,
    practice: Practice,
    successor: Practice,
    goes_over: Vec<String>,
    sessions: Vec<(String, String)>,
    left_out: String,
    stays: Vec<(String, String)>,
    also: Vec<String>,
    seen: String,
}

/// So many sessions are listed; the number says how many there are.
const MOST_LISTED: usize = 100;

fn count(number: usize, one: &str, many: &str) -> String {
    words::count(i64::try_from(number).unwrap_or(i64::MAX), one, many)
}

fn when(session: &Beyond) -> String {
    let day = words::short_date(words::london_date(session.starts_at));
    format!("{day}, {}", words::time_span(session.starts_at, session.ends_at))
}

fn becomes(carried: &Carried) -> String {
    match (carried.session.is_withdrawn, carried.booked) {
        (true, _) => "Withdrawn by the closing; open again".to_owned(),
        (false, 0) => "Open".to_owned(),
        (false, 1) => "1 person booked, to whom we write".to_owned(),
        (false, many) => format!("{many} people booked, to whom we write"),
    }
}

/// What goes over, a line a kind.
fn goes_over(done: &CarriedOver) -> Vec<String> {
    let managers = match done.managers.as_slice() {
        [] => "No manager: whoever manages it manages the other already, or nobody does".to_owned(),
        names => format!("{}: {}", count(names.len(), "manager", "managers"), words::list(names)),
    };
    let prefer = done.count_preferences(PreferenceKind::Preferred);
    let refuse = done.count_preferences(PreferenceKind::Refused);
    let some =
        |many: usize, one: &str, more: &str| (many > 0).then(|| words::capitalised(&count(many, one, more)));
    let sessions = format!(
        "{}, with {}",
        count(done.sessions.len(), "session", "sessions"),
        count(done.booked(), "booking", "bookings")
    );
    let said = [
        some(done.refusals.len(), "clinician whom it does not take", "clinicians whom it does not take"),
        some(prefer, "clinician who prefers it", "clinicians who prefer it"),
        some(refuse, "clinician who will not work there", "clinicians who will not work there"),
    ];
    [words::capitalised(&sessions), managers].into_iter().chain(said.into_iter().flatten()).collect()
}

/// What falls with it, and what stays as it is.
fn also(done: &CarriedOver) -> Vec<String> {
    let number = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
    let line = |many: i64, one: &str, more: &str| {
        (many > 0).then(|| words::capitalised(&words::count(many, one, more)))
    };
    let lines = [
        line(number(done.fallout.offers.len()), "offer ends", "offers end"),
        line(
            number(done.fallout.flagged.len()),
            "booking has to be looked at",
            "bookings have to be looked at",
        ),
        line(
            done.said_otherwise,
            "clinician says something else of it already, which stays",
            "clinicians say something else of it already, which stays",
        ),
    ];
    lines.into_iter().flatten().collect()
}

impl CheckPage {
    fn of(page: PageFrame, (practice, successor): (Practice, Practice), done: &CarriedOver) -> Self {
        let listed = done.sessions.iter().take(MOST_LISTED);
        let left_out = done.sessions.len().saturating_sub(MOST_LISTED);
        Self {
            page,
            goes_over: goes_over(done),
            sessions: listed.map(|it| (when(&it.session), becomes(it))).collect(),
            left_out: if left_out > 0 { format!("And {left_out} more.") } else { String::new() },
            stays: done.stays.iter().map(|it| (when(&it.session), it.why.clone())).collect(),
            also: also(done),
            seen: done.name(),
            practice,
            successor,
        }
    }
}

/// `POST /practices/{id}/successor`: shows what goes over, and carries it over once that has been seen.
pub async fn name(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<PracticeId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, frame, typed) = (app_of(&request)?, who.frame(&request), successor_typed(&form));
    let (practice, proposed, found) = {
        let tx = &mut app.db.look(&who).await?;
        let (practice, proposed) = undecided(tx, *id).await?;
        (practice, proposed, list_practices_called(tx, &typed).await?)
    };
    let successor = match parse_successor(&typed, &found) {
        Ok(successor) => successor,
        Err(errors) => return again(frame, (practice, proposed), &form, errors),
    };
    let (desk, seen) = (Desk::of(app), seen(&form).to_owned());
    let wish = Wish { practice: practice.id, successor: successor.id, seen };
    match app.db.change(&who, async |tx| name_successor(tx, &desk, &wish).await).await {
        Ok(_) => Ok(see_told(&format!("/practices/{}", successor.id), taken(&practice, &successor))),
        Err(NotNamed::AskFirst(done)) => page(&CheckPage::of(frame, (practice, successor), &done)),
        Err(NotNamed::Unfit(unfit)) => {
            let errors = FieldErrors::one(SuccessorField::Successor, unfit.sentence());
            again(frame, (practice, proposed), &form, errors)
        }
        Err(error) => Err(error.into()),
    }
}

fn taken(practice: &Practice, successor: &Practice) -> String {
    format!(
        "{} takes the place of {}. Everybody whom it concerns is written to.",
        successor.name, practice.name
    )
}

fn again(
    frame: PageFrame,
    (practice, proposed): (Practice, Option<Successor>),
    form: &RawForm,
    errors: FieldErrors<SuccessorField>,
) -> Result<HttpResponse, AppError> {
    let typed = Some(form.get("successor"));
    page_with_errors(&NamePage::new(frame, practice, proposed.as_ref(), (typed, errors)))
}

impl From<NotNamed> for AppError {
    fn from(error: NotNamed) -> Self {
        match error {
            NotNamed::Named(successor) => named_before(&successor),
            NotNamed::NotFound | NotNamed::Desk(DeskError::NotFound) => Self::NotFound,
            NotNamed::Desk(DeskError::Database(error)) => error.into(),
            NotNamed::Desk(error) => Self::internal("carrying a practice over", error),
            NotNamed::Unfit(_) | NotNamed::AskFirst(_) => {
                Self::conflict("More goes over than you were shown", "Go back and look again.")
            }
        }
    }
}
