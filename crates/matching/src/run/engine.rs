//! A run: from a problem to a plan with its proof.

use std::time::Duration;

use matching_model::plan::{Millionths, Plan};
use matching_model::problem::{Problem, ProblemError};
use rayon::prelude::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator,
};

use crate::bound::descent::Pace;
use crate::index::{IndexVec, SessionIx};
use crate::market::parts::components;
use crate::market::{FILL_POINTS, Market};
use crate::pairs::eligible::{Reach, eligible_pairs_in};
use crate::pairs::facts::Facts;
use crate::pairs::score::booked_score;
use crate::part::{Filled, Part};
use crate::reasons::unfilled::try_some;
use crate::run::assemble::{Outcome, assemble};
use crate::run::budget::{Budget, Progress, Standing};
use crate::run::greedy::take_what_is_left;
use crate::run::kept::{Found, Kept, Shelf};
use crate::stop::{NeverStop, Stop};

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

/// How many hundredths of the time that is left each stage may take.
const HUNDREDTHS_FOR_PRICES: u32 = 55;
const HUNDREDTHS_FOR_PLANS: u32 = 40;
const HUNDREDTHS_FOR_MOST_FILLED: u32 = 10;
const HUNDREDTHS_FOR_BETTER_PRICES: u32 = 80;

/// Plans a problem: who is placed where, with a bound that no plan exceeds and a reason for every empty place.
///
/// Any end gives a legal plan and a valid bound. Where the [`Stop`] never says stop, the plan depends on the problem
/// and the budget alone, whatever the number of threads. `seconds` is left at zero: the core has no clock. Reasons are
/// found out after the stop, and a solver that does not heed its limit is waited for; whoever has a deadline to
/// keep takes [`Planning`](crate::Planning).
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
    let run = Run::of(problem, budget.clone());
    Ok(in_threads(budget.threads, || {
        run.work(stop, progress);
        run.plan(problem, &NeverStop)
    }))
}

/// Does this with so many threads; with those of everybody where it is not said how many, or they can't be had.
pub(crate) fn in_threads<T: Send>(threads: Option<usize>, doing: impl FnOnce() -> T + Send) -> T {
    match threads.and_then(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()) {
        Some(pool) => pool.install(doing),
        None => doing(),
    }
}

/// One run, with what it has found so far.
pub(crate) struct Run {
    facts: Facts,
    pub(crate) budget: Budget,
    kept: Kept,
}

impl Run {
    pub(crate) fn of(problem: &Problem, budget: Budget) -> Self {
        Self { facts: Facts::of(problem), budget, kept: Kept::default() }
    }

    /// Plans, and keeps what it finds.
    pub(crate) fn work(&self, stop: &dyn Stop, progress: &dyn Progress) {
        let booked_score = booked_score(&self.facts);
        Work { facts: &self.facts, booked_score, budget: &self.budget, kept: &self.kept, stop, progress }
            .plan();
    }

    /// The plan of what is kept. What had no plan goes to whoever is free, and reasons have counts, until `stop` is due.
    pub(crate) fn plan(&self, problem: &Problem, stop: &dyn Stop) -> Plan {
        let (parts, fill_parts) = (self.kept.parts.found(), self.kept.fill_parts.found());
        let pairs = self.kept.pairs.get().map(Vec::as_slice);
        let besides = take_what_is_left(&self.facts, pairs, parts.as_deref(), stop);
        let outcome = Outcome {
            problem,
            facts: &self.facts,
            parts: parts.as_deref(),
            fill_parts: fill_parts.as_deref(),
            besides: &besides,
            pairs,
            reach: &self.kept.reach,
            seed: self.budget.seed,
        };
        assemble(&outcome, stop)
    }
}

impl Run {
    pub(crate) fn has_plan(&self) -> bool {
        let is_planned = |found: Vec<Found>| found.iter().all(|part| !part.placed.is_empty());
        self.kept.parts.found().is_some_and(is_planned)
    }

    /// How many reasons were tried of how many ([`Planning::try_reasons`](crate::Planning::try_reasons)).
    pub(crate) fn try_reasons(&self, most: usize) -> (usize, usize) {
        let mut placed = self.facts.booked.clone();
        placed.extend(self.kept.parts.found().into_iter().flatten().flat_map(|part| part.placed));
        try_some(&self.facts, &placed, most)
    }
}

