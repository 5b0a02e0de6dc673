//! Who could step in where somebody fell out of a session that matters.

use chrono::{DateTime, TimeDelta, Utc};

use super::{LoadedPlan, RepairWay};
use crate::index::SessionIx;
use crate::roster::ways::Chains;

/// Sessions that start within so many hours are critical.
const CRITICAL_HOURS: i64 = 72;

/// Sessions of this priority or more are critical whenever they start.
const CRITICAL_PRIORITY: i64 = 3;

/// How many people stand by for one session.
const STANDBYS: usize = 5;

/// The people who stand by for one critical session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standby {
    /// The session.
    pub session: String,
    /// At most five people, the next one first.
    pub people: Vec<StandbyPerson>,
}

/// Somebody who could step in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandbyPerson {
    /// Who.
    pub clinician: String,
    /// What would change: their own step first, then who would take what they leave.
    pub way: RepairWay,
}

impl LoadedPlan {
    /// For every session in the plan that is critical at this time and has somebody placed, who could step in:
    /// first those for whom nobody else moves, best score first, then those who leave another session that somebody
    /// takes over.
    #[must_use]
    pub fn standbys(&self, at: DateTime<Utc>) -> Vec<Standby> {
        let soon = (at + TimeDelta::hours(CRITICAL_HOURS)).timestamp().div_euclid(60);
        let now = at.timestamp().div_euclid(60);
        let mut chains = self.chains();
        let mut standbys = Vec::new();
        for (session, work) in self.facts.sessions.numbered() {
            let critical =
                work.timing.start >= now && (work.timing.start <= soon || work.priority >= CRITICAL_PRIORITY);
            if critical && !self.roster.people(session).is_empty() {
                let people = self.next_people(&mut chains, session);
                standbys.push(Standby { session: self.session_id(session).to_owned(), people });
            }
        }
        standbys
    }

    fn next_people(&self, chains: &mut Chains<'_>, session: SessionIx) -> Vec<StandbyPerson> {
        let candidates = self.candidates.may(&self.facts, session);
        let mut people = Vec::new();
        let mut named = Vec::new();
        for moved in 0..=1 {
            for &(clinician, score) in candidates {
                if people.len() == STANDBYS {
                    return people;
                }
                if named.contains(&clinician) {
                    continue;
                }
                if let Some(way) = chains.best_with(session, moved, (clinician, score)) {
                    named.push(clinician);
                    let clinician = self.clinician_id(clinician).to_owned();
                    people.push(StandbyPerson { clinician, way: self.told(&way) });
                }
            }
        }
        people
    }
}
