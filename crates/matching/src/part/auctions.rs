//! What auctions do for the plan of one part, and prices that count places only.

use crate::bound::descent::{Pace, Steps};
use crate::index::{IndexVec, PartAgentIx, SessionIx};
use crate::market::Prices;
use crate::part::{Filled, Part};
use crate::schedule::draft::Draft;
use crate::search::IDLE_SHARE;
use crate::search::auction::{Auction, Terms};
use crate::search::construct::{scarce_first, settle};
use crate::stop::Stop;

/// Rounds of an auction for a plan, after which it begins anew from the best plan at the first prices.
const ROUNDS_FOR_A_PLAN: u32 = 12;

/// Rounds between two looks at what the plan comes to when everybody takes what is free.
const ROUNDS_BETWEEN_PLANS: u32 = 6;

/// Rounds of an auction for a plan until its step is halved.
const ROUNDS_OF_A_STEP: u32 = 4;

/// So many auctions for a plan that gain next to nothing are enough.
const IDLE_AUCTIONS: u32 = 2;

/// How an auction for a plan is held, as parts of the highest score: the first step, the last, and what holding counts.
const FIRST_STEP_FOR_A_PLAN: i64 = 300;
const LAST_STEP_FOR_A_PLAN: i64 = 1_500;
const KEEP_FOR_A_PLAN: i64 = 60;

/// Where nobody bids in an auction for a plan, so many steps are taken off.
const REDUCTION_FOR_A_PLAN: i64 = 5;

impl Part {
    /// Brings prices down that count places only; a large part starts from prices `known` for the sessions of the whole.
    /// A small part's are done once they prove that no plan fills more than the one of the same part in `planned`.
    pub(crate) fn descend_to_most_filled(
        &mut self,
        known: &IndexVec<SessionIx, i64>,
        planned: &[Filled],
        pace: Pace,
        stop: &dyn Stop,
    ) {
        if !self.is_large() {
            return self.descend_by(Steps::FROM_THE_TOP, self.proof_of_places(planned), pace, stop);
        }
        let highest = self.market.highest_scores();
        let both = self.component.sessions.zip(&highest);
        let prices: Prices = both.map(|(session, highest)| known[*session].min(*highest)).collect();
        self.dual.better(&self.market, &prices);
        self.descend_nearby(pace, stop);
    }

    /// Looks for a better plan by auctions, each from the best plan at the present prices, at most so many, until they
    /// gain next to nothing.
    pub(crate) fn hold_auctions(&mut self, most: u32, stop: &dyn Stop) {
        let order = scarce_first(&self.market);
        let mut idle = 0;
        for _ in 0..most {
            let before = self.draft.score();
            self.hold_one_auction(&order, stop);
            let gained = self.draft.score() - before;
            idle = if gained > before / IDLE_SHARE { 0 } else { idle + 1 };
            if idle == IDLE_AUCTIONS || stop.is_due() {
                return;
            }
        }
    }

    fn hold_one_auction(&mut self, order: &[PartAgentIx], stop: &dyn Stop) {
        let highest = self.highest_score();
        let mut auction = Auction::of(&self.market, &self.dual.prices, &self.draft);
        let mut best = None;
        for round in 0..ROUNDS_FOR_A_PLAN {
            if stop.is_due() {
                break;
            }
            let halved = (highest / FIRST_STEP_FOR_A_PLAN) >> (round / ROUNDS_OF_A_STEP);
            let step = halved.max(highest / LAST_STEP_FOR_A_PLAN).max(1);
            let terms =
                Terms { step, keep: highest / KEEP_FOR_A_PLAN, reduction: REDUCTION_FOR_A_PLAN * step };
            auction.round(terms, stop);
            if round % ROUNDS_BETWEEN_PLANS == ROUNDS_BETWEEN_PLANS - 1 {
                let mut plan = auction.draft().clone();
                settle(&self.market, &mut plan, order, stop);
                if plan.score() > best.as_ref().map_or(self.draft.score(), Draft::score) {
                    best = Some(plan);
                }
            }
        }
        let left_over = Some(auction.draft()).filter(|plan| plan.score() > self.draft.score()).cloned();
        if let Some(best) = best.or(left_over) {
            self.draft = best;
        }
    }

    fn highest_score(&self) -> i64 {
        self.market.highest_scores().into_iter().max().unwrap_or(0)
    }
}
