//! What one clinician may take of what bookings leave, cut into agents.

use std::marker::PhantomData;

use super::{Agent, Choice, follows, go_together};
use crate::index::{IndexVec, SessionIx};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{Facts, Timing};
use crate::pairs::geography::{Roads, drive_minutes};
use crate::pairs::rules::{daily_hours, rest, travel, weekly_hours};

/// When and where each session is.
type Timings = IndexVec<SessionIx, Timing>;

/// What one clinician may take.
#[derive(Default)]
pub(crate) struct Found {
    /// The clinician over one run of weeks after another; the choices of each lie among these.
    pub(crate) agents: Vec<Agent<SessionIx>>,
    pub(crate) choices: Vec<Choice<SessionIx>>,
    /// Whether pairs were left out because they score too little.
    pub(crate) leaves_some_out: bool,
}

/// The agents of the clinician whose pairs these are.
pub(crate) fn agents_of(
    facts: &Facts,
    places: &IndexVec<SessionIx, u32>,
    timings: &Timings,
    pairs: &[EligiblePair],
    worth: &(impl Fn(&EligiblePair) -> i64 + Sync),
) -> Found {
    let Some(clinician) = pairs.first().map(|pair| pair.clinician) else { return Found::default() };
    let person = &facts.clinicians[clinician];
    let booked: Vec<SessionIx> = facts.bookings_of(clinician).collect();
    let booked_timings = || booked.iter().map(|session| &timings[*session]);
    let farthest = pairs.iter().map(|pair| pair.road_metres).max().unwrap_or(0);
    let template = Agent {
        clinician,
        choices: 0..0,
        rest_minutes: person.rest_minutes,
        most_a_week: person.max_minutes_per_week,
        most_a_day: person.max_minutes_per_day,
        // Home lies on the way at worst; two metres for rounding.
        days_are_free: false,
        ample_minutes: person.rest_minutes.max(drive_minutes(2 * farthest + 2)),
        booked_weeks: booked_timings().map(|timing| (timing.week, timing.minutes())).collect(),
        booked_days: booked_timings().map(|timing| (timing.day, timing.minutes())).collect(),
        sessions: PhantomData,
    };
    let (mut choices, mut from_home): (Vec<Choice<SessionIx>>, Vec<i64>) = (Vec::new(), Vec::new());
    let mut leaves_some_out = false;
    for pair in pairs {
        let timing = &timings[pair.session];
        let fits = booked_timings()
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
        if places[pair.session] == 0 || !fits || booked.contains(&pair.session) {
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
                minutes: i32::try_from(timing.minutes()).expect("a session lasts a day at most"),
                slot: slot_after(choices.last(), timing, timings),
                goes_with_all: true,
                span_binds: false,
            });
        }
    }
    let mut agents = split(&template, &choices, timings, &facts.roads);
    for agent in &mut agents {
        agent.days_are_free = days_are_free(agent, &choices[agent.choices.clone()], timings);
    }
    note_long_days(&mut choices, person.rest_minutes, timings);
    note_tight_choices(&mut choices, &from_home, timings, &facts.roads);
    Found { agents, choices, leaves_some_out }
}

/// The slot of a session that comes after a choice: the same where start and end are the same.
fn slot_after(last: Option<&Choice<SessionIx>>, timing: &Timing, timings: &Timings) -> u32 {
    let Some(last) = last else { return 0 };
    let before = &timings[last.session];
    last.slot + u32::from((before.start, before.end) != (timing.start, timing.end))
}

/// Notes which days have choices that lie too far apart for one day's work.
fn note_long_days(choices: &mut [Choice<SessionIx>], rest_minutes: i64, timings: &Timings) {
    for day in choices.chunk_by_mut(|a, b| a.day == b.day) {
        let times = || day.iter().map(|choice| &timings[choice.session]);
        let first = times().map(|timing| timing.start).min().unwrap_or(i64::MAX);
        let last = times().map(|timing| timing.end).max().unwrap_or(i64::MIN);
        let span_binds = !rest::leaves_rest(first, last, rest_minutes);
        for choice in day {
            choice.span_binds = span_binds;
        }
    }
}

