//! What events do to a loaded plan before anything is repaired.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use matching_model::change::{Changes, Event};
use matching_model::problem::{Pairing, Problem, Session, Span};

use super::{Index, LoadedPlan, RepairError};
use crate::index::{ClinicianIx, SessionIx};
use crate::pairs::eligible::eligible_pairs;
use crate::pairs::facts::Facts;
use crate::pairs::refusal;
use crate::pairs::score::any_worth;
use crate::roster::Roster;
use crate::roster::takers::Takers;
use crate::roster::ways::Candidates;

/// What the events touched.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// Sessions that lost somebody or are new: most important first.
    pub(crate) sessions: Vec<SessionIx>,
    /// Clinicians who lost a session and may have time for another.
    pub(crate) clinicians: BTreeSet<ClinicianIx>,
    /// Everybody whose best schedule may be another now.
    pub(crate) concerned: BTreeSet<ClinicianIx>,
}

/// Pairs and ids noted while the problem changes under the facts.
#[derive(Default)]
struct Notes {
    emptied: BTreeSet<String>,
    freed: BTreeSet<String>,
    /// (clinician, session) pairs that are given up.
    given_up: BTreeSet<(String, String)>,
    concerned: BTreeSet<ClinicianIx>,
}

impl Notes {
    /// A clinician gives a session back: booked or not, they are out of it and are not asked again.
    fn give_up(&mut self, session: &str, (place, clinician): (ClinicianIx, &str)) {
        self.concerned.insert(place);
        self.given_up.insert((clinician.to_owned(), session.to_owned()));
        self.emptied.insert(session.to_owned());
        self.freed.insert(clinician.to_owned());
    }
}

impl LoadedPlan {
    /// Changes the problem, the bookings and the roster; nothing is filled yet.
    pub(crate) fn apply(&mut self, changes: &Changes) -> Result<Touched, RepairError> {
        let notes = if changes.events.iter().all(|event| matches!(event, Event::Cancelled { .. })) {
            self.cancel(&changes.events)?
        } else {
            self.change_problem(&changes.events)?
        };
        let mut touched = self.touched(&notes)?;
        self.release_what_no_longer_fits(&mut touched);
        touched.sessions.sort_by_key(|session| (-self.facts.sessions[*session].priority, *session));
        touched.sessions.dedup();
        Ok(touched)
    }

    /// Cancellations alone leave sessions and people as they are: nothing has to be made anew.
    fn cancel(&mut self, events: &[Event]) -> Result<Notes, RepairError> {
        let mut notes = Notes::default();
        for event in events {
            if let Event::Cancelled { session, clinician } = event {
                self.note_cancelled(session, clinician, &mut notes)?;
            }
        }
        forget(&mut self.problem, &notes.given_up);
        self.give_up(&notes);
        Ok(notes)
    }

    /// Tries everything on a copy first, so that a wrong event leaves the plan as it was.
    fn change_problem(&mut self, events: &[Event]) -> Result<Notes, RepairError> {
        let mut problem = self.problem.clone();
        let mut notes = Notes::default();
        for event in events {
            self.note(&mut problem, event, &mut notes)?;
        }
        forget(&mut problem, &notes.given_up);
        problem.validate().map_err(RepairError::Unfit)?;
        let before = std::mem::replace(&mut self.problem, problem);
        self.rebuild(&before, &notes);
        Ok(notes)
    }

