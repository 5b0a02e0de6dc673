//! Better plans by ejection chains: somebody takes an empty place, somebody else takes what they left for it, and so on
//! until one has room, or what is left is worth less.
//!
//! Chains are searched from the empty places on that have a price, the most promising first: at good prices everybody
//! holds about what suits them best, so a chain loses little on its way, and what stands open is worth its price. Many
//! searches look at the same plan side by side; then their chains are carried out one after another, but for those
//! that somebody moved before has part in. So the outcome is the same for any number of threads.
//!
//! In the field: ejection chains in the manner of a cheapest augmenting path, with dual prices as potentials (A*).

use std::collections::BinaryHeap;
use std::ops::Range;

use rayon::prelude::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rayon::slice::ParallelSlice;

use crate::index::{ChoiceIx, IndexVec, Ix, PartAgentIx, PartSessionIx};
use crate::market::{PartAgent, PartChoice, PartMarket, Prices, go_together};
use crate::pairs::rules::{daily_hours, weekly_hours};
use crate::schedule::draft::Draft;
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

/// One person's part in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) agent: PartAgentIx,
    takes: PartSessionIx,
    leaves: Option<PartSessionIx>,
}

/// Who moves, from the end of the chain to its begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) moves: Vec<Move>,
}

/// Fills empty places of a plan by ejection chains, guided by these prices, until they gain next to nothing. A search may
/// look at so many sessions.
pub(crate) fn fill_by_chains(
    market: &PartMarket,
    prices: &Prices,
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
fn round(market: &PartMarket, searches: &mut [Search<'_>], draft: &mut Draft, looks: usize, stop: &dyn Stop) {
    let Some(prices) = searches.first().map(|search| search.prices) else { return };
    let mut open: Vec<(i64, PartSessionIx)> = prices
        .numbered()
        .filter(|(session, price)| **price > 0 && draft.left(*session) > 0)
        .map(|(session, price)| (*price, session))
        .collect();
    open.sort_unstable_by_key(|(price, session)| (-price, *session));
    let mut waiting: Vec<PartSessionIx> = open.into_iter().map(|(_, session)| session).rev().collect();
    while !waiting.is_empty() && !stop.is_due() {
        let batch: Vec<PartSessionIx> = waiting.split_off(waiting.len().saturating_sub(SIDE_BY_SIDE));
        let plan = &*draft;
        let found: Vec<Vec<(PartSessionIx, Option<Chain>)>> = searches
            .par_iter_mut()
            .zip(batch.par_chunks(SIDE_BY_SIDE / LANES))
            .map(|(search, sessions)| {
                sessions.iter().map(|session| (*session, search.from(plan, *session, looks))).collect()
            })
            .collect();
        let mut moved: Vec<PartAgentIx> = Vec::new();
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
pub(crate) fn carry_out(market: &PartMarket, draft: &mut Draft, chain: &Chain) {
    let before: Vec<Vec<PartSessionIx>> =
        chain.moves.iter().map(|step| draft.held(step.agent).to_vec()).collect();
    for step in &chain.moves {
        draft.release(market, step.agent);
    }
    for (step, mut held) in chain.moves.iter().zip(before) {
        held.retain(|session| Some(*session) != step.leaves);
        let at = held.partition_point(|session| *session < step.takes);
        held.insert(at, step.takes);
        draft.give(market, step.agent, &held);
    }
}

/// For each session whoever may take it, with the place of that choice among theirs.
pub(crate) struct Takers {
    /// Where each session's takers lie among all.
    of: IndexVec<PartSessionIx, Range<usize>>,
    all: Vec<(PartAgentIx, ChoiceIx)>,
}

impl Takers {
    pub(crate) fn of(market: &PartMarket) -> Self {
        let mut of = market.timings.map(|_| 0..0);
        for choice in market.agents.iter().flat_map(|agent| market.choices(agent).iter()) {
            of[choice.session].end += 1;
        }
        let mut first = 0;
        for takers in &mut of {
            let count = takers.end;
            *takers = first..first;
            first += count;
        }
        let mut all = vec![(PartAgentIx::at(0), ChoiceIx::at(0)); market.choice_count()];
        for (agent, who) in market.agents.numbered() {
            for (place, choice) in market.choices(who).numbered() {
                let takers = &mut of[choice.session];
                all[takers.end] = (agent, place);
                takers.end += 1;
            }
        }
        Self { of, all }
    }

    pub(crate) fn may_take(&self, session: PartSessionIx) -> &[(PartAgentIx, ChoiceIx)] {
        &self.all[self.of[session].clone()]
    }
}

/// How a session came to stand open.
#[derive(Debug, Clone, Copy)]
struct Reached {
    /// In which search.
    search: u64,
    /// What the moves so far gain, this session being left open.
    gained: i64,
    /// Who left it, for which session; nobody where the search began.
    left: Option<(PartAgentIx, PartSessionIx)>,
}

/// What an agent has to do to take one more session.
enum Room {
    /// Nothing.
    Enough,
    /// Leave this one.
    Without(PartSessionIx),
    /// Leave any one of those that take up enough minutes of the week or the day.
    Fewer,
    None,
}

/// A search for the chain that gains most.
pub(crate) struct Search<'a> {
    market: &'a PartMarket,
    prices: &'a Prices,
    takers: &'a Takers,
    reached: IndexVec<PartSessionIx, Reached>,
    number: u64,
    /// Sessions that stand open, by what they promise: what was gained so far and their price.
    promising: BinaryHeap<(i64, PartSessionIx)>,
    best_gain: i64,
    /// The session at which the best chain ends, and who takes that without leaving another, if anybody.
    best_end: Option<(PartSessionIx, Option<PartAgentIx>)>,
}

impl<'a> Search<'a> {
    pub(crate) fn of(market: &'a PartMarket, prices: &'a Prices, takers: &'a Takers) -> Self {
        let nowhere = Reached { search: 0, gained: 0, left: None };
        Self {
            market,
            prices,
            takers,
            reached: market.timings.map(|_| nowhere),
            number: 0,
            promising: BinaryHeap::new(),
            best_gain: 0,
            best_end: None,
        }
    }

    /// The best chain from an empty place of this session, with no more than so many looks.
    pub(crate) fn from(&mut self, draft: &Draft, session: PartSessionIx, looks: usize) -> Option<Chain> {
        self.number += 1;
        self.promising.clear();
        (self.best_gain, self.best_end) = (0, None);
        self.reach(session, Reached { search: self.number, gained: 0, left: None });
        for _ in 0..looks {
            let Some((promise, open)) = self.promising.pop() else { break };
            let gained = self.reached[open].gained;
            if promise <= self.best_gain {
                break;
            }
            if promise == gained + self.prices[open] {
                self.look(draft, session, open, gained);
            }
        }
        self.chain()
    }

    /// Notes that a session can be left open, where that is the best way so far.
    fn reach(&mut self, session: PartSessionIx, reached: Reached) {
        self.reached[session] = reached;
        self.promising.push((reached.gained + self.prices[session], session));
        if reached.gained > self.best_gain {
            (self.best_gain, self.best_end) = (reached.gained, Some((session, None)));
        }
    }

    /// Looks at everybody who may take a session that stands open.
    fn look(&mut self, draft: &Draft, begin: PartSessionIx, open: PartSessionIx, gained: i64) {
        for &(agent, place) in self.takers.may_take(open) {
            let who = &self.market.agents[agent];
            let choice = self.market.choices(who)[place];
            let held = draft.held(agent);
            let most = gained + choice.score;
            if most <= self.best_gain || held.contains(&open) {
                continue;
            }
            match self.room(who, held, &choice) {
                Room::Enough if most > self.best_gain && !self.has_part(open, agent) => {
                    (self.best_gain, self.best_end) = (most, Some((open, Some(agent))));
                }
                Room::Without(left) => self.leave(draft, (begin, open), agent, (&choice, left), most),
                Room::Fewer => {
                    for &left in held {
                        self.leave(draft, (begin, open), agent, (&choice, left), most);
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
        (begin, open): (PartSessionIx, PartSessionIx),
        agent: PartAgentIx,
        (choice, left): (&PartChoice, PartSessionIx),
        most: i64,
    ) {
        let who = &self.market.agents[agent];
        let gained = most - self.market.score_of(who, left);
        let known = self.reached[left];
        let is_known = known.search == self.number && known.gained >= gained;
        if left == begin || is_known || gained + self.prices[left] <= self.best_gain {
            return;
        }
        let is_room = self.hours_allow(who, draft.held(agent), choice, Some(left));
        if is_room && !self.has_part(open, agent) && !self.passes(open, left) {
            self.reach(left, Reached { search: self.number, gained, left: Some((agent, open)) });
        }
    }

    /// Whether an agent has room for a choice besides what they hold.
    fn room(&self, who: &PartAgent, held: &[PartSessionIx], choice: &PartChoice) -> Room {
        let timing = &self.market.timings[choice.session];
        let mut clash = None;
        for session in held {
            let other = &self.market.timings[*session];
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
            None if self.hours_allow(who, held, choice, None) => Room::Enough,
            None => Room::Fewer,
        }
    }

    /// Whether the hours of the day and the week allow a choice besides what an agent holds, without one session of it.
    fn hours_allow(
        &self,
        who: &PartAgent,
        held: &[PartSessionIx],
        choice: &PartChoice,
        without: Option<PartSessionIx>,
    ) -> bool {
        let (mut day, mut week) = (who.booked_in_day(choice.day), who.booked_in_week(choice.week));
        for session in held.iter().filter(|session| Some(**session) != without) {
            let other = &self.market.timings[*session];
            day += if other.day == choice.day { other.minutes() } else { 0 };
            week += if other.week == choice.week { other.minutes() } else { 0 };
        }
        let minutes = i64::from(choice.minutes);
        daily_hours::allows(day, minutes, who.most_a_day)
            && weekly_hours::allows(week, minutes, who.most_a_week)
    }

    /// The sessions that stood open one after another on the way to this one, which comes first.
    fn way_to(&self, open: PartSessionIx) -> impl Iterator<Item = (PartSessionIx, Reached)> + '_ {
        let of = |session: PartSessionIx| (session, self.reached[session]);
        std::iter::successors(Some(of(open)), move |(_, reached)| reached.left.map(|(_, before)| of(before)))
            .take(LONGEST + 1)
    }

    /// Whether an agent moves on the way to this session, or the way is long enough.
    fn has_part(&self, open: PartSessionIx, agent: PartAgentIx) -> bool {
        let moves = |(_, reached): (PartSessionIx, Reached)| reached.left.is_some_and(|(by, _)| by == agent);
        self.way_to(open).any(moves) || self.way_to(open).count() > LONGEST
    }

    fn passes(&self, open: PartSessionIx, session: PartSessionIx) -> bool {
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
            match reached.left {
                Some((agent, takes)) => moves.push(Move { agent, takes, leaves: Some(session) }),
                None => begins = true,
            }
        }
        let mut agents: Vec<PartAgentIx> = moves.iter().map(|step| step.agent).collect();
        agents.sort_unstable();
        agents.dedup();
        (begins && agents.len() == moves.len()).then_some(Chain { moves })
    }
}

#[cfg(test)]
mod tests;
