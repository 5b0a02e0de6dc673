//! Plans by auction: sessions have prices, and whoever wants a taken session more than its holder outbids them.
//!
//! After Bertsekas' auction algorithm, with whole schedules in place of single objects. Each bid raises the price by a
//! step, so a round ends; then sessions that nobody took become cheaper, and those who would rather have them move.
//! Prices only guide: what counts is the score of the plan that is left when everybody has taken what is free.

use std::collections::VecDeque;

use super::budget::Stop;
use super::construct::settle;
use super::draft::{Draft, score_of};
use super::market::{Agent, Market};
use super::schedule::{Offer, Scheduler};

/// Bids in one round at most, for each agent.
const BIDS_PER_AGENT: usize = 30;

/// How an auction is held.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// How much one bid raises a price at first; it halves every few rounds.
    pub(crate) first_step: i64,
    pub(crate) last_step: i64,
    pub(crate) rounds: u32,
}

/// An auction that is going on.
struct Auction<'a> {
    market: &'a Market,
    prices: Vec<i64>,
    draft: Draft,
    /// Who holds each session.
    holders: Vec<Vec<u32>>,
    waiting: VecDeque<u32>,
    is_waiting: Vec<bool>,
    scheduler: Scheduler,
    offers: Vec<Offer>,
}

/// The best plan met in so many rounds of an auction that begins at these prices with this plan.
pub(crate) fn auction(
    market: &Market,
    prices: &[i64],
    start: &Draft,
    terms: Terms,
    stop: &dyn Stop,
) -> Draft {
    let mut best = start.clone();
    let order: Vec<usize> = (0..market.agents.len()).collect();
    let mut auction = Auction::of(market, prices, start);
    let mut step = terms.first_step.max(1);
    for round in 0..terms.rounds {
        if stop.is_due() {
            break;
        }
        auction.round(step, stop);
        let mut plan = auction.draft.clone();
        settle(market, &mut plan, &order, stop);
        if plan.score() > best.score() {
            best = plan;
        }
        auction.make_cheaper(if round % 4 == 3 { 1 } else { 2 });
        if round % 3 == 2 {
            step = (step / 2).max(terms.last_step.max(1));
        }
    }
    best
}

impl<'a> Auction<'a> {
    fn of(market: &'a Market, prices: &[i64], start: &Draft) -> Self {
        let mut holders = vec![Vec::new(); market.timings.len()];
        for (agent, number) in (0..market.agents.len()).zip(0..) {
            for session in start.held(agent) {
                if let Some(holders) = holders.get_mut(*session as usize) {
                    holders.push(number);
                }
            }
        }
        Self {
            market,
            prices: prices.to_vec(),
            draft: start.clone(),
            holders,
            waiting: VecDeque::new(),
            is_waiting: vec![false; market.agents.len()],
            scheduler: Scheduler::default(),
            offers: Vec::new(),
        }
    }

    /// Everybody bids, and whoever is outbid bids again, until nobody wants to any more.
    fn round(&mut self, step: i64, stop: &dyn Stop) {
        for agent in (0..self.market.agents.len()).zip(0..).map(|(_, number)| number) {
            self.call(agent);
        }
        let most = self.market.agents.len() * BIDS_PER_AGENT;
        for bid in 0..most {
            let Some(agent) = self.waiting.pop_front() else { break };
            if let Some(waits) = self.is_waiting.get_mut(agent as usize) {
                *waits = false;
            }
            self.bid(agent, step);
            if bid % 256 == 0 && stop.is_due() {
                break;
            }
        }
        self.waiting.clear();
        self.is_waiting.fill(false);
    }

    fn call(&mut self, agent: u32) {
        if let Some(waits) = self.is_waiting.get_mut(agent as usize).filter(|waits| !**waits) {
            *waits = true;
            self.waiting.push_back(agent);
        }
    }

    fn price(&self, session: u32) -> i64 {
        self.prices.get(session as usize).copied().unwrap_or(0)
    }

    /// The agent takes their best schedule at these prices, where that is better than what they hold; a session that
    /// is taken costs a step more, and its price rises by that.
    fn bid(&mut self, agent: u32, step: i64) {
        let market = self.market;
        let Some(who) = market.agents.get(agent as usize) else { return };
        let mut offers = std::mem::take(&mut self.offers);
        offers.clear();
        let held = self.draft.held(agent as usize);
        let mut now = 0;
        for (place, choice) in (0..).zip(market.choices(who)) {
            let holds = held.contains(&choice.session);
            let extra = if holds || self.draft.left(choice.session) > 0 { 0 } else { step };
            let gain = choice.score - self.price(choice.session) - extra;
            if holds {
                now += gain;
            }
            if gain > 0 {
                offers.push(Offer { choice: place, session: choice.session, gain });
            }
        }
        if self.scheduler.best(market, who, &offers) > now {
            let chosen = self.scheduler.chosen().to_vec();
            self.take(agent, &chosen, step);
        }
        self.offers = offers;
    }

    fn take(&mut self, agent: u32, chosen: &[u32], step: i64) {
        for session in self.draft.held(agent as usize).to_vec() {
            if let Some(holders) = self.holders.get_mut(session as usize) {
                holders.retain(|holder| *holder != agent);
            }
        }
        self.draft.release(self.market, agent as usize);
        for session in chosen {
            if self.draft.left(*session) == 0 {
                self.turn_out(*session);
                if let Some(price) = self.prices.get_mut(*session as usize) {
                    *price += step;
                }
            }
            if let Some(holders) = self.holders.get_mut(*session as usize) {
                holders.push(agent);
            }
        }
        self.draft.give(self.market, agent as usize, chosen);
    }

    /// Takes a session from the holder who scores least in it, and lets them bid again.
    fn turn_out(&mut self, session: u32) {
        let market = self.market;
        let Some(holders) = self.holders.get_mut(session as usize) else { return };
        let score = |holder: &u32| {
            market.agents.get(*holder as usize).map_or(0, |who: &Agent| score_of(market, who, session))
        };
        let Some(out) = holders.iter().copied().min_by_key(|holder| (score(holder), *holder)) else { return };
        holders.retain(|holder| *holder != out);
        self.draft.take_back(market, out as usize, session);
        self.call(out);
    }

    /// Sessions with places left lose a part of their price.
    fn make_cheaper(&mut self, part: i64) {
        for (price, session) in self.prices.iter_mut().zip(0..) {
            if self.draft.left(session) > 0 {
                *price -= *price / part;
            }
        }
    }
}
