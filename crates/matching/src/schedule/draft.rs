//! A plan in the making: what each agent holds, and which places are left.

use crate::index::{IndexVec, PartAgentIx, PartSessionIx};
use crate::market::{PartChoice, PartMarket};
use crate::schedule::Scheduler;

/// What each agent is given, in a plan or a part of one.
pub(crate) type Given = Vec<(PartAgentIx, Vec<PartSessionIx>)>;

/// What each agent holds. Always feasible: it changes only by whole schedules that fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Sessions held by each agent, in order of start.
    held: IndexVec<PartAgentIx, Vec<PartSessionIx>>,
    /// Places left in each session.
    left: IndexVec<PartSessionIx, u32>,
    /// Sum of the scores of everything held.
    score: i64,
    filled: u64,
}

impl Draft {
    /// Nobody holds anything.
    pub(crate) fn empty(market: &PartMarket) -> Self {
        Self { held: market.agents.map(|_| Vec::new()), left: market.places.clone(), score: 0, filled: 0 }
    }

    /// These agents hold what they are given, as far as there are places.
    pub(crate) fn of(market: &PartMarket, given: &Given) -> Self {
        let mut draft = Self::empty(market);
        for (agent, sessions) in given {
            draft.give(market, *agent, sessions);
        }
        draft
    }

    pub(crate) fn score(&self) -> i64 {
        self.score
    }

    /// Places filled, bookings left out.
    pub(crate) fn filled(&self) -> u64 {
        self.filled
    }

    pub(crate) fn left(&self, session: PartSessionIx) -> u32 {
        self.left[session]
    }

    pub(crate) fn held(&self, agent: PartAgentIx) -> &[PartSessionIx] {
        &self.held[agent]
    }

    /// Takes everything away from an agent.
    pub(crate) fn release(&mut self, market: &PartMarket, agent: PartAgentIx) {
        for session in self.held[agent].drain(..) {
            self.score -= market.score_of(&market.agents[agent], session);
            self.filled -= 1;
            self.left[session] += 1;
        }
    }

    /// Takes one session away from an agent, where they hold it.
    pub(crate) fn take_back(&mut self, market: &PartMarket, agent: PartAgentIx, session: PartSessionIx) {
        let held = &mut self.held[agent];
        let Some(place) = held.iter().position(|own| *own == session) else { return };
        held.remove(place);
        self.score -= market.score_of(&market.agents[agent], session);
        self.filled -= 1;
        self.left[session] += 1;
    }

    /// Gives an agent, who holds nothing, what of a feasible schedule has places left.
    pub(crate) fn give(&mut self, market: &PartMarket, agent: PartAgentIx, sessions: &[PartSessionIx]) {
        for &session in sessions {
            if self.left[session] > 0 {
                self.left[session] -= 1;
                self.held[agent].push(session);
                self.score += market.score_of(&market.agents[agent], session);
                self.filled += 1;
            }
        }
    }

    /// Replaces what an agent holds by the best schedule among what they hold and what is left, each session gaining
    /// its score less `price`. Says whether anything changed; with no price the score never falls.
    pub(crate) fn respond(
        &mut self,
        market: &PartMarket,
        agent: PartAgentIx,
        scheduler: &mut Scheduler,
        price: impl Fn(PartSessionIx) -> i64,
    ) -> bool {
        let who = &market.agents[agent];
        let held = self.held(agent);
        let gain = |choice: &PartChoice| choice.score - price(choice.session);
        let now: i64 = held.iter().filter_map(|session| market.choice_of(who, *session)).map(gain).sum();
        let open = |choice: &PartChoice| {
            let is_open = self.left(choice.session) > 0 || held.contains(&choice.session);
            if is_open { gain(choice) } else { 0 }
        };
        if scheduler.best_by(market, who, open) <= now {
            return false;
        }
        self.release(market, agent);
        self.give(market, agent, scheduler.chosen());
        true
    }
}
