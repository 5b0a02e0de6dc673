//! One point of a simulation: a good plan and its bound, from the prices of the point before.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::before::Before;
use crate::bound::descent::Pace;
use crate::bound::prices::Dual;
use crate::market::parts::components;
use crate::market::{FILL_POINTS, Market};
use crate::pairs::eligible::{EligiblePair, eligible_pairs};
use crate::pairs::facts::Facts;
use crate::pairs::score::any_worth;
use crate::part::Part;
use crate::part::placed_in;
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
    /// Every pair as (clinician, session), bookings among them, in order.
    pub(crate) placed: Vec<(u32, u32)>,
    /// What they come to by the goal.
    pub(crate) score: i64,
    /// No plan comes to more.
    pub(crate) upper_bound: i64,
}

/// Solves one point after another of the same sessions and people.
#[derive(Debug, Default)]
pub(crate) struct Solver {
    /// The prices of the point before; none before the first.
    prices: Vec<i64>,
    before: Option<Before>,
}

impl Solver {
    /// A good plan for the facts as they are, and the bound its prices prove.
    pub(crate) fn solve(&mut self, facts: &Facts, goal: Goal, stop: &dyn Stop) -> Solution {
        let worth = |clinician: u32, session: u32| goal.worth(facts, clinician, session);
        let pairs = eligible_pairs(facts);
        let market = Market::of(facts, &pairs, |pair: &EligiblePair| worth(pair.clinician, pair.session));
        let (known, before) = (&self.prices, self.before.as_ref());
        let parts: Vec<Part> = components(&market, |_, _| true)
            .into_par_iter()
            .map(|component| {
                let mut part = Part::of(&market, component);
                if before.is_some_and(|before| before.has_solved(&market, &mut part)) {
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
        let mut prices = vec![i64::MAX; facts.sessions.len()];
        for part in &parts {
            for (session, price) in part.component.sessions.iter().zip(&part.dual.prices) {
                if let Some(known) = prices.get_mut(*session as usize) {
                    *known = *price;
                }
            }
        }
        self.prices = prices;
        let mut placed = facts.booked.clone();
        placed.extend(parts.iter().flat_map(|part| placed_in(&market, part)));
        placed.sort_unstable();
        let booked: i64 = facts.booked.iter().map(|(clinician, session)| worth(*clinician, *session)).sum();
        let upper_bound = booked + parts.iter().map(|part| part.dual.bound).sum::<i64>();
        self.before = Some(Before::of(market, parts));
        Solution {
            score: placed.iter().map(|(clinician, session)| worth(*clinician, *session)).sum(),
            upper_bound,
            placed,
        }
    }
}

impl Goal {
    fn worth(self, facts: &Facts, clinician: u32, session: u32) -> i64 {
        let worth = || any_worth(facts, clinician, session);
        match self {
            Goal::Score => worth().map_or(0, |worth| worth.score),
            Goal::Places => FILL_POINTS,
            Goal::PlacesForMoney { points_per_hundred_pounds } => {
                let pay = worth().map_or(0, |worth| worth.pay_pence);
                FILL_POINTS - pay.saturating_mul(points_per_hundred_pounds).div_euclid(10_000)
            }
        }
    }
}

/// Brings a part's prices down, from those of the point before where there is one.
fn settle(part: &mut Part, known: &[i64], stop: &dyn Stop) {
    if known.is_empty() {
        return part.descend(Pace { passes: COLD_PASSES, hundredths_of_time: 100 }, stop);
    }
    let highest = part.market.highest_scores();
    let start =
        part.component.sessions.iter().zip(&highest).map(|(session, highest)| {
            known.get(*session as usize).copied().unwrap_or(*highest).min(*highest)
        });
    let dual = Dual::at(&part.market, start.collect());
    if dual.bound < part.dual.bound {
        part.dual = dual;
    }
    part.descend(Pace { passes: WARM_PASSES, hundredths_of_time: 100 }, stop);
}
