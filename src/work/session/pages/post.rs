//! Posting a session: the form, read and judged.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm, Typed};
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::people::practice::{self, Practice};
use crate::terms::bank::{self, Catalogue, Competency, CompetencyKind, InUse as _, calendar};
use crate::terms::rate::{self, RateTable};
use crate::work::session::crossing::Crossing;
use crate::work::session::forms::posting::{self, refusals};
use crate::work::session::forms::{self, SessionField, Wanted};
use crate::work::session::series::{Expansion, Question, Which};

/// What a posting is judged by.
pub(super) struct Grounds {
    pub(super) own: Vec<Practice>,
    pub(super) catalogue: Catalogue,
    rates: RateTable,
}

pub(super) async fn load_grounds(app: &App, who: &Admitted) -> Result<Grounds, AppError> {
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    Ok::<_, AppError>(Grounds {
        own: practice::store::list_practices_managed_by(tx, membership).await?,
        catalogue: bank::store::load_catalogue(tx).await?,
        rates: rate::store::load_rate_table(tx).await?,
    })
}

/// What follows `/sessions/new?`: a date and a practice to begin with.
#[derive(Debug, Deserialize)]
pub struct NewSessionQuery {
    #[serde(default)]
    date: Typed,
    #[serde(default)]
    practice: Typed,
}

#[derive(Template)]
#[template(path = "work/session/pages/post.html")]
pub(super) struct PostPage {
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
    bands: Vec<String>,
    change: Option<BandChange>,
    errors: FieldErrors<SessionField>,
}

/// What the form says where the band changes while the session goes on.
struct BandChange {
    sentence: String,
    /// "Post two sessions instead: …"; "" where two are not enough.
    label: String,
    /// "from 6:30pm on".
    from: String,
}

impl BandChange {
    fn of(raw: &RawForm, catalogue: &Catalogue) -> Option<Self> {
        let crossing = Crossing::of_pattern(catalogue, &forms::typed_pattern(raw)?)?;
        Some(Self {
            sentence: crossing.sentence(),
            label: crossing
                .two_sessions()
                .map_or_else(String::new, |two| format!("Post two sessions instead: {two}")),
            from: format!("from {} on", words::time_of_day(crossing.time)),
        })
    }
}

impl PostPage {
    pub(super) fn new(
        page: PageFrame,
        raw: RawForm,
        grounds: &Grounds,
        questions: &[Question],
        errors: FieldErrors<SessionField>,
        today: NaiveDate,
    ) -> Self {
        let chosen = |name: &str, value: &str| raw.is_ticked(name, value);
        let holidays: Vec<String> = questions.iter().flat_map(holiday_lines).collect();
        let asks_which = questions.iter().any(|question| matches!(question, Question::Repeated(..)))
            || !raw.get("which").is_empty();
        let role = |role: &bank::Role| Choice::new(&role.code, &role.name, chosen("role", &role.code));
        Self {
            on: raw.date("on"),
            until: raw.date("until"),
            practices: practice_choices(&grounds.own, raw.get("practice")),
            roles: grounds.catalogue.roles.iter().filter(|role| role.is_used_on(today)).map(role).collect(),
            competencies: competency_choices(&grounds.catalogue.competencies, &raw, today),
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
            which_choices: if asks_which { which_choices(&raw) } else { Vec::new() },
            ranges: ranges_in_words(grounds, today),
            bands: grounds.catalogue.bands_in_words(),
            change: BandChange::of(&raw, &grounds.catalogue),
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

pub(super) fn holiday_line((date, title): &(NaiveDate, String)) -> String {
    format!("{} ({title})", words::full_date(*date))
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

fn competency_choices(competencies: &[Competency], raw: &RawForm, today: NaiveDate) -> Vec<Choice> {
    let choice = |competency: &Competency| {
        let is_ticked = raw.is_ticked("competency", &competency.code);
        let choice = Choice::new(&competency.code, &competency.name, is_ticked);
        match competency.kind {
            CompetencyKind::Skill | CompetencyKind::System => choice,
            CompetencyKind::Document => choice.with_hint("A document, in date on the day"),
        }
    };
    competencies.iter().filter(|competency| competency.is_used_on(today)).map(choice).collect()
}

/// The ranges in force today, as the form's help: "GP core hours: £76 to £98 an hour from 1 November 2026".
fn ranges_in_words(grounds: &Grounds, today: NaiveDate) -> Vec<String> {
    let mut lines = Vec::new();
    for role in grounds.catalogue.roles.iter().filter(|role| role.is_used_on(today)) {
        let bands = bank::Band::ALL.into_iter();
        let ranges = bands.filter_map(|band| grounds.rates.in_force(&role.code, band, today));
        lines.extend(ranges.map(|range| posting::named(range, &grounds.catalogue)));
    }
    lines
}

/// `GET /sessions/new`: the form.
pub async fn new_session_page(
    who: Admitted,
    query: web::Query<NewSessionQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let grounds = load_grounds(app, &who).await?;
    let date = query.date.parse().map(RawDate::of).unwrap_or_default();
    let begun = [
        ("practice", query.practice.as_str()),
        ("on-day", &date.day),
        ("on-month", &date.month),
        ("on-year", &date.year),
        ("places", "1"),
    ];
    let raw = begun.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let frame = who.frame(&request);
    let today = calendar::local_date(who.time_zone, app.clock.now());
    page(&PostPage::new(frame, RawForm::from_pairs(raw), &grounds, &[], FieldErrors::none(), today))
}

/// Reads and judges the form: what is wanted, written out; or the form again, with everything there is to mend.
pub(super) fn judge(
    form: &RawForm,
    grounds: &Grounds,
    who: &Admitted,
    now: DateTime<Utc>,
) -> Result<(Wanted, Expansion), (Vec<Question>, FieldErrors<SessionField>)> {
    let wanted =
        forms::parse(form, &grounds.own, &grounds.catalogue).map_err(|errors| (Vec::new(), errors))?;
    let mut expansion = wanted.pattern.expand(&grounds.catalogue, who.time_zone);
    if wanted.after_change.is_some() {
        expansion = expansion.in_two(&grounds.catalogue);
    }
    let Some(practice) = grounds.own.iter().find(|practice| practice.id == wanted.practice) else {
        return Err((Vec::new(), FieldErrors::one(SessionField::Practice, "Select a practice")));
    };
    let errors = refusals(&wanted, &expansion, practice, &grounds.rates, &grounds.catalogue, now);
    if errors.is_empty() { Ok((wanted, expansion)) } else { Err((expansion.questions, errors)) }
}

/// `POST /sessions/change`: back from the page that asks to check it, to the form as it was filled in.
pub async fn change_entries(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let grounds = load_grounds(app, &who).await?;
    let frame = who.frame(&request);
    let today = calendar::local_date(who.time_zone, app.clock.now());
    page(&PostPage::new(frame, form, &grounds, &[], FieldErrors::none(), today))
}

/// The choices between the two instants of a time that the clocks repeat.
pub(super) fn which_choices(raw: &RawForm) -> Vec<Choice> {
    let which =
        |which: Which, label: &str| Choice::new(which.code(), label, raw.get("which") == which.code());
    vec![
        which(Which::First, "The first, before the clocks go back (summer time)"),
        which(Which::Second, "The second, after the clocks went back (winter time)"),
    ]
}
