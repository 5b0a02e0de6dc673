//! Who could take each session as the diaries stand, nobody moved: kept up to date as people take and leave sessions.

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use crate::pairs::facts::Facts;
use crate::pairs::refusal;
use crate::roster::Roster;
use crate::roster::ways::Candidates;

/// For each session whoever has room for it, best score first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Takers {
    by_session: Vec<Vec<(u32, i64)>>,
}

impl Takers {
    /// Everybody's room in this roster.
    pub(crate) fn of(facts: &Facts, roster: &Roster, candidates: &Candidates) -> Self {
        let sessions: Vec<u32> = (0..).zip(&facts.sessions).map(|(session, _)| session).collect();
        let has_room = |session: u32, clinician: u32| has_room(facts, roster, clinician, session);
        let takers = |session: &u32| -> Vec<(u32, i64)> {
            let may = candidates.may(facts, *session).iter().copied();
            may.filter(|(clinician, _)| has_room(*session, *clinician)).collect()
        };
        Self { by_session: sessions.par_iter().map(takers).collect() }
    }

    /// Who has room for the session, best score first.
    pub(crate) fn of_session(&self, session: u32) -> &[(u32, i64)] {
        self.by_session.get(session as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether the clinician has room for the session.
    pub(crate) fn has(&self, clinician: u32, session: u32) -> bool {
        self.of_session(session).iter().any(|(taker, _)| *taker == clinician)
    }

    /// Takes note of a clinician's diary after it changed. `may_do` are the sessions that they may do.
    pub(crate) fn renew(
        &mut self,
        (facts, roster, candidates): (&Facts, &Roster, &Candidates),
        clinician: u32,
        may_do: impl Iterator<Item = u32>,
    ) {
        for session in may_do {
            let Some(takers) = self.by_session.get_mut(session as usize) else { continue };
            takers.retain(|(taker, _)| *taker != clinician);
            let may = candidates.may(facts, session);
            let score = may.iter().find(|(candidate, _)| *candidate == clinician).map(|(_, score)| *score);
            let Some(score) = score.filter(|_| has_room(facts, roster, clinician, session)) else { continue };
            let at = takers.partition_point(|(taker, other)| (-other, *taker) < (-score, clinician));
            takers.insert(at, (clinician, score));
        }
    }
}

/// Whether a clinician, whom the rules of pairs allow the session, is not in it and could do it besides their diary.
fn has_room(facts: &Facts, roster: &Roster, clinician: u32, session: u32) -> bool {
    let both = facts.sessions.get(session as usize).zip(facts.clinicians.get(clinician as usize));
    both.is_some_and(|(work, person)| {
        let diary = roster.diary(clinician);
        !diary.contains(&session) && refusal::of_diary(facts, work, person, diary).is_none()
    })
}
