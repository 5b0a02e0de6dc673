//! What a range, or a budget, does to a bank: plans for many ceilings or floors, each with its bound.
//!
//! Only rates change from one point to the next, so each point starts from its neighbour's prices and plan, and parts of
//! the market in which nothing changed are taken over as they are.
//!
//! In the field: parametric optimisation with warm starts; a budget is met by a Lagrange multiplier on money, by bisection.

mod before;
mod chart;
mod solver;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use matching_model::plan::UnfilledReason;
use matching_model::problem::{Problem, ProblemError};

use crate::index::SessionIx;
use crate::market::FILL_POINTS;
use crate::pairs::facts::{Facts, Placed, SessionFacts};
use crate::pairs::score::any_worth;
use crate::reasons::unfilled::unfilled;
use crate::stop::{NeverStop, Stop};

use self::solver::{Goal, Solver};

pub use self::chart::chart;

/// At most so many points are worked out in one sweep.
const MOST_POINTS: i64 = 1_000;

/// Halvings of the price on money while a budget is met.
const BUDGET_STEPS: u32 = 16;

/// Which end of the range is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The most that may be paid.
    Ceiling,
    /// The least that is paid.
    Floor,
}

/// A range to try: the sessions of one role and band, at rates from one to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// The role; sessions that accept it among others count too.
    pub role: String,
    /// The band.
    pub band: String,
    /// The first rate in pence an hour.
    pub from_pence: i64,
    /// The last rate in pence an hour.
    pub to_pence: i64,
    /// From one rate to the next, in pence.
    pub step_pence: i64,
    /// Which end of the range takes these rates.
    pub end: End,
    /// Whether a ceiling also lifts sessions that pay less than it now.
    pub lift: bool,
}

/// What one rate leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepPoint {
    /// The rate in pence an hour.
    pub rate_pence_per_hour: i64,
    /// All places of the problem.
    pub places: u64,
    /// Places filled.
    pub filled: u64,
    /// No plan at this rate fills more places.
    pub most_filled: u64,
    /// What everybody is paid, in pence.
    pub spend_pence: i64,
    /// What an hour costs on average over everything filled, in pence.
    pub mean_rate_pence_per_hour: i64,
    /// Places filled among the sessions whose range was tried.
    pub filled_in_range: u64,
    /// What an hour costs on average in those, in pence.
    pub mean_rate_in_range_pence_per_hour: i64,
    /// Sessions of the range that no rate can be agreed in any more, since its ends crossed.
    pub closed: u64,
    /// The plan's score.
    pub score: i64,
    /// No plan at this rate scores more.
    pub upper_bound: i64,
    /// Empty sessions, by reason.
    pub unfilled: BTreeMap<UnfilledReason, u64>,
}

/// The most that can be filled for some money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetPoint {
    /// The money, in pence.
    pub budget_pence: i64,
    /// Places filled by the plan found.
    pub filled: u64,
    /// What that plan pays, in pence; no more than the budget unless the bookings alone pass it.
    pub spend_pence: i64,
    /// No plan of this spend fills more places.
    pub most_filled: u64,
}

/// Why nothing was simulated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SimulateError {
    /// The problem cannot be planned.
    #[error(transparent)]
    Unfit(ProblemError),
    /// The rates make no sequence.
    #[error("rates go from one up to another in steps above zero, at most {MOST_POINTS} of them")]
    Rates,
    /// No session has this role and band.
    #[error("no session takes a {role} in the band {band}")]
    NothingInRange {
        /// The role asked for.
        role: String,
        /// The band asked for.
        band: String,
    },
}

/// Plans the problem once for each rate, from the first to the last.
pub fn sweep(problem: &Problem, sweep: &Sweep, stop: &dyn Stop) -> Result<Vec<SweepPoint>, SimulateError> {
    problem.validate().map_err(SimulateError::Unfit)?;
    let steps = (sweep.to_pence - sweep.from_pence).checked_div(sweep.step_pence);
    let steps = steps
        .filter(|steps| sweep.step_pence > 0 && sweep.from_pence >= 0 && (0..MOST_POINTS).contains(steps));
    let steps = steps.ok_or(SimulateError::Rates)?;
    let mut facts = Facts::of(problem);
    let original = facts.clone();
    let in_range = sessions_in_range(problem, &facts, sweep);
    if in_range.is_empty() {
        return Err(SimulateError::NothingInRange { role: sweep.role.clone(), band: sweep.band.clone() });
    }
    let (mut score_solver, mut fill_solver) = (Solver::default(), Solver::default());
    let mut points = Vec::new();
    // From the point with the most choices to that with the fewest: what is lost on the way has a price already.
    for step in 0..=steps {
        let rate = match sweep.end {
            End::Ceiling => sweep.from_pence + (steps - step) * sweep.step_pence,
            End::Floor => sweep.from_pence + step * sweep.step_pence,
        };
        for &session in &in_range {
            set_range(&mut facts, &original, session, sweep, rate);
        }
        let best = score_solver.solve(&facts, Goal::Score, stop);
        let most = fill_solver.solve(&facts, Goal::Places, stop);
        let mut point = measured(problem, &facts, &best.placed, &in_range);
        point.rate_pence_per_hour = rate;
        (point.score, point.upper_bound) = (best.score, best.upper_bound);
        point.most_filled = places_of(most.upper_bound).min(point.places).max(point.filled);
        points.push(point);
    }
    points.sort_by_key(|point| point.rate_pence_per_hour);
    Ok(points)
}

