//! Who could take each session as the diaries stand, nobody moved: kept up to date as people take and leave sessions.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::index::{ClinicianIx, IndexVec, SessionIx};
use crate::pairs::facts::{Facts, Placed};
use crate::pairs::refusal;
use crate::roster::Roster;
use crate::roster::ways::{Candidates, Scored};

/// For each session whoever has room for it, best score first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Takers {
    by_session: IndexVec<SessionIx, Vec<Scored>>,
}

impl Takers {
    /// Everybody's room in this roster.
    pub(crate) fn of(facts: &Facts, roster: &Roster, candidates: &Candidates) -> Self {
        let sessions: Vec<SessionIx> = facts.sessions.numbers().collect();
        let takers = |session: SessionIx| -> Vec<Scored> {
            let may = candidates.may(facts, session).iter().copied();
            may.filter(|(clinician, _)| has_room(facts, roster, (*clinician, session))).collect()
        };
        let by_session: Vec<Vec<Scored>> = sessions.into_par_iter().map(takers).collect();
        Self { by_session: by_session.into_iter().collect() }
    }

    /// Who has room for the session, best score first.
    pub(crate) fn of_session(&self, session: SessionIx) -> &[Scored] {
        &self.by_session[session]
    }

    /// Whether the clinician has room for the session.
    pub(crate) fn has(&self, (clinician, session): Placed) -> bool {
        self.of_session(session).iter().any(|(taker, _)| *taker == clinician)
    }

    /// Takes note of a clinician's diary after it changed. `may_do` are the sessions that they may do.
    pub(crate) fn renew(
        &mut self,
        (facts, roster, candidates): (&Facts, &Roster, &Candidates),
        clinician: ClinicianIx,
        may_do: impl Iterator<Item = SessionIx>,
    ) {
        for session in may_do {
            let takers = &mut self.by_session[session];
            takers.retain(|(taker, _)| *taker != clinician);
            let mut may = candidates.may(facts, session).iter();
            let Some((_, score)) = may.find(|(candidate, _)| *candidate == clinician) else { continue };
            if has_room(facts, roster, (clinician, session)) {
                let at = takers.partition_point(|(taker, other)| (-other, *taker) < (-score, clinician));
                takers.insert(at, (clinician, *score));
            }
        }
    }
}

/// Whether a clinician, whom the rules of pairs allow the session, is not in it and could do it besides their diary.
fn has_room(facts: &Facts, roster: &Roster, (clinician, session): Placed) -> bool {
    let (work, person) = (&facts.sessions[session], &facts.clinicians[clinician]);
    let diary = roster.diary(clinician);
    !diary.contains(&session) && refusal::of_diary(facts, work, person, diary).is_none()
}
