//! The upper bound that a plan's prices prove, worked out exactly.
//!
//! For any prices of zero or more on the sessions, no plan scores above: the score of the bookings, plus each
//! price times the places left after them, plus for each clinician the best schedule of free sessions they
//! could work round their bookings if every session paid its score less its price. A plan pays each
//! clinician's part at most that, and gives back at most the prices of the places there are.
//!
//! What a clinician could work at best is looked for in two steps. First drives and the rest between days are left out
//! of account; then
//! only the best session of each start and end can matter, and what comes out is too high, if anything. Most often the
//! plan itself gives them as much. If not, no schedule that beats the plan's has a session that falls farther behind the
//! best of its start and end than the plan's schedule falls behind the first step; the rest is searched exactly, those
//! that fall behind least first.

use std::collections::BTreeMap;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::facts::{Facts, Points, SessionFacts};
use super::reach::Reach;

/// What one filled place is worth while only places are counted. Prices of places are in these points, so
/// that whole numbers can carry fractions of a place.
pub const POINTS_PER_PLACE: Points = 1_000_000;

/// What may be worn out by a schedule: minutes in the running week and day, when the day began, and what it has gained.
#[derive(Clone, Copy)]
struct Label {
    week_minutes: i64,
    day_minutes: i64,
    /// Minutes since 1970; zero on a day whose sessions all lie within one day's work.
    day_start: i64,
    gain: Points,
}

/// The greatest score any plan can have, as these prices prove it. Prices below zero count as zero; sessions
/// without a price have the price zero. `diaries`, what a plan gives each clinician, makes the search shorter and
/// changes nothing else.
pub fn score_bound(
    facts: &Facts<'_>,
    reach: &Reach,
    prices: &BTreeMap<usize, Points>,
    diaries: &[Vec<usize>],
) -> Points {
    bound(facts, reach, prices, diaries, |session, clinician| facts.worth(session, clinician).score)
}

/// The most places any plan can fill, bookings included, as these prices prove it; prices are in points of
/// [`POINTS_PER_PLACE`].
pub fn fill_bound(
    facts: &Facts<'_>,
    reach: &Reach,
    prices: &BTreeMap<usize, Points>,
    diaries: &[Vec<usize>],
) -> Points {
    bound(facts, reach, prices, diaries, |_, _| POINTS_PER_PLACE).div_euclid(POINTS_PER_PLACE)
}

fn bound(
    facts: &Facts<'_>,
    reach: &Reach,
    prices: &BTreeMap<usize, Points>,
    diaries: &[Vec<usize>],
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
            let search = Search { facts, clinician, bookings: mine };
            search.best(gains, diaries.get(clinician).map_or(&[][..], Vec::as_slice))
        })
        .sum();
    total + best_of_each
}

/// What one clinician could work round their bookings.
struct Search<'a> {
    facts: &'a Facts<'a>,
    clinician: usize,
    bookings: &'a [usize],
}

