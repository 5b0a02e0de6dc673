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

use crate::index::{IndexVec, PartAgentIx, PartSessionIx};
use crate::market::{PartChoice, PartMarket, Prices};
use crate::schedule::Scheduler;
use crate::schedule::draft::Draft;
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
    market: &'a PartMarket,
    prices: Prices,
    draft: Draft,
    /// Who holds each session.
    holders: IndexVec<PartSessionIx, Vec<PartAgentIx>>,
    waiting: VecDeque<PartAgentIx>,
    is_waiting: IndexVec<PartAgentIx, bool>,
    /// In which turn each session was last taken.
    taken_in: IndexVec<PartSessionIx, u64>,
    turn: u64,
}

/// A schedule that an agent would rather have.
type Wish = Vec<PartSessionIx>;

impl<'a> Auction<'a> {
    /// An auction that begins at these prices with this plan.
    pub(crate) fn of(market: &'a PartMarket, prices: &Prices, start: &Draft) -> Self {
        let mut holders = market.timings.map(|_| Vec::new());
        for agent in market.agents.numbers() {
            for session in start.held(agent) {
                holders[*session].push(agent);
            }
        }
        Self {
            market,
            prices: prices.clone(),
            draft: start.clone(),
            holders,
            waiting: VecDeque::new(),
            is_waiting: market.agents.map(|_| false),
            taken_in: market.timings.map(|_| 0),
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
        for agent in self.market.agents.numbers() {
            self.call(agent);
        }
        let most = self.market.agents.len() * BIDS_PER_AGENT;
        let mut bids = 0;
        while !self.waiting.is_empty() && bids < most && !stop.is_due() {
            let agents: Vec<PartAgentIx> =
                self.waiting.drain(..SIDE_BY_SIDE.min(self.waiting.len())).collect();
            bids += agents.len();
            self.turn += 1;
            let wishes = self.wishes(&agents, terms);
            for (agent, wish) in agents.into_iter().zip(wishes) {
                self.is_waiting[agent] = false;
                match wish {
                    Some(wish) if self.is_overtaken(agent, &wish) => self.call(agent),
                    Some(wish) => self.take(agent, &wish, terms.step),
                    None => {}
                }
            }
        }
        self.waiting.clear();
        self.is_waiting = self.market.agents.map(|_| false);
        for session in self.market.timings.numbers() {
            if self.draft.left(session) > 0 {
                self.prices[session] = (self.prices[session] - terms.reduction).max(0);
            }
        }
    }

    fn call(&mut self, agent: PartAgentIx) {
        if !self.is_waiting[agent] {
            self.is_waiting[agent] = true;
            self.waiting.push_back(agent);
        }
    }

    /// What each of these agents would rather have, at the same prices.
    fn wishes(&self, agents: &[PartAgentIx], terms: Terms) -> Vec<Option<Wish>> {
        let batches: Vec<Vec<Option<Wish>>> = agents
            .par_chunks(BATCH)
            .map_init(Scheduler::default, |scheduler, agents| {
                agents.iter().map(|agent| self.wish(*agent, terms, scheduler)).collect()
            })
            .collect();
        batches.into_iter().flatten().collect()
    }

    /// The agent's best schedule at these prices, where that is better than what they hold. A session that is full costs
    /// a step more.
    fn wish(&self, agent: PartAgentIx, terms: Terms, scheduler: &mut Scheduler) -> Option<Wish> {
        let who = &self.market.agents[agent];
        let held = self.draft.held(agent);
        let gain = |choice: &PartChoice| {
            let session = choice.session;
            let gain = choice.score - self.prices[session];
            if held.contains(&session) {
                gain + terms.keep
            } else if self.draft.left(session) == 0 {
                gain - terms.step
            } else {
                gain
            }
        };
        let choices = held.iter().filter_map(|session| self.market.choice_of(who, *session));
        let now: i64 = choices.map(gain).sum();
        (scheduler.best_by(self.market, who, gain) > now).then(|| scheduler.chosen().to_vec())
    }

    /// Whether somebody took one of these sessions in this turn, which the agent did not reckon with.
    fn is_overtaken(&self, agent: PartAgentIx, wish: &[PartSessionIx]) -> bool {
        let held = self.draft.held(agent);
        wish.iter().any(|session| self.taken_in[*session] == self.turn && !held.contains(session))
    }

    fn take(&mut self, agent: PartAgentIx, chosen: &[PartSessionIx], step: i64) {
        for session in self.draft.held(agent) {
            self.holders[*session].retain(|holder| *holder != agent);
        }
        self.draft.release(self.market, agent);
        for &session in chosen {
            if self.draft.left(session) == 0 {
                self.turn_out(session);
                self.prices[session] += step;
            }
            self.taken_in[session] = self.turn;
            self.holders[session].push(agent);
        }
        self.draft.give(self.market, agent, chosen);
    }

    /// Takes a session from the holder who scores least in it, and lets them bid again.
    fn turn_out(&mut self, session: PartSessionIx) {
        let market = self.market;
        let score = |holder: PartAgentIx| market.score_of(&market.agents[holder], session);
        let holders = &mut self.holders[session];
        let Some(out) = holders.iter().copied().min_by_key(|holder| (score(*holder), *holder)) else {
            return;
        };
        holders.retain(|holder| *holder != out);
        self.draft.take_back(market, out, session);
        self.call(out);
    }
}
