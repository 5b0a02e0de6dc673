//! Posting a session: the form, the page that asks to check it, and the posting itself.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::app::App;
use crate::audit::{self, AuditEvent};
use crate::bank::{Catalogue, Competency, CompetencyKind, calendar};
use crate::id::{AccountId, BankId, SessionId};
use crate::practice::{self, Practice};
use crate::rate::{self, RateTable};
use crate::session::forms::{self, SENT_NAMES, SessionField, Wanted};
use crate::session::posting::{self, refusals, to_post};
use crate::session::series::{Expansion, Question};
use crate::session::{NewSession, store};
use crate::web::components::Choice;
use crate::web::errors::AppError;
use crate::web::form_fields::{FieldErrors, RawDate, RawForm};
use crate::web::frame::PageFrame;
use crate::web::guard::{CanPostSession, Guarded, GuardedForm, app_of};
use crate::web::{format, page, page_with_errors, see_other};
use crate::{bank, idempotency};

/// What a posting is judged by.
struct Desk {
    own: Vec<Practice>,
    catalogue: Catalogue,
    rates: RateTable,
}

async fn load_desk(app: &App, who: &Guarded<CanPostSession>) -> Result<Desk, AppError> {
    let (bank, membership) = (who.bank, who.membership);
    app.db
        .read(move |connection| {
            Box::pin(async move {
                Ok::<_, AppError>(Desk {
                    own: practice::store::list_practices_managed_by(connection, bank, membership).await?,
                    catalogue: bank::store::load_catalogue(connection, bank).await?,
                    rates: rate::store::load_rate_table(connection, bank).await?,
                })
            })
        })
        .await
}

/// What follows `/sessions/new?`: a date and a practice to begin with.
#[derive(Debug, Deserialize)]
pub struct NewSessionQuery {
    #[serde(default)]
    date: String,
    #[serde(default)]
    practice: String,
}

#[derive(Template)]
#[template(path = "session/post.html")]
struct PostPage {
    page: PageFrame,
    raw: RawForm,
    on: RawDate,
    until: RawDate,
    practices: Vec<Choice>,
    roles: Vec<Choice>,
    competencies: Vec<Choice>,
    priorities: Vec<Choice>,
    holidays: Vec<String>,
    holiday_choices: Vec<Choice>,
    asks_to_leave_out: bool,
    which_choices: Vec<Choice>,
    ranges: Vec<String>,
    errors: FieldErrors<SessionField>,
}

impl PostPage {
    fn new(
        page: PageFrame,
        raw: RawForm,
        desk: &Desk,
        questions: &[Question],
        errors: FieldErrors<SessionField>,
        today: NaiveDate,
    ) -> Self {
        let chosen = |name: &str, value: &str| raw.is_ticked(name, value);
        let holidays: Vec<String> = questions.iter().flat_map(holiday_lines).collect();
        let asks_which = questions.iter().any(|question| matches!(question, Question::Repeated(..)))
            || !raw.get("which").is_empty();
        let role = |role: &bank::Role| Choice::new(&role.code, &role.name, chosen("role", &role.code));
        let which = |value: &str, label: &str| Choice::new(value, label, raw.get("which") == value);
        Self {
            on: raw.date("on"),
            until: raw.date("until"),
            practices: practice_choices(&desk.own, raw.get("practice")),
            roles: desk.catalogue.roles.iter().map(role).collect(),
            competencies: competency_choices(&desk.catalogue.competencies, &raw),
            priorities: vec![
                Choice::new("normal", "Normal", raw.get("priority") != "high"),
                Choice::new("high", "High", raw.get("priority") == "high")
                    .with_hint("Filled before others, for instance when nobody else could see patients"),
            ],
            holiday_choices: if holidays.is_empty() && raw.get("bank-holidays").is_empty() {
                Vec::new()
            } else {
                vec![
                    Choice::new("no", "No, leave them out", raw.get("bank-holidays") != "yes"),
                    Choice::new("yes", "Yes, post these too", raw.get("bank-holidays") == "yes"),
                ]
            },
            holidays,
            asks_to_leave_out: questions.iter().any(|question| matches!(question, Question::Skipped(..)))
                || chosen("leave-out", "yes"),
            which_choices: if asks_which {
                vec![
                    which("first", "The first, before the clocks go back"),
                    which("second", "The second, after the clocks went back"),
                ]
            } else {
                Vec::new()
            },
            ranges: ranges_in_words(desk, today),
            page,
            raw,
            errors,
        }
    }
}

