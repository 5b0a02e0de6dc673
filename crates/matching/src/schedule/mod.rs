//! The best schedule of one agent when each session has a gain.
//!
//! Nearly always nothing ties one day to another but the hours of the week. Then the best chains of each day are
//! found first, for every total of minutes worth having, and the days are put together like the items of a knapsack.
//! Where rest or travel reaches across days, `chain.rs` finds the longest chain through all days at once. Where the
//! choices of a day span more than one day's work may, chains are told apart by their first start too.
//!
//! In the field: the pricing problem of each agent, a resource-constrained longest path, solved by dynamic programming with
//! Pareto *dominance* on gain, minutes and first start.

mod ahead;
pub(crate) mod chain;
mod day;
pub(crate) mod draft;
pub(crate) mod network;
pub(crate) mod outline;

use crate::index::{ChoiceIx, IndexSlice, IndexVec, Ix, PartSessionIx};
use crate::market::{PartAgent, PartChoice, PartMarket, Prices};
use crate::pairs::rules::{daily_hours, rest, weekly_hours};
use crate::schedule::chain::ChainScheduler;
use crate::schedule::day::{Chain, Slot, Turn, best_that_goes_with_all, keep_chain, may_precede};
use crate::schedule::outline::{best_of_each_slot, can_be_done, mended_gain, near_the_best};

/// An agent's choices, in order of start.
pub(crate) type Choices<'a> = IndexSlice<'a, ChoiceIx, PartChoice>;

/// A session on offer to an agent, and what it gains by taking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Which of the agent's choices it is.
    pub(crate) choice: ChoiceIx,
    pub(crate) session: PartSessionIx,
    pub(crate) gain: i64,
}

/// Fills `offers` with the sessions that gain an agent something at these prices.
pub(crate) fn worthwhile(market: &PartMarket, agent: &PartAgent, prices: &Prices, offers: &mut Vec<Offer>) {
    offers.clear();
    for (place, choice) in market.choices(agent).numbered() {
        let gain = choice.score - prices[choice.session];
        if gain > 0 {
            offers.push(Offer { choice: place, session: choice.session, gain });
        }
    }
}

numbers! {
    /// A chain of one day.
    ChainIx
    /// Days put together.
    StackIx
}

/// Days put together up to some day.
#[derive(Debug, Clone, Copy)]
struct Stack {
    gain: i64,
    /// Minutes of the present week, bookings among them.
    minutes: i64,
    /// The chain of the last day that has one, with the stack without that day.
    last: Option<(ChainIx, StackIx)>,
}

/// Finds best schedules; keeps its memory from one call to the next.
#[derive(Debug, Default)]
pub(crate) struct Scheduler {
    chains: IndexVec<ChainIx, Chain>,
    /// Slots of the present day, in order.
    slots: Vec<Slot>,
    /// The chains of the present day that no other beats.
    best_of_day: Vec<ChainIx>,
    stacks: IndexVec<StackIx, Stack>,
    /// The stacks of the present week that no other beats.
    front: Vec<StackIx>,
    next_front: Vec<StackIx>,
    chosen: Vec<PartSessionIx>,
    /// Which of the agent's choices the chosen sessions are.
    picked: Vec<ChoiceIx>,
    tied_days: ChainScheduler,
    /// Whether drives and rest are left out of account.
    is_outline: bool,
    bests: Vec<Offer>,
    offers: Vec<Offer>,
}

impl Scheduler {
    /// The sessions of the best schedule found by the last call, in order.
    pub(crate) fn chosen(&self) -> &[PartSessionIx] {
        &self.chosen
    }

    /// The best total gain of a feasible schedule at these prices.
    pub(crate) fn best_at(&mut self, market: &PartMarket, agent: &PartAgent, prices: &Prices) -> i64 {
        self.best_by(market, agent, |choice| choice.score - prices[choice.session])
    }