impl Search<'_> {
    /// The most the clinician can gain from these free sessions; `diary` is what a plan gives them.
    fn best(&self, mut gains: Vec<(usize, Points)>, diary: &[usize]) -> Points {
        let span = |session: usize| self.facts.sessions[session].span();
        gains.sort_by_key(|(session, _)| (span(*session), *session));
        let same_span = |a: &(usize, Points), b: &(usize, Points)| span(a.0) == span(b.0);
        let tops: Vec<(usize, Points)> = gains
            .chunk_by(same_span)
            .filter_map(|sessions| sessions.iter().copied().max_by_key(|(_, gain)| *gain))
            .collect();
        let at_most = self.best_chain(&tops, |earlier, later| earlier.end_minute <= later.start_minute);
        let mut best = self.gain_of(&gains, diary);
        let mut behind = 0;
        loop {
            let near = |(sessions, (_, top)): (&'_ [(usize, Points)], &(usize, Points))| {
                let top = *top;
                sessions.iter().copied().filter(move |(_, gain)| top - gain <= behind).collect::<Vec<_>>()
            };
            let near: Vec<(usize, Points)> = gains.chunk_by(same_span).zip(&tops).flat_map(near).collect();
            best = best.max(self.best_chain(&near, |earlier, later| self.can_surely_follow(earlier, later)));
            if at_most - best <= behind {
                return best;
            }
            // A schedule that is nearly as good is soon found, and leaves less to look through.
            behind = if behind == 0 { (at_most - best).div_euclid(4) } else { at_most - best };
            behind = behind.max(1);
        }
    }

    fn can_surely_follow(&self, earlier: &SessionFacts<'_>, later: &SessionFacts<'_>) -> bool {
        // Both practices lie within reach of home, so no drive between them is longer than this.
        let told = self.facts.clinicians[self.clinician].told;
        let longest_drive = (told.max_travel_metres * 2 * 3) / 2000 + 2;
        // How long the day grows is for the chain to say.
        later.start_minute - earlier.end_minute >= longest_drive.max(told.rest_minutes)
            || self.facts.can_follow(self.clinician, earlier, later)
    }

    /// What those of a diary's sessions gain that are among these; nothing where they cannot all be worked.
    fn gain_of(&self, gains: &[(usize, Points)], diary: &[usize]) -> Points {
        let own: Vec<(usize, Points)> =
            gains.iter().filter(|(session, _)| diary.contains(session)).copied().collect();
        let told = self.facts.clinicians[self.clinician].told;
        let minutes = |same: &dyn Fn(usize) -> bool| -> i64 {
            own.iter()
                .filter(|(session, _)| same(*session))
                .map(|(session, _)| self.facts.sessions[*session].minutes())
                .sum::<i64>()
                + self.booked_minutes(same)
        };
        let fits = own.iter().enumerate().all(|(place, (session, _))| {
            let here = &self.facts.sessions[*session];
            own[..place].iter().all(|(other, _)| self.facts.can_do_both(self.clinician, *session, *other))
                && told
                    .max_minutes_per_week
                    .is_none_or(|cap| minutes(&|other| self.facts.sessions[other].week == here.week) <= cap)
                && told
                    .max_minutes_per_day
                    .is_none_or(|cap| minutes(&|other| self.facts.sessions[other].day == here.day) <= cap)
        });
        if fits { own.iter().map(|(_, gain)| gain).sum() } else { 0 }
    }

    fn booked_minutes(&self, same: &dyn Fn(usize) -> bool) -> i64 {
        let booked = self.bookings.iter().filter(|booking| same(**booking));
        booked.map(|booking| self.facts.sessions[*booking].minutes()).sum()
    }

    /// The best chain in time of these sessions, which are in order, with the minutes used in the running week and day
    /// carried along.
    fn best_chain(
        &self,
        gains: &[(usize, Points)],
        follows: impl Fn(&SessionFacts<'_>, &SessionFacts<'_>) -> bool,
    ) -> Points {
        let told = self.facts.clinicians[self.clinician].told;
        let longest_day = self.facts.longest_day(self.clinician);
        let long_days = self.long_days(gains, longest_day);
        let mut labels: Vec<Vec<Label>> = Vec::with_capacity(gains.len());
        let mut best = 0;
        for (position, (session, gain)) in gains.iter().enumerate() {
            let here = &self.facts.sessions[*session];
            let is_long_day = long_days.contains(&here.day);
            // Without a cap its minutes need not be told apart.
            let counted = |cap: Option<i64>| if cap.is_some() { here.minutes() } else { 0 };
            let (week, day) = (counted(told.max_minutes_per_week), counted(told.max_minutes_per_day));
            let alone = Label {
                week_minutes: week
                    + self.booked_minutes(&|booking| self.facts.sessions[booking].week == here.week),
                day_minutes: day
                    + self.booked_minutes(&|booking| self.facts.sessions[booking].day == here.day),
                day_start: if is_long_day { here.start_minute } else { 0 },
                gain: *gain,
            };
            let mut found = vec![alone];
            for (before, (earlier, _)) in gains[..position].iter().enumerate() {
                let there = &self.facts.sessions[*earlier];
                if !follows(there, here) {
                    continue;
                }
                for label in &labels[before] {
                    let day_start = if there.day == here.day { label.day_start } else { alone.day_start };
                    if is_long_day && here.end_minute - day_start > longest_day {
                        continue;
                    }
                    let next = Label {
                        day_start,
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

    /// The working days whose sessions, taken together, span more than one day's work may.
    fn long_days(&self, gains: &[(usize, Points)], longest_day: i64) -> Vec<i32> {
        let mut days: BTreeMap<i32, (i64, i64)> = BTreeMap::new();
        for (session, _) in gains {
            let here = &self.facts.sessions[*session];
            let (first, last) = days.entry(here.day).or_insert(here.span());
            (*first, *last) = ((*first).min(here.start_minute), (*last).max(here.end_minute));
        }
        days.retain(|_, (first, last)| *last - *first > longest_day);
        days.into_keys().collect()
    }
}

impl Label {
    /// Whether this one leaves at least as much room and gains at least as much, and is not the same.
    fn beats(&self, other: &Label) -> bool {
        self.week_minutes <= other.week_minutes
            && self.day_minutes <= other.day_minutes
            && self.day_start >= other.day_start
            && self.gain >= other.gain
            && (self.week_minutes, self.day_minutes, self.day_start, self.gain)
                != (other.week_minutes, other.day_minutes, other.day_start, other.gain)
    }
}

/// Keeps one label for each use of minutes: the one that gains most.
fn keep_best(labels: &mut Vec<Label>, next: Label) {
    let used = |label: &Label| (label.week_minutes, label.day_minutes, label.day_start);
    let same_use = labels.iter_mut().find(|label| used(label) == used(&next));
    match same_use {
        Some(label) => label.gain = label.gain.max(next.gain),
        None => labels.push(next),
    }
}
