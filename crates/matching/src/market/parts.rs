//! Parts of a market that have nothing to do with each other.

use crate::market::Market;

/// A part of a market: agents and sessions that no pair connects to the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) agents: Vec<usize>,
    pub(crate) sessions: Vec<u32>,
}

/// Splits a market into its parts by the pairs that `counts` lets count; parts without agents are left out. In order
/// of their first agent.
pub(crate) fn components(market: &Market, counts: impl Fn(usize, u32) -> bool) -> Vec<Component> {
    let mut leaders: Vec<usize> = (0..market.agents.len() + market.timings.len()).collect();
    let sessions_from = market.agents.len();
    for (place, agent) in market.agents.iter().enumerate() {
        for choice in market.choices(agent).iter().filter(|choice| counts(place, choice.session)) {
            let (one, other) =
                (find(&mut leaders, place), find(&mut leaders, sessions_from + choice.session as usize));
            let (low, high) = (one.min(other), one.max(other));
            if let Some(leader) = leaders.get_mut(high) {
                *leader = low;
            }
        }
    }
    // A leader is the lowest member, so every part with an agent is led by its first agent.
    let mut parts: Vec<Component> = vec![Component::default(); market.agents.len()];
    for agent in 0..market.agents.len() {
        let leader = find(&mut leaders, agent);
        if let Some(part) = parts.get_mut(leader) {
            part.agents.push(agent);
        }
    }
    for session in 0..u32::try_from(market.timings.len()).unwrap_or(u32::MAX) {
        let leader = find(&mut leaders, sessions_from + session as usize);
        if let Some(part) = parts.get_mut(leader) {
            part.sessions.push(session);
        }
    }
    parts.retain(|part| !part.agents.is_empty());
    parts
}

fn find(leaders: &mut [usize], mut place: usize) -> usize {
    while let Some(&leader) = leaders.get(place) {
        if leader == place {
            break;
        }
        let above = leaders.get(leader).copied().unwrap_or(leader);
        if let Some(slot) = leaders.get_mut(place) {
            *slot = above;
        }
        place = above;
    }
    place
}
