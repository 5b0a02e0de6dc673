//! A run: from a problem to a plan with its proof.

use std::time::Duration;

use matching_model::plan::{Millionths, Plan};
use matching_model::problem::{Problem, ProblemError};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::bound::descent::Pace;
use crate::index::{IndexVec, SessionIx};
use crate::market::parts::components;
use crate::market::{FILL_POINTS, Market};
use crate::pairs::eligible::eligible_pairs;
use crate::pairs::facts::Facts;
use crate::pairs::score::booked_score;
use crate::part::{Filled, Part};
use crate::run::assemble::{Outcome, assemble};
use crate::run::budget::{Budget, Progress, Standing};
use crate::stop::Stop;

/// Passes over the prices when the budget doesn't say: so many, fewer when there are many choices, and never fewer than
/// the least, since the step has to fall from its first to its last.
const USUAL_PASSES: usize = 400;
const LEAST_PASSES: usize = 300;
const CHOICES_IN_ALL_PASSES: usize = 400_000_000;

/// Auctions for a plan at most; large parts have ejection chains after a few.
const MOST_AUCTIONS: u32 = 30;
const AUCTIONS_OF_A_LARGE_PART: u32 = 3;

/// Rounds of ejection chains at most, once prices are as good as they get.
const MOST_ROUNDS_OF_CHAINS: u32 = 8;

/// After the deadline of the work, a plan still has to be written up: this long for each thousand choices.
const WRITING_UP_MICROSECONDS: u64 = 600;

