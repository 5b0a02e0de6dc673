//! The free part of a problem: which agents may take which places, at what score.
//!
//! An *agent* is one clinician over a run of weeks that nothing ties to the weeks before or after it, so a
//! clinician is usually one agent a week. Bookings are taken out: they use up places and time, and their score is a
//! constant. Pairs that score zero or less, or that a booking makes impossible, are left out, as no best plan needs
//! them.
//!
//! The whole market falls apart into parts that no pair connects. Prices and plans are made for each part on its own, in
//! which sessions and agents are numbered anew.

mod agents;
pub(crate) mod parts;

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::index::{
    AgentIx, ChoiceIx, ClinicianIx, IndexSlice, IndexVec, Ix, PartAgentIx, PartSessionIx, SessionIx,
};
use crate::market::parts::Component;
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{Facts, Timing};
use crate::pairs::geography::Roads;
use crate::pairs::rules::{overlap, rest, travel};

/// What one filled place counts where only places are counted: prices are then millionths of a place.
pub(crate) const FILL_POINTS: i64 = 1_000_000;

/// A session that an agent may take, what it scores, and what a schedule needs to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice<S> {
    pub(crate) score: i64,
    pub(crate) session: S,
    pub(crate) day: i32,
    pub(crate) week: i32,
    pub(crate) minutes: i32,
    /// Sessions with the same start and end have the same slot.
    pub(crate) slot: u32,
    /// Whether the drive to or from every other choice of its day that it doesn't overlap can be made in time.
    pub(crate) goes_with_all: bool,
    /// Whether the choices of its day span more than one day's work may, so that the day's first start matters.
    pub(crate) span_binds: bool,
}

/// A choice in one part of the market.
pub(crate) type PartChoice = Choice<PartSessionIx>;

/// A clinician over a run of weeks, in a market whose sessions go by `S`.
#[derive(Debug, Clone)]
pub(crate) struct Agent<S> {
    pub(crate) clinician: ClinicianIx,
    /// Where the agent's choices lie among all choices of the market.
    choices: Range<usize>,
    pub(crate) rest_minutes: i64,
    pub(crate) most_a_week: Option<i64>,
    pub(crate) most_a_day: Option<i64>,
    /// Between sessions on different days with this many minutes between them, neither rest nor travel can bind.
    pub(crate) ample_minutes: i64,
    /// Whether every two choices on different days have ample minutes between them.
    pub(crate) days_are_free: bool,
    /// Minutes that bookings use up, by week and by day.
    booked_weeks: Vec<(i32, i64)>,
    booked_days: Vec<(i32, i64)>,
    sessions: PhantomData<S>,
}

/// An agent of one part of the market.
pub(crate) type PartAgent = Agent<PartSessionIx>;

/// Sessions with free places and the agents who may take them; sessions go by `S`, agents by `A`.
#[derive(Debug, Clone)]
pub(crate) struct MarketBy<S, A> {
    pub(crate) timings: IndexVec<S, Timing>,
    /// Places that bookings leave, by session.
    pub(crate) places: IndexVec<S, u32>,
    pub(crate) agents: IndexVec<A, Agent<S>>,
    choices: Vec<Choice<S>>,
    pub(crate) roads: Arc<Roads>,
}

/// One part of the market, which is what prices and plans are made for.
pub(crate) type PartMarket = MarketBy<PartSessionIx, PartAgentIx>;

/// What a place of each session of a part costs.
pub(crate) type Prices = IndexVec<PartSessionIx, i64>;

/// The free part of a whole problem.
#[derive(Debug, Clone)]
pub(crate) struct Market {
    pub(crate) all: MarketBy<SessionIx, AgentIx>,
    /// Whether pairs were left out because they score zero or less.
    leaves_some_out: bool,
}

