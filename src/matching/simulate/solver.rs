//! One point of a simulation: a good plan and its bound, from the prices of the point before.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::matching::assemble::{any_worth, placed_in};
use crate::matching::budget::Stop;
use crate::matching::decompose::components;
use crate::matching::eligibility::{EligiblePair, eligible_pairs};
use crate::matching::facts::Facts;
use crate::matching::market::Market;
use crate::matching::part::Part;
use crate::matching::prices::{Dual, pass};

/// What one filled place is worth where places are counted.
pub(super) const POINTS_PER_PLACE: i64 = 1_000_000;

/// How prices are moved: how often, by which share of the highest score at first, and how many hundredths of a step
/// are left for the next.
struct Descent {
    passes: u32,
    first_step_share: i64,
    step_percent: i64,
}

/// The first point has no neighbour to start from.
const COLD: Descent = Descent { passes: 240, first_step_share: 20, step_percent: 97 };

/// Every other point starts from prices that are nearly right.
const WARM: Descent = Descent { passes: 90, first_step_share: 25, step_percent: 94 };

/// What is to be made as large as possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
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
pub(super) struct Solution {
    /// Every pair as (clinician, session), bookings among them, in order.
    pub(super) placed: Vec<(u32, u32)>,
    /// What they come to by the goal.
    pub(super) score: i64,
    /// No plan comes to more.
    pub(super) upper_bound: i64,
}

/// Solves one point after another of the same sessions and people.
#[derive(Debug, Default)]
pub(super) struct Solver {
    /// The prices of the point before; none before the first.
    prices: Vec<i64>,
}

impl Solver {
    /// A good plan for the facts as they are, and the bound its prices prove.
    pub(super) fn solve(&mut self, facts: &Facts, goal: Goal, stop: &dyn Stop) -> Solution {
        let worth = |clinician: u32, session: u32| goal.worth(facts, clinician, session);
        let pairs = eligible_pairs(facts);
        let market = Market::of(facts, &pairs, |pair: &EligiblePair| worth(pair.clinician, pair.session));
        let known = &self.prices;
        let parts: Vec<Part> = components(&market, |_, _| true)
            .into_par_iter()
            .map(|component| {
                let mut part = Part::of(&market, component);
                settle(&mut part, known, stop);
                part.construct(stop);
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
        Solution {
            score: placed.iter().map(|(clinician, session)| worth(*clinician, *session)).sum(),
            upper_bound: booked + parts.iter().map(|part| part.dual.bound).sum::<i64>(),
            placed,
        }
    }
}

impl Goal {
    fn worth(self, facts: &Facts, clinician: u32, session: u32) -> i64 {
        let worth = || any_worth(facts, clinician, session);
        match self {
            Goal::Score => worth().map_or(0, |worth| worth.score),
            Goal::Places => POINTS_PER_PLACE,
            Goal::PlacesForMoney { points_per_hundred_pounds } => {
                let pay = worth().map_or(0, |worth| worth.pay_pence);
                POINTS_PER_PLACE - pay.saturating_mul(points_per_hundred_pounds).div_euclid(10_000)
            }
        }
    }
}

/// Moves prices towards as many takers as places, by steps that fall by a share with each pass, and keeps the best.
/// In whole points throughout.
fn settle(part: &mut Part, known: &[i64], stop: &dyn Stop) {
    let highest = part.market.highest_scores();
    let most = highest.iter().copied().max().unwrap_or(0);
    let descent = if known.is_empty() { COLD } else { WARM };
    if !known.is_empty() {
        let sessions = part.component.sessions.iter();
        let start = sessions.zip(&highest).map(|(session, highest)| {
            known.get(*session as usize).copied().unwrap_or(*highest).min(*highest)
        });
        let dual = Dual::at(&part.market, start.collect());
        if dual.bound < part.dual.bound {
            part.dual = dual;
        }
    }
    let mut prices = part.dual.prices.clone();
    let mut step = (most / descent.first_step_share).max(1);
    for _ in 0..descent.passes {
        if stop.is_due() {
            return;
        }
        let found = pass(&part.market, &prices);
        if found.bound < part.dual.bound {
            part.dual = Dual { prices: prices.clone(), bound: found.bound };
        }
        let sessions = prices.iter_mut().zip(&found.demand).zip(&part.market.places).zip(&highest);
        for (((price, demand), places), highest) in sessions {
            let excess = i64::from(*demand) - i64::from(*places);
            *price = (*price + step * excess).clamp(0, *highest);
        }
        step = (step * descent.step_percent / 100).max(1);
    }
}
