//! The free part of a problem: which agents may take which places, at what score.
//!
//! An *agent* is one clinician over a run of weeks that nothing ties to the weeks before or after it, so a
//! clinician is usually one agent a week. Bookings are taken out: they use up places and time, and their score is a
//! constant. Pairs that score zero or less, or that a booking makes impossible, are left out, as no best plan needs
//! them.

use std::sync::Arc;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::decompose::Component;
use super::eligibility::EligiblePair;
use super::facts::{Facts, Timing};
use super::geography::{Roads, drive_minutes};
use super::rules::{daily_hours, overlap, rest, travel, weekly_hours};

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
            .map(|pairs| agents_of(facts, &places, &timings, pairs, &worth))
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

fn agents_of(
    facts: &Facts,
    places: &[u32],
    timings: &[Timing],
    pairs: &[EligiblePair],
    worth: &(impl Fn(&EligiblePair) -> i64 + Sync),
) -> (Vec<Agent>, Vec<Choice>, bool) {
    let Some((clinician, person)) =
        pairs.first().and_then(|pair| Some((pair.clinician, facts.clinicians.get(pair.clinician as usize)?)))
    else {
        return Default::default();
    };
    let booked: Vec<u32> = facts.bookings_of(clinician).collect();
    let booked_timings: Vec<&Timing> =
        booked.iter().filter_map(|session| timings.get(*session as usize)).collect();
    let farthest = pairs.iter().map(|pair| pair.road_metres).max().unwrap_or(0);
    let template = Agent {
        clinician,
        first: 0,
        last: 0,
        rest_minutes: person.rest_minutes,
        most_a_week: person.max_minutes_per_week,
        most_a_day: person.max_minutes_per_day,
        // Home lies on the way at worst; two metres for rounding.
        days_are_free: false,
        ample_minutes: person.rest_minutes.max(drive_minutes(2 * farthest + 2)),
        booked_weeks: booked_timings.iter().map(|timing| (timing.week, timing.minutes())).collect(),
        booked_days: booked_timings.iter().map(|timing| (timing.day, timing.minutes())).collect(),
    };
    let (mut choices, mut from_home): (Vec<Choice>, Vec<i64>) = (Vec::new(), Vec::new());
    let mut leaves_some_out = false;
    for pair in pairs {
        let Some(timing) = timings.get(pair.session as usize) else { continue };
        let open = places.get(pair.session as usize).is_some_and(|places| *places > 0);
        let fits = booked_timings
            .iter()
            .all(|booked| go_together(booked, timing, person.rest_minutes, &facts.roads))
            && weekly_hours::allows(
                template.booked_in_week(timing.week),
                timing.minutes(),
                person.max_minutes_per_week,
            )
            && daily_hours::allows(
                template.booked_in_day(timing.day),
                timing.minutes(),
                person.max_minutes_per_day,
            );
        if !open || !fits || booked.contains(&pair.session) {
            continue;
        }
        let score = worth(pair);
        leaves_some_out |= score <= 0;
        if score > 0 {
            from_home.push(pair.road_metres);
            choices.push(Choice {
                score,
                session: pair.session,
                day: timing.day,
                week: timing.week,
                minutes: i32::try_from(timing.minutes()).unwrap_or(i32::MAX),
                slot: slot_after(choices.last(), timing, timings),
                goes_with_all: true,
            });
        }
    }
    let mut agents = split(&template, &choices, timings, &facts.roads);
    for agent in &mut agents {
        agent.days_are_free =
            days_are_free(agent, choices.get(agent.first..agent.last).unwrap_or_default(), timings);
    }
    note_tight_choices(&mut choices, &from_home, timings, &facts.roads);
    (agents, choices, leaves_some_out)
}

/// The slot of a session that comes after a choice: the same where start and end are the same.
fn slot_after(last: Option<&Choice>, timing: &Timing, timings: &[Timing]) -> u32 {
    let Some(last) = last else { return 0 };
    let before = timings.get(last.session as usize);
    let same = before.is_some_and(|before| (before.start, before.end) == (timing.start, timing.end));
    last.slot + u32::from(!same)
}

