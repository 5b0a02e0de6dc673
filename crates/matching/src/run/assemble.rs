//! The plan as it is handed out: ids again in place of numbers, sums, prices and reasons.

use matching_model::plan::{Assignment, BoundProof, Millionths, PLAN_FORMAT, Plan, Price};
use matching_model::problem::Problem;

use crate::index::SessionIx;
use crate::market::FILL_POINTS;
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{Facts, Placed};
use crate::pairs::score::{any_worth, booked_score};
use crate::part::Part;
use crate::reasons::unfilled::unfilled;

/// Everything a run has found out.
pub(crate) struct Outcome<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) facts: &'a Facts,
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
        placed.extend(part.placed());
    }
    placed.sort_unstable();
    let mut assignments: Vec<Assignment> = placed.iter().map(|pair| assignment(outcome, *pair)).collect();
    assignments.sort_unstable_by(|a, b| (&a.session, &a.clinician).cmp(&(&b.session, &b.clinician)));
    let score = assignments.iter().map(|assignment| assignment.score).sum();
    let free_bound: i64 = outcome.parts.iter().map(Part::upper_bound).sum();
    let upper_bound = (booked_score(facts) + free_bound).max(score);
    let branched = outcome.parts.iter().any(|part| part.shortfall_at_least > 0);
    let free_fill: i64 = outcome.fill_parts.iter().map(|part| part.dual.bound).sum();
    let most_filled = facts.booked.len() as u64 + free_fill.div_euclid(FILL_POINTS).unsigned_abs();
    let closed = closed_sessions(outcome);
    let closed_to_all: Vec<(SessionIx, i64)> =
        closed.iter().map(|(session, _)| (*session, FILL_POINTS)).collect();
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

fn session_id(outcome: &Outcome<'_>, session: SessionIx) -> String {
    outcome.facts.sessions[session].told(outcome.problem).id.clone()
}

fn assignment(outcome: &Outcome<'_>, (clinician, session): Placed) -> Assignment {
    let worth = any_worth(outcome.facts, (clinician, session));
    Assignment {
        session: session_id(outcome, session),
        clinician: outcome.facts.clinicians[clinician].told(outcome.problem).id.clone(),
        rate_pence_per_hour: worth.rate_pence_per_hour,
        pay_pence: worth.pay_pence,
        road_metres: worth.road_metres,
        score: worth.score,
    }
}

/// Sessions whose every place is booked, with the highest score that anybody else could have there, at
/// least zero.
fn closed_sessions(outcome: &Outcome<'_>) -> Vec<(SessionIx, i64)> {
    let left = outcome.facts.places_left();
    let mut highest = left.map(|_| 0);
    for pair in outcome.pairs.iter().filter(|pair| left[pair.session] == 0) {
        highest[pair.session] = highest[pair.session].max(pair.worth(outcome.facts).score);
    }
    let closed = highest.numbered().filter(|(session, _)| left[*session] == 0);
    closed.map(|(session, highest)| (session, *highest)).collect()
}

/// The certificate: prices above zero, in order of the sessions' ids. A session without places left has a price at
/// which nobody wants it, which costs the bound nothing.
fn prices(outcome: &Outcome<'_>, parts: &[Part], closed: &[(SessionIx, i64)]) -> Vec<Price> {
    let mut prices: Vec<Price> = parts
        .iter()
        .flat_map(Part::priced)
        .chain(closed.iter().copied())
        .filter(|(_, points)| *points > 0)
        .map(|(session, points)| Price { session: session_id(outcome, session), points })
        .collect();
    prices.sort_unstable_by(|a, b| a.session.cmp(&b.session));
    prices
}
