//! Posting a session: the form, read and judged.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::asked::Changing;
use super::dates::{Week, weeks};
use super::detail;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm, Typed};
use crate::ground::id::{PracticeId, SessionId};
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::people::practice::store::guide::list_guides;
use crate::people::practice::{self, Practice};
use crate::terms::bank::{self, Band, Catalogue, Competency, CompetencyKind, InUse as _, calendar};
use crate::terms::rate::{self, RateTable};
use crate::work::session::crossing::Crossing;
use crate::work::session::forms::posting::{self, refusals};
use crate::work::session::forms::{self, SessionField, Wanted};
use crate::work::session::repeat::Repeat;
use crate::work::session::series::{Expansion, Question, Which};
use crate::work::session::store::template::list_templates_managed_by;
use crate::work::session::template::SessionTemplate;

/// What a posting is judged by.
pub(super) struct Grounds {
    pub(super) own: Vec<Practice>,
    pub(super) catalogue: Catalogue,
    pub(super) rates: RateTable,
    templates: Vec<SessionTemplate>,
    /// The clinical system of each practice that says which it uses.
    systems: Vec<(PracticeId, String)>,
}

impl Grounds {
    /// The templates by name, each with its practice where there are several, where it is used, and its id.
    fn template_lines(&self) -> Vec<(String, String, String)> {
        let line = |template: &SessionTemplate| {
            let practice = self.own.iter().find(|practice| practice.id == template.practice);
            let practice = practice.filter(|_| self.own.len() > 1);
            let place = practice.map_or_else(String::new, |practice| format!(" ({})", practice.name));
            let href = format!("/sessions/new?template={}", template.id);
            (format!("{}{place}", template.name), href, template.id.to_string())
        };
        self.templates.iter().map(line).collect()
    }

    /// The form filled in from the template of that id; none where there is none.
    fn of_template(&self, id: &str) -> Option<RawForm> {
        let template = self.templates.iter().find(|template| template.id.to_string() == id)?;
        Some(RawForm::from_pairs(template.fields.clone()))
    }

    /// Has the session need the clinical system of its practice, where that says which it uses.
    fn add_own_system(&self, wanted: &mut Wanted) {
        let system = self.systems.iter().find(|(practice, _)| *practice == wanted.practice);
        if let Some((_, system)) = system.filter(|(_, system)| !wanted.competencies.contains(system)) {
            wanted.competencies.push(system.clone());
            wanted.competencies.sort();
        }
    }
}

pub(super) async fn load_grounds(app: &App, who: &Admitted) -> Result<Grounds, AppError> {
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    let own = practice::store::list_practices_managed_by(tx, membership).await?;
    let ids: Vec<PracticeId> = own.iter().map(|practice| practice.id).collect();
    let guides = list_guides(tx, &ids).await?;
    let catalogue = bank::store::load_catalogue(tx).await?;
    let system_of = |practice: &Practice| {
        let said = guides.iter().find(|(id, _)| *id == practice.id);
        let said = said.and_then(|(_, guide)| guide.clinical_system.clone());
        let system = said.or_else(|| practice.clinical_system.clone())?;
        catalogue.competency(&system).map(|_| (practice.id, system.clone()))
    };
    Ok(Grounds {
        systems: own.iter().filter_map(system_of).collect(),
        templates: list_templates_managed_by(tx, Some(membership)).await?,
        own,
        catalogue,
        rates: rate::store::load_rate_table(tx).await?,
    })
}

/// What follows `/sessions/new?`: a date and a practice to begin with, or a session or a template to post another like.
#[derive(Debug, Deserialize)]
pub struct NewSessionQuery {
    #[serde(default)]
    date: Typed,
    #[serde(default)]
    practice: Typed,
    #[serde(default)]
    like: Typed,
    #[serde(default)]
    template: Typed,
}

