//! The preview of a plan: how good it is, and each day's pairs and empty sessions.

use actix_web::HttpResponse;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::answers::AnswersShown;
use super::quality::{Quality, quality_of};
use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::id::SessionId;
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::Admitted;
use crate::ground::web::page;
use crate::ground::words;
use crate::terms::bank::{self, Role};
use crate::work::booking::store::plan_answers::{count_answers_of_plan, list_not_answered};
use crate::work::planning::likely::unlikely;
use crate::work::planning::remedy::{self, RemedyLine};
use crate::work::planning::store::left_out::{LeftOutRow, list_left_out_before};
use crate::work::planning::store::pairs::{self, Day, PairRow, Standing};
use crate::work::planning::store::spread::list_spread;
use crate::work::planning::store::unfilled::{UnfilledRow, list_unfilled_of_day};
use crate::work::planning::{Outcome, PlanState, PlanSummary, why};

/// What follows `/matching/{id}?`.
#[derive(Debug, Deserialize)]
pub struct PlanQuery {
    pub(crate) day: Option<NaiveDate>,
}

/// How a plan stands.
pub(super) fn tag_of(state: PlanState) -> Tag {
    match state {
        PlanState::Running => Tag::new("Running", TagColour::Blue),
        PlanState::Ready => Tag::new("Ready to publish", TagColour::Yellow),
        PlanState::Failed => Tag::new("No plan", TagColour::Red),
        PlanState::Published => Tag::new("Published", TagColour::Green),
        PlanState::Discarded => Tag::new("Set aside", TagColour::Grey),
    }
}

/// One day in the list of days.
struct DayLine {
    name: String,
    href: String,
    proposed: String,
    booked: String,
    empty: String,
    is_shown: bool,
}

struct PairLine {
    value: String,
    time: String,
    session_href: String,
    practice: String,
    clinician: String,
    clinician_href: String,
    role: String,
    rate: String,
    pay: String,
    travel: String,
    why: String,
    tag: Option<Tag>,
    can_be_left_out: bool,
    is_left_out: bool,
    /// Why, as a sentence, where it was said.
    left_out_why: String,
    /// Who would be next, and what that would cost; empty where that was not kept.
    next: String,
    /// Why the offer is unlikely to be accepted; empty where nothing tells so.
    unlikely: String,
}

/// Somebody who was left out of a session before the plan was made.
struct LeftOutLine {
    value: String,
    time: String,
    session_href: String,
    practice: String,
    clinician: String,
    clinician_href: String,
    why: String,
}

struct EmptyLine {
    time: String,
    session_href: String,
    practice: String,
    needs: String,
    rate: String,
    places: String,
    reason: &'static str,
    blocked: Vec<String>,
    next_step: &'static str,
    remedies: Vec<RemedyLine>,
}

#[derive(Template)]
#[template(path = "work/planning/pages/plan.html")]
struct PlanPage {
    page: PageFrame,
    id: String,
    dates: String,
    tag: Tag,
    history: String,
    is_ready: bool,
    quality: Quality,
    to_offer: String,
    left_out: String,
    days: Vec<DayLine>,
    day: String,
    day_name: String,
    previous: Option<(String, String)>,
    next: Option<(String, String)>,
    pairs: Vec<PairLine>,
    empty: Vec<EmptyLine>,
    left_out_before: Vec<LeftOutLine>,
    /// How many sessions of the dates a round decides; empty where none.
    left_to_round: String,
    answers: Option<AnswersShown>,
}

/// A plan that came to something, on one of its days.
pub(super) async fn show(
    app: &App,
    who: &Admitted,
    frame: PageFrame,
    plan: &PlanSummary,
    outcome: &Outcome,
    query: &PlanQuery,
) -> Result<HttpResponse, AppError> {
    let tx = &mut app.db.look(who).await?;
    let days = pairs::list_days(tx, plan.id).await?;
    let day = shown_day(&days, query.day);
    let answers = answers_of(tx, plan, app.clock.now()).await?;
    let shown = Shown { answers, ..read_day(tx, plan, day).await? };
    page(&PlanPage::of(frame, (plan, outcome), (&days, day), shown))
}

/// What came of the offers of a plan that is published.
async fn answers_of(
    tx: &mut Tx,
    plan: &PlanSummary,
    now: DateTime<Utc>,
) -> Result<Option<AnswersShown>, AppError> {
    if plan.state != PlanState::Published {
        return Ok(None);
    }
    let counted = count_answers_of_plan(tx, plan.id).await?;
    let waiting = list_not_answered(tx, plan.id).await?;
    Ok(Some(AnswersShown::of(counted, &waiting, now)))
}

