//! What one clinician may take of what bookings leave, cut into agents.

use super::{Agent, Choice, follows, go_together};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{Facts, Timing};
use crate::pairs::geography::{Roads, drive_minutes};
use crate::pairs::rules::{daily_hours, travel, weekly_hours};

/// The agents of a clinician, whose pairs these are, with their choices, and whether pairs were left out because they
/// score too little.
pub(crate) fn agents_of(
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
