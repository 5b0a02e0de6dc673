//! One part of a market while it is planned: its prices, its plan, and what is proven of it.

mod auctions;

use crate::bound::columns::best_prices;
use crate::bound::cuts::{self, Levels};
use crate::bound::descent::{Pace, Steps, descend};
use crate::bound::exact::{SearchLimits, sketch};
use crate::bound::prices::Dual;
use crate::bound::proof::prove;
use crate::bound::relaxation::relax;
use crate::bound::turns::descend_in_turns;
use crate::index::SessionIx;
use crate::market::FILL_POINTS;
use crate::market::parts::Component;
use crate::market::{Market, PartMarket, Prices};
use crate::pairs::facts::Placed;
use crate::schedule::draft::{Draft, Given};
use crate::search::IDLE_SHARE;
use crate::search::construct::{construct, scarce_first, settle};
use crate::search::ejection::{Takers, fill_by_chains};
use crate::search::regret::please;
use crate::stop::Stop;

/// One part of a market.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Which sessions and agents of the whole it has.
    pub(crate) component: Component,
    pub(crate) market: PartMarket,
    pub(crate) dual: Dual,
    pub(crate) draft: Draft,
    /// Every plan of this part falls short of the bound of the prices by at least so much, by branch and bound.
    pub(crate) shortfall_at_least: i64,
    /// The bound of the prices at which a plan was sketched last.
    sketched_at: Option<i64>,
    /// What the best mixture of schedules fills, once it is known.
    filled: Option<cuts::Filled>,
    /// No prices of this part are better, or next to none.
    is_at_best_prices: bool,
}

/// What a plan fills of one part of a market.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    component: Component,
    places: u64,
    choices: usize,
}

/// A search tree of more choices than this is not tried.
const MOST_CHOICES_TO_SEARCH: usize = 60_000;

/// A part of no more choices is proven in milliseconds, and its best prices of places are found in as many.
const SMALL: usize = 3_000;

/// Steps of all schedules in a sketch at most; more would be slower, and no better.
const STEPS_OF_A_SKETCH: usize = 12_000;

/// A sweep over a large part in turns does as much as so many passes.
const PASSES_OF_A_SWEEP: u32 = 2;

/// Sessions that a search for an ejection chain may look at, at first and later.
const FEW_LOOKS: usize = 100;
const MANY_LOOKS: usize = 1_000;

/// A plan within one in so many of the bound is made better by the proof, which would find a better one as well.
const CLOSE_SHARE: i64 = 20_000;

/// A sketch within one in so many of the bound is good enough to go without an auction.
const GOOD_SKETCH_SHARE: i64 = 400;

impl Part {
    /// A part with the plainest prices and nobody placed.
    pub(crate) fn of(market: &Market, component: Component) -> Self {
        let market = market.part(&component);
        let dual = Dual::at_the_top(&market);
        let draft = Draft::empty(&market);
        Self {
            component,
            market,
            dual,
            draft,
            shortfall_at_least: 0,
            sketched_at: None,
            filled: None,
            is_at_best_prices: false,
        }
    }

    /// No plan of this part scores more.
    pub(crate) fn upper_bound(&self) -> i64 {
        self.dual.bound - self.shortfall_at_least
    }

    /// How far the plan is from the bound.
    pub(crate) fn gap(&self) -> i64 {
        self.upper_bound() - self.draft.score()
    }

    /// Whether the part is too large to be sketched or searched as a whole.
    pub(crate) fn is_large(&self) -> bool {
        self.market.choice_count() > MOST_CHOICES_TO_SEARCH
    }

    /// Brings the prices down from the top.
    pub(crate) fn descend(&mut self, pace: Pace, stop: &dyn Stop) {
        self.descend_by(Steps::FROM_THE_TOP, i64::MIN, pace, stop);
    }

    /// Brings prices that are good already nearer to their best.
    pub(crate) fn descend_nearby(&mut self, pace: Pace, stop: &dyn Stop) {
        self.descend_by(Steps::NEARBY, i64::MIN, pace, stop);
    }

