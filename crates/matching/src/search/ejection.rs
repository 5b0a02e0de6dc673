//! Better plans by ejection chains: somebody takes an empty place, somebody else takes what they left for it, and so on
//! until one has room, or what is left is worth less.
//!
//! Chains are searched from the empty places on that have a price, the most promising first: at good prices everybody
//! holds about what suits them best, so a chain loses little on its way, and what stands open is worth its price. Many
//! searches look at the same plan side by side; then their chains are carried out one after another, but for those
//! that somebody moved before has part in. So the outcome is the same for any number of threads.

use std::collections::BinaryHeap;

use rayon::prelude::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rayon::slice::ParallelSlice;

use crate::market::{Agent, Choice, Market, go_together};
use crate::pairs::rules::{daily_hours, weekly_hours};
use crate::schedule::draft::{Draft, score_of};
use crate::search::IDLE_SHARE;
use crate::stop::Stop;

/// How many searches look at the same plan.
const SIDE_BY_SIDE: usize = 32;

/// How many of those a thread can take up, one after another.
const LANES: usize = 8;

/// Rounds of searches at most.
const ROUNDS: usize = 3;

/// People in a chain at most.
const LONGEST: usize = 60;

const NOBODY: u32 = u32::MAX;

/// One person's part in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) agent: u32,
    takes: u32,
    leaves: Option<u32>,
}

/// Who moves, from the end of the chain to its begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) moves: Vec<Move>,
}

/// Fills empty places of a plan by ejection chains, guided by these prices, until they gain next to nothing. A search may
/// look at so many sessions.
pub(crate) fn fill_by_chains(
    market: &Market,
    prices: &[i64],
    takers: &Takers,
    draft: &mut Draft,
    looks: usize,
    stop: &dyn Stop,
) {
    let mut searches: Vec<Search<'_>> = (0..LANES).map(|_| Search::of(market, prices, takers)).collect();
    for _ in 0..ROUNDS {
        let before = draft.score();
        round(market, &mut searches, draft, looks, stop);
        if draft.score() - before <= before / IDLE_SHARE || stop.is_due() {
            return;
        }
    }
}

