//! A run: from a problem to a plan with its proof.

use std::time::Duration;

use rayon::prelude::{IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::assemble::{Outcome, assemble, booked_score};
use super::budget::{Budget, Progress, Standing, Stop};
use super::decompose::components;
use super::eligibility::{EligiblePair, eligible_pairs};
use super::facts::Facts;
use super::market::Market;
use super::part::Part;
use super::plan::{Millionths, Plan};
use super::prices::Pace;
use super::problem::{Problem, ProblemError};
use super::score::pair_worth;

/// What one filled place counts in the run that counts places only: prices are then millionths of a place.
pub(super) const FILL_POINTS: i64 = 1_000_000;

/// Passes over the prices when the budget doesn't say: so many, fewer when there are many choices, and never fewer than
/// the least, since the step has to fall from its first to its last.
const USUAL_PASSES: usize = 600;
const LEAST_PASSES: usize = 100;
const CHOICES_IN_ALL_PASSES: usize = 400_000_000;

/// A market of more choices is a nation's.
const LARGE: usize = 1_000_000;

/// Rounds of an auction.
const AUCTION_ROUNDS: u32 = 24;

/// After the deadline of the work, a plan still has to be written up: this long for each thousand choices.
const WRITING_UP_MICROSECONDS: u64 = 2_500;

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
        let stop = &Early { stop: self.stop, reserve: reserve_for(&market) };
        let passes = self.budget.iterations.unwrap_or_else(|| usual_passes(&market));
        let mut parts = parts_of(&market);
        parts.par_iter_mut().for_each(|part| {
            part.descend(Pace { passes, hundredths_of_time: 50 }, stop);
            part.construct(stop);
        });
        self.tell(&parts, "prices");
        let fill_market = Market::of(facts, &pairs, |_| FILL_POINTS);
        let mut fill_parts = parts_of(&fill_market);
        let fill_passes = if market.choice_count() > LARGE { passes / 5 + 1 } else { passes };
        fill_parts.par_iter_mut().for_each(|part| {
            part.descend(Pace { passes: fill_passes, hundredths_of_time: 25 }, stop);
        });
        self.improve(&mut parts, stop);
        fill_parts.par_iter_mut().for_each(|part| part.tighten_places(&parts, stop));
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

    /// A better plan, better prices, and the proof, each only while the gap is too large.
    fn improve(&self, parts: &mut [Part], stop: &dyn Stop) {
        let steps: [(&'static str, Improvement<'_>); 5] = [
            ("best prices", &|part| part.tighten(part.draft.score(), stop)),
            ("proof of small parts", &|part| part.close_early(stop)),
            ("sketch at best prices", &|part| part.sketch(stop)),
            ("auction", &|part| part.hold_auction(AUCTION_ROUNDS, stop)),
            ("proof", &|part| part.close(stop)),
        ];
        for (name, step) in steps {
            if self.is_enough(parts) || stop.is_due() {
                return;
            }
            parts.par_iter_mut().for_each(step);
            self.tell(parts, name);
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

    /// Whether the gap is as small as the budget asks.
    fn is_enough(&self, parts: &[Part]) -> bool {
        let standing = self.standing(parts, "");
        let gap = Millionths::gap_percent(standing.score, standing.upper_bound);
        gap <= self.budget.gap_percent.unwrap_or_default()
    }
}

/// One way to better a part.
type Improvement<'a> = &'a (dyn Fn(&mut Part) + Sync);

fn usual_passes(market: &Market) -> u32 {
    let passes = (CHOICES_IN_ALL_PASSES / market.choice_count().max(1)).clamp(LEAST_PASSES, USUAL_PASSES);
    u32::try_from(passes).unwrap_or(u32::MAX)
}

fn reserve_for(market: &Market) -> Duration {
    Duration::from_micros(market.choice_count() as u64 / 1_000 * WRITING_UP_MICROSECONDS)
}

/// Says stop a little early, so that the plan can still be written up in time.
struct Early<'a> {
    stop: &'a dyn Stop,
    reserve: Duration,
}

impl Stop for Early<'_> {
    fn is_due(&self) -> bool {
        self.stop.is_due() || self.stop.remaining().is_some_and(|left| left <= self.reserve)
    }

    fn remaining(&self) -> Option<Duration> {
        self.stop.remaining().map(|left| left.saturating_sub(self.reserve))
    }
}

fn parts_of(market: &Market) -> Vec<Part> {
    components(market, |_, _| true).into_par_iter().map(|component| Part::of(market, component)).collect()
}
