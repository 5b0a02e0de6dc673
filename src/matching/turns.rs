//! Prices for a large part: brought down a few agents at a time, so that each few see what the ones before did.
//!
//! A pass over everybody moves each price once. Here every price moves after each of many turns of a sweep, while a
//! sweep looks at everybody once, as a pass does: on 25,000 sessions 60 sweeps came as near to the best prices as 200
//! passes. Agents who sit far apart in the list look at the same prices, which lets them be looked at side by side, and
//! makes the prices the same for any number of threads.

use rayon::prelude::ParallelIterator;
use rayon::slice::ParallelSlice;

use super::budget::Stop;
use super::market::Market;
use super::prices::{Dual, Pace, points, whole, worthwhile};
use super::schedule::Scheduler;

/// Turns of a sweep.
const TURNS: usize = 64;

/// How many agents are looked at by one thread in one go.
const BATCH: usize = 32;

/// The first step, as a share of the highest score.
const FIRST_STEP_SHARE: f64 = 0.1;

/// The last step, as a share of the first.
const LAST_STEP_SHARE: f64 = 0.005;

/// The average of the prices on the way is nearer to the best prices than the last ones are, since it does not swing with
/// the step. It is taken after each so many turns, and keeps this much of itself each time.
const TURNS_BETWEEN_AVERAGES: i64 = 4;
const KEPT_OF_AVERAGE: f64 = 0.98;

/// After so many sweeps the bound of the prices is found out, in case the run has to end.
const SWEEPS_BETWEEN_BOUNDS: u32 = 16;

/// Brings prices down in turns: an incremental subgradient method whose step falls geometrically. Gives the best dual
/// among those looked at on the way.
pub(super) fn descend_in_turns(market: &Market, from: Dual, pace: Pace, stop: &dyn Stop) -> Dual {
    let highest = market.highest_scores();
    let first_step = points(highest.iter().copied().max().unwrap_or(0)) * FIRST_STEP_SHARE;
    let agents = u32::try_from(market.agents.len()).unwrap_or(u32::MAX);
    let turns: Vec<Vec<u32>> =
        (0..TURNS).zip(0..).map(|(_, first)| (first..agents).step_by(TURNS).collect()).collect();
    let mut best = from;
    let mut prices = best.prices.clone();
    let mut averages: Vec<f64> = prices.iter().copied().map(points).collect();
    let at_first = stop.remaining();
    for sweep in 0..pace.passes {
        let done = pace.done(sweep, at_first, stop);
        if done >= 1.0 || stop.is_due() {
            break;
        }
        let step = whole(first_step * LAST_STEP_SHARE.powf(done)).max(1);
        for (turn, agents) in (0..).zip(&turns) {
            for session in taken_by(market, &prices, agents) {
                if let (Some(price), Some(highest)) =
                    (prices.get_mut(session as usize), highest.get(session as usize))
                {
                    *price = (*price + step).min(*highest);
                }
            }
            for (price, places) in prices.iter_mut().zip(&market.places) {
                *price = (*price - share_of_turn(step * i64::from(*places), turn)).max(0);
            }
            if turn % TURNS_BETWEEN_AVERAGES == 0 {
                for (average, price) in averages.iter_mut().zip(&prices) {
                    *average += (1.0 - KEPT_OF_AVERAGE) * (points(*price) - *average);
                }
            }
        }
        if sweep % SWEEPS_BETWEEN_BOUNDS == SWEEPS_BETWEEN_BOUNDS - 1 {
            best.better(market, &rounded(&averages));
        }
    }
    best.better(market, &rounded(&averages));
    best.better(market, &prices);
    best
}

fn rounded(averages: &[f64]) -> Vec<i64> {
    averages.iter().copied().map(whole).collect()
}

/// What one turn has of a whole that all turns of a sweep share; the shares add up to it.
fn share_of_turn(whole: i64, turn: i64) -> i64 {
    let turns = i64::try_from(TURNS).unwrap_or(i64::MAX);
    whole * (turn + 1) / turns - whole * turn / turns
}

/// What these agents would take at these prices, each their best schedule.
fn taken_by(market: &Market, prices: &[i64], agents: &[u32]) -> Vec<u32> {
    let batches: Vec<Vec<u32>> = agents
        .par_chunks(BATCH)
        .map_init(
            || (Scheduler::default(), Vec::new()),
            |(scheduler, offers), agents| {
                let mut taken = Vec::new();
                for agent in agents.iter().filter_map(|agent| market.agents.get(*agent as usize)) {
                    worthwhile(market, agent, prices, offers);
                    scheduler.best(market, agent, offers);
                    taken.extend_from_slice(scheduler.chosen());
                }
                taken
            },
        )
        .collect();
    batches.concat()
}
