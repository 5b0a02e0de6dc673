//! First plans from prices: each agent in turn takes their best schedule among what is left.

use super::budget::Stop;
use super::draft::Draft;
use super::market::Market;
use super::schedule::Scheduler;

/// How much of the price a session is made to cost while plans are built, in eighths.
const PRICE_EIGHTHS: [i64; 3] = [8, 7, 5];

/// After so many rounds nearly nobody finds anything better.
const MOST_ROUNDS_TO_SETTLE: u32 = 8;

/// A market of more choices is built only once.
const LARGE: usize = 1_000_000;

/// The best of several plans built at these prices, or the first when time is short.
pub(crate) fn construct(market: &Market, prices: &[i64], stop: &dyn Stop) -> Draft {
    let mut best = Draft::empty(market);
    let order = scarce_first(market);
    for (attempt, eighths) in PRICE_EIGHTHS.into_iter().enumerate() {
        if attempt > 0 && (stop.is_due() || market.choice_count() > LARGE) {
            break;
        }
        let draft = build(market, prices, eighths, &order, stop);
        if draft.score() > best.score() {
            best = draft;
        }
    }
    best
}

/// One plan at a share of these prices, after which everybody may better themselves until nobody can.
pub(crate) fn build(
    market: &Market,
    prices: &[i64],
    eighths: i64,
    order: &[usize],
    stop: &dyn Stop,
) -> Draft {
    let mut draft = Draft::empty(market);
    let (mut scheduler, mut offers) = (Scheduler::default(), Vec::new());
    let price = |session: u32| prices.get(session as usize).map_or(0, |price| price * eighths / 8);
    for &agent in order {
        draft.respond(market, agent, &mut scheduler, &mut offers, price);
    }
    settle(market, &mut draft, order, stop);
    draft
}

/// Lets everybody better themselves by what is free until nobody can, or the run has to end; the score never falls.
pub(crate) fn settle(market: &Market, draft: &mut Draft, order: &[usize], stop: &dyn Stop) {
    let (mut scheduler, mut offers) = (Scheduler::default(), Vec::new());
    for _ in 0..MOST_ROUNDS_TO_SETTLE {
        let mut changed = false;
        for &agent in order {
            changed |= draft.respond(market, agent, &mut scheduler, &mut offers, |_| 0);
        }
        if !changed || stop.is_due() {
            return;
        }
    }
}

/// Agents with the fewest choices first: others can take what these leave, but not the other way round.
pub(crate) fn scarce_first(market: &Market) -> Vec<usize> {
    let mut order: Vec<usize> = (0..market.agents.len()).collect();
    order.sort_by_key(|agent| market.agents.get(*agent).map_or(0, |agent| market.choices(agent).len()));
    order
}
