//! Twelve weeks that have been: each is planned by the real engine as it stood then, and booked by the one function
//! that books. Then a few bookings of the weeks to come.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::demonstration::context::{Context, LoadError};
use crate::demonstration::people::later;
use crate::ground::db::Tx;
use crate::terms::bank::calendar;
use crate::terms::rules::actions::{Wish as Decision, decide_rule};
use crate::terms::rules::{Cancelling, FeeSteps, Rule};
use crate::work::booking::actions::book::book;
use crate::work::booking::actions::cancel::{Cancellation, cancel};
use crate::work::booking::error::DeskError;
use crate::work::booking::reason::Reason;
use crate::work::booking::{Side, WayIn, Wish};
use crate::work::planning::prepare::prepare;
use crate::work::planning::read::read_facts;
use crate::work::planning::store::facts::Scope;
use crate::work::planning::store::people::Whom;
use matching::example::chance::Chance;
use matching::{Budget, NeverStop, NoProgress, plan_problem};
use matching_model::plan::Assignment;

/// Of a thousand planned pairs of the past, so many were agreed.
const AGREED_PER_MILLE: usize = 930;
/// Of a thousand agreed bookings of the past, so many were cancelled, by one side or the other.
const CANCELLED_PER_MILLE: usize = 40;
/// Of a thousand planned pairs of the coming fortnight, so many are booked already.
const BOOKED_AHEAD_PER_MILLE: usize = 120;

/// What a practice owes when it cancels, on the scale of an agency (Medico Partners): the whole pay less than a day before,
/// and more for what was booked less than a week ahead.
async fn decide_cancelling(tx: &mut Tx, context: &Context, at: DateTime<Utc>) -> Result<(), LoadError> {
    let steps =
        |typed| FeeSteps::read(typed).map_err(|wrong| LoadError::Rules(wrong.sentence("list of steps")));
    let rule = Rule::Cancelling(Cancelling {
        steps: steps("24 hours: 100%\n72 hours: 75%\n7 days: 20%")?,
        short_notice_hours: 168,
        short_notice_steps: steps("72 hours: 100%\n7 days: 50%")?,
    });
    tx.go_to_time(at);
    let wish = Decision { rule, seen: 0, why: "The practices and the locums agreed on it".to_owned() };
    let decided = decide_rule(tx, &context.desk.reliants, &wish).await;
    decided.map_err(|error| LoadError::Rules(error.to_string()))?;
    Ok(())
}

/// Writes the history and the first bookings to come, as whoever acts in the transaction.
pub(crate) async fn write(tx: &mut Tx, context: &Context, chance: &mut Chance) -> Result<(), LoadError> {
    let zone = context.bank.time_zone;
    let this_week = calendar::monday_of(context.today);
    let before = calendar::start_of_day(zone, later(this_week, -7 * (context.size.weeks_behind + 2)));
    decide_cancelling(tx, context, before).await?;
    for back in (0..=context.size.weeks_behind).rev() {
        let (week, weeks) = (context.size.weeks_behind + 1 - back, context.size.weeks_behind + 1);
        (context.steps)(&format!("History, week {week} of {weeks}"));
        let first = later(this_week, -7 * back);
        // Planned on the Monday before.
        let then = calendar::start_of_day(zone, later(first, -7)) + TimeDelta::hours(10);
        let last = (first + Days::new(6)).min(context.today);
        for pair in plan_span(tx, context, (first, last), then).await? {
            if chance.per_mille(AGREED_PER_MILLE) {
                let is_cancelled = chance.per_mille(CANCELLED_PER_MILLE);
                agree(tx, context, &pair, then, is_cancelled.then_some(chance)).await?;
            }
        }
    }
    (context.steps)("Bookings to come");
    let tomorrow = context.today + Days::new(1);
    for pair in plan_span(tx, context, (tomorrow, tomorrow + Days::new(13)), context.now).await? {
        if chance.per_mille(BOOKED_AHEAD_PER_MILLE) {
            agree(tx, context, &pair, context.now, None).await?;
        }
    }
    tx.go_to_time(context.now);
    Ok(())
}

/// Plans a span of dates as it would have been planned at `then`, and gives the pairs that are not booked yet.
async fn plan_span(
    tx: &mut Tx,
    context: &Context,
    (from, until): (NaiveDate, NaiveDate),
    then: DateTime<Utc>,
) -> Result<Vec<Assignment>, LoadError> {
    let scope = Scope {
        from,
        until,
        starts_after: then,
        sessions: None,
        clinicians: Whom::Everybody,
        leaves_rounds: false,
    };
    tx.go_to_time(then);
    let facts = read_facts(tx, &scope, context.bank.time_zone, context.policy).await?;
    let problem = prepare(&facts).problem;
    let booked: BTreeSet<_> =
        problem.booked.iter().map(|pair| (pair.session.clone(), pair.clinician.clone())).collect();
    let planned = tokio::task::spawn_blocking(move || {
        let budget = Budget { iterations: Some(40), ..Budget::default() };
        plan_problem(&problem, &budget, &NeverStop, &NoProgress)
    });
    let plan = planned.await.map_err(|error| LoadError::Planning(error.to_string()))?;
    let plan = plan.map_err(|error| LoadError::Planning(error.to_string()))?;
    let is_new = |pair: &Assignment| !booked.contains(&(pair.session.clone(), pair.clinician.clone()));
    Ok(plan.assignments.into_iter().filter(is_new).collect())
}

/// Books a planned pair, and cancels it again a few days before where `cancelled` is given.
async fn agree(
    tx: &mut Tx,
    context: &Context,
    pair: &Assignment,
    at: DateTime<Utc>,
    cancelled: Option<&mut Chance>,
) -> Result<(), LoadError> {
    let (Ok(session), Ok(clinician)) = (pair.session.parse(), pair.clinician.parse()) else { return Ok(()) };
    let Ok(rate_pence_per_hour) = i32::try_from(pair.rate_pence_per_hour) else { return Ok(()) };
    let wish = Wish {
        session,
        clinician,
        way_in: WayIn::Administrator { rate_pence_per_hour },
        key: format!("demonstration:{session}:{clinician}"),
    };
    tx.go_to_time(at);
    let booking = match book(tx, &context.desk, &wish).await {
        Ok(booked) => booked.booking,
        // Somebody's document had ended by then: the session stayed empty.
        Err(DeskError::Refused(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if let Some(chance) = cancelled {
        let (side, reason) = if chance.per_mille(500) {
            (Side::Practice, Reason::OwnCover)
        } else {
            (Side::Clinician, Reason::NotFree)
        };
        let (reason, note) = (reason.text().to_owned(), String::new());
        let cancellation = Cancellation { booking, side, reason, note, seen_fee_pence: None };
        tx.go_to_time(at + TimeDelta::days(4));
        cancel(tx, &context.desk, &cancellation).await?;
    }
    Ok(())
}