/// What a plan says of a day. Who was left out before and how the work is spread matters to whoever decides yet.
async fn read_day(tx: &mut Tx, plan: &PlanSummary, day: Option<NaiveDate>) -> Result<Shown, AppError> {
    let roles = bank::store::list_roles(tx).await?;
    let mut shown = Shown { roles, ..Shown::default() };
    let is_ready = plan.state == PlanState::Ready;
    if is_ready {
        shown.spread = list_spread(tx, plan.id).await?;
    }
    let Some(day) = day else { return Ok(shown) };
    shown.pairs = pairs::list_pairs_of_day(tx, plan.id, day).await?;
    shown.empty = list_unfilled_of_day(tx, plan.id, day).await?;
    if is_ready {
        shown.left_out = list_left_out_before(tx, plan.id, day).await?;
    }
    Ok(shown)
}

/// What is shown of one day.
#[derive(Default)]
struct Shown {
    pairs: Vec<PairRow>,
    empty: Vec<UnfilledRow>,
    left_out: Vec<LeftOutRow>,
    /// How many people have so many sessions of the plan.
    spread: Vec<(i64, i64)>,
    /// What roles are called.
    roles: Vec<Role>,
    answers: Option<AnswersShown>,
}

impl PlanPage {
    fn of(
        page: PageFrame,
        (plan, outcome): (&PlanSummary, &Outcome),
        (days, day): (&[Day], Option<NaiveDate>),
        shown: Shown,
    ) -> Self {
        let is_ready = plan.state == PlanState::Ready;
        let sum = |of: fn(&Day) -> i64| days.iter().map(of).sum::<i64>();
        let at = days.iter().position(|known| Some(known.date) == day);
        let beside = |step: isize| {
            let place = at?.checked_add_signed(step)?;
            let other = days.get(place)?;
            Some((words::short_date(other.date), href_of(plan, other.date)))
        };
        let pair = |row| pair_line(row, is_ready, &shown.roles);
        Self {
            page,
            id: plan.id.to_string(),
            dates: words::date_span(plan.from_date, plan.until_date),
            tag: tag_of(plan.state),
            history: history_of(plan),
            is_ready,
            quality: quality_of(outcome, &shown.spread),
            to_offer: words::count(sum(|day| day.proposed - day.left_out), "pair to offer", "pairs to offer"),
            left_out: words::number(sum(|day| day.left_out)),
            day: day.map(|day| day.to_string()).unwrap_or_default(),
            day_name: day.map(words::full_date).unwrap_or_default(),
            previous: beside(-1),
            next: beside(1),
            pairs: shown.pairs.iter().map(pair).collect(),
            empty: shown.empty.iter().map(|row| empty_line(row, &shown.roles)).collect(),
            left_out_before: shown.left_out.iter().map(left_out_line).collect(),
            left_to_round: match outcome.left_to_round {
                0 => String::new(),
                left => words::capitalised(&words::count(
                    left.into(),
                    "session of these dates is left to a round",
                    "sessions of these dates are left to a round",
                )),
            },
            answers: shown.answers,
            days: days.iter().map(|known| day_line(plan, known, Some(known.date) == day)).collect(),
        }
    }
}

/// The day asked for, or the plan's first.
fn shown_day(days: &[Day], wanted: Option<NaiveDate>) -> Option<NaiveDate> {
    let found = days.iter().find(|day| Some(day.date) == wanted).or(days.first());
    found.map(|day| day.date)
}

fn href_of(plan: &PlanSummary, date: NaiveDate) -> String {
    format!("/matching/{}?day={date}", plan.id)
}

fn history_of(plan: &PlanSummary) -> String {
    let asked = format!("Asked for by {}, {}.", plan.requested_by, words::moment(plan.requested_at));
    match (&plan.published_by, plan.published_at) {
        (Some(by), Some(at)) => format!("{asked} Published by {by}, {}.", words::moment(at)),
        _ => asked,
    }
}

fn day_line(plan: &PlanSummary, day: &Day, is_shown: bool) -> DayLine {
    DayLine {
        name: words::short_date(day.date),
        href: href_of(plan, day.date),
        proposed: words::number(day.proposed - day.left_out),
        booked: words::number(day.booked),
        empty: words::number(day.empty),
        is_shown,
    }
}

fn name_of<'a>(roles: &'a [Role], code: &'a str) -> &'a str {
    roles.iter().find(|role| role.code == code).map_or(code, |role| &role.name)
}

