//! Every schedule of an agent that a better plan could use, as paths through a small network.
//!
//! At prices with bound L, a plan that scores more than z has regrets (each agent's best gain less what their schedule
//! gains) and idle prices that add up to less than L − z. So a schedule whose own regret is no less can be left out.
//! What remains would often be too many schedules to list, since days combine freely; but as paths through days, with
//! the minutes still free in the week as places, they are few steps, and paths describe them exactly.
//!
//! In the field: reduced-cost (variable) fixing, and a layered network of what remains, like a decision diagram.

use std::collections::BTreeMap;

use crate::index::PartSessionIx;
use crate::market::{PartAgent, PartChoice, PartMarket, Prices, follows};
use crate::pairs::rules::{daily_hours, rest, weekly_hours};
use crate::schedule::ahead::{Outlook, room_in_week};
use crate::schedule::{Offer, Scheduler, worthwhile};

/// One step of a schedule: what an agent does on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) sessions: Vec<PartSessionIx>,
    /// What this step loses against the best way on; the losses of a path add up to its schedule's regret.
    pub(crate) loss: i64,
}

/// All schedules of one agent with a regret below a limit: the paths from place 0 to the last place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) places: usize,
    pub(crate) steps: Vec<Step>,
    /// What the best schedule gains.
    pub(crate) best_gain: i64,
}

/// What an agent may do on one day, or on all days where days are tied together.
#[derive(Debug, Clone)]
struct Chain {
    gain: i64,
    minutes: i64,
    sessions: Vec<PartSessionIx>,
}

/// A day's chains, and the week it is in.
struct Day {
    week: i32,
    chains: Vec<Chain>,
}

/// The agent's schedules with a regret below `limit`, or a few more; nothing when a day has more than `most` chains.
pub(crate) fn network_within(
    market: &PartMarket,
    agent: &PartAgent,
    prices: &Prices,
    limit: i64,
    most: usize,
) -> Option<Network> {
    let choices = market.choices(agent).as_slice();
    let gain = |choice: &PartChoice| choice.score - prices[choice.session];
    let blocks: Vec<&[PartChoice]> =
        if agent.days_are_free { choices.chunk_by(|a, b| a.day == b.day).collect() } else { vec![choices] };
    let mut scheduler = Scheduler::default();
    let mut offers = Vec::new();
    worthwhile(market, agent, prices, &mut offers);
    let mut days = Vec::new();
    for block in blocks {
        let front = if agent.days_are_free {
            let within =
                |offer: &&Offer| block.binary_search_by_key(&offer.session, |choice| choice.session).is_ok();
            let own: Vec<Offer> = offers.iter().filter(within).copied().collect();
            scheduler.day_front(market, agent, &own)
        } else {
            vec![(0, scheduler.best_at(market, agent, prices))]
        };
        let search = BlockSearch { market, agent, block, gain: &gain, front, limit, most };
        days.push(Day { week: block.first()?.week, chains: search.chains()? });
    }
    let counted = if agent.days_are_free { agent.most_a_week } else { None };
    Some(Layers::of(agent, &days, counted).network(&days, limit))
}

/// The places a schedule can be at before each day: the minutes still free in the week, cut at what can still be used.
struct Layers {
    /// For each day, and for the end, the free minutes that can occur, each with the best gain from there on.
    free: Vec<BTreeMap<i64, i64>>,
    /// The minutes that all days of the same week from each day on could use.
    usable: Vec<i64>,
    /// Minutes free at the start of each day's week.
    fresh: Vec<i64>,
}

impl Layers {
    fn of(agent: &PartAgent, days: &[Day], most_a_week: Option<i64>) -> Self {
        let mut usable = vec![0; days.len()];
        for (place, day) in days.iter().enumerate().rev() {
            let same_week = days.get(place + 1).is_some_and(|next| next.week == day.week);
            let later = if same_week { usable[place + 1] } else { 0 };
            let longest = day.chains.iter().map(|chain| chain.minutes).max().unwrap_or(0);
            usable[place] = later + longest;
        }
        let fresh = |day: &Day| {
            most_a_week.map_or(i64::MAX / 4, |most| (most - agent.booked_in_week(day.week)).max(0))
        };
        let mut layers = Self { free: Vec::new(), usable, fresh: days.iter().map(fresh).collect() };
        let mut here = BTreeMap::from([(layers.arrive(days, 0, 0), 0)]);
        for (place, day) in days.iter().enumerate() {
            let mut next = BTreeMap::new();
            for free in here.keys() {
                for chain in day.chains.iter().filter(|chain| chain.minutes <= *free) {
                    next.insert(layers.arrive(days, place + 1, free - chain.minutes), 0);
                }
            }
            layers.free.push(std::mem::replace(&mut here, next));
        }
        layers.free.push(here);
        for place in (0..days.len()).rev() {
            let best: Vec<(i64, i64)> =
                layers.free[place].keys().map(|free| (*free, layers.best_from(days, place, *free))).collect();
            layers.free[place].extend(best);
        }
        layers
    }

    /// Free minutes as they count before a day: anew in a new week, and never more than can be used. After the last day
    /// nothing can be used.
    fn arrive(&self, days: &[Day], place: usize, free: i64) -> i64 {
        let Some(day) = days.get(place) else { return 0 };
        let begins = place == 0 || days[place - 1].week != day.week;
        let free = if begins { self.fresh[place] } else { free };
        free.min(self.usable[place])
    }

    fn best_from(&self, days: &[Day], place: usize, free: i64) -> i64 {
        let chains = days[place].chains.iter().filter(|chain| chain.minutes <= free);
        let gains = chains.map(|chain| {
            let next = self.arrive(days, place + 1, free - chain.minutes);
            chain.gain + self.free[place + 1][&next]
        });
        gains.max().unwrap_or(0)
    }

