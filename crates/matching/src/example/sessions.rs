//! The sessions of an example.

use chrono::{NaiveTime, TimeDelta};
use matching_model::problem::Session;

use super::chance::Chance;
use super::places::Place;
use super::trades::{band_percent, in_steps, trade};
use super::{Calendar, Request, Shape, instant};

/// Start in minutes after midnight, length in minutes, and how common, for weekdays: mornings, afternoons,
/// evenings and whole days.
const WEEKDAY_HOURS: [(u32, i64, usize); 7] = [
    (510, 250, 26),
    (480, 250, 14),
    (840, 250, 26),
    (810, 250, 14),
    (1110, 90, 5),
    (1080, 120, 5),
    (480, 630, 10),
];

/// The same for Saturdays and Sundays.
const WEEKEND_HOURS: [(u32, i64, usize); 3] = [(540, 250, 1), (540, 480, 1), (780, 240, 1)];

/// The sessions that were asked for.
pub fn sessions(request: &Request, calendar: &Calendar, places: &[Place], count: usize) -> Vec<Session> {
    let mut chance = Chance::new(request.seed, 2);
    let weights: Vec<usize> = places.iter().map(|place| place.weight).collect();
    (0..count)
        .map(|number| {
            let place = &places[chance.weighted(&weights)];
            session(&mut chance, request, calendar, place, number)
        })
        .collect()
}

fn session(
    chance: &mut Chance,
    request: &Request,
    calendar: &Calendar,
    place: &Place,
    number: usize,
) -> Session {
    let sunday_per_mille = if request.shape == Shape::ClockChange { 120 } else { 0 };
    let (days, hours): (_, &[(u32, i64, usize)]) = if chance.per_mille(sunday_per_mille) {
        (&calendar.sundays, &WEEKEND_HOURS)
    } else if chance.per_mille(70) {
        (&calendar.saturdays, &WEEKEND_HOURS)
    } else {
        (&calendar.weekdays, &WEEKDAY_HOURS)
    };
    let day = *chance.pick(days);
    let common: Vec<usize> = hours.iter().map(|(_, _, weight)| *weight).collect();
    let (mut minutes_after_midnight, mut minutes, _) = hours[chance.weighted(&common)];
    let over_the_clock_change = request.shape == Shape::ClockChange && number == 0;
    let day = if over_the_clock_change {
        // Twenty-three hours from Saturday's evening, whatever the clocks do that night.
        (minutes_after_midnight, minutes) = (1080, 23 * 60);
        calendar.saturdays.first().copied().unwrap_or(day)
    } else {
        day
    };
    let start = instant(day, minutes_after_midnight);
    let at =
        NaiveTime::from_num_seconds_from_midnight_opt(minutes_after_midnight * 60, 0).unwrap_or_default();
    let band = calendar.band(day, at);
    let trade = trade(chance, request.shape);
    let percent = band_percent(band);
    let scale = |pence: i64, per_mille: i64| pence * per_mille * percent / 100_000;
    let cap = in_steps(scale(trade.high_pence, 1000), 50);
    let (low, high) = (scale(trade.low_pence, 1020), scale(trade.high_pence, 1060));
    let rate_max = cap.min(in_steps(chance.between(low, high), 50));
    let rate_min = rate_max.min(in_steps(scale(trade.low_pence, 950), 50));
    let mut competencies = Vec::new();
    if chance.per_mille(800) {
        competencies.push(place.system.to_owned());
    }
    if chance.per_mille(200) {
        competencies.push((*chance.pick(trade.skills)).to_owned());
    }
    competencies.sort();
    let mut roles = vec![trade.role.to_owned()];
    if chance.per_mille(60) && trade.role != "gp" {
        roles.push("gp".to_owned());
        roles.sort();
    }
    Session {
        id: format!("S{number:06}"),
        practice: place.practice.id.clone(),
        roles,
        competencies,
        start,
        end: start + TimeDelta::minutes(minutes),
        band: band.to_owned(),
        rate_min,
        rate_max,
        places: places_of(chance, request.shape),
        priority: [1, 2, 3][chance.weighted(&[80, 15, 5])],
        open_to: None,
    }
}

fn places_of(chance: &mut Chance, shape: Shape) -> u32 {
    match shape {
        Shape::ManyPlaces => *chance.pick(&[1, 2, 3, 4, 5, 6, 7, 8]),
        _ if chance.per_mille(30) => 2,
        _ => 1,
    }
}
