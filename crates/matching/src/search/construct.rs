//! First plans from prices: each agent in turn takes their best schedule among what is left.

use crate::market::Market;
use crate::schedule::Scheduler;
use crate::schedule::draft::Draft;
use crate::stop::Stop;

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
    let mut scheduler = Scheduler::default();
    let price = |session: u32| prices.get(session as usize).map_or(0, |price| price * eighths / 8);
    for &agent in order {
        draft.respond(market, agent, &mut scheduler, price);
    }
    settle(market, &mut draft, order, stop);
    draft
}

/// Lets everybody better themselves by what is free until nobody can, or the run has to end; the score never falls.
/// After the first round, only those who may take something that became free in the last one are asked.
pub(crate) fn settle(market: &Market, draft: &mut Draft, order: &[usize], stop: &dyn Stop) {
    let mut scheduler = Scheduler::default();
    let mut is_free: Vec<bool> =
        (0..).zip(&market.places).map(|(session, _)| draft.left(session) > 0).collect();
    for _ in 0..MOST_ROUNDS_TO_SETTLE {
        let mut freed = vec![false; is_free.len()];
        let mut changed = false;
        for &agent in order {
            if !may_take_one(market, agent, &is_free) {
                continue;
            }
            let before = draft.held(agent).to_vec();
            if draft.respond(market, agent, &mut scheduler, |_| 0) {
                changed = true;
                for session in before.iter().filter(|session| draft.left(**session) > 0) {
                    for free in [&mut freed, &mut is_free] {
                        if let Some(free) = free.get_mut(*session as usize) {
                            *free = true;
                        }
                    }
                }
            }
        }
        if !changed || stop.is_due() {
            return;
        }
        is_free = freed;
    }
}

/// Whether any of these sessions is among an agent's choices.
fn may_take_one(market: &Market, agent: usize, sessions: &[bool]) -> bool {
    let choices = market.agents.get(agent).map_or(&[][..], |agent| market.choices(agent));
    choices.iter().any(|choice| sessions.get(choice.session as usize).copied().unwrap_or(false))
}

/// Agents with the fewest choices first: others can take what these leave, but not the other way round.
pub(crate) fn scarce_first(market: &Market) -> Vec<usize> {
    let mut order: Vec<usize> = (0..market.agents.len()).collect();
    order.sort_by_key(|agent| market.agents.get(*agent).map_or(0, |agent| market.choices(agent).len()));
    order
}
