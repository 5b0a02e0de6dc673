//! Limits that split a part's plans in two, and the prices that go with them.
//!
//! A cut says that the places filled among some sessions, each counted so many times, are at most so many. Its price is
//! paid for every place that counts, and gives back the limit; so the bound of prices holds for every plan that keeps
//! the cuts, as it does for the places of a session.
//!
//! In the field: branching constraints of branch and price on sums of columns, with their duals.

use crate::bound::prices::{Dual, idle_cost};
use crate::index::{IndexVec, PartAgentIx, PartSessionIx};
use crate::market::{PartMarket, Prices};
use crate::schedule::Scheduler;

/// How much of each session a mixture of schedules fills, in millionths of a place.
pub(crate) type Filled = IndexVec<PartSessionIx, i64>;

/// Σ over filled places of the weight of their session ≤ limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// By session.
    pub(crate) weights: IndexVec<PartSessionIx, i64>,
    pub(crate) limit: i64,
}

impl Cut {
    /// The plans that this cut rules out: the weights add up to more than the limit.
    pub(crate) fn otherwise(&self) -> Self {
        Self { weights: self.weights.map(|weight| -weight), limit: -self.limit - 1 }
    }
}

/// Prices of sessions and of cuts, with the bound they prove for every plan that keeps the cuts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Levels {
    /// What an idle place costs, by session.
    pub(crate) sessions: Prices,
    /// What it costs to stay below each cut's limit by one.
    pub(crate) cuts: Vec<i64>,
    pub(crate) bound: i64,
}

/// What everybody would take at some prices.
pub(crate) struct Answers {
    pub(crate) bound: i64,
    /// For each agent, the sessions of their best schedule.
    pub(crate) of: IndexVec<PartAgentIx, Vec<PartSessionIx>>,
}

impl Levels {
    /// Prices without cuts.
    pub(crate) fn of(dual: &Dual) -> Self {
        Self { sessions: dual.prices.clone(), cuts: Vec::new(), bound: dual.bound }
    }

    /// What a place of each session costs whoever takes it, cuts included.
    pub(crate) fn to_pay(&self, cuts: &[Cut]) -> Prices {
        let mut prices = self.sessions.clone();
        for (cut, each) in cuts.iter().zip(&self.cuts) {
            for (price, weight) in prices.iter_mut().zip(&cut.weights) {
                *price += each * weight;
            }
        }
        prices
    }

    /// A point so many eighths of the way to other prices.
    pub(crate) fn towards(&self, other: &Self, eighths: i64) -> Self {
        let between = |(from, to): (&i64, &i64)| (from + (to - from) * eighths / 8).max(0);
        Self {
            sessions: self.sessions.zip(&other.sessions).map(between).collect(),
            cuts: self.cuts.iter().zip(&other.cuts).map(between).collect(),
            bound: self.bound,
        }
    }

    /// Asks everybody for their best schedule at these prices.
    pub(crate) fn ask(&self, market: &PartMarket, cuts: &[Cut]) -> Answers {
        let prices = self.to_pay(cuts);
        let mut scheduler = Scheduler::default();
        let mut found = Answers { bound: idle_cost(market, &self.sessions), of: IndexVec::new() };
        for agent in &market.agents {
            found.bound += scheduler.best_at(market, agent, &prices);
            found.of.push(scheduler.chosen().to_vec());
        }
        let limits = self.cuts.iter().zip(cuts).map(|(price, cut)| price * cut.limit);
        found.bound += limits.sum::<i64>();
        found
    }
}
