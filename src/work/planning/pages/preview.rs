//! The preview of a plan: how good it is, and each day's pairs and empty sessions.

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::answers::AnswersShown;
use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::id::SessionId;
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::Admitted;
use crate::ground::web::page;
use crate::ground::words;
use crate::terms::bank::{self, Role};
use crate::work::booking::store::plan_answers::{count_answers_of_plan, list_not_answered};
use crate::work::planning::store::left_out::{LeftOutRow, list_left_out_before};
use crate::work::planning::store::pairs::{self, Day, PairRow, Standing, UnfilledRow};
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

/// "412 of 480 places".
pub(super) fn filled_words(outcome: &Outcome) -> String {
    format!("{} of {} places", words::number(outcome.filled.into()), words::number(outcome.places.into()))
}

/// "The best possible", "Within 0.05% of the best possible"; hundredths of a per cent, rounded up.
pub(super) fn quality_words(outcome: &Outcome) -> String {
    let hundredths = (outcome.gap().0.max(0) + 9_999) / 10_000;
    if hundredths == 0 {
        "The best possible".to_owned()
    } else {
        format!("Within {}.{:02}% of the best possible", hundredths / 100, hundredths % 100)
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
}

/// How good a plan is, in words.
struct Quality {
    filled: String,
    share: String,
    most: String,
    distance: String,
    empty: String,
    proof: String,
    score: String,
    upper_bound: String,
    seconds: String,
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
    let is_ready = plan.state == PlanState::Ready;
    let (mut pairs, mut empty, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(day) = day {
        pairs = pairs::list_pairs_of_day(tx, plan.id, day).await?;
        empty = pairs::list_unfilled_of_day(tx, plan.id, day).await?;
        if is_ready {
            left_out = list_left_out_before(tx, plan.id, day).await?;
        }
    }
    let answers = if plan.state == PlanState::Published {
        let counted = count_answers_of_plan(tx, plan.id).await?;
        let waiting = list_not_answered(tx, plan.id).await?;
        Some(AnswersShown::of(counted, &waiting, app.clock.now()))
    } else {
        None
    };
    let roles = bank::store::list_roles(tx).await?;
    page(&PlanPage::of(
        frame,
        (plan, outcome),
        (&days, day),
        Shown { pairs, empty, left_out, roles, answers },
    ))
}

/// What is shown of one day.
struct Shown {
    pairs: Vec<PairRow>,
    empty: Vec<UnfilledRow>,
    left_out: Vec<LeftOutRow>,
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
            quality: quality_of(outcome),
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

fn quality_of(outcome: &Outcome) -> Quality {
    let empty = outcome.places - outcome.filled;
    let most = outcome.fill_upper_bound.map_or(String::new(), |most| {
        if most <= outcome.filled {
            "No plan fills more".to_owned()
        } else {
            format!("No plan fills more than {}", words::number(most.into()))
        }
    });
    Quality {
        filled: filled_words(outcome),
        share: words::share(outcome.filled.into(), outcome.places.into()),
        most,
        distance: quality_words(outcome),
        empty: words::number(empty.into()),
        proof: if outcome.is_proven_by_prices {
            "prices, which anybody can verify from the plan's file".to_owned()
        } else {
            "branch and bound".to_owned()
        },
        score: words::number(outcome.score),
        upper_bound: words::number(outcome.upper_bound),
        seconds: seconds_of(outcome.milliseconds),
    }
}

fn seconds_of(milliseconds: i32) -> String {
    format!("{}.{} seconds", milliseconds / 1_000, milliseconds % 1_000 / 100)
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
        left_out_why: row.left_out_reason.map(|reason| format!("{}.", reason.text())).unwrap_or_default(),
    }
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
    }
}

#[cfg(test)]
mod tests {
    use super::{quality_of, seconds_of};
    use crate::work::planning::Outcome;

    #[test]
    fn a_plan_says_how_good_it_is_and_never_better_than_it_is() {
        let outcome = |score, filled, most| Outcome {
            score,
            upper_bound: 1_000_000,
            is_proven_by_prices: true,
            places: 480,
            filled,
            fill_upper_bound: Some(most),
            left_to_round: 0,
            milliseconds: 3_149,
        };
        let best = quality_of(&outcome(1_000_000, 412, 412));
        assert_eq!((best.distance.as_str(), best.most.as_str()), ("The best possible", "No plan fills more"));
        let near = quality_of(&outcome(999_501, 412, 415));
        assert_eq!(near.distance, "Within 0.05% of the best possible");
        assert_eq!(quality_of(&outcome(999_499, 412, 415)).distance, "Within 0.06% of the best possible");
        assert_eq!((near.most.as_str(), near.share.as_str()), ("No plan fills more than 415", "86%"));
        assert_eq!(near.empty, "68");
        assert_eq!(seconds_of(3_149), "3.1 seconds");
    }
}