fn holiday_lines(question: &Question) -> Vec<String> {
    match question {
        Question::BankHolidays(holidays) => holidays.iter().map(holiday_line).collect(),
        Question::Skipped(..) | Question::Repeated(..) => Vec::new(),
    }
}

fn holiday_line((date, title): &(NaiveDate, String)) -> String {
    format!("{} ({title})", format::full_date(*date))
}

fn practice_choices(own: &[Practice], chosen: &str) -> Vec<Choice> {
    let one = |practice: &Practice| {
        let id = practice.id.to_string();
        let is_chosen = chosen == id || own.len() == 1;
        Choice::new(id, &practice.name, is_chosen)
    };
    let first = (own.len() > 1).then(|| Choice::new("", "Select", false));
    first.into_iter().chain(own.iter().map(one)).collect()
}

fn competency_choices(competencies: &[Competency], raw: &RawForm) -> Vec<Choice> {
    let choice = |competency: &Competency| {
        let is_ticked = raw.is_ticked("competency", &competency.code);
        let choice = Choice::new(&competency.code, &competency.name, is_ticked);
        match competency.kind {
            CompetencyKind::Skill | CompetencyKind::System => choice,
            CompetencyKind::Document => choice.with_hint("A document, in date on the day"),
        }
    };
    competencies.iter().map(choice).collect()
}

/// The ranges in force today, as the form's help: "GP core hours: £76 to £98 an hour from 1 November 2026".
fn ranges_in_words(desk: &Desk, today: NaiveDate) -> Vec<String> {
    let mut lines = Vec::new();
    for role in &desk.catalogue.roles {
        let bands = bank::Band::ALL.into_iter();
        let ranges = bands.filter_map(|band| desk.rates.in_force(&role.code, band, today));
        lines.extend(ranges.map(|range| posting::named(range, &desk.catalogue)));
    }
    lines
}

/// `GET /sessions/new`: the form.
pub async fn new_session_page(
    who: Guarded<CanPostSession>,
    query: web::Query<NewSessionQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let desk = load_desk(app, &who).await?;
    let date = query.date.parse().map(RawDate::of).unwrap_or_default();
    let begun = [
        ("practice", query.practice.as_str()),
        ("on-day", &date.day),
        ("on-month", &date.month),
        ("on-year", &date.year),
        ("places", "1"),
    ];
    let raw = begun.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let frame = who.frame(&app.settings.server.product_name, request.path());
    let today = calendar::local_date(who.time_zone, app.clock.now());
    page(&PostPage::new(frame, RawForm::from_pairs(raw), &desk, &[], FieldErrors::none(), today))
}

/// Reads and judges the form: what is wanted, written out; or the form again, with everything there is to mend.
fn judge(
    form: &RawForm,
    desk: &Desk,
    who: &Guarded<CanPostSession>,
    now: DateTime<Utc>,
) -> Result<(Wanted, Expansion), (Vec<Question>, FieldErrors<SessionField>)> {
    let wanted = forms::parse(form, &desk.own, &desk.catalogue).map_err(|errors| (Vec::new(), errors))?;
    let expansion = wanted.pattern.expand(&desk.catalogue, who.time_zone);
    let Some(practice) = desk.own.iter().find(|practice| practice.id == wanted.practice) else {
        return Err((Vec::new(), FieldErrors::one(SessionField::Practice, "Select a practice")));
    };
    let errors = refusals(&wanted, &expansion, practice, &desk.rates, &desk.catalogue, now);
    if errors.is_empty() { Ok((wanted, expansion)) } else { Err((expansion.questions, errors)) }
}