/// A run at work, with everything it needs on the way.
struct Work<'a> {
    facts: &'a Facts,
    booked_score: i64,
    budget: &'a Budget,
    kept: &'a Kept,
    stop: &'a dyn Stop,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    fn plan(&self) {
        let (facts, stop) = (self.facts, self.stop);
        let reach = self.kept.reach.get_or_init(|| Reach::of(facts));
        let pairs = self.kept.pairs.get_or_init(|| eligible_pairs_in(facts, reach));
        let market = Market::of(facts, pairs, |pair| pair.worth(facts).score);
        let passes = self.budget.iterations.unwrap_or_else(|| usual_passes(&market));
        let pace = Pace { passes, hundredths_of_time: 100 };
        let mut parts = parts_of(&market);
        self.kept.parts.begin(&parts);
        self.begin(&mut parts, pace, stop);
        let fill_market =
            market.alike(FILL_POINTS).unwrap_or_else(|| Market::of(facts, pairs, |_| FILL_POINTS));
        let mut fill_parts = parts_of(&fill_market);
        let fill_shelf = &self.kept.fill_parts;
        fill_shelf.begin(&fill_parts);
        let (known, filled) = (prices_of_places(&market, &parts), filled(&parts));
        rayon::join(
            || self.relax(&mut parts, stop),
            || {
                let share = Share { hundredths: HUNDREDTHS_FOR_MOST_FILLED, shelf: fill_shelf, stop };
                share.spend(&mut fill_parts, &|part, stop| {
                    part.descend_to_most_filled(&known, &filled, pace, stop);
                });
            },
        );
        self.better_large_parts(&mut parts, pace, stop);
        let filled = self::filled(&parts);
        rayon::join(
            || self.finish(&mut parts, stop),
            || {
                fill_parts.par_iter_mut().enumerate().for_each(|(place, part)| {
                    part.tighten_places(&filled, stop);
                    fill_shelf.keep(place, part);
                });
            },
        );
    }

    fn share<'s>(&'s self, hundredths: u32, stop: &'s dyn Stop) -> Share<'s> {
        Share { hundredths, shelf: &self.kept.parts, stop }
    }

    /// First prices, and a plan for each part.
    fn begin(&self, parts: &mut [Part], pace: Pace, stop: &dyn Stop) {
        self.share(HUNDREDTHS_FOR_PRICES, stop).spend(parts, &|part, stop| part.descend(pace, stop));
        parts.par_iter_mut().enumerate().for_each(|(place, part)| {
            part.construct(stop);
            self.kept.parts.keep(place, part);
        });
        self.tell(parts, "prices");
        self.share(HUNDREDTHS_FOR_PLANS, stop).spend(parts, &|part, stop| {
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
        self.share(HUNDREDTHS_FOR_BETTER_PRICES, stop).spend(parts, &|part, stop| {
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
            let open = parts.par_iter_mut().enumerate().filter(|(_, part)| part.gap() > self.bearable(part));
            open.for_each(|(place, part)| {
                step(part);
                self.kept.parts.keep(place, part);
            });
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

/// A look at an agent takes as long as so many choices besides their own.
const CHOICES_LIKE_AN_AGENT: usize = 300;

/// A share of the time that is left.
struct Share<'a> {
    hundredths: u32,
    /// Where what is found is kept.
    shelf: &'a Shelf,
    stop: &'a dyn Stop,
}

impl Share<'_> {
    /// Has every part worked on within the share: the small ones side by side, then the large ones one after another, each
    /// with its share by choices, since a large one can use every thread itself.
    fn spend(&self, parts: &mut [Part], work: &(dyn Fn(&mut Part, &dyn Stop) + Sync)) {
        let stop = self.stop;
        let reserve = stop.remaining().unwrap_or_default() * (100 - self.hundredths) / 100;
        let do_one = |(place, part): (usize, &mut Part), reserve| {
            work(part, &Early { stop, reserve });
            self.shelf.keep(place, part);
        };
        let (large, small): (Vec<Numbered<'_>>, Vec<Numbered<'_>>) =
            parts.iter_mut().enumerate().partition(|(_, part)| part.is_large());
        small.into_par_iter().for_each(|part| do_one(part, reserve));
        let effort = |part: &Part| -> u32 {
            let choices = part.market.choice_count() + CHOICES_LIKE_AN_AGENT * part.market.agents.len();
            u32::try_from(choices).unwrap_or(u32::MAX)
        };
        let mut left: u32 = large.iter().map(|(_, part)| effort(part)).sum();
        for (place, part) in large {
            let own = effort(part);
            let time = stop.remaining().unwrap_or_default();
            let others = time.saturating_sub(reserve) / left.max(1) * left.saturating_sub(own);
            do_one((place, part), reserve + others);
            left = left.saturating_sub(own);
        }
    }
}

/// A part, and its place among all.
type Numbered<'a> = (usize, &'a mut Part);

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

/// Says stop a little early, so that time is left for what follows.
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