fn pair_line(row: &PairRow, is_ready: bool, roles: &[Role]) -> PairLine {
    let is_booked = row.standing == Standing::Booked;
    let tag = match row.standing {
        Standing::Booked => Some(Tag::new("Booked", TagColour::Green)),
        Standing::Accepted => Some(Tag::new("Accepted", TagColour::Green)),
        Standing::Declined => Some(Tag::new("Declined", TagColour::Red)),
        Standing::Lapsed => Some(Tag::new("Not answered in time", TagColour::Orange)),
        Standing::Withdrawn => Some(Tag::new("Taken back", TagColour::Grey)),
        Standing::Offered => Some(Tag::new("Offered", TagColour::Blue)),
        Standing::Held if is_ready => Some(Tag::new("Held by an offer", TagColour::Orange)),
        Standing::Held | Standing::Free => row.left_out.then(|| Tag::new("Left out", TagColour::Grey)),
    };
    PairLine {
        session_href: session_href(row.session_id),
        clinician_href: format!("/clinicians/{}/rota", row.clinician_id),
        value: format!("{}.{}", row.session_id, row.clinician_id),
        time: words::time_span(row.starts_at, row.ends_at),
        practice: row.practice.clone(),
        clinician: row.clinician.clone(),
        role: name_of(roles, &row.role).to_owned(),
        rate: words::rate_an_hour(row.rate_pence_per_hour.into()),
        pay: words::pounds(row.pay_pence.into()),
        travel: words::distance(row.road_metres.into()),
        why: if is_booked { String::new() } else { why::sentence(&row.why, row.candidates) },
        tag,
        can_be_left_out: is_ready && !is_booked,
        is_left_out: row.left_out,
        next: next_words(row),
        unlikely: if is_booked { String::new() } else { unlikely(row.offers_before, row.accepted_before) },
        left_out_why: row.left_out_reason.map(|reason| format!("{}.", reason.text())).unwrap_or_default(),
    }
}

/// "Next: Bea Example, £12 more, 3 miles farther". Where others can do it and none is named, they are worth more elsewhere.
fn next_words(row: &PairRow) -> String {
    let known = row.runner_up_pay_pence.zip(row.runner_up_road_metres);
    let Some((name, (pay, metres))) = row.runner_up.as_ref().zip(known) else {
        return String::new();
    };
    let more = |difference: i32, words: fn(i64) -> String, (above, below, same): (&str, &str, &str)| {
        match difference {
            0 => same.to_owned(),
            some if some > 0 => format!("{} {above}", words(some.into())),
            some => format!("{} {below}", words(i64::from(some).abs())),
        }
    };
    let pay = more(pay - row.pay_pence, words::pounds, ("more", "less", "the same pay"));
    let way = more(metres - row.road_metres, words::distance, ("farther", "nearer", "as far"));
    format!("Next: {name}, {pay}, {way}.")
}

fn session_href(session: SessionId) -> String {
    format!("/unfilled-sessions/{session}")
}

fn left_out_line(row: &LeftOutRow) -> LeftOutLine {
    let by = row.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let why = row.reason.map(|reason| format!("{}. ", reason.text())).unwrap_or_default();
    LeftOutLine {
        value: format!("{}.{}", row.session_id, row.clinician_id),
        time: words::time_span(row.starts_at, row.ends_at),
        session_href: session_href(row.session_id),
        practice: row.practice.clone(),
        clinician: row.clinician.clone(),
        clinician_href: format!("/clinicians/{}/rota", row.clinician_id),
        why: format!("{why}Left out{by}, {}.", words::moment(row.since)),
    }
}

fn empty_line(row: &UnfilledRow, roles: &[Role]) -> EmptyLine {
    let needs: Vec<&str> = row.roles.iter().map(|role| name_of(roles, role)).collect();
    let (least, most) = (row.rate_min_pence_per_hour.into(), row.rate_max_pence_per_hour.into());
    EmptyLine {
        time: words::time_span(row.starts_at, row.ends_at),
        session_href: session_href(row.session_id),
        practice: row.practice.clone(),
        needs: words::list_or(&needs),
        rate: words::rate_span(least, most),
        places: if row.places_left > 1 {
            words::count(row.places_left.into(), "place", "places")
        } else {
            String::new()
        },
        reason: row.reason.sentence(Audience::Administrator),
        blocked: row.blocked.lines(Audience::Administrator),
        next_step: row.reason.next_step(Audience::Administrator),
        remedies: remedy::lines(&row.remedies, &row.names, (row.session_id, most)),
    }
}
