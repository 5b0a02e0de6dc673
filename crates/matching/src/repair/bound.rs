//! The bound after an event: only the touched terms of the price bound are worked out again.
//!
//! In the field: re-optimisation of the dual where it was touched; one price by exact coordinate descent.

use super::LoadedPlan;
use super::apply::Touched;
use crate::index::{ClinicianIx, IndexVec, SessionIx};
use crate::market::parts::Component;
use crate::market::{Market, PartAgent, PartMarket};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::Facts;
use crate::pairs::score::booked_score;
use crate::schedule::Scheduler;

/// The price of each session of the problem.
pub(crate) type SessionPrices = IndexVec<SessionIx, i64>;

/// What each clinician's best schedule gains.
pub(crate) type Terms = IndexVec<ClinicianIx, i64>;

/// What some people may do and what each of it scores.
pub(crate) struct Offered {
    sessions: Component,
    market: PartMarket,
}

impl Offered {
    /// What these pairs come to.
    pub(crate) fn of(facts: &Facts, pairs: &[EligiblePair]) -> Self {
        let market = Market::of(facts, pairs, |pair| pair.worth(facts).score);
        let sessions = market.undivided();
        Self { market: market.part(&sessions), sessions }
    }

    /// Adds what everybody's best schedule gains at these prices.
    pub(crate) fn add_terms(&self, prices: &SessionPrices, terms: &mut Terms) {
        let prices = self.sessions.sessions.map(|session| prices[*session]);
        let mut scheduler = Scheduler::default();
        for agent in &self.market.agents {
            terms[agent.clinician] += scheduler.best_at(&self.market, agent, &prices);
        }
    }

    /// The price of one session at which the bound is lowest while all other prices stay. Each person's term is what
    /// they gain without the session, or with it less its price; so the price that the places left can bear is what
    /// the session is worth to the first person who gets none of them.
    fn best_price(&self, session: SessionIx, places_left: usize, prices: &SessionPrices) -> i64 {
        let Some(own) = self.sessions.number_of(session) else { return 0 };
        let mut prices = self.sessions.sessions.map(|session| prices[*session]);
        let mut scheduler = Scheduler::default();
        let mut term_at = |agent: &PartAgent, price: i64| {
            prices[own] = price;
            scheduler.best_at(&self.market, agent, &prices)
        };
        let offered = |agent: &&PartAgent| self.market.choice_of(agent, own).is_some();
        let mut worths: Vec<i64> = self
            .market
            .agents
            .iter()
            .filter(offered)
            .map(|agent| term_at(agent, 0) - term_at(agent, i64::MAX))
            .filter(|worth| *worth > 0)
            .collect();
        worths.sort_unstable_by_key(|worth| -worth);
        worths.get(places_left).copied().unwrap_or(0)
    }
}

impl LoadedPlan {
    /// No plan for the problem as it stands scores more than this.
    pub(crate) fn upper_bound(&self) -> i64 {
        let left = self.facts.places_left();
        let idle = self.prices.zip(&left).map(|(price, places)| price * i64::from(*places));
        booked_score(&self.facts) + self.terms.iter().sum::<i64>() + idle.sum::<i64>()
    }

    /// Prices the emptied sessions anew and works out the terms of everybody concerned.
    pub(crate) fn renew_bound(&mut self, touched: &Touched) {
        let pairs = touched.concerned.iter().flat_map(|clinician| self.may_do(*clinician)).copied();
        let offered = Offered::of(&self.facts, &pairs.collect::<Vec<_>>());
        let left = self.facts.places_left();
        for &session in &touched.sessions {
            self.prices[session] = offered.best_price(session, left[session] as usize, &self.prices);
        }
        for clinician in &touched.concerned {
            self.terms[*clinician] = 0;
        }
        offered.add_terms(&self.prices, &mut self.terms);
    }
}
