//! The best schedule of one agent when each session has a gain.
//!
//! Nearly always nothing ties one day to another but the hours of the week. Then the best chains of each day are
//! found first, for every total of minutes worth having, and the days are put together like the items of a knapsack.
//! Where rest or travel reaches across days, `chain.rs` finds the longest chain through all days at once.

pub(crate) mod chain;
pub(crate) mod draft;
pub(crate) mod network;
pub(crate) mod outline;

use crate::market::{Agent, Choice, Market};
use crate::pairs::rules::{daily_hours, travel, weekly_hours};
use crate::schedule::chain::ChainScheduler;
use crate::schedule::outline::{best_of_each_slot, can_be_done, mended_gain, near_the_best};

/// A session on offer to an agent, and what it gains by taking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Which of the agent's choices it is.
    pub(crate) choice: u32,
    pub(crate) session: u32,
    pub(crate) gain: i64,
}

/// Fills `offers` with the sessions that gain an agent something at these prices.
pub(crate) fn worthwhile(market: &Market, agent: &Agent, prices: &[i64], offers: &mut Vec<Offer>) {
    offers.clear();
    for (place, choice) in (0..).zip(market.choices(agent)) {
        let price = prices.get(choice.session as usize).copied().unwrap_or(0);
        if choice.score > price {
            offers.push(Offer { choice: place, session: choice.session, gain: choice.score - price });
        }
    }
}

const NOTHING: u32 = u32::MAX;

/// A chain of sessions within one day.
#[derive(Debug, Clone, Copy)]
struct Chain {
    gain: i64,
    minutes: i64,
    /// The session it ends with, and which of the agent's choices that is.
    session: u32,
    choice: u32,
    /// The chain without that session.
    before: u32,
}

/// The chains that end with a session of one start and end.
#[derive(Debug, Clone, Copy)]
struct Slot {
    end: i64,
    /// Minutes of a session in this slot: no chain that ends in it has fewer.
    minutes: i64,
    /// Where its chains lie among all chains, the best first.
    first: usize,
    last: usize,
}

/// Days put together up to some day.
#[derive(Debug, Clone, Copy)]
struct Stack {
    gain: i64,
    /// Minutes of the present week, bookings among them.
    minutes: i64,
    /// The chain of the last day that has one.
    chain: u32,
    /// The stack without that day.
    before: u32,
}

/// Finds best schedules; keeps its memory from one call to the next.
#[derive(Debug, Default)]
pub(crate) struct Scheduler {
    chains: Vec<Chain>,
    /// Slots of the present day, in order.
    slots: Vec<Slot>,
    /// The chains of the present day that no other beats.
    best_of_day: Vec<u32>,
    stacks: Vec<Stack>,
    /// The stacks of the present week that no other beats.
    front: Vec<u32>,
    next_front: Vec<u32>,
    chosen: Vec<u32>,
    /// Which of the agent's choices the chosen sessions are.
    picked: Vec<u32>,
    tied_days: ChainScheduler,
    /// Whether drives and rest are left out of account.
    is_outline: bool,
    bests: Vec<Offer>,
    offers: Vec<Offer>,
}

impl Scheduler {
    /// The sessions of the best schedule found by the last call, in order.
    pub(crate) fn chosen(&self) -> &[u32] {
        &self.chosen
    }

    /// The best total gain of a feasible schedule at these prices.
    pub(crate) fn best_at(&mut self, market: &Market, agent: &Agent, prices: &[i64]) -> i64 {
        self.best_by(market, agent, |choice| {
            choice.score - prices.get(choice.session as usize).copied().unwrap_or(0)
        })
    }

    /// The best total gain of a feasible schedule when each choice gains so much.
    pub(crate) fn best_by(&mut self, market: &Market, agent: &Agent, gain: impl Fn(&Choice) -> i64) -> i64 {
        let choices = market.choices(agent);
        let mut bests = std::mem::take(&mut self.bests);
        best_of_each_slot(choices, &gain, &mut bests);
        let mut most = self.best_of_free_days(market, agent, &bests, true);
        if !can_be_done(market, agent, &self.picked) {
            let behind = most - mended_gain(market, agent, &self.picked, &gain);
            let mut offers = std::mem::take(&mut self.offers);
            near_the_best(choices, &gain, &bests, behind, &mut offers);
            most = self.best(market, agent, &offers);
            self.offers = offers;
        }
        self.bests = bests;
        most
    }

    /// The best total gain of a feasible schedule of these offers, which are in order of start and all gain something.
    pub(crate) fn best(&mut self, market: &Market, agent: &Agent, offers: &[Offer]) -> i64 {
        if !agent.days_are_free {
            let gain = self.tied_days.best(market, agent, offers);
            self.chosen.clear();
            self.chosen.extend_from_slice(self.tied_days.chosen());
            return gain;
        }
        self.best_of_free_days(market, agent, offers, false)
    }

