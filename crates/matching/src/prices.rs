//! The dual: prices on sessions, the bound they prove, and how they come down to a good one.
//!
//! For any prices λ ≥ 0 on sessions, Σ λ × places + Σ over agents of their best schedule when each session pays
//! score − λ is at least the score of every plan. Prices are whole points, so the bound is exact on every machine.

use std::time::Duration;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::budget::Stop;
use super::market::{Agent, Market};
use super::schedule::{Offer, Scheduler};

/// What one look at all agents at some prices gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pass {
    /// No plan of the free part scores more.
    pub(crate) bound: i64,
    /// How many agents would take each session.
    pub(crate) demand: Vec<u32>,
}

/// How many agents are looked at by one thread in one go.
const BATCH: usize = 64;

/// Fills `offers` with the sessions that gain an agent something at these prices.
pub(crate) fn worthwhile(market: &Market, agent: &Agent, prices: &[i64], offers: &mut Vec<Offer>) {
    offers.clear();
    for (place, choice) in (0..).zip(market.choices(agent)) {
        let price = prices.get(choice.session as usize).copied().unwrap_or(0);
        if choice.score > price {
            offers.push(Offer { choice: place, session: choice.session, gain: choice.score - price });
        }
    }
}

/// Looks at every agent at these prices.
pub(crate) fn pass(market: &Market, prices: &[i64]) -> Pass {
    let batches: Vec<&[Agent]> = market.agents.chunks(BATCH).collect();
    let parts: Vec<(i64, Vec<u32>)> = batches
        .into_par_iter()
        .map_init(Scheduler::default, |scheduler, agents| {
            let mut taken = Vec::new();
            let mut sum = 0;
            for agent in agents {
                sum += scheduler.best_at(market, agent, prices);
                taken.extend_from_slice(scheduler.chosen());
            }
            (sum, taken)
        })
        .collect();
    let mut found = Pass { bound: 0, demand: vec![0; market.timings.len()] };
    for (price, places) in prices.iter().zip(&market.places) {
        found.bound += price * i64::from(*places);
    }
    for (sum, taken) in parts {
        found.bound += sum;
        for session in taken {
            if let Some(demand) = found.demand.get_mut(session as usize) {
                *demand += 1;
            }
        }
    }
    found
}

/// Prices, and the bound they prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dual {
    pub(crate) prices: Vec<i64>,
    pub(crate) bound: i64,
}

impl Dual {
    /// Every session at the highest score anybody has in it: nobody gains anything, and the bound is plain.
    pub(crate) fn at_the_top(market: &Market) -> Self {
        let prices = market.highest_scores();
        let bound = prices.iter().zip(&market.places).map(|(price, places)| price * i64::from(*places)).sum();
        Self { prices, bound }
    }

    /// The prices, with the bound they prove found out anew.
    pub(crate) fn at(market: &Market, prices: Vec<i64>) -> Self {
        let bound = pass(market, &prices).bound;
        Self { prices, bound }
    }

    /// Takes over these prices where their bound is lower.
    pub(super) fn better(&mut self, market: &Market, prices: &[i64]) {
        let bound = pass(market, prices).bound;
        if bound < self.bound {
            *self = Self { prices: prices.to_vec(), bound };
        }
    }
}

/// The steps of a descent, as shares of the highest score.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    first: f64,
    last: f64,
}

impl Steps {
    /// From the highest prices there can be. Smaller last steps come nearer to the best prices, but leave large groups of
    /// prices behind, which the model that follows (`relax.rs`) takes longer to move than to settle each.
    pub(super) const FROM_THE_TOP: Self = Self { first: 0.1, last: 0.000_5 };

    /// From prices that are good already.
    pub(super) const NEARBY: Self = Self { first: 0.005, last: 0.000_2 };

    /// The step when so much of the descent is done, from 0 to 1.
    pub(super) fn at(self, done: f64) -> f64 {
        self.first * (self.last / self.first).powf(done)
    }
}

/// How much of its direction a price keeps from one pass to the next. Without it, prices swing about their places: after
/// 300 passes over a county's month the bound was 0.074 % above the optimum, with it 0.021 %.
const MOMENTUM: f64 = 0.9;

/// How a descent goes from its first step to its last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Passes at most.
    pub(crate) passes: u32,
    /// Of the time that is left when it begins, so many hundredths at most; without a deadline, passes alone count.
    pub(crate) hundredths_of_time: u32,
}

impl Pace {
    /// How much of the descent is done, from 0 to 1.
    pub(super) fn done(self, pass: u32, at_first: Option<Duration>, stop: &dyn Stop) -> f64 {
        let by_passes = f64::from(pass) / f64::from(self.passes.max(1));
        let by_time = at_first.zip(stop.remaining()).map_or(0.0, |(all, left)| {
            if left.is_zero() {
                return 1.0;
            }
            let mine = all.as_secs_f64() * f64::from(self.hundredths_of_time) / 100.0;
            (all.as_secs_f64() - left.as_secs_f64()) / mine.max(0.001)
        });
        by_passes.max(by_time)
    }
}

/// Brings prices down, each pass moving every price towards as many takers as places: a subgradient method with
/// momentum, whose step falls geometrically, until they prove `target`. Gives the best dual met on the way.
pub(crate) fn descend(
    market: &Market,
    from: Dual,
    target: i64,
    (steps, pace): (Steps, Pace),
    stop: &dyn Stop,
) -> Dual {
    let highest = market.highest_scores();
    let all = points(highest.iter().copied().max().unwrap_or(0));
    let mut best = from;
    let mut prices = best.prices.clone();
    let mut directions = vec![0.0; prices.len()];
    let at_first = stop.remaining();
    for pass_number in 0..pace.passes {
        let done = pace.done(pass_number, at_first, stop);
        if done >= 1.0 || best.bound <= target || stop.is_due() {
            break;
        }
        let found = pass(market, &prices);
        if found.bound < best.bound {
            best = Dual { prices: prices.clone(), bound: found.bound };
        }
        let step = all * steps.at(done);
        let sessions = prices.iter_mut().zip(&mut directions).zip(&highest);
        for (((price, direction), highest), (demand, places)) in
            sessions.zip(found.demand.iter().zip(&market.places))
        {
            let excess = f64::from(*demand) - f64::from(*places);
            *direction = MOMENTUM * *direction + (1.0 - MOMENTUM) * excess;
            *price = whole(points(*price) + step * *direction).clamp(0, *highest);
        }
    }
    best
}

#[expect(clippy::cast_precision_loss, reason = "sums of points stay below 2^53, which validation sees to")]
pub(super) fn points(points: i64) -> f64 {
    points as f64
}

#[expect(clippy::cast_possible_truncation, reason = "a float out of range becomes the nearest whole number")]
pub(super) fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests;
