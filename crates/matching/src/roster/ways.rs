//! Ways to fill one place of a finished plan with as few people moved as possible.
//!
//! Somebody takes the place; where they must leave another session for it, somebody else takes that one, and so on.
//! No way ever moves a booked pair, empties another place, or asks for more people to move than it is allowed.
//!
//! In the field: ejection chains of bounded depth, searched in full.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::index::{ClinicianIx, IndexVec, SessionIx};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{Facts, Placed};
use crate::pairs::refusal;
use crate::pairs::score::any_worth;
use crate::roster::Roster;
use crate::roster::takers::Takers;

/// One person's part in a way to fill a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) clinician: ClinicianIx,
    pub(crate) takes: SessionIx,
    /// What they leave for it; the next step fills it.
    pub(crate) leaves: Option<SessionIx>,
}

/// A way to fill a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) steps: Vec<Step>,
    /// What the plan's score gains.
    pub(crate) gain: i64,
}

/// A clinician, and what they score in some session.
pub(crate) type Scored = (ClinicianIx, i64);

/// Who may do each session by the rules of pairs, with the score, best first; found when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    by_session: IndexVec<SessionIx, OnceLock<Vec<Scored>>>,
    /// Pairs that must not be made again.
    barred: BTreeSet<Placed>,
}

impl Candidates {
    /// Nobody asked yet.
    pub(crate) fn of(facts: &Facts) -> Self {
        Self { by_session: facts.sessions.map(|_| OnceLock::new()), barred: BTreeSet::new() }
    }

    /// Everybody asked already: those of these pairs, which are all that the rules allow.
    pub(crate) fn of_pairs(facts: &Facts, pairs: &[EligiblePair]) -> Self {
        let mut by_session: IndexVec<SessionIx, Vec<Scored>> = facts.sessions.map(|_| Vec::new());
        for pair in pairs {
            let score = pair.worth(facts).score;
            if score > 0 {
                by_session[pair.session].push((pair.clinician, score));
            }
        }
        for list in &mut by_session {
            list.sort_by_key(|(clinician, score)| (-score, *clinician));
        }
        Self { by_session: by_session.into_iter().map(OnceLock::from).collect(), barred: BTreeSet::new() }
    }

    /// Keeps a clinician out of a session they gave back.
    pub(crate) fn bar(&mut self, (clinician, session): Placed) {
        self.barred.insert((clinician, session));
        // Where nobody asked yet, the list will be made without them.
        if let Some(list) = self.by_session[session].get_mut() {
            list.retain(|(candidate, _)| *candidate != clinician);
        }
    }

