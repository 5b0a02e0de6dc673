//! Plans by auction: sessions have prices, and whoever wants a taken session more than its holder outbids them.
//!
//! After Bertsekas' auction algorithm, with whole schedules in place of single objects. Each bid raises the price by a
//! step, so a round ends; then sessions that nobody took become cheaper, and those who would rather have them move.
//! Agents bid a few at a time, side by side at the same prices; a bid that another of the same few has overtaken is made
//! again. So the outcome is the same for any number of threads.
//!
//! If agents went after every point, many sessions would be without a taker at any one moment, since whoever leaves one for
//! a trifle leaves it empty. Where they part with a session only for a good deal more, the plan comes near to the best there is.

use std::collections::VecDeque;

use rayon::prelude::ParallelIterator;
use rayon::slice::ParallelSlice;

use crate::market::{Agent, Choice, Market};
use crate::schedule::Scheduler;
use crate::schedule::draft::{Draft, choice_of, score_of};
use crate::stop::Stop;

/// Bids in one round at most, for each agent.
const BIDS_PER_AGENT: usize = 30;

/// How many agents bid at the same prices.
const SIDE_BY_SIDE: usize = 128;

/// How many of those one thread looks at in one go.
const BATCH: usize = 16;

/// How a round is held, in points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// How much one bid raises a price.
    pub(crate) step: i64,
    /// How much more than it gains a session counts with those who hold it.
    pub(crate) keep: i64,
    /// How much cheaper a session without a taker is after the round.
    pub(crate) reduction: i64,
}

/// An auction that is going on.
pub(crate) struct Auction<'a> {
    market: &'a Market,
    prices: Vec<i64>,
    draft: Draft,
    /// Who holds each session.
    holders: Vec<Vec<u32>>,
    waiting: VecDeque<u32>,
    is_waiting: Vec<bool>,
    /// In which turn each session was last taken.
    taken_in: Vec<u64>,
    turn: u64,
}

impl<'a> Auction<'a> {
    /// An auction that begins at these prices with this plan.
    pub(crate) fn of(market: &'a Market, prices: &[i64], start: &Draft) -> Self {
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
            taken_in: vec![0; market.timings.len()],
            turn: 0,
        }
    }

    /// The plan as it stands.
    pub(crate) fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Everybody bids, and whoever is outbid bids again, until nobody wants to any more; then what nobody took becomes
    /// cheaper.
    pub(crate) fn round(&mut self, terms: Terms, stop: &dyn Stop) {
        for agent in (0..self.market.agents.len()).zip(0..).map(|(_, number)| number) {
            self.call(agent);
        }
        let most = self.market.agents.len() * BIDS_PER_AGENT;
        let mut bids = 0;
        while !self.waiting.is_empty() && bids < most && !stop.is_due() {
            let agents: Vec<u32> = self.waiting.drain(..SIDE_BY_SIDE.min(self.waiting.len())).collect();
            bids += agents.len();
            self.turn += 1;
            let wishes = self.wishes(&agents, terms);
            for (agent, wish) in agents.into_iter().zip(wishes) {
                if let Some(waits) = self.is_waiting.get_mut(agent as usize) {
                    *waits = false;
                }
                match wish {
                    Some(wish) if self.is_overtaken(agent, &wish) => self.call(agent),
                    Some(wish) => self.take(agent, &wish, terms.step),
                    None => {}
                }
            }
        }
        self.waiting.clear();
        self.is_waiting.fill(false);
        for (price, session) in self.prices.iter_mut().zip(0..) {
            if self.draft.left(session) > 0 {
                *price = (*price - terms.reduction).max(0);
            }
        }
    }

    fn call(&mut self, agent: u32) {
        if let Some(waits) = self.is_waiting.get_mut(agent as usize).filter(|waits| !**waits) {
            *waits = true;
            self.waiting.push_back(agent);
        }
    }

    /// What each of these agents would rather have, at the same prices.
    fn wishes(&self, agents: &[u32], terms: Terms) -> Vec<Option<Vec<u32>>> {
        let batches: Vec<Vec<Option<Vec<u32>>>> = agents
            .par_chunks(BATCH)
            .map_init(Scheduler::default, |scheduler, agents| {
                agents.iter().map(|agent| self.wish(*agent, terms, scheduler)).collect()
            })
            .collect();
        batches.into_iter().flatten().collect()
    }

    /// The agent's best schedule at these prices, where that is better than what they hold. A session that is full costs
    /// a step more.
    fn wish(&self, agent: u32, terms: Terms, scheduler: &mut Scheduler) -> Option<Vec<u32>> {
        let who = self.market.agents.get(agent as usize)?;
        let held = self.draft.held(agent as usize);
        let gain = |choice: &Choice| {
            let session = choice.session;
            let gain = choice.score - self.prices.get(session as usize).copied().unwrap_or(0);
            if held.contains(&session) {
                gain + terms.keep
            } else if self.draft.left(session) == 0 {
                gain - terms.step
            } else {
                gain
            }
        };
        let now: i64 =
            held.iter().filter_map(|session| choice_of(self.market, who, *session)).map(gain).sum();
        (scheduler.best_by(self.market, who, gain) > now).then(|| scheduler.chosen().to_vec())
    }

    /// Whether somebody took one of these sessions in this turn, which the agent did not reckon with.
    fn is_overtaken(&self, agent: u32, wish: &[u32]) -> bool {
        let held = self.draft.held(agent as usize);
        wish.iter().any(|session| {
            self.taken_in.get(*session as usize) == Some(&self.turn) && !held.contains(session)
        })
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
            if let Some(taken_in) = self.taken_in.get_mut(*session as usize) {
                *taken_in = self.turn;
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
}