/// How many hundredths of the time that is left each stage may take.
const HUNDREDTHS_FOR_PRICES: u32 = 55;
const HUNDREDTHS_FOR_PLANS: u32 = 40;
const HUNDREDTHS_FOR_MOST_FILLED: u32 = 10;
const HUNDREDTHS_FOR_BETTER_PRICES: u32 = 80;

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
        let market = Market::of(facts, &pairs, |pair| pair.worth(facts).score);
        let stop = &Early { stop: self.stop, reserve: reserve_for(&market) };
        let passes = self.budget.iterations.unwrap_or_else(|| usual_passes(&market));
        let pace = Pace { passes, hundredths_of_time: 100 };
        let mut parts = parts_of(&market);
        self.begin(&mut parts, pace, stop);
        let fill_market =
            market.alike(FILL_POINTS).unwrap_or_else(|| Market::of(facts, &pairs, |_| FILL_POINTS));
        let mut fill_parts = parts_of(&fill_market);
        let (known, filled) = (prices_of_places(&market, &parts), filled(&parts));
        rayon::join(
            || self.relax(&mut parts, stop),
            || {
                each_in_its_share(&mut fill_parts, HUNDREDTHS_FOR_MOST_FILLED, stop, &|part, stop| {
                    part.descend_to_most_filled(&known, &filled, pace, stop);
                });
            },
        );
        self.better_large_parts(&mut parts, pace, stop);
        let filled = self::filled(&parts);
        rayon::join(
            || self.finish(&mut parts, stop),
            || fill_parts.par_iter_mut().for_each(|part| part.tighten_places(&filled, stop)),
        );
        assemble(&Outcome {
            problem: self.problem,
            facts,
            parts: &parts,
            fill_parts: &fill_parts,
            pairs: &pairs,
            seed: self.budget.seed,
        })
    }

    /// First prices, and a plan for each part.
    fn begin(&self, parts: &mut [Part], pace: Pace, stop: &dyn Stop) {
        each_in_its_share(parts, HUNDREDTHS_FOR_PRICES, stop, &|part, stop| part.descend(pace, stop));
        parts.par_iter_mut().for_each(|part| part.construct(stop));
        self.tell(parts, "prices");
        each_in_its_share(parts, HUNDREDTHS_FOR_PLANS, stop, &|part, stop| {
            if part.is_large() && part.gap() > self.bearable(part) {
                part.hold_auctions(AUCTIONS_OF_A_LARGE_PART, stop);
            }
        });
        self.tell(parts, "auctions");
        self.improve(parts, &[("chains", &|part| part.better_by_chains(1, stop))], stop);
    }

    /// Better prices of the parts that aren't large, and a plan next to them.
    fn relax(&self, parts: &mut [Part], stop: &dyn Stop) {
        let relax = |part: &mut Part| part.relax(self.bearable(part), stop);
        self.improve(parts, &[("better prices of small parts", &relax)], stop);
    }

    /// Better prices of the large parts, and a better plan by them.
    fn better_large_parts(&self, parts: &mut [Part], pace: Pace, stop: &dyn Stop) {
        each_in_its_share(parts, HUNDREDTHS_FOR_BETTER_PRICES, stop, &|part, stop| {
            if part.is_large() && part.gap() > self.bearable(part) {
                part.descend_nearby(pace, stop);
            }
        });
        self.tell(parts, "better prices");
        self.improve(parts, &[("chains", &|part| part.better_by_chains(MOST_ROUNDS_OF_CHAINS, stop))], stop);
    }

    /// The best plan of each part that isn't large, with its proof.
    fn finish(&self, parts: &mut [Part], stop: &dyn Stop) {
        let steps: [(&'static str, Improvement<'_>); 5] = [
            ("best prices", &|part| part.tighten(part.draft.score(), stop)),
            ("proof of small parts", &|part| part.close_early(stop)),
            ("sketch at best prices", &|part| part.sketch(stop)),
            ("auction", &|part| part.improve_by_auction(MOST_AUCTIONS, stop)),
            ("proof", &|part| part.close(stop)),
        ];
        self.improve(parts, &steps, stop);
    }

    /// A better plan, better prices, and the proof, each only while the gap is too large, and for parts whose own is.
    fn improve(&self, parts: &mut [Part], steps: &[(&'static str, Improvement<'_>)], stop: &dyn Stop) {
        for (name, step) in steps {
            if self.is_enough(parts) || stop.is_due() {
                return;
            }
            parts.par_iter_mut().filter(|part| part.gap() > self.bearable(part)).for_each(step);
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

    /// The gap of a part that the budget bears, in points.
    fn bearable(&self, part: &Part) -> i64 {
        let share = i128::from(self.budget.gap_percent.unwrap_or_default().0);
        let points = share * i128::from(part.upper_bound().max(0)) / 100_000_000;
        i64::try_from(points).unwrap_or(i64::MAX)
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
    let passes = (CHOICES_IN_ALL_PASSES / market.all.choice_count().max(1)).clamp(LEAST_PASSES, USUAL_PASSES);
    u32::try_from(passes).unwrap_or(u32::MAX)
}

fn reserve_for(market: &Market) -> Duration {
    Duration::from_micros(market.all.choice_count() as u64 / 1_000 * WRITING_UP_MICROSECONDS)
}

/// A look at an agent takes as long as so many choices besides their own.
const CHOICES_LIKE_AN_AGENT: usize = 300;

/// Has every part worked on within a share of the time that is left: the small ones side by side, then the large ones
/// one after another, each with its share by choices, since a large one can use every thread itself.
fn each_in_its_share(
    parts: &mut [Part],
    hundredths: u32,
    stop: &dyn Stop,
    work: &(dyn Fn(&mut Part, &dyn Stop) + Sync),
) {
    let reserve = stop.remaining().unwrap_or_default() * (100 - hundredths) / 100;
    let (mut large, mut small): (Vec<&mut Part>, Vec<&mut Part>) =
        parts.iter_mut().partition(|part| part.is_large());
    small.par_iter_mut().for_each(|part| work(part, &Early { stop, reserve }));
    let effort = |part: &Part| {
        let choices = part.market.choice_count() + CHOICES_LIKE_AN_AGENT * part.market.agents.len();
        u32::try_from(choices).unwrap_or(u32::MAX)
    };
    let mut left: u32 = large.iter().map(|part| effort(part)).sum();
    for part in &mut large {
        let own = effort(part);
        let time = stop.remaining().unwrap_or_default();
        let others = time.saturating_sub(reserve) / left.max(1) * left.saturating_sub(own);
        work(part, &Early { stop, reserve: reserve + others });
        left = left.saturating_sub(own);
    }
}

/// What each session's price is worth in places, as a start for the run that counts places only.
fn prices_of_places(market: &Market, parts: &[Part]) -> IndexVec<SessionIx, i64> {
    let highest = market.all.highest_scores();
    let mut prices = highest.map(|_| FILL_POINTS);
    for (session, price) in parts.iter().flat_map(Part::priced) {
        let share = i128::from(price) * i128::from(FILL_POINTS) / i128::from(highest[session].max(1));
        prices[session] = i64::try_from(share).unwrap_or(FILL_POINTS).min(FILL_POINTS);
    }
    prices
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

fn filled(parts: &[Part]) -> Vec<Filled> {
    parts.iter().map(Part::filled).collect()
}

fn parts_of(market: &Market) -> Vec<Part> {
    components(&market.all).into_par_iter().map(|component| Part::of(market, component)).collect()
}
