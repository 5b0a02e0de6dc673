//! A run: from a problem to a plan with its proof.

use rayon::prelude::{IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::assemble::{Outcome, assemble, booked_score};
use super::budget::{Budget, Progress, Standing, Stop};
use super::decompose::components;
use super::eligibility::{EligiblePair, eligible_pairs};
use super::facts::Facts;
use super::market::Market;
use super::part::Part;
use super::plan::{Millionths, Plan};
use super::problem::{Problem, ProblemError};
use super::score::pair_worth;

/// What one filled place counts in the run that counts places only: prices are then millionths of a place.
pub(super) const FILL_POINTS: i64 = 1_000_000;

/// Passes over the prices when the budget doesn't say.
const USUAL_PASSES: u32 = 600;

/// Plans a problem: who is placed where, with a bound that no plan exceeds and a reason for every empty place.
///
/// Any end gives a legal plan and a valid bound. Where the [`Stop`] never says stop, the plan depends on the problem
/// and the budget alone, whatever the number of threads. `seconds` is left at zero: the core has no clock.
///
/// # Errors
/// The first fault of the problem, with its path.
pub fn plan_problem(
    problem: &Problem,
    budget: &Budget,
    stop: &dyn Stop,
    progress: &dyn Progress,
) -> Result<Plan, ProblemError> {
    problem.validate()?;
    let run = || Run::of(problem, budget, stop, progress).plan();
    match budget.threads.and_then(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok())
    {
        Some(pool) => Ok(pool.install(run)),
        None => Ok(run()),
    }
}

/// One run, with everything it needs on the way.
struct Run<'a> {
    problem: &'a Problem,
    facts: Facts,
    booked_score: i64,
    budget: &'a Budget,
    stop: &'a dyn Stop,
    progress: &'a dyn Progress,
}

impl<'a> Run<'a> {
    fn of(problem: &'a Problem, budget: &'a Budget, stop: &'a dyn Stop, progress: &'a dyn Progress) -> Self {
        let facts = Facts::of(problem);
        let booked_score = booked_score(&facts);
        Self { problem, facts, booked_score, budget, stop, progress }
    }

    fn plan(&self) -> Plan {
        let facts = &self.facts;
        let pairs = eligible_pairs(facts);
        let market = Market::of(facts, &pairs, |pair: &EligiblePair| {
            pair_worth(facts, pair.clinician, pair.session, pair.road_metres).map_or(0, |worth| worth.score)
        });
        let mut parts = parts_of(&market);
        self.improve(&mut parts);
        let fill_market = Market::of(facts, &pairs, |_| FILL_POINTS);
        let mut fill_parts = parts_of(&fill_market);
        let passes = self.passes();
        fill_parts.par_iter_mut().for_each(|part| {
            part.descend(passes, self.stop);
            part.tighten(self.stop);
        });
        assemble(&Outcome {
            problem: self.problem,
            facts,
            market: &market,
            parts: &parts,
            fill_parts: &fill_parts,
            pairs: &pairs,
            seed: self.budget.seed,
        })
    }

    fn passes(&self) -> u32 {
        self.budget.iterations.unwrap_or(USUAL_PASSES)
    }

    /// Prices, a plan, better prices, and the proof, each only while the gap is too large.
    fn improve(&self, parts: &mut [Part]) {
        let passes = self.passes();
        parts.par_iter_mut().for_each(|part| {
            part.descend(passes, self.stop);
            part.construct();
        });
        self.tell(parts, "prices");
        parts.par_iter_mut().for_each(|part| part.hold_auction(24, self.stop));
        self.tell(parts, "auction");
        if !self.is_enough(parts) {
            parts.par_iter_mut().for_each(|part| part.tighten(self.stop));
            self.tell(parts, "best prices");
            parts.par_iter_mut().for_each(|part| part.sketch(self.stop));
            self.tell(parts, "sketch");
        }
        if !self.is_enough(parts) {
            parts.par_iter_mut().for_each(|part| part.close(self.stop));
            self.tell(parts, "proof");
        }
    }

    fn standing(&self, parts: &[Part], step: &'static str) -> Standing {
        let filled: u64 = parts.iter().map(|part| part.draft.filled()).sum();
        Standing {
            filled: filled + self.facts.booked.len() as u64,
            places: self.facts.sessions.iter().map(|session| u64::from(session.places)).sum(),
            score: self.booked_score + parts.iter().map(|part| part.draft.score()).sum::<i64>(),
            upper_bound: self.booked_score + parts.iter().map(Part::upper_bound).sum::<i64>(),
            step,
        }
    }

    fn tell(&self, parts: &[Part], step: &'static str) {
        self.progress.report(&self.standing(parts, step));
    }

    /// Whether the gap is as small as the budget asks, or the run has to end.
    fn is_enough(&self, parts: &[Part]) -> bool {
        let standing = self.standing(parts, "");
        let gap = Millionths::gap_percent(standing.score, standing.upper_bound);
        gap <= self.budget.gap_percent.unwrap_or_default() || self.stop.is_due()
    }
}

fn parts_of(market: &Market) -> Vec<Part> {
    components(market, |_, _| true).into_par_iter().map(|component| Part::of(market, component)).collect()
}
