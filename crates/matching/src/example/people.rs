//! The clinicians of an example.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use matching_model::problem::{Clinician, Span};

use super::chance::Chance;
use super::places::{Place, location, scatter};
use super::trades::{BANDS, Trade, in_steps, trade};
use super::{Calendar, Request, Shape, instant};

/// When a day of work may begin and end, in minutes after midnight, and how common that is.
const DAYS_OF_WORK: [(u32, u32, usize); 4] =
    [(450, 810, 12), (780, 1140, 12), (450, 1140, 40), (450, 1290, 16)];

/// How common it is not to work on a day of one's pattern after all.
const DAY_OFF: usize = 20;

/// The clinicians that were asked for.
pub fn clinicians(request: &Request, calendar: &Calendar, places: &[Place], count: usize) -> Vec<Clinician> {
    let mut chance = Chance::new(request.seed, 3);
    let weights: Vec<usize> = places.iter().map(|place| place.weight).collect();
    let mut clinicians: Vec<Clinician> = (0..count)
        .map(|number| {
            let base = chance.weighted(&weights);
            clinician(&mut chance, request, calendar, places, base, number)
        })
        .collect();
    if request.shape == Shape::Identical
        && let Some(first) = clinicians.first().cloned()
    {
        for clinician in &mut clinicians {
            *clinician = Clinician { id: clinician.id.clone(), ..first.clone() };
        }
    }
    clinicians
}

fn clinician(
    chance: &mut Chance,
    request: &Request,
    calendar: &Calendar,
    places: &[Place],
    base: usize,
    number: usize,
) -> Clinician {
    let shape = request.shape;
    let trade = trade(chance, shape);
    let home = scatter(chance, places[base].spot, 6_000);
    let usual = chance.between(trade.low_pence * 95 / 100, trade.high_pence * 99 / 100);
    let mut rates = BTreeMap::new();
    for (band, percent) in BANDS {
        if percent <= 120 || chance.per_mille(700) {
            let asked = usual * percent * chance.between(980, 1040) / 100_000;
            rates.insert(band.to_owned(), in_steps(asked, 25));
        }
    }
    let near = nearest(places, home, 12);
    let (prefers, refuses) = likes(chance, places, &near);
    let cleared_for = match shape {
        Shape::NobodyEligible => -1,
        _ if chance.per_mille(100) => chance.between(-3, 400),
        _ => 400,
    };
    Clinician {
        id: format!("C{number:05}"),
        role: trade.role.to_owned(),
        competencies: competencies(chance, request, calendar.first, places[base].system, trade),
        cleared_until: Some(days_after(calendar.first, cleared_for)),
        home: location(home),
        max_travel_metres: match shape {
            Shape::OverSupply | Shape::Identical => 60_000,
            Shape::Scarcity => 10_000,
            _ => *chance.pick(&[10, 15, 20, 25, 30, 40, 60]) * 1_000,
        },
        rates,
        available: available(chance, request, calendar),
        max_minutes_per_week: match shape {
            Shape::TightWeeks => Some(*chance.pick(&[250, 500, 750])),
            _ => Some(*chance.pick(&[500, 1000, 1250, 1500, 2000, 2250, 2880])),
        },
        max_minutes_per_day: match shape {
            Shape::TightWeeks => Some(*chance.pick(&[250, 500])),
            Shape::ClockChange => *chance.pick(&[None, None, Some(660)]),
            _ => *chance.pick(&[None, Some(630), Some(660)]),
        },
        rest_minutes: if shape == Shape::ClockChange { *chance.pick(&[0, 600, 660, 660]) } else { 660 },
        recent_practices: prefers.iter().take(1).cloned().collect(),
        prefers,
        refuses,
        not_again: Vec::new(),
        fairness_points: *chance.pick(&[0, 0, 0, 500, 1500, 3000]),
    }
}

/// Whether everybody has every skill and works every day.
fn is_generous(shape: Shape) -> bool {
    matches!(shape, Shape::OverSupply | Shape::Identical)
}

fn days_after(first: NaiveDate, days: i64) -> NaiveDate {
    if days < 0 { first - Days::new(days.unsigned_abs()) } else { first + Days::new(days.unsigned_abs()) }
}

