//! Why a wish was not given, as its asker is told.

use super::Why;
use super::open::{Ask, Open};
use crate::index::{AskIx, AskerIx};

/// Why this wish is not in the plan, which is decided.
///
/// What they were given that they want no less comes first, since nobody else's result would change that. Where all its
/// places are with people ahead in turn, it is these. Otherwise a place of it is free or with somebody behind them, and had
/// it gone to them instead, a place that counts as much would be empty or somebody ahead would have less: if not, their turn
/// would have given it to them.
pub(super) fn why_not(open: &Open<'_>, ask: AskIx) -> Why {
    let Ask { asker, session, wish, .. } = open.asks[ask];
    let person = open.people[asker];
    let held: Vec<AskIx> =
        open.held(asker).filter(|held| open.asks[*held].wish.choice <= wish.choice).collect();
    if person.most.is_some_and(|most| held.len() >= most as usize) {
        return Why::Enough;
    }
    if clashes(open, asker, ask, &held) {
        return Why::Clashes;
    }
    let holders: Vec<AskerIx> = open.holders(session).map(|ask| open.asks[ask].asker).collect();
    let has_room = i64::try_from(holders.len()).is_ok_and(|held| held < open.sessions[session].0);
    if !has_room && holders.iter().all(|holder| *holder < asker) {
        return Why::Ahead(u32::try_from(holders.len()).unwrap_or(u32::MAX));
    }
    if held.iter().any(|held| open.asks[*held].wish.choice == wish.choice) {
        return Why::Alike;
    }
    Why::LeavesEmpty
}

fn clashes(open: &Open<'_>, asker: AskerIx, ask: AskIx, held: &[AskIx]) -> bool {
    let person = open.people[asker];
    let place = |ask: AskIx| open.asks[ask].place;
    let own = place(ask);
    let stands_apart = |other: usize| {
        person.apart.iter().any(|(one, two)| (*one, *two) == (own, other) || (*one, *two) == (other, own))
    };
    let exceeds = |takes: &[i64], most: i64| {
        held.iter().map(|held| takes[place(*held)]).sum::<i64>() + takes[own] > most
    };
    held.iter().any(|held| stands_apart(place(*held)))
        || person.limits.iter().any(|limit| exceeds(&limit.takes, limit.most))
}
