//! The layers, one after another.

use std::collections::BTreeSet;

use super::model::{Worths, choose_best};
use super::open::{Open, Promise, Standing};
use super::why::why_not;
use super::{Decision, Outcome, Round, RoundError};
use crate::index::{AskIx, AskerIx};

/// Decides a round: the same round has the same decision, whatever the order of its sessions and of people's wishes.
///
/// # Errors
/// The round says something twice or out of bounds; or, which never was seen, the solver ended without proof.
pub fn decide(round: &Round) -> Result<Decision, RoundError> {
    round.validate()?;
    let mut open = Open::of(round);
    let mut solved = 0;
    let alone: Vec<AskIx> = open.asks.numbers().filter(|ask| !open.fits_beside_given(*ask)).collect();
    open.settle(&alone, Standing::Not);
    for part in open.parts() {
        let fill = fill_of(&open, &part);
        choose_best(&mut open, &part, &fill, &[])?;
        solved += 1;
    }
    for asker in open.people.numbers() {
        solved += take_turn(&mut open, asker)?;
    }
    for part in open.parts() {
        solved += decide_equals(&mut open, &part)?;
    }
    Ok(told(&open, solved))
}

fn fill_of(open: &Open<'_>, part: &[AskIx]) -> Worths {
    part.iter().map(|ask| (*ask, open.weight(*ask))).collect()
}

/// Gives somebody as many as possible of their first choices, then of their second, and so on. How many programmes that
/// took.
fn take_turn(open: &mut Open<'_>, asker: AskerIx) -> Result<usize, RoundError> {
    let choices: BTreeSet<u32> = open.people[asker].wishes.iter().map(|wish| wish.choice).collect();
    let mut solved = 0;
    for choice in choices {
        let own = open.of_asker[asker].iter().copied();
        let alike: Vec<AskIx> = own
            .filter(|ask| open.asks[*ask].wish.choice == choice && open.standing[*ask] == Standing::Open)
            .collect();
        let Some(first) = alike.first() else { continue };
        let held = |open: &Open<'_>| alike.iter().filter(|ask| open.plan[**ask]).count();
        if held(open) < alike.len() {
            let part = open.part_of(*first);
            let fill = fill_of(open, &part);
            choose_best(open, &part, &alike.iter().map(|ask| (*ask, 1)).collect(), &[fill])?;
            solved += 1;
        }
        match held(open) {
            0 => open.settle(&alike, Standing::Not),
            all if all == alike.len() => open.settle(&alike, Standing::Given),
            some => {
                let least = i64::try_from(some).unwrap_or(i64::MAX);
                open.promises.push(Promise { asks: alike, least });
            }
        }
    }
    Ok(solved)
}

/// What is open when everybody had their turn is wanted equally much: the score decides, then the lot.
fn decide_equals(open: &mut Open<'_>, part: &[AskIx]) -> Result<usize, RoundError> {
    let fill = fill_of(open, part);
    let score: Worths = part.iter().map(|ask| (*ask, open.asks[*ask].wish.score)).collect();
    let lot: Worths = part.iter().map(|ask| (*ask, i64::from(open.asks[*ask].wish.lot))).collect();
    choose_best(open, part, &score, std::slice::from_ref(&fill))?;
    choose_best(open, part, &lot, &[fill, score])?;
    let (given, not): (Vec<AskIx>, Vec<AskIx>) = part.iter().partition(|ask| open.plan[**ask]);
    open.settle(&given, Standing::Given);
    open.settle(&not, Standing::Not);
    Ok(2)
}

fn told(open: &Open<'_>, solved: usize) -> Decision {
    let outcome = |ask: &AskIx| {
        if open.plan[*ask] { Outcome::Given } else { Outcome::Not(why_not(open, *ask)) }
    };
    Decision {
        filled: open.asks.numbers().filter(|ask| open.plan[*ask]).map(|ask| open.weight(ask)).sum(),
        outcomes: open.of_asker.iter().map(|own| own.iter().map(outcome).collect()).collect(),
        solved,
    }
}
