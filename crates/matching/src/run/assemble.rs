//! The plan as it is handed out: ids again in place of numbers, sums, prices and reasons.

use std::sync::OnceLock;

use matching_model::plan::{Assignment, BoundProof, Millionths, PLAN_FORMAT, Plan, Price};
use matching_model::problem::Problem;

use crate::index::SessionIx;
use crate::market::FILL_POINTS;
use crate::pairs::eligible::{EligiblePair, Reach};
use crate::pairs::facts::{Facts, Placed, SessionFacts};
use crate::pairs::score::{Ceiling, any_worth, booked_score};
use crate::reasons::unfilled::unfilled;
use crate::run::kept::Found;
use crate::stop::Stop;

/// Everything a run has found out.
pub(crate) struct Outcome<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) facts: &'a Facts,
    /// The best plan and bound of each part of the market; nothing where the run didn't come so far.
    pub(crate) parts: Option<&'a [Found]>,
    /// The same where every pair is worth one place.
    pub(crate) fill_parts: Option<&'a [Found]>,
    /// Pairs of the plan beside those.
    pub(crate) besides: &'a [Placed],
    pub(crate) pairs: Option<&'a [EligiblePair]>,
    /// Who may come to each practice, once that is known.
    pub(crate) reach: &'a OnceLock<Reach>,
    pub(crate) seed: u64,
}

/// The plan of a run. Reasons have no counts once `stop` is due.
pub(crate) fn assemble(outcome: &Outcome<'_>, stop: &dyn Stop) -> Plan {
    let facts = outcome.facts;
    let mut placed = facts.booked.clone();
    placed.extend(outcome.besides);
    placed.extend(outcome.parts.into_iter().flatten().flat_map(|part| &part.placed));
    placed.sort_unstable();
    let mut assignments: Vec<Assignment> = placed.iter().map(|pair| assignment(outcome, *pair)).collect();
    assignments.sort_unstable_by(|a, b| (&a.session, &a.clinician).cmp(&(&b.session, &b.clinician)));
    let score = assignments.iter().map(|assignment| assignment.score).sum();
    let by_score = Certificate::by_score(outcome);
    let by_places = Certificate::by_places(outcome);
    let upper_bound = (booked_score(facts) + by_score.free_bound).max(score);
    let most_filled = facts.booked.len() as u64 + by_places.free_bound.div_euclid(FILL_POINTS).unsigned_abs();
    Plan {
        format: PLAN_FORMAT.into(),
        score,
        upper_bound,
        gap: Millionths::gap_percent(score, upper_bound),
        bound_proof: if by_score.is_branched { BoundProof::BranchAndBound } else { BoundProof::Prices },
        filled: assignments.len() as u64,
        places: facts.sessions.iter().map(|session| u64::from(session.places)).sum(),
        fill_upper_bound: Some(most_filled),
        assignments,
        unfilled: unfilled(outcome.problem, facts, &placed, (outcome.reach, stop)),
        prices: prices(outcome, by_score.prices),
        fill_prices: prices(outcome, by_places.prices),
        seconds: Millionths(0),
        engine: concat!("locumbank ", env!("CARGO_PKG_VERSION")).into(),
        seed: outcome.seed,
    }
}

/// Prices, and what they prove of the free part of a problem.
struct Certificate {
    prices: Vec<(SessionIx, i64)>,
    free_bound: i64,
    is_branched: bool,
}

impl Certificate {
    /// By the parts' prices. A session without places left has a price at which nobody wants it, which costs the bound
    /// nothing. Where there are no parts, nobody wants anything: every price is above what anybody scores.
    fn by_score(outcome: &Outcome<'_>) -> Self {
        let facts = outcome.facts;
        if let Some(parts) = outcome.parts {
            return Self::of(parts, closed_sessions(outcome));
        }
        let ceiling = Ceiling::of(facts);
        Self::at_the_top(facts, |work| ceiling.over(facts, work).max(0))
    }

    fn by_places(outcome: &Outcome<'_>) -> Self {
        match outcome.fill_parts {
            Some(parts) => {
                let closed = closed_sessions(outcome).into_iter().map(|(session, _)| (session, FILL_POINTS));
                Self::of(parts, closed.collect())
            }
            None => Self::at_the_top(outcome.facts, |_| FILL_POINTS),
        }
    }

    fn of(parts: &[Found], closed: Vec<(SessionIx, i64)>) -> Self {
        Self {
            prices: parts.iter().flat_map(|part| &part.priced).copied().chain(closed).collect(),
            free_bound: parts.iter().map(|part| part.upper_bound).sum(),
            is_branched: parts.iter().any(|part| part.is_branched),
        }
    }

    fn at_the_top(facts: &Facts, price: impl Fn(&SessionFacts) -> i64) -> Self {
        let prices: Vec<(SessionIx, i64)> =
            facts.sessions.numbered().map(|(session, work)| (session, price(work))).collect();
        let left = facts.places_left();
        let free_bound = prices.iter().map(|(session, price)| price * i64::from(left[*session])).sum();
        Self { prices, free_bound, is_branched: false }
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
    for pair in outcome.pairs.into_iter().flatten().filter(|pair| left[pair.session] == 0) {
        highest[pair.session] = highest[pair.session].max(pair.worth(outcome.facts).score);
    }
    let closed = highest.numbered().filter(|(session, _)| left[*session] == 0);
    closed.map(|(session, highest)| (session, *highest)).collect()
}

/// The certificate: prices above zero, in order of the sessions' ids.
fn prices(outcome: &Outcome<'_>, prices: Vec<(SessionIx, i64)>) -> Vec<Price> {
    let mut prices: Vec<Price> = prices
        .into_iter()
        .filter(|(_, points)| *points > 0)
        .map(|(session, points)| Price { session: session_id(outcome, session), points })
        .collect();
    prices.sort_unstable_by(|a, b| a.session.cmp(&b.session));
    prices
}
