//! A quick first look at an agent's schedules: their best one if drives and rest took no time.
//!
//! An agent has many choices of the same start and end, and if nothing had to be driven only the best of each would
//! matter. The outline is the best schedule of these, a day's span kept; no schedule gains more. Mostly it can be done as it is. If not, it is
//! mended, and a schedule that gains more than the mended one has no choice that falls further behind the best of its
//! start and end than the mended one falls behind the outline. So few choices are left for an exact search.
//!
//! In the field: a relaxation of the pricing problem, a repair heuristic, and reduced-cost fixing between the two bounds.

use crate::index::{ChoiceIx, Ix};
use crate::market::{PartAgent, PartChoice, PartMarket, follows};
use crate::pairs::rules::travel;
use crate::schedule::{Choices, Offer};

/// Puts on offer the best of the choices of each start and end, where it gains something.
pub(crate) fn best_of_each_slot(
    choices: Choices<'_>,
    gain: impl Fn(&PartChoice) -> i64,
    offers: &mut Vec<Offer>,
) {
    offers.clear();
    let mut first = 0;
    for slot in choices.as_slice().chunk_by(|a, b| a.slot == b.slot) {
        let mut best: Option<Offer> = None;
        let places = ChoiceIx::each(first..first + slot.len());
        for (place, choice) in places.zip(slot) {
            let gain = gain(choice);
            if gain > best.as_ref().map_or(0, |best| best.gain) {
                best = Some(Offer { choice: place, session: choice.session, gain });
            }
        }
        offers.extend(best);
        first += slot.len();
    }
}

/// Puts on offer, of the slots that have a best offer, all choices that fall behind it by no more than `behind`.
pub(crate) fn near_the_best(
    choices: Choices<'_>,
    gain: impl Fn(&PartChoice) -> i64,
    bests: &[Offer],
    behind: i64,
    offers: &mut Vec<Offer>,
) {
    offers.clear();
    for best in bests {
        let least = (best.gain - behind).max(1);
        for (place, choice) in slot_of(choices, best.choice) {
            let gain = gain(choice);
            if gain >= least {
                offers.push(Offer { choice: place, session: choice.session, gain });
            }
        }
    }
}

/// Whether an agent can do these choices one after another.
pub(crate) fn can_be_done(market: &PartMarket, agent: &PartAgent, picked: &[ChoiceIx]) -> bool {
    picked.windows(2).all(|pair| match pair {
        [one, other] => may_follow(market, agent, *one, *other),
        _ => true,
    })
}

/// What an outline gains once it is mended: where one choice cannot follow another, one of the two is replaced by the
/// best of its slot that can, or left out. No day of it spans more than the outline's.
pub(crate) fn mended_gain(
    market: &PartMarket,
    agent: &PartAgent,
    picked: &[ChoiceIx],
    gain: impl Fn(&PartChoice) -> i64,
) -> i64 {
    let choices = market.choices(agent);
    let of = |place: ChoiceIx| gain(&choices[place]);
    let best =
        |candidates: &mut dyn Iterator<Item = ChoiceIx>| candidates.map(|place| (of(place), place)).max();
    let mut kept: Vec<ChoiceIx> = Vec::new();
    for &next in picked {
        let Some(&last) = kept.last().filter(|last| !may_follow(market, agent, **last, next)) else {
            kept.push(next);
            continue;
        };
        let before = kept.iter().rev().nth(1).copied();
        let after_before =
            |place: ChoiceIx| before.is_none_or(|before| may_follow(market, agent, before, place));
        let others_after = best(
            &mut slot_of(choices, next)
                .map(|(place, _)| place)
                .filter(|place| may_follow(market, agent, last, *place)),
        );
        let others_before = best(
            &mut slot_of(choices, last)
                .map(|(place, _)| place)
                .filter(|place| may_follow(market, agent, *place, next) && after_before(*place)),
        );
        let by_later = others_after.map_or(0, |(gain, _)| gain.max(0)) + of(last);
        let by_earlier = others_before.map_or(0, |(gain, _)| gain.max(0)) + of(next);
        let follows_before = others_before.is_some_and(|(gain, _)| gain > 0) || after_before(next);
        if by_earlier > by_later && follows_before {
            kept.pop();
            kept.extend(others_before.filter(|(gain, _)| *gain > 0).map(|(_, place)| place));
            kept.push(next);
        } else {
            kept.extend(others_after.filter(|(gain, _)| *gain > 0).map(|(_, place)| place));
        }
    }
    kept.into_iter().map(of).sum()
}

/// The choices of the same slot as one of them, with their places.
fn slot_of(choices: Choices<'_>, place: ChoiceIx) -> impl Iterator<Item = (ChoiceIx, &PartChoice)> {
    let slot = choices[place].slot;
    let first = choices.as_slice().partition_point(|choice| choice.slot < slot);
    let own = choices.as_slice()[first..].iter().take_while(move |choice| choice.slot == slot);
    ChoiceIx::each(first..choices.len()).zip(own)
}

/// Whether an agent may do one choice after another, which begins no sooner than it ends.
fn may_follow(market: &PartMarket, agent: &PartAgent, earlier: ChoiceIx, later: ChoiceIx) -> bool {
    let choices = market.choices(agent);
    let (earlier, later) = (&choices[earlier], &choices[later]);
    let (one, other) = (&market.timings[earlier.session], &market.timings[later.session]);
    if earlier.day == later.day {
        earlier.goes_with_all || later.goes_with_all || travel::allows(one, other, &market.roads)
    } else {
        agent.days_are_free || follows(one, other, agent.rest_minutes, &market.roads)
    }
}

#[cfg(test)]
mod tests;