    /// The best total gain of a feasible schedule when each choice gains so much.
    pub(crate) fn best_by(
        &mut self,
        market: &PartMarket,
        agent: &PartAgent,
        gain: impl Fn(&PartChoice) -> i64,
    ) -> i64 {
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
    pub(crate) fn best(&mut self, market: &PartMarket, agent: &PartAgent, offers: &[Offer]) -> i64 {
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
        market: &PartMarket,
        agent: &PartAgent,
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
        let mut week = None;
        for day in offers.chunk_by(|a, b| choices[a.choice].day == choices[b.choice].day) {
            let first = &choices[day[0].choice];
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
    pub(crate) fn day_front(
        &mut self,
        market: &PartMarket,
        agent: &PartAgent,
        day: &[Offer],
    ) -> Vec<(i64, i64)> {
        self.chains.clear();
        self.is_outline = false;
        let Some(first) = day.first() else { return Vec::new() };
        let booked_minutes = agent.booked_in_day(market.choices(agent)[first.choice].day);
        self.find_chains(market, agent, day, booked_minutes);
        let chains = self.best_of_day.iter().map(|chain| &self.chains[*chain]);
        chains.map(|chain| (chain.minutes, chain.gain)).collect()
    }

    /// Leaves only the best stack, and begins to count minutes anew.
    fn begin_week(&mut self, booked_minutes: i64) {
        let fresh = match self.best_stack() {
            Some(best) => Stack { minutes: booked_minutes, ..self.stacks[best] },
            None => Stack { gain: 0, minutes: booked_minutes, last: None },
        };
        self.front.clear();
        self.front.push(self.stacks.push(fresh));
    }

    fn best_stack(&self) -> Option<StackIx> {
        let gain = |stack: StackIx| self.stacks[stack].gain;
        self.front.iter().copied().reduce(|best, other| if gain(other) > gain(best) { other } else { best })
    }

    /// Finds the chains of one day: for each last session the best by minutes, and the best of all by minutes.
    fn find_chains(&mut self, market: &PartMarket, agent: &PartAgent, day: &[Offer], booked_minutes: i64) {
        let choices = market.choices(agent);
        let counts = agent.most_a_week.is_some() || agent.most_a_day.is_some();
        self.slots.clear();
        self.best_of_day.clear();
        for slot in day.chunk_by(|a, b| choices[a.choice].slot == choices[b.choice].slot) {
            let choice = &choices[slot[0].choice];
            let timing = &market.timings[choice.session];
            let minutes = if counts { i64::from(choice.minutes) } else { 0 };
            let (start, end, span_binds) = (timing.start, timing.end, choice.span_binds);
            let turn = Turn { start, end, minutes, booked_minutes, span_binds };
            let first = self.chains.len();
            let best = best_that_goes_with_all(slot, choices);
            let at_least = best.map_or(i64::MIN, |offer| offer.gain + 1);
            for offer in slot.iter().filter(|offer| offer.gain >= at_least).chain(best) {
                self.extend(market, agent, offer, &turn);
            }
            // Nothing points at these chains yet, so they can change places.
            self.chains.as_mut_vec()[first..]
                .sort_unstable_by_key(|chain| (-chain.gain, chain.choice, chain.minutes));
            self.slots.push(Slot {
                end,
                minutes,
                day_start: turn.day_start(),
                first,
                last: self.chains.len(),
            });
            self.note_best(first);
        }
    }

    /// Makes the chains that end with an offer. Of the chains of an earlier slot, from the best on, one that may come
    /// before it makes all others needless that take no less time and start no later.
    fn extend(&mut self, market: &PartMarket, agent: &PartAgent, offer: &Offer, turn: &Turn) {
        let minutes = turn.minutes;
        let fits = |used: i64| daily_hours::allows(turn.booked_minutes + used, minutes, agent.most_a_day);
        let leaves_rest =
            |day_start: i64| !turn.span_binds || rest::leaves_rest(day_start, turn.end, agent.rest_minutes);
        if !fits(0) {
            return;
        }
        let first = self.chains.len();
        let Offer { choice, session, gain } = *offer;
        let alone = Chain { gain, minutes, day_start: turn.day_start(), session, choice, before: None };
        self.chains.push(alone);
        for slot in self.slots.iter().filter(|slot| slot.end <= turn.start) {
            let (mut shortest, mut latest) = (i64::MAX, i64::MIN);
            for before in ChainIx::each(slot.first..slot.last) {
                let old = self.chains[before];
                if (old.minutes >= shortest && old.day_start <= latest)
                    || !fits(old.minutes)
                    || !leaves_rest(old.day_start)
                    || !(self.is_outline || may_precede(market, agent, old.choice, choice))
                {
                    continue;
                }
                (shortest, latest) = (old.minutes, old.day_start);
                let longer = Chain {
                    gain: old.gain + gain,
                    minutes: old.minutes + minutes,
                    day_start: old.day_start,
                    before: Some(before),
                    ..alone
                };
                keep_chain(self.chains.as_mut_vec(), first, longer);
                if (shortest, latest) == (slot.minutes, slot.day_start) {
                    break;
                }
            }
        }
    }

    /// Notes which of the chains from here on no other of the day beats.
    fn note_best(&mut self, from: usize) {
        let chains = &self.chains;
        for chain in ChainIx::each(from..chains.len()) {
            let new = &chains[chain];
            let mut others = self.best_of_day.iter().map(|old| &chains[*old]);
            if others.any(|old| old.gain >= new.gain && old.minutes <= new.minutes) {
                continue;
            }
            self.best_of_day.retain(|old| chains[*old].gain > new.gain || chains[*old].minutes < new.minutes);
            self.best_of_day.push(chain);
        }
    }

    /// Adds the present day to every stack of the week, and keeps those that no other beats.
    fn put_together(&mut self, agent: &PartAgent) {
        let counts = agent.most_a_week.is_some();
        self.next_front.clear();
        self.next_front.extend_from_slice(&self.front);
        for &before in &self.front {
            let old = self.stacks[before];
            for &chain in &self.best_of_day {
                let today = &self.chains[chain];
                if !weekly_hours::allows(old.minutes, today.minutes, agent.most_a_week) {
                    continue;
                }
                let new = Stack {
                    gain: old.gain + today.gain,
                    minutes: if counts { old.minutes + today.minutes } else { old.minutes },
                    last: Some((chain, before)),
                };
                let stacks = &self.stacks;
                let is_beaten = |old: &StackIx| {
                    let old = &stacks[*old];
                    old.gain >= new.gain && old.minutes <= new.minutes
                };
                if self.next_front.iter().any(is_beaten) {
                    continue;
                }
                self.next_front
                    .retain(|old| stacks[*old].gain > new.gain || stacks[*old].minutes < new.minutes);
                self.next_front.push(self.stacks.push(new));
            }
        }
        std::mem::swap(&mut self.front, &mut self.next_front);
    }

    /// Writes down the sessions of the best stack, and gives its gain.
    fn finish(&mut self) -> i64 {
        let Some(best) = self.best_stack() else { return 0 };
        let mut stack = best;
        while let Some((chain, before)) = self.stacks[stack].last {
            let mut next = Some(chain);
            while let Some(chain) = next {
                let Chain { session, choice, before, .. } = self.chains[chain];
                self.chosen.push(session);
                self.picked.push(choice);
                next = before;
            }
            stack = before;
        }
        self.chosen.reverse();
        self.picked.reverse();
        self.stacks[best].gain
    }
}