    fn note(&self, problem: &mut Problem, event: &Event, notes: &mut Notes) -> Result<(), RepairError> {
        match event {
            Event::Cancelled { session, clinician } => self.note_cancelled(session, clinician, notes)?,
            Event::Withdrawn { session } => {
                session_of(problem, session)?;
                self.note_people_of(session, notes)?;
                problem.sessions.retain(|other| other.id != *session);
                for pairs in [&mut problem.booked, &mut problem.incumbent] {
                    pairs.retain(|pair| pair.session != *session);
                }
                notes.emptied.remove(session);
            }
            Event::Added { session } => {
                if problem.sessions.iter().any(|other| other.id == session.id) {
                    return Err(RepairError::NotNew { session: session.id.clone() });
                }
                problem.sessions.push(session.clone());
                notes.emptied.insert(session.id.clone());
            }
            Event::Moved { session, start, end } => {
                let moved = session_of(problem, session)?;
                (moved.start, moved.end) = (*start, *end);
                self.note_candidates_of(session, notes);
                notes.emptied.insert(session.clone());
            }
            Event::Away { clinician, from, until } => {
                self.note_away(problem, clinician, (*from, *until), notes)?;
            }
            Event::Rate { session, rate_min, rate_max } => {
                let paid = session_of(problem, session)?;
                (paid.rate_min, paid.rate_max) = (*rate_min, *rate_max);
                self.note_candidates_of(session, notes);
                notes.emptied.insert(session.clone());
            }
        }
        Ok(())
    }

    fn note_cancelled(&self, session: &str, clinician: &str, notes: &mut Notes) -> Result<(), RepairError> {
        let (place, who) = (self.index.session(session)?, self.index.clinician(clinician)?);
        if !self.roster.people(place).contains(&who) {
            return Err(RepairError::NotPlaced {
                session: session.to_owned(),
                clinician: clinician.to_owned(),
            });
        }
        notes.give_up(session, (who, clinician));
        Ok(())
    }

    fn note_people_of(&self, session: &str, notes: &mut Notes) -> Result<(), RepairError> {
        self.note_candidates_of(session, notes);
        let place = self.index.session(session)?;
        let people = self.roster.people(place).iter();
        notes.freed.extend(people.map(|clinician| self.clinician_id(*clinician).to_owned()));
        Ok(())
    }

    fn note_candidates_of(&self, session: &str, notes: &mut Notes) {
        if let Ok(place) = self.index.session(session) {
            notes.concerned.extend(self.candidates.may(&self.facts, place).iter().map(|(who, _)| *who));
            notes.concerned.extend(self.roster.people(place));
        }
    }

    /// Takes a time out of what a clinician offers, and gives up everything they have in it.
    fn note_away(
        &self,
        problem: &mut Problem,
        clinician: &str,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        notes: &mut Notes,
    ) -> Result<(), RepairError> {
        let unknown = || RepairError::UnknownClinician { clinician: clinician.to_owned() };
        let person = problem.clinicians.iter_mut().find(|other| other.id == clinician).ok_or_else(unknown)?;
        let before = std::mem::take(&mut person.available);
        person.available = before.iter().flat_map(|span| without(span, from, until)).collect();
        let place = self.index.clinician(clinician)?;
        for session in self.roster.diary(place) {
            let id = self.session_id(*session).to_owned();
            let inside = |work: &Session| work.start < until && from < work.end;
            if problem.sessions.iter().any(|work| work.id == id && inside(work)) {
                notes.give_up(&id, (place, clinician));
            }
        }
        Ok(())
    }

    /// Only who is booked changed: the facts stay, less what was given up.
    fn give_up(&mut self, notes: &Notes) {
        for (clinician, session) in &notes.given_up {
            let places = (self.index.clinician(clinician), self.index.session(session));
            let (Ok(clinician), Ok(session)) = places else { continue };
            let given_up = (clinician, session);
            self.score -= any_worth(&self.facts, given_up).score;
            self.facts.booked.retain(|pair| *pair != given_up);
            self.facts.incumbent.retain(|pair| *pair != given_up);
            self.roster.release(given_up);
            self.candidates.bar(given_up);
            self.renew_takers(clinician);
        }
    }