/// Whether ample minutes lie between every two choices on different dates.
fn days_are_free(agent: &Agent, choices: &[Choice], timings: &[Timing]) -> bool {
    let mut latest_before = i64::MIN;
    let mut latest = i64::MIN;
    choices.chunk_by(|a, b| a.day == b.day).all(|day| {
        latest_before = latest_before.max(latest);
        let mut times = day.iter().filter_map(|choice| timings.get(choice.session as usize));
        let first = times.clone().map(|timing| timing.start).min().unwrap_or(i64::MAX);
        latest = latest.max(times.by_ref().map(|timing| timing.end).max().unwrap_or(i64::MIN));
        latest_before == i64::MIN || latest_before + agent.ample_minutes <= first
    })
}

/// Notes which choices are too far from another of the same date to be done before or after it, though they don't
/// overlap. `from_home` are the road metres to each.
fn note_tight_choices(choices: &mut [Choice], from_home: &[i64], timings: &[Timing], roads: &Roads) {
    let mut first = 0;
    for day in choices.chunk_by_mut(|a, b| a.day == b.day) {
        let from_home = from_home.get(first..).unwrap_or_default();
        first += day.len();
        let are_tight = |one: usize, later: usize, day: &[Choice]| -> bool {
            let timing = |place: usize| timings.get(day.get(place)?.session as usize);
            let home = |place: usize| from_home.get(place).copied().unwrap_or(0);
            // Home lies on the way at worst; two metres for rounding.
            timing(one).zip(timing(later)).is_some_and(|(last, next)| {
                drive_minutes(home(one) + home(later) + 2) > next.start - last.end
                    && !travel::allows(last, next, roads)
            })
        };
        // For each slot before: when it ends, its choices that go with all as far as is known, and the others.
        let mut before: Vec<(i64, Vec<usize>, Vec<usize>)> = Vec::new();
        let mut slot = None;
        for later in 0..day.len() {
            let Some(choice) = day.get(later).copied() else { continue };
            let Some(timing) = timings.get(choice.session as usize) else { continue };
            if slot != Some(choice.slot) {
                slot = Some(choice.slot);
                before.push((timing.end, Vec::new(), Vec::new()));
            }
            let mut is_tight = false;
            for (_, loose, tight) in before.iter_mut().filter(|(end, ..)| *end <= timing.start) {
                let tight_before = tight.len();
                loose.retain(|one| {
                    let is_kept = !are_tight(*one, later, day);
                    if !is_kept {
                        tight.push(*one);
                    }
                    is_kept
                });
                let others = tight.get(..tight_before).unwrap_or_default();
                is_tight = is_tight
                    || tight.len() > tight_before
                    || others.iter().any(|one| are_tight(*one, later, day));
            }
            if let Some((_, loose, tight)) = before.last_mut() {
                if is_tight { tight.push(later) } else { loose.push(later) }
            }
        }
        for (_, _, tight) in before {
            for place in tight {
                if let Some(choice) = day.get_mut(place) {
                    choice.goes_with_all = false;
                }
            }
        }
    }
}

/// Cuts a clinician's choices at every change of week that no pair of sessions reaches across.
fn split(template: &Agent, choices: &[Choice], timings: &[Timing], roads: &Roads) -> Vec<Agent> {
    let timing = |choice: &Choice| timings.get(choice.session as usize);
    let mut agents = Vec::new();
    let mut first = 0;
    for place in 1..choices.len() {
        let (earlier, later) = (choices.get(first..place), choices.get(place..));
        let (Some(earlier), Some(later)) = (earlier, later) else { continue };
        let weeks = earlier.last().and_then(timing).zip(later.first().and_then(timing));
        let Some((_, next)) = weeks.filter(|(last, next)| last.week != next.week) else { continue };
        let reaches_across = earlier.iter().filter_map(timing).any(|one| {
            one.end + template.ample_minutes > next.start
                && later
                    .iter()
                    .filter_map(timing)
                    .take_while(|other| one.end + template.ample_minutes > other.start)
                    .any(|other| !follows(one, other, template.rest_minutes, roads))
        });
        if !reaches_across {
            agents.push(Agent { first, last: place, ..template.clone() });
            first = place;
        }
    }
    if first < choices.len() {
        agents.push(Agent { first, last: choices.len(), ..template.clone() });
    }
    agents
}