fn competencies(
    chance: &mut Chance,
    request: &Request,
    first: NaiveDate,
    system: &str,
    trade: &Trade,
) -> BTreeMap<String, Option<NaiveDate>> {
    let all = is_generous(request.shape);
    let mut held = BTreeMap::from([(system.to_owned(), None)]);
    if all || chance.per_mille(500) {
        held.extend(["systmone", "emis_web"].map(|name| (name.to_owned(), None)));
    }
    for skill in trade.skills {
        if all || chance.per_mille(550) {
            let lasts = 7 * i64::from(request.weeks) + 200;
            let until = if all || chance.per_mille(600) {
                None
            } else {
                Some(days_after(first, chance.between(-5, lasts)))
            };
            held.insert((*skill).to_owned(), until);
        }
    }
    held
}

/// The practices nearest to a spot, by a measure that is good enough for liking and refusing.
fn nearest(places: &[Place], home: (i64, i64), count: usize) -> Vec<usize> {
    let squared = |place: &Place| {
        let (north, east) = (place.spot.0 - home.0, place.spot.1 - home.1);
        north * north + east * east * 2 / 5
    };
    let mut order: Vec<(i64, usize)> =
        places.iter().enumerate().map(|(index, place)| (squared(place), index)).collect();
    let count = count.min(order.len());
    if count < order.len() {
        order.select_nth_unstable(count);
    }
    order.truncate(count);
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}

fn likes(chance: &mut Chance, places: &[Place], near: &[usize]) -> (Vec<String>, Vec<String>) {
    let mut prefers = BTreeSet::new();
    for _ in 0..chance.below(4) {
        prefers.insert(*chance.pick(near));
    }
    let mut refuses = BTreeSet::new();
    if chance.per_mille(100) && near.len() > 3 {
        let disliked = *chance.pick(near);
        if !prefers.contains(&disliked) {
            refuses.insert(disliked);
        }
    }
    let ids =
        |chosen: BTreeSet<usize>| chosen.iter().map(|index| places[*index].practice.id.clone()).collect();
    (ids(prefers), ids(refuses))
}

/// A pattern of the week, less a week away now and then and the bank holidays.
fn available(chance: &mut Chance, request: &Request, calendar: &Calendar) -> Vec<Span> {
    let (weekday_per_mille, saturday_per_mille, sunday_per_mille) = match request.shape {
        Shape::OverSupply | Shape::Identical => (1000, 600, 0),
        Shape::Scarcity => (200, 50, 0),
        Shape::ClockChange => (620, 200, 350),
        _ => (620, 200, 0),
    };
    let common: Vec<usize> = DAYS_OF_WORK.iter().map(|(_, _, weight)| *weight).chain([DAY_OFF]).collect();
    let mut pattern: Vec<Option<(u32, u32)>> = (0..5)
        .map(|_| {
            if is_generous(request.shape) {
                return Some((450, 1290));
            }
            let works = chance.per_mille(weekday_per_mille);
            let hours = DAYS_OF_WORK.get(chance.weighted(&common)).map(|(from, until, _)| (*from, *until));
            hours.filter(|_| works)
        })
        .collect();
    pattern.push(chance.per_mille(saturday_per_mille).then_some((450, 1140)));
    pattern.push(chance.per_mille(sunday_per_mille).then_some((450, 1290)));
    let days: Vec<NaiveDate> = calendar.days().collect();
    let away_from = (request.weeks > 1 && chance.per_mille(300)).then(|| *chance.pick(&days));
    let is_away = |day: NaiveDate| away_from.is_some_and(|from| from <= day && day < from + Days::new(7));
    let mut spans = Vec::new();
    for day in days {
        let hours = pattern[day.weekday().num_days_from_monday() as usize];
        let Some((from, until)) = hours.filter(|_| !is_away(day) && !calendar.bank_holidays.contains(&day))
        else {
            continue;
        };
        spans.push(Span { start: instant(day, from), end: instant(day, until) });
    }
    if request.shape == Shape::ClockChange
        && chance.per_mille(100)
        && let Some(saturday) = calendar.saturdays.first()
    {
        // Some people are there for the whole night in which the clocks change.
        spans.push(Span { start: instant(*saturday, 1020), end: instant(*saturday + Days::new(1), 1380) });
    }
    spans
}