    /// Sessions or people changed: the facts are made anew, and roster, prices and bars are carried over by id.
    fn rebuild(&mut self, before: &Problem, notes: &Notes) {
        let facts = Facts::of(&self.problem);
        let old = std::mem::take(&mut self.index);
        let new = Index::of(&self.problem, &facts);
        let sessions: BTreeMap<SessionIx, SessionIx> =
            old.sessions.iter().filter_map(|(id, place)| Some((*place, new.session(id).ok()?))).collect();
        // Clinicians are in order of id and none comes or goes, so their numbers stay.
        let kept = self.roster.pairs().filter_map(|(clinician, session)| {
            let id = &self.facts.sessions[session].told(before).id;
            let pair = (self.clinician_id(clinician).to_owned(), id.clone());
            if notes.given_up.contains(&pair) { None } else { Some((clinician, *sessions.get(&session)?)) }
        });
        let roster = Roster::of(&facts, kept.collect::<Vec<_>>().into_iter());
        let mut prices = facts.sessions.map(|_| 0);
        for (from, to) in &sessions {
            prices[*to] = self.prices[*from];
        }
        let pairs = eligible_pairs(&facts);
        let mut candidates = Candidates::of_pairs(&facts, &pairs);
        let carried =
            self.candidates.barred().filter_map(|(who, session)| Some((who, *sessions.get(&session)?)));
        let given_up = notes.given_up.iter().filter_map(|(clinician, session)| {
            Some((new.clinician(clinician).ok()?, new.session(session).ok()?))
        });
        for pair in carried.chain(given_up) {
            candidates.bar(pair);
        }
        self.takers = Takers::of(&facts, &roster, &candidates);
        (self.roster, self.prices, self.candidates) = (roster, prices, candidates);
        (self.facts, self.pairs) = (facts, pairs);
        self.index = new;
        self.score = self.summed_score();
    }

    fn touched(&self, notes: &Notes) -> Result<Touched, RepairError> {
        let index = &self.index;
        let mut touched = Touched { concerned: notes.concerned.clone(), ..Touched::default() };
        for session in &notes.emptied {
            // A session that was emptied and then withdrawn is gone.
            let Ok(session) = index.session(session) else { continue };
            touched.sessions.push(session);
            touched.concerned.extend(self.candidates.may(&self.facts, session).iter().map(|(who, _)| *who));
            touched.concerned.extend(self.roster.people(session));
        }
        for clinician in &notes.freed {
            touched.clinicians.insert(index.clinician(clinician)?);
        }
        touched.concerned.extend(&touched.clinicians);
        Ok(touched)
    }

    /// After an event some places that were only planned may break a rule: they are given up, bookings never.
    fn release_what_no_longer_fits(&mut self, touched: &mut Touched) {
        for &clinician in &touched.concerned {
            for session in self.roster.diary(clinician).to_vec() {
                let (work, person) = (&self.facts.sessions[session], &self.facts.clinicians[clinician]);
                let others: Vec<SessionIx> =
                    self.roster.diary(clinician).iter().copied().filter(|other| *other != session).collect();
                let fits = refusal::of_pair(&self.facts, work, person).is_none()
                    && refusal::of_diary(&self.facts, work, person, &others).is_none();
                if !fits && !self.facts.is_booked(clinician, session) {
                    self.score -= any_worth(&self.facts, (clinician, session)).score;
                    self.roster.release((clinician, session));
                    self.renew_takers(clinician);
                    touched.sessions.push(session);
                    touched.clinicians.insert(clinician);
                }
            }
        }
        for session in &touched.sessions {
            touched.concerned.extend(self.candidates.may(&self.facts, *session).iter().map(|(who, _)| *who));
        }
    }
}

/// Takes what was given up out of the bookings and the offers.
fn forget(problem: &mut Problem, given_up: &BTreeSet<(String, String)>) {
    let kept = |pairs: &mut Vec<Pairing>| {
        pairs.retain(|pair| !given_up.contains(&(pair.clinician.clone(), pair.session.clone())));
    };
    kept(&mut problem.booked);
    kept(&mut problem.incumbent);
}

fn session_of<'p>(problem: &'p mut Problem, id: &str) -> Result<&'p mut Session, RepairError> {
    let unknown = || RepairError::UnknownSession { session: id.to_owned() };
    problem.sessions.iter_mut().find(|session| session.id == id).ok_or_else(unknown)
}

/// What is left of a span without the time between.
fn without(span: &Span, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Span> {
    let parts = [
        Span { start: span.start, end: span.end.min(from) },
        Span { start: span.start.max(until), end: span.end },
    ];
    parts.into_iter().filter(|part| part.start < part.end).collect()
}
