//! What a chain of choices can still gain from each choice on: it tells a search where there is nothing to look for.
//!
//! Within one day it is enough to leave drives and hours out of account. Where days are tied to each other that would
//! promise far too much, as a night and the mornings after it exclude each other: there what may follow what is kept,
//! and the minutes of the week are counted.

use crate::market::{PartAgent, PartChoice, PartMarket, follows};

/// The most that a chain gains from each choice of a block on, with that choice, by the minutes of its week that it takes
/// from there on: fewest minutes first, and more minutes only for more gain.
pub(super) struct Outlook {
    taking: Vec<Vec<Worth>>,
}

/// Minutes of the week, and what is gained by them.
#[derive(Debug, Clone, Copy)]
struct Worth {
    minutes: i64,
    gain: i64,
}

impl Outlook {
    /// The outlook over choices that only must not overlap; minutes are left at zero.
    pub(super) fn of_one_day(market: &PartMarket, block: &[PartChoice], gains: &[i64]) -> Self {
        let loose = loose_gains(market, block, gains);
        Self { taking: loose.into_iter().map(|gain| vec![Worth { minutes: 0, gain }]).collect() }
    }

    /// The outlook where one choice must be able to follow the other. Choices in no chain that gains more than `floor`
    /// have none.
    pub(super) fn of_tied_days(
        market: &PartMarket,
        agent: &PartAgent,
        (block, gains): (&[PartChoice], &[i64]),
        floor: i64,
    ) -> Self {
        let timing = |place: usize| &market.timings[block[place].session];
        let loose = loose_gains(market, block, gains);
        let before = gains_before(market, block, gains);
        let mut taking: Vec<Vec<Worth>> = vec![Vec::new(); block.len()];
        for place in (0..block.len()).rev() {
            if before[place] + loose[place] <= floor {
                continue;
            }
            let (choice, own) = (&block[place], i64::from(block[place].minutes));
            let room = room_in_week(agent, choice.week);
            let mut found = vec![Worth { minutes: own, gain: gains[place] }];
            for next in place + 1..block.len() {
                let can_follow = || follows(timing(place), timing(next), agent.rest_minutes, &market.roads);
                if taking[next].is_empty() || !can_follow() {
                    continue;
                }
                let is_same_week = block[next].week == choice.week;
                found.extend(taking[next].iter().map(|worth| Worth {
                    minutes: own + if is_same_week { worth.minutes } else { 0 },
                    gain: gains[place] + worth.gain,
                }));
            }
            found.retain(|worth| worth.minutes <= room);
            taking[place] = undominated(found);
        }
        Self { taking }
    }

    /// The most that a chain gains from a choice on where its week has so much room; nothing where it is in none.
    pub(super) fn most_from(&self, place: usize, room: impl Fn() -> i64) -> Option<i64> {
        match self.taking[place].as_slice() {
            [Worth { minutes: 0, gain }] => Some(*gain),
            worths => {
                let room = room();
                worths.iter().rev().find(|worth| worth.minutes <= room).map(|worth| worth.gain)
            }
        }
    }
}

/// The minutes of a week that bookings leave.
pub(super) fn room_in_week(agent: &PartAgent, week: i32) -> i64 {
    agent.most_a_week.map_or(i64::MAX / 4, |most| most - agent.booked_in_week(week))
}

/// Those that no other beats by as much gain for no more minutes, fewest minutes first.
fn undominated(mut worths: Vec<Worth>) -> Vec<Worth> {
    worths.sort_unstable_by_key(|worth| (worth.minutes, -worth.gain));
    let mut most = i64::MIN;
    worths.retain(|worth| {
        let is_more = worth.gain > most;
        most = most.max(worth.gain);
        is_more
    });
    worths
}

/// The most that a chain gains from each choice on, with that choice, if only overlaps counted.
fn loose_gains(market: &PartMarket, block: &[PartChoice], gains: &[i64]) -> Vec<i64> {
    let timing = |choice: &PartChoice| &market.timings[choice.session];
    let (mut taking, mut ahead) = (vec![0; block.len()], vec![0; block.len() + 1]);
    for (place, choice) in block.iter().enumerate().rev() {
        let end = timing(choice).end;
        let next = block.partition_point(|other| timing(other).start < end);
        taking[place] = gains[place] + ahead[next];
        ahead[place] = taking[place].max(ahead[place + 1]);
    }
    taking
}

/// The most that a chain gains before each choice, if only overlaps counted.
fn gains_before(market: &PartMarket, block: &[PartChoice], gains: &[i64]) -> Vec<i64> {
    let timing = |place: usize| &market.timings[block[place].session];
    let mut by_end: Vec<usize> = (0..block.len()).collect();
    by_end.sort_unstable_by_key(|place| timing(*place).end);
    let mut before = vec![0; block.len()];
    // Choices are in order of start, so whatever ends by then has been seen.
    let (mut most, mut ended) = (0, 0);
    for place in 0..block.len() {
        while let Some(&other) = by_end.get(ended).filter(|other| timing(**other).end <= timing(place).start)
        {
            most = most.max(before[other] + gains[other]);
            ended += 1;
        }
        before[place] = most;
    }
    before
}