    /// The steps that lie on some path with a regret below the limit.
    fn network(&self, days: &[Day], limit: i64) -> Network {
        let (start, best_gain) = self.free[0].first_key_value().map_or((0, 0), |(free, gain)| (*free, *gain));
        let mut network = Network { places: 1, steps: Vec::new(), best_gain };
        // The places of the present layer that are in reach: number, and least loss on the way there.
        let mut here: BTreeMap<i64, (usize, i64)> = BTreeMap::from([(start, (0, 0))]);
        for (place, day) in days.iter().enumerate() {
            let mut next: BTreeMap<i64, (usize, i64)> = BTreeMap::new();
            for (free, (from, lost)) in &here {
                let best = self.free[place][free];
                for chain in day.chains.iter().filter(|chain| chain.minutes <= *free) {
                    let arrived = self.arrive(days, place + 1, free - chain.minutes);
                    let loss = best - chain.gain - self.free[place + 1][&arrived];
                    if lost + loss >= limit {
                        continue;
                    }
                    let known = next.len();
                    let entry = next.entry(arrived).or_insert((network.places + known, lost + loss));
                    entry.1 = entry.1.min(lost + loss);
                    network.steps.push(Step {
                        from: *from,
                        to: entry.0,
                        sessions: chain.sessions.clone(),
                        loss,
                    });
                }
            }
            network.places += next.len();
            here = next;
        }
        network
    }
}

/// Finds the chains of one block that may belong to a schedule within the limit.
struct BlockSearch<'a, G: Fn(&PartChoice) -> i64> {
    market: &'a PartMarket,
    agent: &'a PartAgent,
    block: &'a [PartChoice],
    gain: &'a G,
    /// The best gains of the block by minutes. A chain that another, no longer, beats by the limit is never wanted.
    front: Vec<(i64, i64)>,
    limit: i64,
    most: usize,
}

impl<G: Fn(&PartChoice) -> i64> BlockSearch<'_, G> {
    fn chains(&self) -> Option<Vec<Chain>> {
        let gains: Vec<i64> = self.block.iter().map(self.gain).collect();
        let outlook = if self.agent.days_are_free {
            Outlook::of_one_day(self.market, self.block, &gains)
        } else {
            Outlook::of_tied_days(self.market, self.agent, (self.block, &gains), self.floor(0))
        };
        let mut found = Vec::new();
        let mut taken = Vec::new();
        self.go(0, &outlook, &mut taken, (0, 0), &mut found).then_some(found)
    }

    /// A chain of so many minutes must gain more than this, hours and days being as they are.
    fn floor(&self, minutes: i64) -> i64 {
        let no_longer = self.front.iter().filter(|(other, _)| *other <= minutes);
        no_longer.map(|(_, gain)| *gain).max().unwrap_or(0).max(0) - self.limit
    }

    fn go(
        &self,
        from: usize,
        outlook: &Outlook,
        taken: &mut Vec<usize>,
        (gained, minutes): (i64, i64),
        found: &mut Vec<Chain>,
    ) -> bool {
        if gained > self.floor(minutes) {
            let sessions = taken.iter().map(|place| self.block[*place].session);
            found.push(Chain { gain: gained, minutes, sessions: sessions.collect() });
            if found.len() > self.most {
                return false;
            }
        }
        for (place, choice) in self.block.iter().enumerate().skip(from) {
            let longer = minutes + i64::from(choice.minutes);
            let most = outlook.most_from(place, || self.week_left(taken, choice.week));
            if most.is_none_or(|most| gained + most <= self.floor(longer)) || !self.fits(taken, choice) {
                continue;
            }
            taken.push(place);
            let more = self.go(place + 1, outlook, taken, (gained + (self.gain)(choice), longer), found);
            taken.pop();
            if !more {
                return false;
            }
        }
        true
    }

    /// The minutes that a week still has room for.
    fn week_left(&self, taken: &[usize], week: i32) -> i64 {
        let taken = taken.iter().map(|place| &self.block[*place]).filter(|one| one.week == week);
        let used: i64 = taken.map(|one| i64::from(one.minutes)).sum();
        room_in_week(self.agent, week) - used
    }

    fn fits(&self, taken: &[usize], choice: &PartChoice) -> bool {
        let taken = || taken.iter().map(|place| &self.block[*place]);
        let timing = &self.market.timings[choice.session];
        let used = |same: fn(&PartChoice, &PartChoice) -> bool| -> i64 {
            taken().filter(|one| same(one, choice)).map(|one| i64::from(one.minutes)).sum()
        };
        let day = self.agent.booked_in_day(choice.day) + used(|one, other| one.day == other.day);
        let week = self.agent.booked_in_week(choice.week) + used(|one, other| one.week == other.week);
        let follows_last = |last: &PartChoice| {
            let last = &self.market.timings[last.session];
            follows(last, timing, self.agent.rest_minutes, &self.market.roads)
        };
        let first_of_day = taken().find(|one| one.day == choice.day);
        let leaves_rest = first_of_day.is_none_or(|first| {
            let day_start = self.market.timings[first.session].start;
            rest::leaves_rest(day_start, timing.end, self.agent.rest_minutes)
        });
        leaves_rest
            && daily_hours::allows(day, i64::from(choice.minutes), self.agent.most_a_day)
            && weekly_hours::allows(week, i64::from(choice.minutes), self.agent.most_a_week)
            && taken().next_back().is_none_or(follows_last)
    }
}

#[cfg(test)]
mod tests;
