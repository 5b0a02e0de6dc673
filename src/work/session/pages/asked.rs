//! Changing what a session asks for: its date, hours, roles, places and rate, as long as nobody has agreed to it. Of a series
//! this one is changed, this and the later ones, or all that are still to come.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};

use super::detail::{self, Known};
use super::post::{Grounds, PostPage, judge, load_grounds};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm};
use crate::ground::id::SessionId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::calendar::local_date;
use crate::work::session::actions::change::{AskedChange, change_asked};
use crate::work::session::forms::SessionField;
use crate::work::session::forms::like::filled_in_whole;
use crate::work::session::forms::posting::to_post;
use crate::work::session::series::Question;
use crate::work::session::store::asked::list_of_series;
use crate::work::session::{AskedSession, Session};

/// Which sessions of a series are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    This,
    Later,
    All,
}

impl Scope {
    const ALL: [Self; 3] = [Self::This, Self::Later, Self::All];

    fn code(self) -> &'static str {
        match self {
            Self::This => "this",
            Self::Later => "later",
            Self::All => "all",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::This => "This session alone",
            Self::Later => "This session and the later ones of its series",
            Self::All => "All of its series that are still to come",
        }
    }

    fn of_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|scope| scope.code() == code).unwrap_or(Self::This)
    }
}

/// What the form that changes a session shows beside that which posts one.
pub(super) struct Changing {
    /// Where it is sent.
    pub(super) href: String,
    /// The session's page.
    pub(super) back: String,
    /// Which sessions of its series are to change; none where it is alone.
    pub(super) scopes: Vec<Choice>,
}

impl Changing {
    fn of(session: &Session, chosen: &str) -> Self {
        let back = format!("/sessions/{}", session.asked.id);
        let scope = |scope: Scope| Choice::new(scope.code(), scope.name(), scope == Scope::of_code(chosen));
        let scopes = session.asked.series.map(|_| Scope::ALL.map(scope).to_vec());
        Self { href: format!("{back}/asked"), back, scopes: scopes.unwrap_or_default() }
    }
}

/// Why it can't be changed: somebody has agreed to it, or may agree to it any moment; none where it can.
fn why_it_stands(known: &Known, now: DateTime<Utc>) -> Option<&'static str> {
    if !known.session.is_wanted_at(now) {
        return Some("It has begun or was withdrawn");
    }
    (!known.booked.is_empty() || known.open_offers() > 0).then_some(
        "Somebody is booked or has an offer for it, and was asked about its date, roles and rate. Its notes and, by agreement, \
         its time can be changed; or withdraw it and post it again",
    )
}

/// `GET /sessions/{id}/asked`: the form, filled in with what it asks for.
pub async fn asked_page(
    who: Admitted,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let known = detail::load(app, &who, *id).await?;
    if let Some(why) = why_it_stands(&known, now) {
        return Ok(see_told(&known.href(), why));
    }
    let grounds = load_grounds(app, &who).await?;
    let raw = filled_in_whole(&known.session);
    let today = local_date(who.time_zone, now);
    let form = PostPage::new(who.frame(&request), raw, &grounds, &[], FieldErrors::none(), today);
    page(&form.changing(Changing::of(&known.session, "")))
}

/// What is to be asked for instead by this session and the others of its series that change with it; or what is to be mended.
type Judged = Result<Vec<AskedSession>, (Vec<Question>, FieldErrors<SessionField>)>;

fn judge_all(
    form: &RawForm,
    sessions: &[Session],
    (this, grounds): (SessionId, &Grounds),
    (who, now): (&Admitted, DateTime<Utc>),
) -> Judged {
    let mut changed = Vec::new();
    for session in sessions {
        let own = on_its_date(form, session, this);
        let (wanted, expansion) = judge(&own, grounds, who, now)?;
        let asked = to_post(&wanted, &expansion).1.into_iter().next();
        changed.extend(asked.map(|asked| AskedSession {
            id: session.asked.id,
            series: session.asked.series,
            ..asked
        }));
    }
    Ok(changed)
}

/// The form as one session of it would be posted: the practice stays, and each other session of the series stays on its date.
fn on_its_date(form: &RawForm, session: &Session, this: SessionId) -> RawForm {
    let only_of_posting = ["practice", "repeat", "date", "split", "bank-holidays"];
    let mut pairs = form.without(&only_of_posting);
    pairs.push(("practice".to_owned(), session.asked.practice.to_string()));
    if session.asked.id != this {
        pairs.retain(|(name, _)| !name.starts_with("on-"));
        let date = RawDate::of(session.asked.times.local_date);
        let boxes = [("on-day", date.day), ("on-month", date.month), ("on-year", date.year)];
        pairs.extend(boxes.map(|(name, value)| (name.to_owned(), value)));
    }
    RawForm::from_pairs(pairs)
}

/// The sessions that change: this one, and those of its series that the form names.
async fn sessions_to_change(
    app: &App,
    who: &Admitted,
    session: Session,
    scope: Scope,
) -> Result<Vec<Session>, AppError> {
    let Some(series) = session.asked.series.filter(|_| scope != Scope::This) else {
        return Ok(vec![session]);
    };
    let from = match scope {
        Scope::All => local_date(who.time_zone, app.clock.now()),
        Scope::This | Scope::Later => session.asked.times.local_date,
    };
    Ok(list_of_series(&mut app.db.look(who).await?, series, from).await?)
}

/// `POST /sessions/{id}/asked`: changes it, and of its series those that nobody has agreed to.
pub async fn change(
    AdmittedForm { who, form }: AdmittedForm,
    id: web::Path<SessionId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, id) = (app_of(&request)?, *id);
    let now = app.clock.now();
    let known = detail::load(app, &who, id).await?;
    if let Some(why) = why_it_stands(&known, now) {
        return Err(AppError::conflict("What this session asks for can’t be changed now", format!("{why}.")));
    }
    let grounds = load_grounds(app, &who).await?;
    let changing = Changing::of(&known.session, form.get("scope"));
    let sessions = sessions_to_change(app, &who, known.session, Scope::of_code(form.get("scope"))).await?;
    let asked = match judge_all(&form, &sessions, (id, &grounds), (&who, now)) {
        Ok(asked) => asked,
        Err((questions, errors)) => {
            let today = local_date(who.time_zone, now);
            let again = PostPage::new(who.frame(&request), form, &grounds, &questions, errors, today);
            return page_with_errors(&again.changing(changing));
        }
    };
    let done = app.db.change(&who, async |tx| change_asked(tx, &asked).await).await?;
    told(&changing.back, done)
}

/// What has become of it.
fn told(back: &str, AskedChange { changed, left }: AskedChange) -> Result<HttpResponse, AppError> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    match (changed, left) {
        (0, _) => Err(AppError::conflict(
            "The session has moved on",
            "Somebody was offered it, is booked or has asked for it meanwhile, or it was withdrawn. Go back to the session to see.",
        )),
        (1, 0) => Ok(see_told(back, "The session is changed")),
        (changed, 0) => Ok(see_told(back, format!("{} sessions are changed", words::number(count(changed))))),
        (changed, left) => {
            let changed = words::count(count(changed), "session is", "sessions are");
            let left = words::count(count(left), "stays as it was", "stay as they were");
            let why = "somebody is booked, was offered it or has asked for it";
            Ok(see_told(back, format!("{} changed; {left}, because {why}", words::capitalised(&changed))))
        }
    }
}
