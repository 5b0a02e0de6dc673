//! The bound after an event: only the touched terms of the price bound are worked out again.

use super::LoadedPlan;
use super::apply::Touched;
use crate::market::{Agent, Market};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::Facts;
use crate::pairs::score::pair_worth;
use crate::roster::ways::score_of;
use crate::schedule::Scheduler;

/// The market of these pairs, each at its score.
pub(crate) fn market(facts: &Facts, pairs: &[EligiblePair]) -> Market {
    let worth = |pair: &EligiblePair| pair_worth(facts, pair.clinician, pair.session, pair.road_metres);
    Market::of(facts, pairs, |pair| worth(pair).map_or(0, |worth| worth.score))
}

/// What every clinician's best schedule gains at these prices.
pub(crate) fn terms(facts: &Facts, market: &Market, prices: &[i64]) -> Vec<i64> {
    let mut terms = vec![0; facts.clinicians.len()];
    add_terms(market, prices, &mut terms);
    terms
}

fn add_terms(market: &Market, prices: &[i64], terms: &mut [i64]) {
    let mut scheduler = Scheduler::default();
    for agent in &market.agents {
        if let Some(term) = terms.get_mut(agent.clinician as usize) {
            *term += scheduler.best_at(market, agent, prices);
        }
    }
}

impl LoadedPlan {
    /// No plan for the problem as it stands scores more than this.
    pub(crate) fn upper_bound(&self) -> i64 {
        let mut booked = vec![0_u32; self.facts.sessions.len()];
        let mut bound: i64 = self.terms.iter().sum();
        for (clinician, session) in &self.facts.booked {
            bound += score_of(&self.facts, *clinician, *session);
            if let Some(booked) = booked.get_mut(*session as usize) {
                *booked += 1;
            }
        }
        for ((work, booked), price) in self.facts.sessions.iter().zip(booked).zip(&self.prices) {
            bound += price * i64::from(work.places.saturating_sub(booked));
        }
        bound
    }

    /// Prices the emptied sessions anew and works out the terms of everybody concerned.
    pub(crate) fn renew_bound(&mut self, touched: &Touched) {
        let market = self.market_of(touched);
        for &session in &touched.sessions {
            let price = self.best_price(&market, session);
            if let Some(known) = self.prices.get_mut(session as usize) {
                *known = price;
            }
        }
        for clinician in &touched.concerned {
            if let Some(term) = self.terms.get_mut(*clinician as usize) {
                *term = 0;
            }
        }
        add_terms(&market, &self.prices, &mut self.terms);
    }

    /// The market of the people concerned alone.
    fn market_of(&self, touched: &Touched) -> Market {
        let pairs = touched.concerned.iter().flat_map(|clinician| self.may_do(*clinician)).copied();
        market(&self.facts, &pairs.collect::<Vec<_>>())
    }

    /// The price of one session at which the bound is lowest while all other prices stay. Each person's term is what
    /// they gain without the session, or with it less its price; so the price that the places left can bear is what
    /// the session is worth to the first person who gets none of them.
    fn best_price(&self, market: &Market, session: u32) -> i64 {
        let bookings = self.facts.booked.iter().filter(|(_, booked)| *booked == session).count();
        let places = self.facts.sessions.get(session as usize).map_or(0, |work| work.places as usize);
        let places_left = places.saturating_sub(bookings);
        let mut scheduler = Scheduler::default();
        let mut prices = self.prices.clone();
        let mut term_at = |agent: &Agent, price: i64| {
            if let Some(known) = prices.get_mut(session as usize) {
                *known = price;
            }
            scheduler.best_at(market, agent, &prices)
        };
        let offered = |agent: &&Agent| market.choices(agent).iter().any(|choice| choice.session == session);
        let mut worths: Vec<i64> = market
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