impl<S: Ix, A: Ix> MarketBy<S, A> {
    /// An agent's choices, in order of start.
    pub(crate) fn choices(&self, agent: &Agent<S>) -> IndexSlice<'_, ChoiceIx, Choice<S>> {
        IndexSlice::of(&self.choices[agent.choices.clone()])
    }

    /// An agent's choice of a session; nothing where they may not do it.
    pub(crate) fn choice_of(&self, agent: &Agent<S>, session: S) -> Option<&Choice<S>> {
        let choices = &self.choices[agent.choices.clone()];
        choices.binary_search_by_key(&session, |choice| choice.session).ok().map(|place| &choices[place])
    }

    /// What an agent scores in a session; zero where they may not do it.
    pub(crate) fn score_of(&self, agent: &Agent<S>, session: S) -> i64 {
        self.choice_of(agent, session).map_or(0, |choice| choice.score)
    }

    /// How many choices there are in all.
    pub(crate) fn choice_count(&self) -> usize {
        self.choices.len()
    }

    /// The highest score anybody has in each session; zero where nobody may.
    pub(crate) fn highest_scores(&self) -> IndexVec<S, i64> {
        let mut highest = IndexVec::repeat(0, self.timings.len());
        for choice in &self.choices {
            let highest: &mut i64 = &mut highest[choice.session];
            *highest = choice.score.max(*highest);
        }
        highest
    }
}

impl Market {
    /// What is left to plan once bookings are kept, each pair scoring what `worth` says.
    pub(crate) fn of(
        facts: &Facts,
        pairs: &[EligiblePair],
        worth: impl Fn(&EligiblePair) -> i64 + Sync,
    ) -> Self {
        let places = facts.places_left();
        let timings = facts.sessions.map(|session| session.timing);
        let by_clinician: Vec<&[EligiblePair]> = pairs.chunk_by(|a, b| a.clinician == b.clinician).collect();
        let found: Vec<agents::Found> = by_clinician
            .into_par_iter()
            .map(|pairs| agents::agents_of(facts, &places, &timings, pairs, &worth))
            .collect();
        let mut agents = IndexVec::new();
        let mut choices = Vec::with_capacity(found.iter().map(|found| found.choices.len()).sum());
        let mut leaves_some_out = false;
        for mut own in found {
            leaves_some_out |= own.leaves_some_out;
            for mut agent in own.agents {
                agent.choices = agent.choices.start + choices.len()..agent.choices.end + choices.len();
                agents.push(agent);
            }
            choices.append(&mut own.choices);
        }
        let all = MarketBy { timings, places, agents, choices, roads: Arc::clone(&facts.roads) };
        Self { all, leaves_some_out }
    }

    /// The same market where every choice scores so much; nothing if there were choices that score too little to be
    /// choices here.
    pub(crate) fn alike(&self, score: i64) -> Option<Self> {
        if self.leaves_some_out {
            return None;
        }
        let mut market = self.clone();
        for choice in &mut market.all.choices {
            choice.score = score;
        }
        Some(market)
    }

    /// The whole market as a single part, without the sessions that nobody may take.
    pub(crate) fn undivided(&self) -> Component {
        let sessions: BTreeSet<SessionIx> = self.all.choices.iter().map(|choice| choice.session).collect();
        Component { agents: self.all.agents.numbers().collect(), sessions: sessions.into_iter().collect() }
    }

    /// One part of the market on its own; its sessions and agents go by their places in the part.
    pub(crate) fn part(&self, part: &Component) -> PartMarket {
        let all = &self.all;
        let (mut agents, mut choices) = (IndexVec::new(), Vec::new());
        for agent in part.agents.iter().map(|agent| &all.agents[*agent]) {
            let first = choices.len();
            for choice in all.choices(agent).iter() {
                if let Some(session) = part.number_of(choice.session) {
                    choices.push(Choice {
                        session,
                        score: choice.score,
                        day: choice.day,
                        week: choice.week,
                        minutes: choice.minutes,
                        slot: choice.slot,
                        goes_with_all: choice.goes_with_all,
                        span_binds: choice.span_binds,
                    });
                }
            }
            agents.push(agent.with_choices(first..choices.len()));
        }
        MarketBy {
            timings: part.sessions.map(|session| all.timings[*session]),
            places: part.sessions.map(|session| all.places[*session]),
            agents,
            choices,
            roads: Arc::clone(&all.roads),
        }
    }
}

impl<S> Agent<S> {
    /// The same person over the same weeks, with these choices of another market.
    fn with_choices<T>(&self, choices: Range<usize>) -> Agent<T> {
        Agent {
            clinician: self.clinician,
            choices,
            rest_minutes: self.rest_minutes,
            most_a_week: self.most_a_week,
            most_a_day: self.most_a_day,
            ample_minutes: self.ample_minutes,
            days_are_free: self.days_are_free,
            booked_weeks: self.booked_weeks.clone(),
            booked_days: self.booked_days.clone(),
            sessions: PhantomData,
        }
    }

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

/// Whether one clinician may do the later session besides the earlier one: overlap, travel and rest.
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