/// The most places that can be filled for this much money, by putting a price on money until the spend fits.
///
/// For any price the value of the best plan less its priced pay bounds what any plan of the budget fills, so every
/// price that is tried also tightens the bound.
pub fn within_budget(
    problem: &Problem,
    budget_pence: i64,
    stop: &dyn Stop,
) -> Result<BudgetPoint, SimulateError> {
    problem.validate().map_err(SimulateError::Unfit)?;
    let facts = Facts::of(problem);
    let mut solver = Solver::default();
    let free = solver.solve(&facts, Goal::Places, stop);
    let spend =
        |placed: &[Placed]| -> i64 { placed.iter().map(|pair| any_worth(&facts, *pair).pay_pence).sum() };
    let mut best = BudgetPoint {
        budget_pence,
        filled: facts.booked.len() as u64,
        spend_pence: spend(&facts.booked),
        most_filled: places_of(free.upper_bound),
    };
    let mut keep = |placed: &[Placed]| {
        let (filled, spent) = (placed.len() as u64, spend(placed));
        let fits = spent <= budget_pence;
        if fits && (filled > best.filled || (filled == best.filled && spent < best.spend_pence)) {
            (best.filled, best.spend_pence) = (filled, spent);
        }
        fits
    };
    if keep(&free.placed) {
        best.most_filled = best.most_filled.max(best.filled);
        return Ok(best);
    }
    // Points for each hundred pounds: from nothing to so much that no place is worth its pay.
    let (mut low, mut high) = (0_i64, 100 * FILL_POINTS);
    let mut most_filled = places_of(free.upper_bound);
    for _ in 0..BUDGET_STEPS {
        if stop.is_due() {
            break;
        }
        let points = low.midpoint(high);
        let found = solver.solve(&facts, Goal::PlacesForMoney { points_per_hundred_pounds: points }, stop);
        // Rounding loses less than a point on each pair, always upwards.
        let priced_budget = i128::from(points) * i128::from(budget_pence) / 10_000;
        let bound = i128::from(found.upper_bound) + priced_budget + 1;
        most_filled = most_filled.min(places_of(i64::try_from(bound).unwrap_or(i64::MAX)));
        if keep(&found.placed) { high = points } else { low = points }
    }
    best.most_filled = most_filled.max(best.filled);
    Ok(best)
}

fn places_of(points: i64) -> u64 {
    points.div_euclid(FILL_POINTS).max(0).unsigned_abs()
}

fn sessions_in_range(problem: &Problem, facts: &Facts, sweep: &Sweep) -> Vec<SessionIx> {
    let is_asked = |work: &SessionFacts| {
        let session = work.told(problem);
        session.band == sweep.band && session.roles.contains(&sweep.role)
    };
    facts.sessions.numbered().filter(|(_, work)| is_asked(work)).map(|(session, _)| session).collect()
}

fn set_range(facts: &mut Facts, original: &Facts, session: SessionIx, sweep: &Sweep, rate: i64) {
    let (work, before) = (&mut facts.sessions[session], &original.sessions[session]);
    match sweep.end {
        End::Ceiling if sweep.lift => work.rate_max = rate,
        End::Ceiling => work.rate_max = before.rate_max.min(rate),
        End::Floor => work.rate_min = rate,
    }
}

/// What a plan comes to.
fn measured(problem: &Problem, facts: &Facts, placed: &[Placed], in_range: &[SessionIx]) -> SweepPoint {
    let (mut spend, mut minutes, mut range_spend, mut range_minutes, mut range_filled) = (0, 0, 0, 0, 0);
    for (clinician, session) in placed {
        let worth = any_worth(facts, (*clinician, *session));
        let work = &facts.sessions[*session];
        spend += worth.pay_pence;
        minutes += work.timing.minutes();
        if in_range.binary_search(session).is_ok() {
            range_spend += worth.pay_pence;
            range_minutes += work.timing.minutes();
            range_filled += 1;
        }
    }
    let mut reasons = BTreeMap::new();
    for open in unfilled(problem, facts, placed, (&OnceLock::new(), &NeverStop)) {
        *reasons.entry(open.reason).or_insert(0) += 1;
    }
    let crossed = |session: &&SessionIx| {
        let work = &facts.sessions[**session];
        work.rate_min > work.rate_max
    };
    SweepPoint {
        rate_pence_per_hour: 0,
        places: facts.sessions.iter().map(|work| u64::from(work.places)).sum(),
        filled: placed.len() as u64,
        most_filled: 0,
        spend_pence: spend,
        mean_rate_pence_per_hour: an_hour(spend, minutes),
        filled_in_range: range_filled,
        mean_rate_in_range_pence_per_hour: an_hour(range_spend, range_minutes),
        closed: in_range.iter().filter(crossed).count() as u64,
        score: 0,
        upper_bound: 0,
        unfilled: reasons,
    }
}

/// Pence an hour, rounded half up; nothing for no time.
fn an_hour(pence: i64, minutes: i64) -> i64 {
    if minutes == 0 { 0 } else { (pence * 60 + minutes / 2).div_euclid(minutes) }
}