/// One search from each empty place, the dearest first.
fn round(market: &Market, searches: &mut [Search<'_>], draft: &mut Draft, looks: usize, stop: &dyn Stop) {
    let Some(prices) = searches.first().map(|search| search.prices) else { return };
    let mut open: Vec<(i64, u32)> = prices
        .iter()
        .zip(0..)
        .filter(|(price, session)| **price > 0 && draft.left(*session) > 0)
        .map(|(price, session)| (*price, session))
        .collect();
    open.sort_unstable_by_key(|(price, session)| (-price, *session));
    let mut waiting: Vec<u32> = open.into_iter().map(|(_, session)| session).rev().collect();
    while !waiting.is_empty() && !stop.is_due() {
        let batch: Vec<u32> = waiting.split_off(waiting.len().saturating_sub(SIDE_BY_SIDE));
        let plan = &*draft;
        let found: Vec<Vec<(u32, Option<Chain>)>> = searches
            .par_iter_mut()
            .zip(batch.par_chunks(SIDE_BY_SIDE / LANES))
            .map(|(search, sessions)| {
                sessions.iter().map(|session| (*session, search.from(plan, *session, looks))).collect()
            })
            .collect();
        let mut moved: Vec<u32> = Vec::new();
        for (session, chain) in found.into_iter().flatten() {
            let Some(chain) = chain else { continue };
            if chain.moves.iter().any(|step| moved.contains(&step.agent)) {
                waiting.push(session);
                continue;
            }
            moved.extend(chain.moves.iter().map(|step| step.agent));
            carry_out(market, draft, &chain);
        }
    }
}

/// Carries out a chain that was found in this plan.
pub(crate) fn carry_out(market: &Market, draft: &mut Draft, chain: &Chain) {
    let before: Vec<Vec<u32>> =
        chain.moves.iter().map(|step| draft.held(step.agent as usize).to_vec()).collect();
    for step in &chain.moves {
        draft.release(market, step.agent as usize);
    }
    for (step, mut held) in chain.moves.iter().zip(before) {
        held.retain(|session| Some(*session) != step.leaves);
        let at = held.partition_point(|session| *session < step.takes);
        held.insert(at, step.takes);
        draft.give(market, step.agent as usize, &held);
    }
}

/// For each session whoever may take it, with the place of that choice among theirs.
pub(crate) struct Takers {
    first: Vec<usize>,
    all: Vec<(u32, u32)>,
}

impl Takers {
    pub(crate) fn of(market: &Market) -> Self {
        let mut first = vec![0; market.timings.len() + 1];
        let of_all = || {
            (0..).zip(&market.agents).flat_map(|(agent, who)| {
                (0..).zip(market.choices(who)).map(move |(place, choice)| (agent, place, choice.session))
            })
        };
        for (_, _, session) in of_all() {
            if let Some(count) = first.get_mut(session as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut first {
            sum += *count;
            *count = sum;
        }
        let mut next = first.clone();
        let mut all = vec![(NOBODY, 0); market.choice_count()];
        for (agent, place, session) in of_all() {
            let Some(at) = next.get_mut(session as usize) else { continue };
            if let Some(slot) = all.get_mut(*at) {
                *slot = (agent, place);
            }
            *at += 1;
        }
        Self { first, all }
    }

    pub(crate) fn may_take(&self, session: u32) -> &[(u32, u32)] {
        let session = session as usize;
        let both = self.first.get(session).zip(self.first.get(session + 1));
        both.and_then(|(first, last)| self.all.get(*first..*last)).unwrap_or_default()
    }
}

/// How a session came to stand open.
#[derive(Debug, Clone, Copy)]
struct Reached {
    /// In which search.
    search: u64,
    /// What the moves so far gain, this session being left open.
    gained: i64,
    /// Who left it, for which session.
    by: u32,
    for_session: u32,
}

/// What an agent has to do to take one more session.
enum Room {
    /// Nothing.
    Enough,
    /// Leave this one.
    Without(u32),
    /// Leave any one of those that take up enough minutes of the week or the day.
    Fewer,
    None,
}

/// A search for the chain that gains most.
pub(crate) struct Search<'a> {
    market: &'a Market,
    prices: &'a [i64],
    takers: &'a Takers,
    reached: Vec<Reached>,
    number: u64,
    /// Sessions that stand open, by what they promise: what was gained so far and their price.
    promising: BinaryHeap<(i64, u32)>,
    best_gain: i64,
    /// The session at which the best chain ends, and who takes that without leaving another, if anybody.
    best_end: Option<(u32, Option<u32>)>,
}

impl<'a> Search<'a> {
    pub(crate) fn of(market: &'a Market, prices: &'a [i64], takers: &'a Takers) -> Self {
        let nowhere = Reached { search: 0, gained: 0, by: NOBODY, for_session: NOBODY };
        Self {
            market,
            prices,
            takers,
            reached: vec![nowhere; market.timings.len()],
            number: 0,
            promising: BinaryHeap::new(),
            best_gain: 0,
            best_end: None,
        }
    }

    fn price(&self, session: u32) -> i64 {
        self.prices.get(session as usize).copied().unwrap_or(0)
    }

    /// The best chain from an empty place of this session, with no more than so many looks.
    pub(crate) fn from(&mut self, draft: &Draft, session: u32, looks: usize) -> Option<Chain> {
        self.number += 1;
        self.promising.clear();
        (self.best_gain, self.best_end) = (0, None);
        self.reach(session, Reached { search: self.number, gained: 0, by: NOBODY, for_session: NOBODY });
        for _ in 0..looks {
            let Some((promise, open)) = self.promising.pop() else { break };
            let Some(reached) = self.reached.get(open as usize).copied() else { break };
            if promise <= self.best_gain {
                break;
            }
            if promise == reached.gained + self.price(open) {
                self.look(draft, session, open, reached.gained);
            }
        }
        self.chain()
    }

    /// Notes that a session can be left open, where that is the best way so far.
    fn reach(&mut self, session: u32, reached: Reached) {
        let price = self.price(session);
        if let Some(slot) = self.reached.get_mut(session as usize) {
            *slot = reached;
            self.promising.push((reached.gained + price, session));
        }
        if reached.gained > self.best_gain {
            (self.best_gain, self.best_end) = (reached.gained, Some((session, None)));
        }
    }

    /// Looks at everybody who may take a session that stands open.
    fn look(&mut self, draft: &Draft, begin: u32, open: u32, gained: i64) {
        for &(agent, place) in self.takers.may_take(open) {
            let Some(who) = self.market.agents.get(agent as usize) else { continue };
            let choices = self.market.choices(who);
            let Some(choice) = choices.get(place as usize) else { continue };
            let held = draft.held(agent as usize);
            let most = gained + choice.score;
            if most <= self.best_gain || held.contains(&open) {
                continue;
            }
            match self.room(who, held, choice) {
                Room::Enough if most > self.best_gain && !self.has_part(open, agent) => {
                    (self.best_gain, self.best_end) = (most, Some((open, Some(agent))));
                }
                Room::Without(left) => self.leave(draft, (begin, open), (agent, who), (choice, left), most),
                Room::Fewer => {
                    for &left in held {
                        self.leave(draft, (begin, open), (agent, who), (choice, left), most);
                    }
                }
                Room::Enough | Room::None => {}
            }
        }
    }

    /// Notes that an agent can leave one session for another that stands open.
    fn leave(
        &mut self,
        draft: &Draft,
        (begin, open): (u32, u32),
        (agent, who): (u32, &Agent),
        (choice, left): (&Choice, u32),
        most: i64,
    ) {
        let gained = most - score_of(self.market, who, left);
        let is_known = self
            .reached
            .get(left as usize)
            .is_some_and(|known| known.search == self.number && known.gained >= gained);
        if left == begin || is_known || gained + self.price(left) <= self.best_gain {
            return;
        }
        let is_room = self.hours_allow(who, draft.held(agent as usize), choice, left);
        if is_room && !self.has_part(open, agent) && !self.passes(open, left) {
            self.reach(left, Reached { search: self.number, gained, by: agent, for_session: open });
        }
    }

    /// Whether an agent has room for a choice besides what they hold.
    fn room(&self, who: &Agent, held: &[u32], choice: &Choice) -> Room {
        let Some(timing) = self.market.timing(choice.session) else { return Room::None };
        let mut clash = None;
        for session in held {
            let Some(other) = self.market.timing(*session) else { continue };
            let is_free = other.day != timing.day && who.days_are_free;
            if is_free || go_together(other, timing, who.rest_minutes, &self.market.roads) {
                continue;
            }
            if clash.is_some() {
                return Room::None;
            }
            clash = Some(*session);
        }
        match clash {
            Some(clash) => Room::Without(clash),
            None if self.hours_allow(who, held, choice, NOBODY) => Room::Enough,
            None => Room::Fewer,
        }
    }

    /// Whether the hours of the day and the week allow a choice besides what an agent holds, without one session of it.
    fn hours_allow(&self, who: &Agent, held: &[u32], choice: &Choice, without: u32) -> bool {
        let (mut day, mut week) = (who.booked_in_day(choice.day), who.booked_in_week(choice.week));
        for session in held.iter().filter(|session| **session != without) {
            let Some(other) = self.market.timing(*session) else { continue };
            day += if other.day == choice.day { other.minutes() } else { 0 };
            week += if other.week == choice.week { other.minutes() } else { 0 };
        }
        let minutes = i64::from(choice.minutes);
        daily_hours::allows(day, minutes, who.most_a_day)
            && weekly_hours::allows(week, minutes, who.most_a_week)
    }

    /// The sessions that stood open one after another on the way to this one, which comes first.
    fn way_to(&self, open: u32) -> impl Iterator<Item = (u32, Reached)> + '_ {
        let of = |session: u32| self.reached.get(session as usize).map(|reached| (session, *reached));
        std::iter::successors(of(open), move |(_, reached)| of(reached.for_session)).take(LONGEST + 1)
    }

    /// Whether an agent moves on the way to this session, or the way is long enough.
    fn has_part(&self, open: u32, agent: u32) -> bool {
        self.way_to(open).any(|(_, reached)| reached.by == agent) || self.way_to(open).count() > LONGEST
    }

    fn passes(&self, open: u32, session: u32) -> bool {
        self.way_to(open).any(|(on_the_way, _)| on_the_way == session)
    }

    /// The best chain found. Where a session was reached anew in a better way after others had been reached by it, one
    /// person can come to have two parts; such a chain is dropped.
    fn chain(&self) -> Option<Chain> {
        let (end, last) = self.best_end?;
        let mut moves: Vec<Move> =
            last.into_iter().map(|agent| Move { agent, takes: end, leaves: None }).collect();
        let mut begins = false;
        for (session, reached) in self.way_to(end) {
            if reached.by == NOBODY {
                begins = true;
                break;
            }
            moves.push(Move { agent: reached.by, takes: reached.for_session, leaves: Some(session) });
        }
        let mut agents: Vec<u32> = moves.iter().map(|step| step.agent).collect();
        agents.sort_unstable();
        agents.dedup();
        (begins && agents.len() == moves.len()).then_some(Chain { moves })
    }
}

#[cfg(test)]
mod tests;
