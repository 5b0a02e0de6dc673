//! Ways to fill one place of a finished plan with as few people moved as possible.
//!
//! Somebody takes the place; where they must leave another session for it, somebody else takes that one, and so on.
//! No way ever moves a booked pair, empties another place, or asks for more people to move than it is allowed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::Facts;
use crate::pairs::refusal;
use crate::pairs::score::any_worth;
use crate::pairs::score::pair_worth;
use crate::roster::Roster;
use crate::roster::takers::Takers;

/// One person's part in a way to fill a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) clinician: u32,
    pub(crate) takes: u32,
    /// What they leave for it; the next step fills it.
    pub(crate) leaves: Option<u32>,
}

/// A way to fill a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) steps: Vec<Step>,
    /// What the plan's score gains.
    pub(crate) gain: i64,
}

/// Who may do each session by the rules of pairs, with the score, best first; found when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    by_session: Vec<OnceLock<Vec<(u32, i64)>>>,
    /// Pairs that must not be made again, as (clinician, session).
    barred: BTreeSet<(u32, u32)>,
}

impl Candidates {
    /// Nobody asked yet.
    pub(crate) fn of(facts: &Facts) -> Self {
        let by_session = facts.sessions.iter().map(|_| OnceLock::new()).collect();
        Self { by_session, barred: BTreeSet::new() }
    }

    /// Everybody asked already: those of these pairs, which are all that the rules allow.
    pub(crate) fn of_pairs(facts: &Facts, pairs: &[EligiblePair]) -> Self {
        let mut by_session: Vec<Vec<(u32, i64)>> = vec![Vec::new(); facts.sessions.len()];
        for EligiblePair { clinician, session, road_metres } in pairs {
            let worth = pair_worth(facts, *clinician, *session, *road_metres);
            if let (Some(worth), Some(list)) = (worth, by_session.get_mut(*session as usize))
                && worth.score > 0
            {
                list.push((*clinician, worth.score));
            }
        }
        for list in &mut by_session {
            list.sort_by_key(|(clinician, score)| (-score, *clinician));
        }
        Self { by_session: by_session.into_iter().map(OnceLock::from).collect(), barred: BTreeSet::new() }
    }

    /// Keeps a clinician out of a session they gave back.
    pub(crate) fn bar(&mut self, clinician: u32, session: u32) {
        self.barred.insert((clinician, session));
        if let Some(list) = self.by_session.get_mut(session as usize).and_then(OnceLock::get_mut) {
            list.retain(|(candidate, _)| *candidate != clinician);
        }
    }

    /// Every pair that must not be made again, as (clinician, session).
    pub(crate) fn barred(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.barred.iter().copied()
    }

    /// Who may do the session, best score first.
    pub(crate) fn may(&self, facts: &Facts, session: u32) -> &[(u32, i64)] {
        let found = || self.find(facts, session);
        self.by_session.get(session as usize).map_or(&[], |list| list.get_or_init(found))
    }

    /// The highest score anybody has in the session, those who gave it back included; zero where nobody may.
    pub(crate) fn highest(&self, facts: &Facts, session: u32) -> i64 {
        let given_back = self.barred.iter().filter(|(_, barred)| *barred == session);
        let scores = given_back.map(|(clinician, _)| score_of(facts, *clinician, session));
        scores.chain(self.may(facts, session).first().map(|(_, score)| *score)).fold(0, i64::max)
    }

    fn find(&self, facts: &Facts, session: u32) -> Vec<(u32, i64)> {
        let Some(work) = facts.sessions.get(session as usize) else { return Vec::new() };
        let mut found: Vec<(u32, i64)> = (0..)
            .zip(&facts.clinicians)
            .filter(|(clinician, person)| {
                refusal::of_pair(facts, work, person).is_none()
                    && !self.barred.contains(&(*clinician, session))
            })
            .filter_map(|(clinician, person)| {
                let metres = refusal::road_metres(facts, work, person);
                let worth = pair_worth(facts, clinician, session, metres)?;
                (worth.score > 0).then_some((clinician, worth.score))
            })
            .collect();
        found.sort_by_key(|(clinician, score)| (-score, *clinician));
        found
    }
}

/// Looks for ways to fill places; remembers what it found, so it holds for one roster only.
pub(crate) struct Chains<'a> {
    facts: &'a Facts,
    roster: &'a Roster,
    candidates: &'a Candidates,
    takers: &'a Takers,
    found: BTreeMap<(u32, usize), Option<Way>>,
}

impl<'a> Chains<'a> {
    /// A search in this roster, whose takers are known.
    pub(crate) fn of(
        facts: &'a Facts,
        roster: &'a Roster,
        candidates: &'a Candidates,
        takers: &'a Takers,
    ) -> Self {
        Self { facts, roster, candidates, takers, found: BTreeMap::new() }
    }

    /// The best way to fill one more place of a session with exactly so many people moved from other sessions.
    pub(crate) fn best(&mut self, session: u32, moved: usize) -> Option<Way> {
        self.search(session, moved, &mut Vec::new(), None)
    }