    /// Brings the prices down; those of a part that isn't large only until they prove `target`.
    pub(crate) fn descend_by(&mut self, steps: Steps, target: i64, pace: Pace, stop: &dyn Stop) {
        let dual = std::mem::replace(&mut self.dual, Dual { prices: Prices::new(), bound: 0 });
        self.dual = if self.is_large() {
            let pace = Pace { passes: pace.passes.div_ceil(PASSES_OF_A_SWEEP), ..pace };
            descend_in_turns(&self.market, dual, (steps, pace), stop)
        } else {
            descend(&self.market, dual, target, (steps, pace), stop)
        };
    }

    /// Betters the plan by ejection chains, from empty places and from those who would rather have something else, at
    /// most so many times, until they gain next to nothing.
    pub(crate) fn better_by_chains(&mut self, most: u32, stop: &dyn Stop) {
        let takers = Takers::of(&self.market);
        for _ in 0..most {
            let before = self.draft.score();
            fill_by_chains(&self.market, &self.dual.prices, &takers, &mut self.draft, FEW_LOOKS, stop);
            please(&self.market, &self.dual.prices, &takers, &mut self.draft, stop);
            fill_by_chains(&self.market, &self.dual.prices, &takers, &mut self.draft, MANY_LOOKS, stop);
            if self.draft.score() - before <= before / IDLE_SHARE || stop.is_due() {
                return;
            }
        }
    }

    /// Builds a plan from the prices, and keeps it when it is better.
    pub(crate) fn construct(&mut self, stop: &dyn Stop) {
        let draft = construct(&self.market, &self.dual.prices, stop);
        if draft.score() > self.draft.score() {
            self.draft = draft;
        }
    }

    /// Brings the prices near their best, with a plan next to it, by a model of the schedules that lose little. A
    /// gap of `enough` points is small enough.
    pub(crate) fn relax(&mut self, enough: i64, stop: &dyn Stop) {
        if self.is_large() || stop.is_due() {
            return;
        }
        let limits = SearchLimits { steps: STEPS_OF_A_SKETCH, nodes: 20, ..limits(stop) };
        let Some(found) = relax(&self.market, &Levels::of(&self.dual), &limits, enough, stop) else {
            return;
        };
        if found.levels.bound < self.dual.bound {
            self.dual = Dual { prices: found.levels.sessions, bound: found.levels.bound };
            self.shortfall_at_least = 0;
        }
        self.filled = Some(found.filled);
        self.is_at_best_prices = found.is_best;
        for plan in &found.plans {
            self.settle_on(plan, stop);
        }
    }

    /// Looks for a better plan by so many auctions at most, where the sketch of a part that isn't large was not good.
    pub(crate) fn improve_by_auction(&mut self, most: u32, stop: &dyn Stop) {
        let is_sketched = self.sketched_at.is_some();
        let is_good = self.gap() <= self.dual.bound / GOOD_SKETCH_SHARE;
        if self.is_large() || is_good && (is_sketched || self.filled.is_some()) {
            return;
        }
        self.hold_auctions(most, stop);
    }

    /// Looks for a better plan among schedules that lose very little at the present prices, once at each prices.
    pub(crate) fn sketch(&mut self, stop: &dyn Stop) {
        let is_too_large = self.market.choice_count() > MOST_CHOICES_TO_SEARCH;
        let is_done = self.sketched_at == Some(self.dual.bound);
        let is_close = self.gap() <= self.dual.bound / CLOSE_SHARE;
        if is_too_large || is_done || is_close || stop.is_due() {
            return;
        }
        self.sketched_at = Some(self.dual.bound);
        let limits = SearchLimits { steps: STEPS_OF_A_SKETCH, nodes: 20, ..limits(stop) };
        let Some(plan) = sketch(&self.market, &Levels::of(&self.dual), &limits) else { return };
        self.settle_on(&plan, stop);
    }

