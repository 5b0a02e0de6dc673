//! Who is where in a finished plan, from both sides.

pub(crate) mod takers;
pub(crate) mod ways;

use std::collections::BTreeMap;

use matching_model::plan::Plan;
use matching_model::problem::Problem;

use crate::index::{ClinicianIx, IndexVec, SessionIx};
use crate::pairs::facts::{Facts, Placed};

/// Where the sessions and the clinicians of a problem stand in its facts, by their ids.
#[derive(Debug)]
pub(crate) struct Index<'p> {
    /// Each session's number.
    pub(crate) sessions: BTreeMap<&'p str, SessionIx>,
    /// Each clinician's number.
    pub(crate) clinicians: BTreeMap<&'p str, ClinicianIx>,
}

impl<'p> Index<'p> {
    /// The index of a problem and its facts.
    pub(crate) fn of(problem: &'p Problem, facts: &Facts) -> Self {
        let sessions = facts.sessions.numbered();
        let clinicians = facts.clinicians.numbered();
        Self {
            sessions: sessions.map(|(number, work)| (work.told(problem).id.as_str(), number)).collect(),
            clinicians: clinicians
                .map(|(number, person)| (person.told(problem).id.as_str(), number))
                .collect(),
        }
    }

    /// The pairs of a legal plan of the problem.
    pub(crate) fn placed(&self, plan: &Plan) -> impl Iterator<Item = Placed> {
        plan.assignments.iter().map(|assignment| {
            (self.clinicians[assignment.clinician.as_str()], self.sessions[assignment.session.as_str()])
        })
    }
}

/// Every placed pair, by clinician and by session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Roster {
    /// For each clinician their sessions, in order of start.
    diaries: IndexVec<ClinicianIx, Vec<SessionIx>>,
    /// For each session its people.
    people: IndexVec<SessionIx, Vec<ClinicianIx>>,
}

impl Roster {
    /// The roster of these pairs, bookings among them.
    pub(crate) fn of(facts: &Facts, placed: impl Iterator<Item = Placed>) -> Self {
        let mut roster = Self {
            diaries: facts.clinicians.map(|_| Vec::new()),
            people: facts.sessions.map(|_| Vec::new()),
        };
        for pair in placed {
            roster.place(pair);
        }
        roster
    }

    /// A clinician's sessions, in order of start.
    pub(crate) fn diary(&self, clinician: ClinicianIx) -> &[SessionIx] {
        &self.diaries[clinician]
    }

    /// The people of a session.
    pub(crate) fn people(&self, session: SessionIx) -> &[ClinicianIx] {
        &self.people[session]
    }

    /// Places of a session that nobody takes.
    pub(crate) fn places_left(&self, facts: &Facts, session: SessionIx) -> u32 {
        let taken = u32::try_from(self.people(session).len()).unwrap_or(u32::MAX);
        facts.sessions[session].places.saturating_sub(taken)
    }

    /// Puts a clinician in a session; a second time changes nothing.
    pub(crate) fn place(&mut self, (clinician, session): Placed) {
        if self.people(session).contains(&clinician) {
            return;
        }
        self.people[session].push(clinician);
        // Sessions are numbered in order of start.
        let diary = &mut self.diaries[clinician];
        let at = diary.partition_point(|other| *other < session);
        diary.insert(at, session);
    }

    /// Takes a clinician out of a session.
    pub(crate) fn release(&mut self, (clinician, session): Placed) {
        self.people[session].retain(|other| *other != clinician);
        self.diaries[clinician].retain(|other| *other != session);
    }

    /// Every pair, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = Placed> + '_ {
        self.diaries
            .numbered()
            .flat_map(|(clinician, diary)| diary.iter().map(move |session| (clinician, *session)))
    }
}
