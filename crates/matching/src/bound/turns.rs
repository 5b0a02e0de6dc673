//! Prices for a large part: brought down a few agents at a time, so that each few see what the ones before did.
//!
//! A pass over everybody moves each price once. Here every price moves after each of many turns of a sweep, while a
//! sweep looks at everybody once, as a pass does: on 25,000 sessions 60 sweeps came as near to the best prices as 200
//! passes. Agents who sit far apart in the list look at the same prices, which lets them be looked at side by side, and
//! makes the prices the same for any number of threads.
//!
//! In the field: the incremental subgradient method, with averaging.

use rayon::prelude::ParallelIterator;
use rayon::slice::ParallelSlice;

use crate::bound::descent::{Pace, Steps, points, whole};
use crate::bound::prices::Dual;
use crate::index::{IndexVec, Ix, PartAgentIx, PartSessionIx};
use crate::market::{PartMarket, Prices};
use crate::schedule::Scheduler;
use crate::stop::Stop;

/// Choices looked at in one turn at first. In a turn everybody looks at the same prices, and where many look at the same
/// sessions, many go after the same one.
const CHOICES_OF_A_TURN: usize = 7_000;

/// Turns of a sweep at first, and the fewest.
const MOST_TURNS: usize = 1_024;
const LEAST_TURNS: usize = 64;

/// While the step falls, so does the number of turns, to one in so many, but never below the fewest of all.
const FALL_OF_TURNS: f64 = 32.0;
const FEWEST_TURNS: usize = 16;

/// How many agents are looked at by one thread in one go.
const BATCH: usize = 4;

/// How often prices are lowered in a sweep at most; whatever is taken is raised after every turn.
const MOST_LOWERINGS: usize = 128;

/// The average of the prices on the way is nearer to the best prices than the last ones are, since it does not swing with
/// the step. It is taken so many times a sweep, and keeps this much of itself each time.
const AVERAGES_OF_A_SWEEP: usize = 16;
const KEPT_OF_AVERAGE: f64 = 0.98;

/// After so many sweeps the bound of the prices is found out, in case the run has to end.
const SWEEPS_BETWEEN_BOUNDS: u32 = 16;

type Averages = IndexVec<PartSessionIx, f64>;

/// Brings prices down in turns: an incremental subgradient method whose step falls geometrically. Gives the best dual
/// among those looked at on the way.
pub(crate) fn descend_in_turns(
    market: &PartMarket,
    from: Dual,
    (steps, pace): (Steps, Pace),
    stop: &dyn Stop,
) -> Dual {
    let highest = market.highest_scores();
    let all = points(highest.iter().copied().max().unwrap_or(0));
    let mut best = from;
    let mut prices = best.prices.clone();
    let mut averages: Averages = prices.map(|price| points(*price));
    let at_first = stop.remaining();
    for sweep in 0..pace.passes {
        let done = pace.done(sweep, at_first, stop);
        if done >= 1.0 || stop.is_due() {
            break;
        }
        let step = whole(all * steps.at(done)).max(1);
        let turns = turns_of_a_sweep(market, done);
        let turns_of_a_lowering = turns.div_ceil(MOST_LOWERINGS);
        for turn in 0..turns {
            let agents = (turn..market.agents.len()).step_by(turns).map(PartAgentIx::at);
            for session in taken_by(market, &prices, &agents.collect::<Vec<_>>()) {
                prices[session] = (prices[session] + step).min(highest[session]);
            }
            if (turn + 1) % turns_of_a_lowering == 0 {
                let (turn, turns) = (turn / turns_of_a_lowering, turns / turns_of_a_lowering);
                for (price, places) in prices.iter_mut().zip(&market.places) {
                    *price = (*price - share_of_turn(step * i64::from(*places), turn, turns)).max(0);
                }
            }
            if turn % turns.div_ceil(AVERAGES_OF_A_SWEEP) == 0 {
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

/// How many turns a sweep has when so much of the descent is done, from 0 to 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a number of at most a thousand"
)]
fn turns_of_a_sweep(market: &PartMarket, done: f64) -> usize {
    let first = (market.choice_count() / CHOICES_OF_A_TURN).clamp(LEAST_TURNS, MOST_TURNS);
    let turns = ((first as f64 * FALL_OF_TURNS.powf(-done)) as usize).max(FEWEST_TURNS);
    turns.next_multiple_of(turns.div_ceil(MOST_LOWERINGS))
}

fn rounded(averages: &Averages) -> Prices {
    averages.map(|average| whole(*average))
}

/// What one turn has of a whole that all turns of a sweep share; the shares add up to it.
fn share_of_turn(whole: i64, turn: usize, turns: usize) -> i64 {
    let up_to = |turn: usize| whole * turn.cast_signed() as i64 / turns.cast_signed() as i64;
    up_to(turn + 1) - up_to(turn)
}

/// What these agents would take at these prices, each their best schedule.
fn taken_by(market: &PartMarket, prices: &Prices, agents: &[PartAgentIx]) -> Vec<PartSessionIx> {
    let batches: Vec<Vec<PartSessionIx>> = agents
        .par_chunks(BATCH)
        .map_init(Scheduler::default, |scheduler, agents| {
            let mut taken = Vec::new();
            for agent in agents {
                scheduler.best_at(market, &market.agents[*agent], prices);
                taken.extend_from_slice(scheduler.chosen());
            }
            taken
        })
        .collect();
    batches.concat()
}