#[derive(Template)]
#[template(path = "work/session/pages/post.html")]
pub(super) struct PostPage {
    page: PageFrame,
    raw: RawForm,
    on: RawDate,
    until: RawDate,
    practices: Vec<Choice>,
    /// Each with where it is used, and its id.
    templates: Vec<(String, String, String)>,
    roles: Vec<Choice>,
    competencies: Vec<Choice>,
    /// Which system each practice uses; "" where none says so.
    own_systems: String,
    /// Whom nothing can be posted for, in a sentence.
    role_hint: String,
    band_rates: Vec<BandRate>,
    has_band_rates: bool,
    priorities: Vec<Choice>,
    /// Whose sessions name who supervises; "" where no role's do.
    supervisor_hint: String,
    repeats: Vec<Choice>,
    weeks: Vec<Week>,
    /// Picked dates that are not among those shown.
    elsewhere: Vec<String>,
    has_picked: bool,
    holiday_choices: Vec<Choice>,
    asks_to_leave_out: bool,
    which_choices: Vec<Choice>,
    ranges: Vec<String>,
    bands: Vec<String>,
    change: Option<BandChange>,
    /// Where it changes a session instead of posting one.
    changing: Option<Changing>,
    errors: FieldErrors<SessionField>,
}

/// A band that may have its own rate.
struct BandRate {
    label: String,
    most_label: String,
    names: (&'static str, &'static str),
}

impl BandRate {
    fn of(band: Band) -> Self {
        let name = band.within_a_sentence();
        Self {
            label: format!("Rate for {name}"),
            most_label: format!("Highest rate for {name} (optional)"),
            names: forms::band_rate_names(band),
        }
    }
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
        let asks_which = questions.iter().any(|question| matches!(question, Question::Repeated(..)))
            || !raw.get("which").is_empty();
        let (roles, without) = role_choices(grounds, &raw, today);
        let (weeks, elsewhere) = weeks(&raw, today, &grounds.catalogue);
        let band_rates: Vec<BandRate> = Band::ALL.into_iter().map(BandRate::of).collect();
        let is_used = |name: &str| !raw.get(name).is_empty() || !errors.of(name).is_empty();
        Self {
            on: raw.date("on"),
            until: raw.date("until"),
            practices: practice_choices(&grounds.own, raw.get("practice")),
            templates: grounds.template_lines(),
            roles,
            role_hint: role_hint(&without),
            own_systems: systems_in_words(grounds),
            has_band_rates: band_rates.iter().any(|rate| is_used(rate.names.0) || is_used(rate.names.1)),
            band_rates,
            repeats: repeat_choices(raw.get("repeat")),
            supervisor_hint: forms::supervisor_hint(&grounds.catalogue.supervised_on(today)),
            has_picked: !raw.all("date").is_empty() || !errors.of("date").is_empty(),
            weeks,
            elsewhere,
            competencies: competency_choices(&grounds.catalogue.competencies, &raw, today),
            priorities: vec![
                Choice::new("normal", "Normal", raw.get("priority") != "high"),
                Choice::new("high", "High", raw.get("priority") == "high")
                    .with_hint("Filled before others, for instance when nobody else could see patients"),
            ],
            holiday_choices: vec![
                Choice::new("no", "No, leave them out", raw.get("bank-holidays") != "yes"),
                Choice::new("yes", "Yes, post these too", raw.get("bank-holidays") == "yes")
                    .with_hint("They are paid the rate for Sunday or bank holiday, above"),
            ],
            asks_to_leave_out: questions.iter().any(|question| matches!(question, Question::Skipped(..)))
                || chosen("leave-out", "yes"),
            which_choices: if asks_which { which_choices(&raw) } else { Vec::new() },
            ranges: ranges_in_words(grounds, today),
            bands: grounds.catalogue.bands_in_words(),
            change: BandChange::of(&raw, &grounds.catalogue),
            changing: None,
            page,
            raw,
            errors,
        }
    }
}