/// `POST /sessions/change`: back from the page that asks to check it, to the form as it was filled in.
pub async fn change_entries(
    GuardedForm { who, form }: GuardedForm<CanPostSession>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let desk = load_desk(app, &who).await?;
    let frame = who.frame(&app.settings.server.product_name, request.path());
    let today = calendar::local_date(who.time_zone, app.clock.now());
    page(&PostPage::new(frame, form, &desk, &[], FieldErrors::none(), today))
}

#[derive(Template)]
#[template(path = "session/check.html")]
struct CheckPage {
    page: PageFrame,
    key: SessionId,
    practice: String,
    roles: String,
    competencies: String,
    places: String,
    rate: String,
    priority: &'static str,
    notes: String,
    caption: String,
    button: String,
    dates: Vec<DateLine>,
    left_out: Vec<String>,
    sent: Vec<(&'static str, String)>,
}

/// One session to be posted.
struct DateLine {
    date: String,
    span: String,
    length: String,
    band: String,
}

/// `POST /sessions/check`: what would be posted, date by date, before anything is.
pub async fn check_session(
    GuardedForm { who, form }: GuardedForm<CanPostSession>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let desk = load_desk(app, &who).await?;
    let frame = who.frame(&app.settings.server.product_name, request.path());
    let now = app.clock.now();
    let (wanted, expansion) = match judge(&form, &desk, &who, now) {
        Ok(judged) => judged,
        Err((questions, errors)) => {
            let today = calendar::local_date(who.time_zone, now);
            return page_with_errors(&PostPage::new(frame, form, &desk, &questions, errors, today));
        }
    };
    let catalogue = &desk.catalogue;
    let practice = desk.own.iter().find(|practice| practice.id == wanted.practice);
    let roles: Vec<&str> = wanted.roles.iter().map(|role| catalogue.role_name(role)).collect();
    let needed = wanted.competencies.iter().map(|code| catalogue.competency_name(code));
    let needed: Vec<&str> = needed.collect();
    let count = i64::try_from(expansion.occurrences.len()).unwrap_or(i64::MAX);
    page(&CheckPage {
        page: frame,
        key: SessionId::new(),
        practice: practice.map(|practice| practice.name.clone()).unwrap_or_default(),
        roles: format::list_or(&roles),
        competencies: if needed.is_empty() { "None".to_owned() } else { format::list(&needed) },
        places: wanted.places.to_string(),
        rate: format::rate_span(wanted.rate_min_pence_per_hour.into(), wanted.rate_max_pence_per_hour.into()),
        priority: if wanted.priority >= forms::HIGH_PRIORITY { "High" } else { "Normal" },
        notes: wanted.notes.clone(),
        caption: format::capitalised(&format::count(count, "session", "sessions")),
        button: format!("Post {}", format::count(count, "session", "sessions")),
        dates: expansion.occurrences.iter().map(date_line).collect(),
        left_out: left_out_lines(&expansion),
        sent: sent_again(&form),
    })
}

fn date_line(occurrence: &crate::session::series::Occurrence) -> DateLine {
    let band = occurrence.band.map_or("", bank::Band::name);
    let title = occurrence.bank_holiday.as_ref();
    DateLine {
        date: occurrence.times.date_text(),
        span: occurrence.times.span_text(),
        length: format::duration(occurrence.times.minutes()),
        band: title.map_or_else(|| band.to_owned(), |title| format!("{band} ({title})")),
    }
}

fn left_out_lines(expansion: &Expansion) -> Vec<String> {
    let skipped = expansion.skipped_left_out.iter();
    let skipped =
        skipped.map(|date| format!("{}: the clocks go forward over the time", format::full_date(*date)));
    expansion.holidays_left_out.iter().map(holiday_line).chain(skipped).collect()
}

/// The form's own fields, to be sent again as they are.
fn sent_again(form: &RawForm) -> Vec<(&'static str, String)> {
    let values =
        SENT_NAMES.iter().flat_map(|name| form.all(name).into_iter().map(|value| (*name, value.to_owned())));
    values.collect()
}

/// `POST /sessions`: posts what was checked. The key of the page that asked to check it makes sure that pressing
/// twice posts once.
pub async fn post_session(
    GuardedForm { who, form }: GuardedForm<CanPostSession>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let key: SessionId = form.get("key").parse().map_err(|_no_key| AppError::ForeignForm)?;
    let key = format!("session.post:{}:{key}", who.account);
    if let Some(answer) = find_answer(app, who.bank, key.clone()).await? {
        return Ok(see_other(&answer));
    }
    let desk = load_desk(app, &who).await?;
    let now = app.clock.now();
    let (wanted, expansion) = match judge(&form, &desk, &who, now) {
        Ok(judged) => judged,
        Err((questions, errors)) => {
            let frame = who.frame(&app.settings.server.product_name, request.path());
            let today = calendar::local_date(who.time_zone, now);
            return page_with_errors(&PostPage::new(frame, form, &desk, &questions, errors, today));
        }
    };
    let first = expansion.occurrences.first().map(|one| one.times.local_date).unwrap_or_default();
    let answer = format!(
        "/sessions?week={}&done=posted&count={}",
        calendar::monday_of(first),
        expansion.occurrences.len()
    );
    let posting = Posting { bank: who.bank, by: who.account, key: key.clone(), answer: answer.clone() };
    match insert(app, posting, &wanted, &expansion, now).await {
        Ok(()) => Ok(see_other(&answer)),
        // The same form came twice at the same time, and the other was first.
        Err(error) => match find_answer(app, who.bank, key).await? {
            Some(answer) => Ok(see_other(&answer)),
            None => Err(error),
        },
    }
}

async fn find_answer(app: &App, bank: BankId, key: String) -> Result<Option<String>, AppError> {
    let found = app
        .db
        .read(move |connection| {
            Box::pin(async move {
                Ok::<_, AppError>(idempotency::store::find_result(connection, bank, &key).await?)
            })
        })
        .await?;
    Ok(found.and_then(|answer| answer.as_str().map(str::to_owned)))
}

/// Who posts, under which key, and where that leads.
#[derive(Clone)]
struct Posting {
    bank: BankId,
    by: AccountId,
    key: String,
    answer: String,
}

async fn insert(
    app: &App,
    posting: Posting,
    wanted: &Wanted,
    expansion: &Expansion,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let (series, sessions) = to_post(wanted, expansion);
    let until = expansion.occurrences.last().map(|one| one.times.local_date).unwrap_or_default();
    let practice = wanted.practice;
    app.db
        .change(move |connection| {
            let (posting, sessions) = (posting.clone(), sessions.clone());
            Box::pin(async move {
                let answer = serde_json::json!(posting.answer);
                idempotency::store::insert_result(connection, posting.bank, &posting.key, &answer, now)
                    .await?;
                if let Some(series) = series {
                    store::insert_series(connection, posting.bank, series, practice, until, now).await?;
                }
                store::insert_sessions(connection, posting.bank, &sessions, Some(posting.by), now).await?;
                for session in &sessions {
                    audit::store::insert_event(connection, &posted(&posting, session), now).await?;
                }
                Ok::<_, AppError>(())
            })
        })
        .await
}

fn posted(posting: &Posting, session: &NewSession) -> AuditEvent {
    AuditEvent {
        bank: posting.bank,
        by: Some(posting.by),
        action: "session.posted",
        subject_kind: "session",
        subject: session.id.0,
        detail: serde_json::json!({
            "practice": session.practice,
            "series": session.series,
            "starts_at": session.times.starts_at,
            "ends_at": session.times.ends_at,
            "places": session.places,
            "rate_min_pence_per_hour": session.rate_min_pence_per_hour,
            "rate_max_pence_per_hour": session.rate_max_pence_per_hour,
        }),
    }
}
