//! One part of a market while it is planned: its prices, its plan, and what is proven of it.

use super::auction::{Terms, auction};
use super::budget::Stop;
use super::construct::{construct, scarce_first, settle};
use super::decompose::Component;
use super::draft::Draft;
use super::exact::{SearchLimits, relaxed_prices, search, sketch};
use super::market::Market;
use super::prices::{Dual, Pace, descend};

/// One part of a market.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Which sessions and agents of the whole it has.
    pub(super) component: Component,
    pub(super) market: Market,
    pub(super) dual: Dual,
    pub(super) draft: Draft,
    /// Every plan of this part falls short of the bound of the prices by at least so much, by branch and bound.
    pub(super) shortfall_at_least: i64,
    /// The bound of the prices at which a plan was sketched last.
    sketched_at: Option<i64>,
}

/// A search tree of more choices than this is not tried.
const MOST_CHOICES_TO_SEARCH: usize = 60_000;

/// Steps of all schedules in a sketch at most; more would be slower, and no better.
const STEPS_OF_A_SKETCH: usize = 12_000;

/// A part of no more choices has its best prices in milliseconds.
const SMALL: usize = 3_000;

/// A sketch within one in so many of the bound is good enough to go without an auction.
const GOOD_SKETCH_SHARE: i64 = 400;

/// The first guess of how far the best plan falls short of the bound, as a share of the bound: one in so many.
const FIRST_GUESS_SHARE: i64 = 100_000;

impl Part {
    /// A part with the plainest prices and nobody placed.
    pub(super) fn of(market: &Market, component: Component) -> Self {
        let market = market.part(&component);
        let dual = Dual::at_the_top(&market);
        let draft = Draft::empty(&market);
        Self { component, market, dual, draft, shortfall_at_least: 0, sketched_at: None }
    }

    /// No plan of this part scores more.
    pub(super) fn upper_bound(&self) -> i64 {
        self.dual.bound - self.shortfall_at_least
    }

    /// How far the plan is from the bound.
    pub(super) fn gap(&self) -> i64 {
        self.upper_bound() - self.draft.score()
    }

    /// Brings the prices down.
    pub(super) fn descend(&mut self, pace: Pace, stop: &dyn Stop) {
        let dual = std::mem::replace(&mut self.dual, Dual { prices: Vec::new(), bound: 0 });
        self.dual = descend(&self.market, dual, pace, stop);
    }

    /// Builds a plan from the prices, and keeps it when it is better.
    pub(super) fn construct(&mut self, stop: &dyn Stop) {
        let draft = construct(&self.market, &self.dual.prices, stop);
        if draft.score() > self.draft.score() {
            self.draft = draft;
        }
    }

    /// Looks for a better plan by auction from the present prices, where the part is too large for a sketch, or the
    /// sketch was not good.
    pub(super) fn hold_auction(&mut self, rounds: u32, stop: &dyn Stop) {
        let is_sketched = self.sketched_at.is_some();
        if is_sketched && self.gap() <= self.dual.bound / GOOD_SKETCH_SHARE {
            return;
        }
        let highest = self.dual.prices.iter().copied().max().unwrap_or(0);
        let terms = Terms { first_step: highest / 100, last_step: highest / 5_000, rounds };
        let draft = auction(&self.market, &self.dual.prices, &self.draft, terms, stop);
        if draft.score() > self.draft.score() {
            self.draft = draft;
        }
    }

    /// Sketches a plan at the first prices, where it would take long to find better ones.
    pub(super) fn sketch_early(&mut self, stop: &dyn Stop) {
        if self.market.choice_count() > SMALL {
            self.sketch(stop);
        }
    }

    /// Looks for a better plan among schedules that lose very little at the present prices, once at each prices.
    pub(super) fn sketch(&mut self, stop: &dyn Stop) {
        let is_too_large = self.market.choice_count() > MOST_CHOICES_TO_SEARCH;
        let is_done = self.sketched_at == Some(self.dual.bound);
        if is_too_large || is_done || self.gap() <= 0 || stop.is_due() {
            return;
        }
        self.sketched_at = Some(self.dual.bound);
        let limits = SearchLimits { steps: STEPS_OF_A_SKETCH, nodes: 20, ..limits(stop) };
        let Some(plan) = sketch(&self.market, &self.dual.prices, &self.whole(), &limits) else { return };
        let mut draft = Draft::empty(&self.market);
        for (agent, sessions) in &plan {
            draft.give(&self.market, *agent, sessions);
        }
        settle(&self.market, &mut draft, &scarce_first(&self.market), stop);
        if draft.score() > self.draft.score() {
            self.draft = draft;
        }
    }

    /// Brings the prices to their best by relaxations over the schedules near to them.
    pub(super) fn tighten(&mut self, stop: &dyn Stop) {
        if self.market.choice_count() > MOST_CHOICES_TO_SEARCH {
            return;
        }
        let whole = self.whole();
        let most = self.dual.prices.iter().copied().max().unwrap_or(0).max(1);
        let mut width = most / 10 + 1;
        for _ in 0..8 {
            if self.gap() <= 0 || stop.is_due() {
                return;
            }
            let limits = limits(stop);
            let Some(prices) =
                relaxed_prices(&self.market, &self.dual.prices, &whole, (width, most), &limits)
            else {
                return;
            };
            let dual = Dual::at(&self.market, prices);
            let gained = self.dual.bound - dual.bound;
            if gained > 0 {
                self.dual = dual;
                self.shortfall_at_least = 0;
            } else {
                width *= 4;
            }
            if (0..=most / 100_000).contains(&gained) && width >= most {
                return;
            }
        }
    }

    /// Looks for a better plan, or the proof that there is none: first among those that fall short of the bound by very
    /// little, then by more and more. Whatever is ruled out lowers the bound.
    pub(super) fn close(&mut self, stop: &dyn Stop) {
        if self.market.choice_count() > MOST_CHOICES_TO_SEARCH {
            return;
        }
        let whole = self.whole();
        let mut guess = self.dual.bound.abs() / FIRST_GUESS_SHARE + 1;
        while self.gap() > 0 && !stop.is_due() {
            let known = self.dual.bound - self.draft.score();
            let limit = guess.max(self.shortfall_at_least * 2).min(known);
            let Some(found) = search(&self.market, &self.dual.prices, &whole, limit, &limits(stop)) else {
                return;
            };
            let ended = found.shortfall_at_least <= self.shortfall_at_least && found.better.is_none();
            self.shortfall_at_least = self.shortfall_at_least.max(found.shortfall_at_least.min(known));
            if let Some(better) = found.better {
                self.adopt(&better);
            }
            if ended {
                return;
            }
            guess = if limit.saturating_mul(16) >= known { known } else { limit.saturating_mul(8) };
        }
    }

    /// Takes over a plan, if it is better.
    fn adopt(&mut self, plan: &[(usize, Vec<u32>)]) {
        let mut draft = Draft::empty(&self.market);
        for (agent, sessions) in plan {
            draft.give(&self.market, *agent, sessions);
        }
        if draft.score() > self.draft.score() {
            self.draft = draft;
        }
    }

    /// The whole part as a component of itself.
    fn whole(&self) -> Component {
        let sessions = u32::try_from(self.market.timings.len()).unwrap_or(u32::MAX);
        Component { agents: (0..self.market.agents.len()).collect(), sessions: (0..sessions).collect() }
    }
}

fn limits(stop: &dyn Stop) -> SearchLimits {
    SearchLimits { chains_of_a_day: 20_000, steps: 40_000, nodes: 5_000, time: stop.remaining() }
}