impl PostPage {
    /// The same form, to change a session.
    pub(super) fn changing(self, changing: Changing) -> Self {
        // Of one session there is one band.
        Self { change: None, changing: Some(changing), ..self }
    }
}

pub(super) fn holiday_line((date, title): &(NaiveDate, String)) -> String {
    format!("{} ({title})", words::full_date(*date))
}

fn repeat_choices(chosen: &str) -> Vec<Choice> {
    let once = Choice::new("", "Not repeated", Repeat::of_code(chosen).is_none());
    let each = |rule: Repeat| Choice::new(rule.code(), rule.name(), chosen == rule.code());
    std::iter::once(once).chain(Repeat::ALL.map(each)).collect()
}

/// The roles that a session can be posted for, and the names of those for which there is no rate range yet.
fn role_choices(grounds: &Grounds, raw: &RawForm, today: NaiveDate) -> (Vec<Choice>, Vec<String>) {
    let with_range = grounds.rates.roles();
    let is_ticked = |role: &bank::Role| raw.is_ticked("role", &role.code);
    let used = grounds.catalogue.roles.iter().filter(|role| role.is_used_on(today));
    let (open, without): (Vec<_>, Vec<_>) =
        used.partition(|role| with_range.contains(&role.code.as_str()) || is_ticked(role));
    let choices = open.into_iter().map(|role| Choice::new(&role.code, &role.name, is_ticked(role)));
    (choices.collect(), without.into_iter().map(|role| role.name.clone()).collect())
}

fn role_hint(without: &[String]) -> String {
    if without.is_empty() {
        return "Select every role that can".to_owned();
    }
    let names = words::list_or(without);
    format!(
        "Select every role that can. Nothing can be posted for {names}: your commissioner has set no rate range"
    )
}

/// "SystmOne at Orchid House Surgery".
fn systems_in_words(grounds: &Grounds) -> String {
    let one = |(id, system): &(PracticeId, String)| {
        let practice = grounds.own.iter().find(|practice| practice.id == *id)?;
        Some(format!("{} at {}", grounds.catalogue.competency_name(system), practice.name))
    };
    words::list(&grounds.systems.iter().filter_map(one).collect::<Vec<_>>())
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
        let bands = Band::ALL.into_iter();
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
    let raw = match query.like.parse::<SessionId>() {
        Ok(like) => forms::like::filled_in_like(&detail::load(app, &who, like).await?.session),
        Err(_none) => begun(&query),
    };
    let grounds = load_grounds(app, &who).await?;
    let raw = grounds.of_template(query.template.as_str()).unwrap_or(raw);
    let frame = who.frame(&request);
    let today = calendar::local_date(who.time_zone, app.clock.now());
    page(&PostPage::new(frame, raw, &grounds, &[], FieldErrors::none(), today))
}

/// The form of somebody who begins: one place, and the practice's own clinical system.
fn begun(query: &NewSessionQuery) -> RawForm {
    let date = query.date.parse().map(RawDate::of).unwrap_or_default();
    let begun = [
        ("practice", query.practice.as_str()),
        ("on-day", &date.day),
        ("on-month", &date.month),
        ("on-year", &date.year),
        ("places", "1"),
        ("own-system", "yes"),
    ];
    RawForm::from_pairs(begun.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
}

/// Reads and judges the form: what is wanted, written out; or the form again, with everything there is to mend.
pub(super) fn judge(
    form: &RawForm,
    grounds: &Grounds,
    who: &Admitted,
    now: DateTime<Utc>,
) -> Result<(Wanted, Expansion), (Vec<Question>, FieldErrors<SessionField>)> {
    let mut wanted =
        forms::parse(form, &grounds.own, &grounds.catalogue).map_err(|errors| (Vec::new(), errors))?;
    if form.is_ticked("own-system", "yes") {
        grounds.add_own_system(&mut wanted);
    }
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
