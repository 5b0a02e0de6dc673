//! The plan as it is handed out: ids again in place of numbers, sums, prices and reasons.

use matching_model::plan::{Assignment, BoundProof, Millionths, PLAN_FORMAT, Plan, Price};
use matching_model::problem::Problem;

use crate::market::FILL_POINTS;
use crate::market::Market;
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::Facts;
use crate::pairs::score::{any_worth, booked_score, pair_worth};
use crate::part::{Part, placed_in};
use crate::reasons::unfilled::unfilled;

/// Everything a run has found out.
pub(crate) struct Outcome<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) facts: &'a Facts,
    pub(crate) market: &'a Market,
    pub(crate) parts: &'a [Part],
    pub(crate) fill_parts: &'a [Part],
    pub(crate) pairs: &'a [EligiblePair],
    pub(crate) seed: u64,
}

/// The plan of a run.
pub(crate) fn assemble(outcome: &Outcome<'_>) -> Plan {
    let facts = outcome.facts;
    let mut placed = facts.booked.clone();
    for part in outcome.parts {
        placed.extend(placed_in(outcome.market, part));
    }
    placed.sort_unstable();
    let mut assignments: Vec<Assignment> =
        placed.iter().filter_map(|(clinician, session)| assignment(outcome, *clinician, *session)).collect();
    assignments.sort_unstable_by(|a, b| (&a.session, &a.clinician).cmp(&(&b.session, &b.clinician)));
    let score = assignments.iter().map(|assignment| assignment.score).sum();
    let free_bound: i64 = outcome.parts.iter().map(Part::upper_bound).sum();
    let upper_bound = (booked_score(facts) + free_bound).max(score);
    let branched = outcome.parts.iter().any(|part| part.shortfall_at_least > 0);
    let free_fill: i64 = outcome.fill_parts.iter().map(|part| part.dual.bound).sum();
    let most_filled = facts.booked.len() as u64 + free_fill.div_euclid(FILL_POINTS).unsigned_abs();
    let closed = closed_sessions(outcome);
    let closed_to_all: Vec<(u32, i64)> = closed.iter().map(|(session, _)| (*session, FILL_POINTS)).collect();
    Plan {
        format: PLAN_FORMAT.into(),
        score,
        upper_bound,
        gap: Millionths::gap_percent(score, upper_bound),
        bound_proof: if branched { BoundProof::BranchAndBound } else { BoundProof::Prices },
        filled: assignments.len() as u64,
        places: facts.sessions.iter().map(|session| u64::from(session.places)).sum(),
        fill_upper_bound: Some(most_filled),
        assignments,
        unfilled: unfilled(outcome.problem, facts, &placed),
        prices: prices(outcome, outcome.parts, &closed),
        fill_prices: prices(outcome, outcome.fill_parts, &closed_to_all),
        seconds: Millionths(0),
        engine: concat!("locumbank ", env!("CARGO_PKG_VERSION")).into(),
        seed: outcome.seed,
    }
}

fn session_id(outcome: &Outcome<'_>, session: u32) -> String {
    let source = outcome.facts.sessions.get(session as usize).map(|session| session.source);
    source
        .and_then(|source| outcome.problem.sessions.get(source))
        .map(|session| session.id.clone())
        .unwrap_or_default()
}

fn assignment(outcome: &Outcome<'_>, clinician: u32, session: u32) -> Option<Assignment> {
    let worth = any_worth(outcome.facts, clinician, session)?;
    let source = outcome.facts.clinicians.get(clinician as usize)?.source;
    Some(Assignment {
        session: session_id(outcome, session),
        clinician: outcome.problem.clinicians.get(source)?.id.clone(),
        rate_pence_per_hour: worth.rate_pence_per_hour,
        pay_pence: worth.pay_pence,
        road_metres: worth.road_metres,
        score: worth.score,
    })
}

/// Sessions whose every place is booked, with the highest score that anybody else could have there, at
/// least zero.
fn closed_sessions(outcome: &Outcome<'_>) -> Vec<(u32, i64)> {
    let facts = outcome.facts;
    let mut left: Vec<u32> = facts.sessions.iter().map(|session| session.places).collect();
    for (_, session) in &facts.booked {
        if let Some(left) = left.get_mut(*session as usize) {
            *left = left.saturating_sub(1);
        }
    }
    let mut highest: Vec<i64> = vec![0; left.len()];
    for pair in outcome.pairs.iter().filter(|pair| left.get(pair.session as usize) == Some(&0)) {
        let worth = pair_worth(facts, pair.clinician, pair.session, pair.road_metres);
        if let (Some(highest), Some(worth)) = (highest.get_mut(pair.session as usize), worth) {
            *highest = worth.score.max(*highest);
        }
    }
    let closed = |(session, _): &(u32, i64)| left.get(*session as usize) == Some(&0);
    (0..).zip(highest).filter(closed).collect()
}

/// The certificate: prices above zero, in order of the sessions' ids. A session without places left has a price at
/// which nobody wants it, which costs the bound nothing.
fn prices(outcome: &Outcome<'_>, parts: &[Part], closed: &[(u32, i64)]) -> Vec<Price> {
    let mut prices: Vec<Price> = parts
        .iter()
        .flat_map(|part| part.component.sessions.iter().copied().zip(part.dual.prices.iter().copied()))
        .chain(closed.iter().copied())
        .filter(|(_, points)| *points > 0)
        .map(|(session, points)| Price { session: session_id(outcome, session), points })
        .collect();
    prices.sort_unstable_by(|a, b| a.session.cmp(&b.session));
    prices
}