    /// The same, where nothing ties one day to another but the hours of the week; or where drives and rest are left out
    /// of account.
    fn best_of_free_days(
        &mut self,
        market: &Market,
        agent: &Agent,
        offers: &[Offer],
        is_outline: bool,
    ) -> i64 {
        self.is_outline = is_outline;
        self.chosen.clear();
        self.picked.clear();
        if offers.is_empty() {
            return 0;
        }
        self.chains.clear();
        self.stacks.clear();
        self.front.clear();
        let choices = market.choices(agent);
        let choice_of = |offer: &Offer| choices.get(offer.choice as usize);
        let mut week = None;
        for day in offers
            .chunk_by(|a, b| choice_of(a).map(|choice| choice.day) == choice_of(b).map(|choice| choice.day))
        {
            let Some(first) = day.first().and_then(choice_of) else { continue };
            if week != Some(first.week) {
                week = Some(first.week);
                self.begin_week(agent.booked_in_week(first.week));
            }
            self.find_chains(market, agent, day, agent.booked_in_day(first.day));
            self.put_together(agent);
        }
        self.finish()
    }

    /// The best gains of one day's offers by minutes, days being free; where hours don't count, minutes are zero.
    pub(crate) fn day_front(&mut self, market: &Market, agent: &Agent, day: &[Offer]) -> Vec<(i64, i64)> {
        self.chains.clear();
        self.is_outline = false;
        let first = day.first().and_then(|offer| market.choices(agent).get(offer.choice as usize));
        let Some(first) = first else { return Vec::new() };
        self.find_chains(market, agent, day, agent.booked_in_day(first.day));
        let chains = self.best_of_day.iter().filter_map(|chain| self.chains.get(*chain as usize));
        chains.map(|chain| (chain.minutes, chain.gain)).collect()
    }

    /// Leaves only the best stack, and begins to count minutes anew.
    fn begin_week(&mut self, booked_minutes: i64) {
        let best = self.best_stack();
        let stack = best.and_then(|best| self.stacks.get(best as usize)).copied();
        let fresh = match stack {
            Some(stack) => Stack { minutes: booked_minutes, ..stack },
            None => Stack { gain: 0, minutes: booked_minutes, chain: NOTHING, before: NOTHING },
        };
        self.front.clear();
        self.front.push(index(self.stacks.len()));
        self.stacks.push(fresh);
    }

    fn best_stack(&self) -> Option<u32> {
        let gain = |place: &u32| self.stacks.get(*place as usize).map_or(0, |stack| stack.gain);
        self.front.iter().copied().reduce(|best, other| if gain(&other) > gain(&best) { other } else { best })
    }

    /// Finds the chains of one day: for each last session the best by minutes, and the best of all by minutes.
    fn find_chains(&mut self, market: &Market, agent: &Agent, day: &[Offer], booked_minutes: i64) {
        let choices = market.choices(agent);
        let counts = agent.most_a_week.is_some() || agent.most_a_day.is_some();
        self.slots.clear();
        self.best_of_day.clear();
        let slot_of = |offer: &Offer| choices.get(offer.choice as usize).map(|choice| choice.slot);
        for slot in day.chunk_by(|a, b| slot_of(a) == slot_of(b)) {
            let Some(choice) = slot.first().and_then(|offer| choices.get(offer.choice as usize)) else {
                continue;
            };
            let Some(timing) = market.timing(choice.session) else { continue };
            let minutes = if counts { i64::from(choice.minutes) } else { 0 };
            let first = self.chains.len();
            let best = best_that_goes_with_all(slot, choices);
            let at_least = best.map_or(i64::MIN, |offer| offer.gain + 1);
            for offer in slot.iter().filter(|offer| offer.gain >= at_least).chain(best) {
                self.extend(market, agent, offer, (timing.start, minutes, booked_minutes));
            }
            if let Some(new) = self.chains.get_mut(first..) {
                // Nothing points at these chains yet, so they can change places.
                new.sort_unstable_by_key(|chain| (-chain.gain, chain.choice, chain.minutes));
            }
            self.slots.push(Slot { end: timing.end, minutes, first, last: self.chains.len() });
            self.note_best(first);
        }
    }

    /// Makes the chains that end with an offer. Of the chains of an earlier slot, from the best on, one that may come
    /// before it makes all others needless that take no less time.
    fn extend(
        &mut self,
        market: &Market,
        agent: &Agent,
        offer: &Offer,
        (start, minutes, booked_minutes): (i64, i64, i64),
    ) {
        let fits = |used: i64| daily_hours::allows(booked_minutes + used, minutes, agent.most_a_day);
        if !fits(0) {
            return;
        }
        let first = self.chains.len();
        let Offer { choice, session, gain } = *offer;
        self.chains.push(Chain { gain, minutes, session, choice, before: NOTHING });
        for slot in self.slots.iter().filter(|slot| slot.end <= start) {
            let mut shortest = i64::MAX;
            for before in slot.first..slot.last {
                let Some(old) = self.chains.get(before).copied() else { continue };
                if old.minutes >= shortest
                    || !fits(old.minutes)
                    || !(self.is_outline || may_precede(market, agent, old.choice, choice))
                {
                    continue;
                }
                shortest = old.minutes;
                let (gain, minutes, before) = (old.gain + gain, old.minutes + minutes, index(before));
                keep_chain(&mut self.chains, first, Chain { gain, minutes, session, choice, before });
                if shortest == slot.minutes {
                    break;
                }
            }
        }
    }

