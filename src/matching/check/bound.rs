//! The upper bound that a plan's prices prove, worked out exactly.
//!
//! For any prices of zero or more on the sessions, no plan scores above: the score of the bookings, plus each
//! price times the places left after them, plus for each clinician the best schedule of free sessions they
//! could work round their bookings if every session paid its score less its price. A plan pays each
//! clinician's part at most that, and gives back at most the prices of the places there are.

use std::collections::BTreeMap;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::facts::{Facts, Points};
use super::reach::Reach;

/// What one filled place is worth while only places are counted. Prices of places are in these points, so
/// that whole numbers can carry fractions of a place.
pub const POINTS_PER_PLACE: Points = 1_000_000;

/// What may be worn out by a schedule: minutes in the running week and day, and what it has gained.
#[derive(Clone, Copy)]
struct Label {
    week_minutes: i64,
    day_minutes: i64,
    gain: Points,
}

/// The greatest score any plan can have, as these prices prove it. Prices below zero count as zero; sessions
/// without a price have the price zero.
pub fn score_bound(facts: &Facts<'_>, reach: &Reach, prices: &BTreeMap<usize, Points>) -> Points {
    bound(facts, reach, prices, |session, clinician| facts.worth(session, clinician).score)
}

/// The most places any plan can fill, bookings included, as these prices prove it; prices are in points of
/// [`POINTS_PER_PLACE`].
pub fn fill_bound(facts: &Facts<'_>, reach: &Reach, prices: &BTreeMap<usize, Points>) -> Points {
    bound(facts, reach, prices, |_, _| POINTS_PER_PLACE).div_euclid(POINTS_PER_PLACE)
}

fn bound(
    facts: &Facts<'_>,
    reach: &Reach,
    prices: &BTreeMap<usize, Points>,
    value: impl Fn(usize, usize) -> Points + Sync,
) -> Points {
    let price: Vec<Points> =
        (0..facts.sessions.len()).map(|session| prices.get(&session).copied().unwrap_or(0).max(0)).collect();
    let mut bookings = vec![Vec::new(); facts.clinicians.len()];
    let mut total = 0;
    for (session, price) in price.iter().enumerate() {
        let booked = facts.booked(session);
        for clinician in booked {
            bookings[*clinician].push(session);
            total += value(session, *clinician);
        }
        let places_left = facts.sessions[session].places().saturating_sub(booked.len());
        total += price * places_left as Points;
    }
    let best_of_each: Points = (0..facts.clinicians.len())
        .into_par_iter()
        .map(|clinician| {
            let mine = &bookings[clinician];
            let gains: Vec<(usize, Points)> = facts
                .eligible_sessions(clinician, reach)
                .into_iter()
                .filter(|session| !mine.contains(session))
                .map(|session| (session, value(session, clinician) - price[session]))
                .filter(|(_, gain)| *gain > 0)
                .filter(|(session, _)| {
                    mine.iter().all(|other| facts.can_do_both(clinician, *session, *other))
                })
                .collect();
            best_schedule(facts, clinician, mine, gains)
        })
        .sum();
    total + best_of_each
}

/// The most one clinician can gain from these free sessions round their bookings: the best chain in time,
/// with the minutes used in the running week and day carried along.
fn best_schedule(
    facts: &Facts<'_>,
    clinician: usize,
    bookings: &[usize],
    mut gains: Vec<(usize, Points)>,
) -> Points {
    let told = facts.clinicians[clinician].told;
    let used = |same: &dyn Fn(usize) -> bool| -> i64 {
        bookings
            .iter()
            .filter(|booking| same(**booking))
            .map(|booking| facts.sessions[*booking].minutes())
            .sum()
    };
    // Both practices lie within reach of home, so no drive between them is longer than this.
    let longest_drive = (told.max_travel_metres * 2 * 3) / 2000 + 2;
    let surely_apart = longest_drive.max(told.rest_minutes);
    gains.sort_by_key(|(session, _)| (facts.sessions[*session].span(), *session));
    let mut labels: Vec<Vec<Label>> = Vec::with_capacity(gains.len());
    let mut best = 0;
    for (position, (session, gain)) in gains.iter().enumerate() {
        let here = &facts.sessions[*session];
        // Without a cap its minutes need not be told apart.
        let counted = |cap: Option<i64>| if cap.is_some() { here.minutes() } else { 0 };
        let (week, day) = (counted(told.max_minutes_per_week), counted(told.max_minutes_per_day));
        let alone = Label {
            week_minutes: week + used(&|booking| facts.sessions[booking].week == here.week),
            day_minutes: day + used(&|booking| facts.sessions[booking].day == here.day),
            gain: *gain,
        };
        let mut found = vec![alone];
        for (before, (earlier, _)) in gains[..position].iter().enumerate() {
            let there = &facts.sessions[*earlier];
            let apart = here.start_minute - there.end_minute >= surely_apart;
            if !apart && !facts.can_follow(clinician, there, here) {
                continue;
            }
            for label in &labels[before] {
                let next = Label {
                    week_minutes: if there.week == here.week {
                        label.week_minutes + week
                    } else {
                        alone.week_minutes
                    },
                    day_minutes: if there.day == here.day {
                        label.day_minutes + day
                    } else {
                        alone.day_minutes
                    },
                    gain: label.gain + gain,
                };
                keep_best(&mut found, next);
            }
        }
        found.retain(|label| {
            told.max_minutes_per_week.is_none_or(|cap| label.week_minutes <= cap)
                && told.max_minutes_per_day.is_none_or(|cap| label.day_minutes <= cap)
        });
        let undominated: Vec<Label> =
            found.iter().filter(|label| !found.iter().any(|other| other.beats(label))).copied().collect();
        best = undominated.iter().map(|label| label.gain).fold(best, Points::max);
        labels.push(undominated);
    }
    best
}

impl Label {
    /// Whether this one leaves at least as much room and gains at least as much, and is not the same.
    fn beats(&self, other: &Label) -> bool {
        self.week_minutes <= other.week_minutes
            && self.day_minutes <= other.day_minutes
            && self.gain >= other.gain
            && (self.week_minutes, self.day_minutes, self.gain)
                != (other.week_minutes, other.day_minutes, other.gain)
    }
}

/// Keeps one label for each use of minutes: the one that gains most.
fn keep_best(labels: &mut Vec<Label>, next: Label) {
    let same_use = labels
        .iter_mut()
        .find(|label| label.week_minutes == next.week_minutes && label.day_minutes == next.day_minutes);
    match same_use {
        Some(label) => label.gain = label.gain.max(next.gain),
        None => labels.push(next),
    }
}
