//! One point of a simulation: a good plan and its bound, from the prices of the point before.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::before::Before;
use crate::bound::descent::Pace;
use crate::bound::prices::Dual;
use crate::index::{IndexVec, SessionIx};
use crate::market::parts::components;
use crate::market::{FILL_POINTS, Market};
use crate::pairs::eligible::{EligiblePair, eligible_pairs};
use crate::pairs::facts::{Facts, Placed};
use crate::pairs::score::any_worth;
use crate::part::Part;
use crate::stop::Stop;

/// Passes over the prices of the first point, which has no neighbour to start from.
const COLD_PASSES: u32 = 400;

/// Passes over the prices of every other point.
const WARM_PASSES: u32 = 300;

/// Auctions for a better plan of one point at most, and rounds of ejection chains after them.
const AUCTIONS: u32 = 2;
const ROUNDS_OF_CHAINS: u32 = 4;

/// What is to be made as large as possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The score of the problem's own policy.
    Score,
    /// The number of filled places.
    Places,
    /// The number of filled places, less a price on what they cost.
    PlacesForMoney {
        /// Points lost for each hundred pounds of pay.
        points_per_hundred_pounds: i64,
    },
}

/// A plan for one point.
#[derive(Debug, Clone)]
pub(crate) struct Solution {
    /// Every pair, bookings among them, in order.
    pub(crate) placed: Vec<Placed>,
    /// What they come to by the goal.
    pub(crate) score: i64,
    /// No plan comes to more.
    pub(crate) upper_bound: i64,
}

/// Solves one point after another of the same sessions and people.
#[derive(Debug, Default)]
pub(crate) struct Solver {
    /// The prices of the point before; none before the first.
    prices: Option<IndexVec<SessionIx, i64>>,
    before: Option<Before>,
}

impl Solver {
    /// A good plan for the facts as they are, and the bound its prices prove.
    pub(crate) fn solve(&mut self, facts: &Facts, goal: Goal, stop: &dyn Stop) -> Solution {
        let worth = |pair: Placed| goal.worth(facts, pair);
        let pairs = eligible_pairs(facts);
        let market = Market::of(facts, &pairs, |pair: &EligiblePair| worth(pair.placed()));
        let (known, before) = (self.prices.as_ref(), self.before.as_ref());
        let parts: Vec<Part> = components(&market.all)
            .into_par_iter()
            .map(|component| {
                let mut part = Part::of(&market, component);
                if before.is_some_and(|before| before.has_solved(&mut part)) {
                    return part;
                }
                settle(&mut part, known, stop);
                part.construct(stop);
                if let Some(before) = before {
                    before.lend_plan(&mut part, stop);
                }
                if goal == Goal::Score {
                    part.hold_auctions(AUCTIONS, stop);
                }
                part.better_by_chains(ROUNDS_OF_CHAINS, stop);
                part
            })
            .collect();
        // A session that nobody may do at this point starts from the top where somebody may at the next.
        let mut prices = facts.sessions.map(|_| i64::MAX);
        for (session, price) in parts.iter().flat_map(Part::priced) {
            prices[session] = price;
        }
        self.prices = Some(prices);
        let mut placed = facts.booked.clone();
        placed.extend(parts.iter().flat_map(Part::placed));
        placed.sort_unstable();
        let booked: i64 = facts.booked.iter().map(|pair| worth(*pair)).sum();
        let upper_bound = booked + parts.iter().map(|part| part.dual.bound).sum::<i64>();
        self.before = Some(Before::of(parts));
        Solution { score: placed.iter().map(|pair| worth(*pair)).sum(), upper_bound, placed }
    }
}

impl Goal {
    fn worth(self, facts: &Facts, pair: Placed) -> i64 {
        match self {
            Goal::Score => any_worth(facts, pair).score,
            Goal::Places => FILL_POINTS,
            Goal::PlacesForMoney { points_per_hundred_pounds } => {
                let pay = any_worth(facts, pair).pay_pence;
                FILL_POINTS - pay.saturating_mul(points_per_hundred_pounds).div_euclid(10_000)
            }
        }
    }
}

/// Brings a part's prices down, from those of the point before where there is one.
fn settle(part: &mut Part, known: Option<&IndexVec<SessionIx, i64>>, stop: &dyn Stop) {
    let Some(known) = known else {
        return part.descend(Pace { passes: COLD_PASSES, hundredths_of_time: 100 }, stop);
    };
    let highest = part.market.highest_scores();
    let both = part.component.sessions.zip(&highest);
    let dual = Dual::at(&part.market, both.map(|(session, highest)| known[*session].min(*highest)).collect());
    if dual.bound < part.dual.bound {
        part.dual = dual;
    }
    part.descend(Pace { passes: WARM_PASSES, hundredths_of_time: 100 }, stop);
}