    /// Every pair that must not be made again.
    pub(crate) fn barred(&self) -> impl Iterator<Item = Placed> + '_ {
        self.barred.iter().copied()
    }

    /// Who may do the session, best score first.
    pub(crate) fn may(&self, facts: &Facts, session: SessionIx) -> &[Scored] {
        self.by_session[session].get_or_init(|| self.find(facts, session))
    }

    /// The highest score anybody has in the session, those who gave it back included; zero where nobody may.
    pub(crate) fn highest(&self, facts: &Facts, session: SessionIx) -> i64 {
        let given_back = self.barred.iter().filter(|(_, barred)| *barred == session);
        let scores = given_back.map(|pair| any_worth(facts, *pair).score);
        scores.chain(self.may(facts, session).first().map(|(_, score)| *score)).fold(0, i64::max)
    }

    fn find(&self, facts: &Facts, session: SessionIx) -> Vec<Scored> {
        let work = &facts.sessions[session];
        let may = facts.clinicians.numbered().filter(|(clinician, person)| {
            refusal::of_pair(facts, work, person).is_none() && !self.barred.contains(&(*clinician, session))
        });
        let scored = may.map(|(clinician, _)| (clinician, any_worth(facts, (clinician, session)).score));
        let mut found: Vec<Scored> = scored.filter(|(_, score)| *score > 0).collect();
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
    found: BTreeMap<(SessionIx, usize), Option<Way>>,
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
    pub(crate) fn best(&mut self, session: SessionIx, moved: usize) -> Option<Way> {
        self.search(session, moved, &mut Vec::new(), None)
    }

    /// The best way for one clinician to take the session, with exactly so many people moved, themselves among
    /// them. The rules of pairs are taken as met.
    pub(crate) fn best_with(&mut self, session: SessionIx, moved: usize, newcomer: Scored) -> Option<Way> {
        self.search(session, moved, &mut Vec::new(), Some(newcomer))
    }

    /// Whether this clinician, whom the rules of pairs allow the session, could do it once `without` is left.
    fn fits(&self, (clinician, session): Placed, without: Option<SessionIx>) -> bool {
        let (work, person) = (&self.facts.sessions[session], &self.facts.clinicians[clinician]);
        let diary = self.roster.diary(clinician);
        match without {
            None => refusal::of_diary(self.facts, work, person, diary).is_none(),
            Some(left) => {
                let rest: Vec<SessionIx> = diary.iter().copied().filter(|other| *other != left).collect();
                refusal::of_diary(self.facts, work, person, &rest).is_none()
            }
        }
    }

    fn search(
        &mut self,
        session: SessionIx,
        moved: usize,
        busy: &mut Vec<ClinicianIx>,
        only: Option<Scored>,
    ) -> Option<Way> {
        if moved == 0 {
            return self.nobody_moved(session, busy, only);
        }
        let candidates = self.candidates;
        let everybody = candidates.may(self.facts, session);
        let asked: &[Scored] = only.as_ref().map_or(everybody, std::slice::from_ref);
        let mut best: Option<Way> = None;
        for &(clinician, score) in asked {
            if busy.contains(&clinician) || self.roster.people(session).contains(&clinician) {
                continue;
            }
            let roster = self.roster;
            for &left in roster.diary(clinician) {
                if !self.could_matter(session, left)
                    || (moved == 1 && self.taker(left, Some(clinician), busy).is_none())
                    || self.facts.is_booked(clinician, left)
                    || self.roster.places_left(self.facts, left) > 0
                    || !self.fits((clinician, session), Some(left))
                {
                    continue;
                }
                let Some(inner) = self.refill(left, moved - 1, clinician, busy) else { continue };
                let gain = score - any_worth(self.facts, (clinician, left)).score + inner.gain;
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
    fn nobody_moved(&self, session: SessionIx, busy: &[ClinicianIx], only: Option<Scored>) -> Option<Way> {
        let (clinician, gain) = match only {
            None => self.taker(session, None, busy)?,
            Some((clinician, score)) => {
                let is_out = busy.contains(&clinician) || self.roster.people(session).contains(&clinician);
                (!is_out && self.fits((clinician, session), None)).then_some((clinician, score))?
            }
        };
        Some(Way { steps: vec![Step { clinician, takes: session, leaves: None }], gain })
    }

    /// Who has room for the session and scores most in it, the leaver and those who are busy left out.
    fn taker(&self, session: SessionIx, leaver: Option<ClinicianIx>, busy: &[ClinicianIx]) -> Option<Scored> {
        let mut takers = self.takers.of_session(session).iter().copied();
        takers.find(|(taker, _)| Some(*taker) != leaver && !busy.contains(taker))
    }

    /// A way to refill what a clinician leaves, remembered where it does not depend on who is busy already.
    fn refill(
        &mut self,
        session: SessionIx,
        moved: usize,
        leaver: ClinicianIx,
        busy: &mut Vec<ClinicianIx>,
    ) -> Option<Way> {
        if moved == 0 {
            let (clinician, gain) = self.taker(session, Some(leaver), busy)?;
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
    fn could_matter(&self, session: SessionIx, left: SessionIx) -> bool {
        let (one, other) = (&self.facts.sessions[session].timing, &self.facts.sessions[left].timing);
        one.week == other.week || (one.day - other.day).abs() <= 2
    }
}
