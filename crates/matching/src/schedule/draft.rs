//! A plan in the making: what each agent holds, and which places are left.

use crate::market::{Agent, Choice, Market};
use crate::schedule::Scheduler;

/// What each agent holds. Always feasible: it changes only by whole schedules that fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Sessions held by each agent, in order of start.
    held: Vec<Vec<u32>>,
    /// Places left in each session.
    left: Vec<u32>,
    /// Sum of the scores of everything held.
    score: i64,
    filled: u64,
}

impl Draft {
    /// Nobody holds anything.
    pub(crate) fn empty(market: &Market) -> Self {
        Self { held: vec![Vec::new(); market.agents.len()], left: market.places.clone(), score: 0, filled: 0 }
    }

    pub(crate) fn score(&self) -> i64 {
        self.score
    }

    /// Places filled, bookings left out.
    pub(crate) fn filled(&self) -> u64 {
        self.filled
    }

    pub(crate) fn left(&self, session: u32) -> u32 {
        self.left.get(session as usize).copied().unwrap_or(0)
    }

    pub(crate) fn held(&self, agent: usize) -> &[u32] {
        self.held.get(agent).map_or(&[], Vec::as_slice)
    }

    /// Takes everything away from an agent.
    pub(crate) fn release(&mut self, market: &Market, agent: usize) {
        let (Some(held), Some(who)) = (self.held.get_mut(agent), market.agents.get(agent)) else { return };
        for session in held.drain(..) {
            self.score -= score_of(market, who, session);
            self.filled -= 1;
            if let Some(left) = self.left.get_mut(session as usize) {
                *left += 1;
            }
        }
    }

    /// Takes one session away from an agent.
    pub(crate) fn take_back(&mut self, market: &Market, agent: usize, session: u32) {
        let (Some(held), Some(who)) = (self.held.get_mut(agent), market.agents.get(agent)) else { return };
        let Some(place) = held.iter().position(|own| *own == session) else { return };
        held.remove(place);
        self.score -= score_of(market, who, session);
        self.filled -= 1;
        if let Some(left) = self.left.get_mut(session as usize) {
            *left += 1;
        }
    }

    /// Gives an agent, who holds nothing, a feasible schedule of sessions that have places left.
    pub(crate) fn give(&mut self, market: &Market, agent: usize, sessions: &[u32]) {
        let (Some(held), Some(who)) = (self.held.get_mut(agent), market.agents.get(agent)) else { return };
        for session in sessions {
            let Some(left) = self.left.get_mut(*session as usize).filter(|left| **left > 0) else { continue };
            *left -= 1;
            held.push(*session);
            self.score += score_of(market, who, *session);
            self.filled += 1;
        }
    }

    /// Replaces what an agent holds by the best schedule among what they hold and what is left, each session gaining
    /// its score less `price`. Says whether anything changed; with no price the score never falls.
    pub(crate) fn respond(
        &mut self,
        market: &Market,
        agent: usize,
        scheduler: &mut Scheduler,
        price: impl Fn(u32) -> i64,
    ) -> bool {
        let Some(who) = market.agents.get(agent) else { return false };
        let held = self.held(agent);
        let gain = |choice: &Choice| choice.score - price(choice.session);
        let now: i64 = held.iter().filter_map(|session| choice_of(market, who, *session)).map(gain).sum();
        let open = |choice: &Choice| {
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

/// What an agent scores in a session; zero where they may not do it.
pub(crate) fn score_of(market: &Market, agent: &Agent, session: u32) -> i64 {
    choice_of(market, agent, session).map_or(0, |choice| choice.score)
}

/// An agent's choice of a session; nothing where they may not do it.
pub(crate) fn choice_of<'a>(market: &'a Market, agent: &Agent, session: u32) -> Option<&'a Choice> {
    let choices = market.choices(agent);
    let place = choices.binary_search_by_key(&session, |choice| choice.session);
    place.ok().and_then(|place| choices.get(place))
}
