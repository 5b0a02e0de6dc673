//! Who is where in a finished plan, from both sides.

pub(crate) mod takers;
pub(crate) mod ways;

use std::collections::BTreeMap;

use matching_model::plan::Plan;
use matching_model::problem::Problem;

use crate::pairs::facts::Facts;

/// Where the sessions and the clinicians of a problem stand in its facts, by their ids.
#[derive(Debug)]
pub(crate) struct Index<'p> {
    /// Each session's number.
    pub(crate) sessions: BTreeMap<&'p str, u32>,
    /// Each clinician's number.
    pub(crate) clinicians: BTreeMap<&'p str, u32>,
}

impl<'p> Index<'p> {
    /// The index of a problem and its facts.
    pub(crate) fn of(problem: &'p Problem, facts: &Facts) -> Self {
        let session =
            |(place, source): (u32, usize)| Some((problem.sessions.get(source)?.id.as_str(), place));
        let clinician =
            |(place, source): (u32, usize)| Some((problem.clinicians.get(source)?.id.as_str(), place));
        Self {
            sessions: (0..).zip(facts.sessions.iter().map(|it| it.source)).filter_map(session).collect(),
            clinicians: (0..)
                .zip(facts.clinicians.iter().map(|it| it.source))
                .filter_map(clinician)
                .collect(),
        }
    }

    /// The pairs of a legal plan as (clinician, session).
    pub(crate) fn placed(&self, plan: &Plan) -> impl Iterator<Item = (u32, u32)> {
        plan.assignments.iter().filter_map(|assignment| {
            let clinician = self.clinicians.get(assignment.clinician.as_str())?;
            Some((*clinician, *self.sessions.get(assignment.session.as_str())?))
        })
    }
}

/// Every placed pair, by clinician and by session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Roster {
    /// For each clinician their sessions, in order of start.
    diaries: Vec<Vec<u32>>,
    /// For each session its people.
    people: Vec<Vec<u32>>,
}

impl Roster {
    /// The roster of these (clinician, session) pairs, bookings among them.
    pub(crate) fn of(facts: &Facts, placed: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut roster = Self {
            diaries: vec![Vec::new(); facts.clinicians.len()],
            people: vec![Vec::new(); facts.sessions.len()],
        };
        for (clinician, session) in placed {
            roster.place(clinician, session);
        }
        roster
    }

    /// A clinician's sessions, in order of start.
    pub(crate) fn diary(&self, clinician: u32) -> &[u32] {
        self.diaries.get(clinician as usize).map_or(&[], Vec::as_slice)
    }

    /// The people of a session.
    pub(crate) fn people(&self, session: u32) -> &[u32] {
        self.people.get(session as usize).map_or(&[], Vec::as_slice)
    }

    /// Places of a session that nobody takes.
    pub(crate) fn places_left(&self, facts: &Facts, session: u32) -> u32 {
        let places = facts.sessions.get(session as usize).map_or(0, |facts| facts.places);
        places.saturating_sub(u32::try_from(self.people(session).len()).unwrap_or(u32::MAX))
    }

    /// Puts a clinician in a session; a second time changes nothing.
    pub(crate) fn place(&mut self, clinician: u32, session: u32) {
        if self.people(session).contains(&clinician) {
            return;
        }
        if let Some(people) = self.people.get_mut(session as usize) {
            people.push(clinician);
        }
        if let Some(diary) = self.diaries.get_mut(clinician as usize) {
            // Sessions are numbered in order of start.
            let at = diary.partition_point(|other| *other < session);
            diary.insert(at, session);
        }
    }

    /// Takes a clinician out of a session.
    pub(crate) fn release(&mut self, clinician: u32, session: u32) {
        if let Some(people) = self.people.get_mut(session as usize) {
            people.retain(|other| *other != clinician);
        }
        if let Some(diary) = self.diaries.get_mut(clinician as usize) {
            diary.retain(|other| *other != session);
        }
    }

    /// Every pair as (clinician, session), in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..)
            .zip(&self.diaries)
            .flat_map(|(clinician, diary)| diary.iter().map(move |session| (clinician, *session)))
    }
}