    /// Brings the prices to their best, or until they prove `target`, and takes over the plan that comes with them.
    pub(crate) fn tighten(&mut self, target: i64, stop: &dyn Stop) {
        let is_too_large = self.market.choice_count() > MOST_CHOICES_TO_SEARCH;
        if is_too_large || self.is_at_best_prices || self.upper_bound() <= target || stop.is_due() {
            return;
        }
        let from = Levels::of(&self.dual);
        let Some(found) = best_prices(&self.market, &[], &from, &self.draft, target, stop) else { return };
        if found.levels.bound < self.dual.bound {
            self.dual = Dual { prices: found.levels.sessions, bound: found.levels.bound };
            self.shortfall_at_least = 0;
        }
        self.filled = found.filled;
        self.settle_on(&found.mostly, stop);
    }

    /// What the plan fills so far.
    pub(crate) fn filled(&self) -> Filled {
        Filled {
            component: self.component.clone(),
            places: self.draft.filled(),
            choices: self.market.choice_count(),
        }
    }

    /// Where every pair counts one place: brings the prices to their best as long as that may lower the whole number of
    /// places that can be filled. `planned` is what the plan's parts fill, which mostly are the same. Only for small parts:
    /// where everything is worth the same, the solver finds no way among its many equal mixtures.
    pub(crate) fn tighten_places(&mut self, planned: &[Filled], stop: &dyn Stop) {
        if self.market.choice_count() <= SMALL {
            self.tighten(self.proof_of_places(planned), stop);
        }
    }

    /// Where every pair counts one place: a bound that proves that no plan fills more places than the one of the same
    /// part in `planned`. If every part comes so far, their bounds together prove it of the whole.
    pub(crate) fn proof_of_places(&self, planned: &[Filled]) -> i64 {
        let first_agent = |component: &Component| component.agents.iter().next().copied();
        let own = first_agent(&self.component);
        let same = planned.binary_search_by_key(&own, |part| first_agent(&part.component));
        let same = same.ok().map(|place| &planned[place]);
        let filled = same.filter(|part| part.component == self.component).map_or(0, |part| part.places);
        let all_choices: usize = planned.iter().map(|part| part.choices).sum();
        let own_share =
            self.market.choice_count() as i128 * i128::from(FILL_POINTS) / (all_choices as i128 + 1);
        FILL_POINTS * filled.cast_signed() + i64::try_from(own_share).unwrap_or(0)
    }

    /// Closes the part where it is so small that it needs no better plan first.
    pub(crate) fn close_early(&mut self, stop: &dyn Stop) {
        if self.market.choice_count() <= SMALL {
            self.close(stop);
        }
    }

    /// Looks for the best plan, and for the proof that there is no better one.
    pub(crate) fn close(&mut self, stop: &dyn Stop) {
        let is_too_large = self.market.choice_count() > MOST_CHOICES_TO_SEARCH;
        if is_too_large || self.gap() <= 0 || stop.is_due() {
            return;
        }
        let from = Levels::of(&self.dual);
        let proven =
            prove(&self.market, &from, self.filled.as_ref(), self.draft.clone(), &limits(stop), stop);
        self.shortfall_at_least = self.shortfall_at_least.max(self.dual.bound - proven.bound);
        if proven.best.score() > self.draft.score() {
            self.draft = proven.best;
        }
    }

    /// Takes over a plan once everybody has bettered themselves by what it leaves, if it is better then.
    fn settle_on(&mut self, plan: &Given, stop: &dyn Stop) {
        let mut draft = Draft::of(&self.market, plan);
        settle(&self.market, &mut draft, &scarce_first(&self.market), stop);
        if draft.score() > self.draft.score() {
            self.draft = draft;
        }
    }
}

impl Part {
    /// The pairs of the plan.
    pub(crate) fn placed(&self) -> impl Iterator<Item = Placed> + '_ {
        self.market.agents.numbered().flat_map(move |(agent, who)| {
            let sessions = self.draft.held(agent).iter();
            sessions.map(move |session| (who.clinician, self.component.sessions[*session]))
        })
    }

    /// The price of each session of the part.
    pub(crate) fn priced(&self) -> impl Iterator<Item = (SessionIx, i64)> + '_ {
        self.component.sessions.zip(&self.dual.prices).map(|(session, price)| (*session, *price))
    }
}

fn limits(stop: &dyn Stop) -> SearchLimits {
    SearchLimits { chains_of_a_day: 20_000, steps: 120_000, nodes: 5_000, time: stop.remaining() }
}