    /// Notes which of the chains from here on no other of the day beats.
    fn note_best(&mut self, from: usize) {
        let chains = &self.chains;
        let of = |chain: &u32| chains.get(*chain as usize);
        for chain in index(from)..index(chains.len()) {
            let Some(new) = of(&chain) else { continue };
            let mut others = self.best_of_day.iter().filter_map(of);
            if others.any(|old| old.gain >= new.gain && old.minutes <= new.minutes) {
                continue;
            }
            self.best_of_day
                .retain(|old| of(old).is_some_and(|old| old.gain > new.gain || old.minutes < new.minutes));
            self.best_of_day.push(chain);
        }
    }

    /// Adds the present day to every stack of the week, and keeps those that no other beats.
    fn put_together(&mut self, agent: &Agent) {
        let counts = agent.most_a_week.is_some();
        self.next_front.clear();
        self.next_front.extend_from_slice(&self.front);
        for &before in &self.front {
            let Some(old) = self.stacks.get(before as usize).copied() else { continue };
            for &chain in &self.best_of_day {
                let Some(today) = self.chains.get(chain as usize) else { continue };
                if !weekly_hours::allows(old.minutes, today.minutes, agent.most_a_week) {
                    continue;
                }
                let new = Stack {
                    gain: old.gain + today.gain,
                    minutes: if counts { old.minutes + today.minutes } else { old.minutes },
                    chain,
                    before,
                };
                let stacks = &self.stacks;
                let kept = |old: &u32| stacks.get(*old as usize);
                if self
                    .next_front
                    .iter()
                    .filter_map(kept)
                    .any(|old| old.gain >= new.gain && old.minutes <= new.minutes)
                {
                    continue;
                }
                self.next_front.retain(|old| {
                    kept(old).is_some_and(|old| old.gain > new.gain || old.minutes < new.minutes)
                });
                self.next_front.push(index(self.stacks.len()));
                self.stacks.push(new);
            }
        }
        std::mem::swap(&mut self.front, &mut self.next_front);
    }

    /// Writes down the sessions of the best stack, and gives its gain.
    fn finish(&mut self) -> i64 {
        let Some(best) = self.best_stack() else { return 0 };
        let mut place = best;
        while let Some(stack) = self.stacks.get(place as usize) {
            let mut link = stack.chain;
            while let Some(chain) = self.chains.get(link as usize) {
                self.chosen.push(chain.session);
                self.picked.push(chain.choice);
                link = chain.before;
            }
            place = stack.before;
        }
        self.chosen.reverse();
        self.picked.reverse();
        self.stacks.get(best as usize).map_or(0, |stack| stack.gain)
    }
}

/// The best of a slot's offers that go with every other choice of the day: where a schedule has a lesser offer of the
/// slot, this one can take its place.
fn best_that_goes_with_all<'a>(slot: &'a [Offer], choices: &[Choice]) -> Option<&'a Offer> {
    let goes = |offer: &&Offer| choices.get(offer.choice as usize).is_some_and(|choice| choice.goes_with_all);
    slot.iter().filter(goes).reduce(|best, other| if other.gain > best.gain { other } else { best })
}

/// Whether one choice of a day may come before one that begins no sooner than it ends.
fn may_precede(market: &Market, agent: &Agent, earlier: u32, later: u32) -> bool {
    let choices = market.choices(agent);
    let (Some(earlier), Some(later)) = (choices.get(earlier as usize), choices.get(later as usize)) else {
        return false;
    };
    let timings = market.timing(earlier.session).zip(market.timing(later.session));
    earlier.goes_with_all
        || later.goes_with_all
        || timings.is_some_and(|(one, other)| travel::allows(one, other, &market.roads))
}

/// Adds a chain to those from `first` on unless one is as good, and drops those that it makes needless.
fn keep_chain(chains: &mut Vec<Chain>, first: usize, new: Chain) {
    let mut place = first;
    while let Some(old) = chains.get(place) {
        if old.gain >= new.gain && old.minutes <= new.minutes {
            return;
        }
        if new.gain >= old.gain && new.minutes <= old.minutes {
            chains.swap_remove(place);
        } else {
            place += 1;
        }
    }
    chains.push(new);
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NOTHING)
}
