//! Better plans by giving people what suits them best: whoever would gain most by another schedule at the prices gets it
//! from whoever holds it, and ejection chains fill what they left. Where the plan is no better then, it is taken back.
//!
//! In the field: a *large neighbourhood search*: who regrets most gives the neighbourhood that is destroyed, ejection chains
//! repair it, and only improvements are accepted.

use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::index::{Ix, PartAgentIx, PartSessionIx};
use crate::market::{PartMarket, Prices};
use crate::schedule::Scheduler;
use crate::schedule::draft::{Draft, Given};
use crate::search::ejection::{Search, Takers, carry_out};
use crate::stop::Stop;

/// A regret below one in so many of the highest price is left alone.
const LEAST_REGRET_SHARE: i64 = 500;

/// Sessions that one search may look at.
const LOOKS: usize = 100;

/// Has everybody with a regret worth the trouble try the schedule that suits them best, the greatest regret first.
pub(crate) fn please(
    market: &PartMarket,
    prices: &Prices,
    takers: &Takers,
    draft: &mut Draft,
    stop: &dyn Stop,
) {
    let least = prices.iter().copied().max().unwrap_or(0) / LEAST_REGRET_SHARE;
    let mut regretful: Vec<(i64, PartAgentIx)> = market
        .agents
        .as_slice()
        .par_iter()
        .enumerate()
        .map_init(Scheduler::default, |scheduler, (place, who)| {
            let agent = PartAgentIx::at(place);
            (scheduler.best_at(market, who, prices) - gain_of(market, prices, draft, agent), agent)
        })
        .filter(|(regret, _)| *regret > least)
        .collect();
    regretful.sort_unstable_by_key(|(regret, agent)| (-regret, *agent));
    let mut search = Search::of(market, prices, takers);
    let mut scheduler = Scheduler::default();
    for (_, agent) in regretful {
        if stop.is_due() {
            return;
        }
        let best = scheduler.best_at(market, &market.agents[agent], prices);
        if best - gain_of(market, prices, draft, agent) > least {
            let wanted = scheduler.chosen().to_vec();
            Trial::begin(market, draft).with(agent, &wanted, takers, &mut search, &mut scheduler);
        }
    }
}

/// What an agent's schedule gains at these prices.
fn gain_of(market: &PartMarket, prices: &Prices, draft: &Draft, agent: PartAgentIx) -> i64 {
    let who = &market.agents[agent];
    let gain = |session: &PartSessionIx| market.score_of(who, *session) - prices[*session];
    draft.held(agent).iter().map(gain).sum()
}

/// A change of the plan that is taken back unless it pays.
struct Trial<'a> {
    market: &'a PartMarket,
    draft: &'a mut Draft,
    score_before: i64,
    /// What everybody whose schedule was touched held before.
    held_before: Given,
}

impl<'a> Trial<'a> {
    fn begin(market: &'a PartMarket, draft: &'a mut Draft) -> Self {
        Self { market, score_before: draft.score(), draft, held_before: Given::new() }
    }

    /// Gives the agent what they want, lets chains fill what they leave, and lets everybody concerned take what is free.
    fn with(
        mut self,
        agent: PartAgentIx,
        wanted: &[PartSessionIx],
        takers: &Takers,
        search: &mut Search<'_>,
        scheduler: &mut Scheduler,
    ) {
        self.remember(agent);
        let held = self.draft.held(agent).to_vec();
        self.draft.release(self.market, agent);
        for session in wanted {
            if self.draft.left(*session) == 0 {
                self.turn_out(*session, takers);
            }
        }
        self.draft.give(self.market, agent, wanted);
        for left in held.iter().filter(|session| !wanted.contains(session)) {
            if self.draft.left(*left) == 0 {
                continue;
            }
            if let Some(chain) = search.from(self.draft, *left, LOOKS) {
                for step in &chain.moves {
                    self.remember(step.agent);
                }
                carry_out(self.market, self.draft, &chain);
            }
        }
        for (agent, _) in &self.held_before {
            self.draft.respond(self.market, *agent, scheduler, |_| 0);
        }
        if self.draft.score() <= self.score_before {
            self.take_back();
        }
    }

    fn remember(&mut self, agent: PartAgentIx) {
        if self.held_before.iter().all(|(known, _)| *known != agent) {
            self.held_before.push((agent, self.draft.held(agent).to_vec()));
        }
    }

    /// Takes a session from the holder who scores least in it.
    fn turn_out(&mut self, session: PartSessionIx, takers: &Takers) {
        let score = |agent: PartAgentIx| self.market.score_of(&self.market.agents[agent], session);
        let holders = takers.may_take(session).iter().map(|(agent, _)| *agent);
        let holders = holders.filter(|agent| self.draft.held(*agent).contains(&session));
        if let Some(out) = holders.min_by_key(|agent| (score(*agent), *agent)) {
            self.remember(out);
            self.draft.take_back(self.market, out, session);
        }
    }

    fn take_back(self) {
        for (agent, _) in &self.held_before {
            self.draft.release(self.market, *agent);
        }
        for (agent, held) in &self.held_before {
            self.draft.give(self.market, *agent, held);
        }
    }
}
