//! First plans from prices: each agent in turn takes their best schedule among what is left.
//!
//! In the field: a greedy Lagrangian heuristic at several shares of the prices, then best response until nobody moves.

use crate::index::{IndexVec, PartAgentIx, PartSessionIx};
use crate::market::{PartMarket, Prices};
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
pub(crate) fn construct(market: &PartMarket, prices: &Prices, stop: &dyn Stop) -> Draft {
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
    market: &PartMarket,
    prices: &Prices,
    eighths: i64,
    order: &[PartAgentIx],
    stop: &dyn Stop,
) -> Draft {
    let mut draft = Draft::empty(market);
    let mut scheduler = Scheduler::default();
    let price = |session| prices[session] * eighths / 8;
    for &agent in order {
        draft.respond(market, agent, &mut scheduler, price);
    }
    settle(market, &mut draft, order, stop);
    draft
}

/// Lets everybody better themselves by what is free until nobody can, or the run has to end; the score never falls.
/// After the first round, only those who may take something that became free in the last one are asked.
pub(crate) fn settle(market: &PartMarket, draft: &mut Draft, order: &[PartAgentIx], stop: &dyn Stop) {
    let mut scheduler = Scheduler::default();
    let mut is_free: Marks = market.places.numbers().map(|session| draft.left(session) > 0).collect();
    for _ in 0..MOST_ROUNDS_TO_SETTLE {
        let mut freed = is_free.map(|_| false);
        let mut changed = false;
        for &agent in order {
            if !may_take_one(market, agent, &is_free) {
                continue;
            }
            let before = draft.held(agent).to_vec();
            if draft.respond(market, agent, &mut scheduler, |_| 0) {
                changed = true;
                for session in before.iter().filter(|session| draft.left(**session) > 0) {
                    (freed[*session], is_free[*session]) = (true, true);
                }
            }
        }
        if !changed || stop.is_due() {
            return;
        }
        is_free = freed;
    }
}

/// Which sessions are meant.
type Marks = IndexVec<PartSessionIx, bool>;

/// Whether any of these sessions is among an agent's choices.
fn may_take_one(market: &PartMarket, agent: PartAgentIx, sessions: &Marks) -> bool {
    market.choices(&market.agents[agent]).iter().any(|choice| sessions[choice.session])
}

/// Agents with the fewest choices first: others can take what these leave, but not the other way round.
pub(crate) fn scarce_first(market: &PartMarket) -> Vec<PartAgentIx> {
    let mut order: Vec<PartAgentIx> = market.agents.numbers().collect();
    order.sort_by_key(|agent| market.choices(&market.agents[*agent]).len());
    order
}
