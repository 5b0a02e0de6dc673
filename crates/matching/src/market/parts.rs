//! Parts of a market that have nothing to do with each other: its connected components.

use crate::index::{AgentIx, IndexVec, Ix, PartAgentIx, PartSessionIx, SessionIx};
use crate::market::MarketBy;

/// A part of a market: agents and sessions that no pair connects to the rest, each in order, so that their places here
/// are their numbers in the part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) agents: IndexVec<PartAgentIx, AgentIx>,
    pub(crate) sessions: IndexVec<PartSessionIx, SessionIx>,
}

impl Component {
    /// The number of a session in the part; nothing where it is in another.
    pub(crate) fn number_of(&self, session: SessionIx) -> Option<PartSessionIx> {
        self.sessions.as_slice().binary_search(&session).ok().map(PartSessionIx::at)
    }
}

/// Splits a market into its parts; parts without agents are left out. In order of their first agent.
pub(crate) fn components(market: &MarketBy<SessionIx, AgentIx>) -> Vec<Component> {
    // Agents first, then sessions, in one list.
    let sessions_from = market.agents.len();
    let mut leaders = Leaders((0..sessions_from + market.timings.len()).collect());
    for (place, agent) in market.agents.iter().enumerate() {
        for choice in market.choices(agent).iter() {
            leaders.join(place, sessions_from + choice.session.place());
        }
    }
    // A leader is the lowest member, so every part with an agent is led by its first agent.
    let mut parts: IndexVec<AgentIx, Component> = IndexVec::repeat(Component::default(), market.agents.len());
    for agent in market.agents.numbers() {
        parts[AgentIx::at(leaders.of(agent.place()))].agents.push(agent);
    }
    for session in market.timings.numbers() {
        let leader = leaders.of(sessions_from + session.place());
        if leader < sessions_from {
            parts[AgentIx::at(leader)].sessions.push(session);
        }
    }
    parts.into_iter().filter(|part| part.agents.len() > 0).collect()
}

/// Disjoint sets of agents and sessions, each led by its lowest member.
struct Leaders(Vec<usize>);

impl Leaders {
    fn of(&mut self, mut place: usize) -> usize {
        while self.0[place] != place {
            let above = self.0[self.0[place]];
            self.0[place] = above;
            place = above;
        }
        place
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.0[one.max(other)] = one.min(other);
    }
}