/// Whether ample minutes lie between every two choices on different days.
fn days_are_free(agent: &Agent<SessionIx>, choices: &[Choice<SessionIx>], timings: &Timings) -> bool {
    let mut latest_before = i64::MIN;
    let mut latest = i64::MIN;
    choices.chunk_by(|a, b| a.day == b.day).all(|day| {
        latest_before = latest_before.max(latest);
        let times = || day.iter().map(|choice| &timings[choice.session]);
        let first = times().map(|timing| timing.start).min().unwrap_or(i64::MAX);
        latest = latest.max(times().map(|timing| timing.end).max().unwrap_or(i64::MIN));
        latest_before == i64::MIN || latest_before + agent.ample_minutes <= first
    })
}

/// The choices of one slot of a day, by their places in the day, while it is found out which are tight.
struct SlotBefore {
    end: i64,
    /// Those that go with all as far as is known.
    loose: Vec<usize>,
    tight: Vec<usize>,
}

/// Notes which choices are too far from another of the same day to be done before or after it, though they don't
/// overlap. `from_home` are the road metres to each.
fn note_tight_choices(
    choices: &mut [Choice<SessionIx>],
    from_home: &[i64],
    timings: &Timings,
    roads: &Roads,
) {
    let mut first = 0;
    for day in choices.chunk_by_mut(|a, b| a.day == b.day) {
        let from_home = &from_home[first..];
        first += day.len();
        let are_tight = |one: usize, later: usize, day: &[Choice<SessionIx>]| -> bool {
            let (last, next) = (&timings[day[one].session], &timings[day[later].session]);
            // Home lies on the way at worst; two metres for rounding.
            drive_minutes(from_home[one] + from_home[later] + 2) > next.start - last.end
                && !travel::allows(last, next, roads)
        };
        let mut before: Vec<SlotBefore> = Vec::new();
        let mut slot = None;
        for later in 0..day.len() {
            let timing = &timings[day[later].session];
            if slot != Some(day[later].slot) {
                slot = Some(day[later].slot);
                before.push(SlotBefore { end: timing.end, loose: Vec::new(), tight: Vec::new() });
            }
            let mut is_tight = false;
            for SlotBefore { loose, tight, .. } in before.iter_mut().filter(|slot| slot.end <= timing.start) {
                let tight_before = tight.len();
                loose.retain(|one| {
                    let is_kept = !are_tight(*one, later, day);
                    if !is_kept {
                        tight.push(*one);
                    }
                    is_kept
                });
                is_tight = is_tight
                    || tight.len() > tight_before
                    || tight[..tight_before].iter().any(|one| are_tight(*one, later, day));
            }
            if let Some(own) = before.last_mut() {
                if is_tight { own.tight.push(later) } else { own.loose.push(later) }
            }
        }
        for place in before.into_iter().flat_map(|slot| slot.tight) {
            day[place].goes_with_all = false;
        }
    }
}

/// Cuts a clinician's choices at every change of week that no pair of sessions reaches across.
fn split(
    template: &Agent<SessionIx>,
    choices: &[Choice<SessionIx>],
    timings: &Timings,
    roads: &Roads,
) -> Vec<Agent<SessionIx>> {
    let mut agents = Vec::new();
    let mut first = 0;
    for place in 1..choices.len() {
        let next = &timings[choices[place].session];
        if timings[choices[place - 1].session].week == next.week {
            continue;
        }
        let earlier = choices[first..place].iter().map(|choice| &timings[choice.session]);
        let later = || choices[place..].iter().map(|choice| &timings[choice.session]);
        let reaches_across = { earlier }.any(|one| {
            one.end + template.ample_minutes > next.start
                && later()
                    .take_while(|other| one.end + template.ample_minutes > other.start)
                    .any(|other| !follows(one, other, template.rest_minutes, roads))
        });
        if !reaches_across {
            agents.push(template.with_choices(first..place));
            first = place;
        }
    }
    if first < choices.len() {
        agents.push(template.with_choices(first..choices.len()));
    }
    agents
}
