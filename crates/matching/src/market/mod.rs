//! The free part of a problem: which agents may take which places, at what score.
//!
//! An *agent* is one clinician over a run of weeks that nothing ties to the weeks before or after it, so a
//! clinician is usually one agent a week. Bookings are taken out: they use up places and time, and their score is a
//! constant. Pairs that score zero or less, or that a booking makes impossible, are left out, as no best plan needs
//! them.

mod agents;
pub(crate) mod parts;

use std::sync::Arc;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::market::parts::Component;
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{Facts, Timing};
use crate::pairs::geography::Roads;
use crate::pairs::rules::{overlap, rest, travel};

/// What one filled place counts where only places are counted: prices are then millionths of a place.
pub(crate) const FILL_POINTS: i64 = 1_000_000;

/// A session that an agent may take, what it scores, and what a schedule needs to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) score: i64,
    pub(crate) session: u32,
    pub(crate) day: i32,
    pub(crate) week: i32,
    pub(crate) minutes: i32,
    /// Sessions with the same start and end have the same slot.
    pub(crate) slot: u32,
    /// Whether it goes with every other choice of its date that it doesn't overlap, wherever that is.
    pub(crate) goes_with_all: bool,
}

/// A clinician over a run of weeks.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) clinician: u32,
    /// Where the agent's choices lie among all choices.
    first: usize,
    last: usize,
    pub(crate) rest_minutes: i64,
    pub(crate) most_a_week: Option<i64>,
    pub(crate) most_a_day: Option<i64>,
    /// Between sessions on different dates with this many minutes between them, neither rest nor travel can bind.
    pub(crate) ample_minutes: i64,
    /// Whether every two choices on different dates have ample minutes between them.
    pub(crate) days_are_free: bool,
    /// Minutes that bookings use up, by week and by day.
    pub(crate) booked_weeks: Vec<(i32, i64)>,
    pub(crate) booked_days: Vec<(i32, i64)>,
}

/// The free part of a problem.
#[derive(Debug, Clone)]
pub(crate) struct Market {
    pub(crate) timings: Vec<Timing>,
    /// Places that bookings leave, by session.
    pub(crate) places: Vec<u32>,
    pub(crate) agents: Vec<Agent>,
    choices: Vec<Choice>,
    /// Whether pairs were left out because they score zero or less.
    leaves_some_out: bool,
    pub(crate) roads: Arc<Roads>,
}

impl Market {
    /// What is left to plan once bookings are kept, each pair scoring what `worth` says.
    pub(crate) fn of(
        facts: &Facts,
        pairs: &[EligiblePair],
        worth: impl Fn(&EligiblePair) -> i64 + Sync,
    ) -> Self {
        let mut places: Vec<u32> = facts.sessions.iter().map(|session| session.places).collect();
        for (_, session) in &facts.booked {
            if let Some(places) = places.get_mut(*session as usize) {
                *places = places.saturating_sub(1);
            }
        }
        let timings: Vec<Timing> = facts.sessions.iter().map(|session| session.timing).collect();
        let by_clinician: Vec<&[EligiblePair]> = pairs.chunk_by(|a, b| a.clinician == b.clinician).collect();
        let parts: Vec<(Vec<Agent>, Vec<Choice>, bool)> = by_clinician
            .into_par_iter()
            .map(|pairs| agents::agents_of(facts, &places, &timings, pairs, &worth))
            .collect();
        let mut agents = Vec::new();
        let mut choices = Vec::with_capacity(parts.iter().map(|(_, choices, _)| choices.len()).sum());
        let mut leaves_some_out = false;
        for (mut own, mut own_choices, some_out) in parts {
            leaves_some_out |= some_out;
            for agent in &mut own {
                agent.first += choices.len();
                agent.last += choices.len();
            }
            agents.append(&mut own);
            choices.append(&mut own_choices);
        }
        Self { timings, places, agents, choices, leaves_some_out, roads: Arc::clone(&facts.roads) }
    }

    /// An agent's choices, in order of start.
    pub(crate) fn choices(&self, agent: &Agent) -> &[Choice] {
        self.choices.get(agent.first..agent.last).unwrap_or_default()
    }

    /// How many choices there are in all.
    pub(crate) fn choice_count(&self) -> usize {
        self.choices.len()
    }

    pub(crate) fn timing(&self, session: u32) -> Option<&Timing> {
        self.timings.get(session as usize)
    }

    /// The highest score anybody has in each session; zero where nobody may.
    pub(crate) fn highest_scores(&self) -> Vec<i64> {
        let mut highest = vec![0; self.timings.len()];
        for choice in &self.choices {
            if let Some(highest) = highest.get_mut(choice.session as usize) {
                *highest = choice.score.max(*highest);
            }
        }
        highest
    }

    /// The same market where every choice scores so much; nothing if there were choices that score too little to be
    /// choices here.
    pub(crate) fn alike(&self, score: i64) -> Option<Self> {
        if self.leaves_some_out {
            return None;
        }
        let mut market = self.clone();
        for choice in &mut market.choices {
            choice.score = score;
        }
        Some(market)
    }

    /// One part of the market on its own; its sessions and agents go by their places in the part.
    pub(crate) fn part(&self, part: &Component) -> Self {
        let timings = part.sessions.iter().filter_map(|session| self.timing(*session).copied()).collect();
        let places =
            part.sessions.iter().filter_map(|session| self.places.get(*session as usize).copied()).collect();
        let (mut agents, mut choices) = (Vec::new(), Vec::new());
        for agent in part.agents.iter().filter_map(|agent| self.agents.get(*agent)) {
            let first = choices.len();
            for choice in self.choices(agent) {
                if let Ok(session) = part.sessions.binary_search(&choice.session) {
                    choices.push(Choice { session: u32::try_from(session).unwrap_or(u32::MAX), ..*choice });
                }
            }
            agents.push(Agent { first, last: choices.len(), ..agent.clone() });
        }
        Self {
            timings,
            places,
            agents,
            choices,
            leaves_some_out: self.leaves_some_out,
            roads: Arc::clone(&self.roads),
        }
    }
}

impl Agent {
    /// Minutes of a week that bookings use up.
    pub(crate) fn booked_in_week(&self, week: i32) -> i64 {
        minutes_in(&self.booked_weeks, week)
    }

    /// Minutes of a day that bookings use up.
    pub(crate) fn booked_in_day(&self, day: i32) -> i64 {
        minutes_in(&self.booked_days, day)
    }
}

fn minutes_in(used: &[(i32, i64)], when: i32) -> i64 {
    used.iter().filter(|(own, _)| *own == when).map(|(_, minutes)| *minutes).sum()
}

/// Whether one clinician may do the later session after the earlier one: overlap, travel and rest.
pub(crate) fn follows(earlier: &Timing, later: &Timing, rest_minutes: i64, roads: &Roads) -> bool {
    overlap::allows(earlier, later)
        && rest::allows(earlier, later, rest_minutes)
        && travel::allows(earlier, later, roads)
}

/// Whether one clinician may do both sessions, whichever comes first.
pub(crate) fn go_together(one: &Timing, other: &Timing, rest_minutes: i64, roads: &Roads) -> bool {
    if (one.start, one.end) <= (other.start, other.end) {
        follows(one, other, rest_minutes, roads)
    } else {
        follows(other, one, rest_minutes, roads)
    }
}