    /// The best way for one clinician to take the session, with exactly so many people moved, themselves among
    /// them. The rules of pairs are taken as met.
    pub(crate) fn best_with(
        &mut self,
        session: u32,
        moved: usize,
        clinician: u32,
        score: i64,
    ) -> Option<Way> {
        self.search(session, moved, &mut Vec::new(), Some((clinician, score)))
    }

    /// Whether this clinician, whom the rules of pairs allow the session, could do it once `without` is left.
    fn fits(&self, clinician: u32, session: u32, without: Option<u32>) -> bool {
        let (Some(work), Some(person)) =
            (self.facts.sessions.get(session as usize), self.facts.clinicians.get(clinician as usize))
        else {
            return false;
        };
        let diary = self.roster.diary(clinician);
        match without {
            None => refusal::of_diary(self.facts, work, person, diary).is_none(),
            Some(left) => {
                let rest: Vec<u32> = diary.iter().copied().filter(|other| *other != left).collect();
                refusal::of_diary(self.facts, work, person, &rest).is_none()
            }
        }
    }

    fn search(
        &mut self,
        session: u32,
        moved: usize,
        busy: &mut Vec<u32>,
        only: Option<(u32, i64)>,
    ) -> Option<Way> {
        if moved == 0 {
            return self.nobody_moved(session, busy, only);
        }
        let candidates = self.candidates;
        let everybody = candidates.may(self.facts, session);
        let asked: &[(u32, i64)] = only.as_ref().map_or(everybody, std::slice::from_ref);
        let mut best: Option<Way> = None;
        for &(clinician, score) in asked {
            if busy.contains(&clinician) || self.roster.people(session).contains(&clinician) {
                continue;
            }
            let roster = self.roster;
            for &left in roster.diary(clinician) {
                if !self.could_matter(session, left)
                    || (moved == 1 && self.taker(left, clinician, busy).is_none())
                    || self.facts.booked.binary_search(&(clinician, left)).is_ok()
                    || self.roster.places_left(self.facts, left) > 0
                    || !self.fits(clinician, session, Some(left))
                {
                    continue;
                }
                let Some(inner) = self.refill(left, moved - 1, clinician, busy) else { continue };
                let gain = score - self.score(clinician, left) + inner.gain;
                if best.as_ref().is_none_or(|best| gain > best.gain) {
                    let mut steps = vec![Step { clinician, takes: session, leaves: Some(left) }];
                    steps.extend(inner.steps);
                    best = Some(Way { steps, gain });
                }
            }
        }
        best
    }

    /// The best way in which one person takes the session and nobody leaves another for it.
    fn nobody_moved(&self, session: u32, busy: &[u32], only: Option<(u32, i64)>) -> Option<Way> {
        let (clinician, gain) = match only {
            None => self.taker(session, u32::MAX, busy)?,
            Some((clinician, score)) => {
                let is_out = busy.contains(&clinician) || self.roster.people(session).contains(&clinician);
                (!is_out && self.fits(clinician, session, None)).then_some((clinician, score))?
            }
        };
        Some(Way { steps: vec![Step { clinician, takes: session, leaves: None }], gain })
    }

    /// Who has room for the session and scores most in it, the leaver and those who are busy left out.
    fn taker(&self, session: u32, leaver: u32, busy: &[u32]) -> Option<(u32, i64)> {
        let mut takers = self.takers.of_session(session).iter().copied();
        takers.find(|(taker, _)| *taker != leaver && !busy.contains(taker))
    }

    /// A way to refill what a clinician leaves, remembered where it does not depend on who is busy already.
    fn refill(&mut self, session: u32, moved: usize, leaver: u32, busy: &mut Vec<u32>) -> Option<Way> {
        if moved == 0 {
            let (clinician, gain) = self.taker(session, leaver, busy)?;
            return Some(Way { steps: vec![Step { clinician, takes: session, leaves: None }], gain });
        }
        let key = (session, moved);
        if !self.found.contains_key(&key) {
            let way = self.search(session, moved, &mut Vec::new(), None);
            self.found.insert(key, way);
        }
        let way = self.found.get(&key).and_then(Option::as_ref)?;
        let clashes = way.steps.iter().any(|step| step.clinician == leaver || busy.contains(&step.clinician));
        if !clashes {
            return Some(way.clone());
        }
        busy.push(leaver);
        let way = self.search(session, moved, busy, None);
        busy.pop();
        way
    }

    /// Whether leaving one session can make room for another: only within a day of it, or in the same week.
    fn could_matter(&self, session: u32, left: u32) -> bool {
        let timing = |session: u32| self.facts.sessions.get(session as usize).map(|work| work.timing);
        timing(session)
            .zip(timing(left))
            .is_some_and(|(one, other)| one.week == other.week || (one.day - other.day).abs() <= 2)
    }

    fn score(&self, clinician: u32, session: u32) -> i64 {
        score_of(self.facts, clinician, session)
    }
}

/// What a placed pair scores.
pub(crate) fn score_of(facts: &Facts, clinician: u32, session: u32) -> i64 {
    any_worth(facts, clinician, session).map_or(0, |worth| worth.score)
}
