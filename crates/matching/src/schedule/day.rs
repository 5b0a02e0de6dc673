//! Chains of sessions within one working day.

use crate::index::{ChoiceIx, PartSessionIx};
use crate::market::{PartAgent, PartChoice, PartMarket};
use crate::pairs::rules::travel;
use crate::schedule::{ChainIx, Choices, Offer};

/// A chain of sessions within one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    pub(super) gain: i64,
    pub(super) minutes: i64,
    /// When it starts; zero where the day's span cannot bind.
    pub(super) day_start: i64,
    /// The session it ends with, and which of the agent's choices that is.
    pub(super) session: PartSessionIx,
    pub(super) choice: ChoiceIx,
    /// The chain without that session.
    pub(super) before: Option<ChainIx>,
}

/// The chains that end with a session of one start and end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) end: i64,
    /// Minutes of a session in this slot: no chain that ends in it has fewer.
    pub(super) minutes: i64,
    /// When a session in this slot starts: no chain that ends in it starts later. Zero where the day's span cannot bind.
    pub(super) day_start: i64,
    /// Where its chains lie among all chains, the best first.
    pub(super) first: usize,
    pub(super) last: usize,
}

/// What is the same for all offers of one slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) start: i64,
    pub(super) end: i64,
    /// Minutes of the session, where hours count.
    pub(super) minutes: i64,
    /// Minutes of the day that bookings use up.
    pub(super) booked_minutes: i64,
    pub(super) span_binds: bool,
}

/// The best of a slot's offers that go with every other choice of the day: where a schedule has a lesser offer of the
/// slot, this one can take its place.
pub(super) fn best_that_goes_with_all<'a>(slot: &'a [Offer], choices: Choices<'_>) -> Option<&'a Offer> {
    let goes = |offer: &&Offer| choices[offer.choice].goes_with_all;
    slot.iter().filter(goes).reduce(|best, other| if other.gain > best.gain { other } else { best })
}

/// Whether one choice of a day may come before one that begins no sooner than it ends.
pub(super) fn may_precede(
    market: &PartMarket,
    agent: &PartAgent,
    earlier: ChoiceIx,
    later: ChoiceIx,
) -> bool {
    let choices = market.choices(agent);
    let (earlier, later) = (&choices[earlier], &choices[later]);
    let timing = |choice: &PartChoice| &market.timings[choice.session];
    earlier.goes_with_all
        || later.goes_with_all
        || travel::allows(timing(earlier), timing(later), &market.roads)
}

impl Turn {
    /// When a chain that begins here starts; zero where the day's span cannot bind.
    pub(super) fn day_start(&self) -> i64 {
        if self.span_binds { self.start } else { 0 }
    }
}

/// Adds a chain to those from `first` on unless one is as good, and drops those that it makes needless.
pub(super) fn keep_chain(chains: &mut Vec<Chain>, first: usize, new: Chain) {
    let no_worse = |one: &Chain, other: &Chain| {
        one.gain >= other.gain && one.minutes <= other.minutes && one.day_start >= other.day_start
    };
    let mut place = first;
    while let Some(old) = chains.get(place) {
        if no_worse(old, &new) {
            return;
        }
        if no_worse(&new, old) {
            chains.swap_remove(place);
        } else {
            place += 1;
        }
    }
    chains.push(new);
}
