//! Rows → a matching problem: what may be filled, by whom, inside which rates, beside which work.
//!
//! A session's rates are brought within the commissioner's range of its date, or within an approved exception; one
//! that no rate is left for is *closed* and stays out of the problem. Bookings keep their time and place, also those
//! in another bank and those of days beside the span, which matter for rest and weekly hours. Whoever gave a session back or
//! lost it is not proposed for it again. What a round decides is left to it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::fairness::fairness_points;
use super::store::facts::{PracticeRow, SessionRow};
use super::store::people::{BookingRow, PersonFacts};
use crate::eligibility::empty::EmptyReason;
use crate::eligibility::payable::payable;
use crate::eligibility::problem::{Person, clinician, time_taken};
use crate::eligibility::wishes::Wishes;
use crate::ground::id::{ClinicianId, PracticeId, SessionId};
use crate::terms::rate::RateTable;
use crate::terms::rules::{Answers, WorkHours};
use matching_model::policy::Policy;
use matching_model::position::Position;
use matching_model::problem::{Clinician, Pairing, Practice, Problem, Session};

/// Everything a plan is made from, as it was read.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The bank's zone.
    pub zone: Tz,
    /// The weights of the score.
    pub policy: Policy,
    /// How long people have to answer offers, where the bank has decided.
    pub answers: Option<Answers>,
    /// Rest and hours of those whom the bank employs.
    pub bank_hours: WorkHours,
    /// The first and the last local date to be planned.
    pub dates: (NaiveDate, NaiveDate),
    /// Sessions that can still be filled, in order of id.
    pub sessions: Vec<SessionRow>,
    /// The bank's practices.
    pub practices: Vec<PracticeRow>,
    /// The commissioner's ranges.
    pub ranges: RateTable,
    /// The clinicians who may be placed, in order of id.
    pub people: Vec<PersonFacts>,
}

impl Facts {
    /// The live bookings that take their time, by session, each with whose it is.
    fn bookings(&self) -> Vec<(&PersonFacts, &BookingRow)> {
        let mut bookings: Vec<_> = self
            .people
            .iter()
            .flat_map(|person| person.bookings.iter().map(move |booking| (person, booking)))
            .collect();
        bookings.sort_by_key(|(person, booking)| (booking.session_id, person.record.id));
        bookings
    }
}

/// A problem, and what was left out of it.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What the engine plans. Ids are those of the records.
    pub problem: Problem,
    /// Sessions that can't be filled at any rate, with the places left in them.
    pub closed: Vec<Closed>,
    /// Places of the problem that nobody asked to be planned: bookings that only take time.
    pub places_beside: u32,
    /// Booked places of the dates that are not in the problem, since whoever is booked is not in it.
    pub places_taken: u32,
}

/// A session that stays out of the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The session.
    pub session: SessionId,
    /// Places nobody is booked in.
    pub places_left: u32,
    /// Why no rate is left.
    pub reason: EmptyReason,
}

/// Whom a session may be given to, and inside which rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Roles whose range leaves these rates.
    pub roles: Vec<String>,
    /// Pence an hour at least.
    pub rate_min: i64,
    /// Pence an hour at most.
    pub rate_max: i64,
}

/// Brings a session's rates within the ranges in force for its roles. Of several roles, those are kept that share
/// some of the range of the best paid one.
pub fn terms_of(session: &SessionRow, ranges: &RateTable) -> Result<Terms, EmptyReason> {
    let mut by_role: Vec<(i64, i64, &str)> = Vec::new();
    let mut has_range = false;
    for role in &session.roles {
        let Some(range) = ranges.in_force(role, session.band, session.local_date) else { continue };
        has_range = true;
        let asked = (session.rate_min_pence_per_hour, session.rate_max_pence_per_hour);
        let limits = (range.floor_pence_per_hour, range.ceiling_pence_per_hour);
        let (least, most) = payable(asked, limits, session.exception_pence_per_hour);
        let (rate_min, rate_max) = (i64::from(least), i64::from(most));
        if rate_min <= rate_max {
            by_role.push((rate_max, rate_min, role));
        }
    }
    by_role.sort_by(|a, b| b.cmp(a));
    let mut terms: Option<Terms> = None;
    for (rate_max, rate_min, role) in by_role {
        match &mut terms {
            None => terms = Some(Terms { roles: vec![role.to_owned()], rate_min, rate_max }),
            Some(terms) if rate_min.max(terms.rate_min) <= rate_max.min(terms.rate_max) => {
                terms.rate_min = rate_min.max(terms.rate_min);
                terms.rate_max = rate_max.min(terms.rate_max);
                terms.roles.push(role.to_owned());
            }
            Some(_) => {}
        }
    }
    terms.ok_or(if has_range { EmptyReason::OutsideRateRange } else { EmptyReason::NoRateRange })
}

/// Makes the problem.
#[must_use]
pub fn prepare(facts: &Facts) -> Prepared {
    let bookings = facts.bookings();
    let mut booked: BTreeMap<SessionId, u32> = BTreeMap::new();
    for (_, booking) in &bookings {
        *booked.entry(booking.session_id).or_default() += 1;
    }
    let people: BTreeSet<ClinicianId> = facts.people.iter().map(|person| person.record.id).collect();
    let mut sessions = BTreeMap::new();
    let (mut closed, mut places_taken) = (Vec::new(), 0);
    for row in facts.sessions.iter().filter(|row| !row.is_in_round) {
        let (places, all) = (whole(i64::from(row.places) - row.proposed), whole(row.booked));
        let of_others = all.saturating_sub(booked.get(&row.id).copied().unwrap_or(0));
        places_taken += of_others;
        match terms_of(row, &facts.ranges) {
            Ok(terms) if of_others < places => {
                sessions.insert(row.id, session_of(&people, row, terms, places - of_others));
            }
            Ok(_full) => {}
            Err(reason) => {
                closed.push(Closed { session: row.id, places_left: places.saturating_sub(all), reason });
            }
        }
    }
    let planned = facts.sessions.iter().filter(|row| !row.is_in_round);
    let asked: BTreeSet<SessionId> = planned.map(|row| row.id).collect();
    let mut beside: BTreeMap<SessionId, Session> = BTreeMap::new();
    let mut places_beside = 0;
    for (person, booking) in
        bookings.iter().filter(|(_, booking)| !sessions.contains_key(&booking.session_id))
    {
        beside.entry(booking.session_id).and_modify(|session| session.places += 1).or_insert_with(|| {
            let (id, times) = (booking.session_id.to_string(), (booking.starts_at, booking.ends_at));
            time_taken(id, booking.practice_id, Some(&person.record.role), times)
        });
        places_beside += u32::from(!asked.contains(&booking.session_id));
    }
    let problem = Problem {
        timezone: facts.zone,
        policy: facts.policy,
        practices: practices_of(facts),
        clinicians: clinicians_of(facts, &sessions, Wishes::All),
        booked: bookings.iter().map(|(person, row)| pairing(row.session_id, person.record.id)).collect(),
        incumbent: incumbent_of(facts, &sessions),
        sessions: sessions.into_values().chain(beside.into_values()).collect(),
    };
    Prepared { problem, closed, places_beside, places_taken }
}

fn whole(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(0)
}

fn session_of(people: &BTreeSet<ClinicianId>, row: &SessionRow, terms: Terms, places: u32) -> Session {
    Session {
        id: row.id.to_string(),
        practice: row.practice_id.to_string(),
        roles: terms.roles,
        competencies: row.competencies.clone(),
        start: row.starts_at,
        end: row.ends_at,
        band: row.band.code().to_owned(),
        rate_min: terms.rate_min,
        rate_max: terms.rate_max,
        places,
        priority: whole(row.priority.into()),
        open_to: row.open_to.as_ref().map(|ids| {
            let known = ids.iter().filter(|id| people.contains(id));
            known.map(ClinicianId::to_string).collect()
        }),
    }
}

/// The bank's practices, and those of other banks in which somebody is booked.
fn practices_of(facts: &Facts) -> Vec<Practice> {
    let mut practices: BTreeMap<PracticeId, Practice> = BTreeMap::new();
    for row in &facts.practices {
        let position = Position::from_microdegrees(row.latitude_microdegrees, row.longitude_microdegrees);
        let (id, name) = (row.id.to_string(), row.name.clone());
        practices.insert(row.id, Practice { id, name, position, refuses: Vec::new() });
    }
    for row in facts.people.iter().flat_map(|person| &person.bookings) {
        practices.entry(row.practice_id).or_insert_with(|| Practice {
            id: row.practice_id.to_string(),
            name: String::new(),
            position: Position::from_microdegrees(row.latitude_microdegrees, row.longitude_microdegrees),
            refuses: Vec::new(),
        });
    }
    for person in &facts.people {
        for practice in &person.refused_by {
            if let Some(practice) = practices.get_mut(practice) {
                practice.refuses.push(person.record.id.to_string());
            }
        }
    }
    practices.into_values().collect()
}

fn clinicians_of(facts: &Facts, sessions: &BTreeMap<SessionId, Session>, wishes: Wishes) -> Vec<Clinician> {
    let mut not_again: BTreeMap<ClinicianId, Vec<String>> = BTreeMap::new();
    for row in facts.sessions.iter().filter(|row| sessions.contains_key(&row.id)) {
        for id in row.not_again.keys() {
            not_again.entry(*id).or_default().push(row.id.to_string());
        }
    }
    let texts = |practices: &[PracticeId]| practices.iter().map(PracticeId::to_string).collect();
    let placed = |facts_of: &PersonFacts| {
        let mut clinician = Clinician {
            prefers: texts(&facts_of.prefers),
            refuses: texts(&facts_of.refuses),
            recent_practices: facts_of.recent_work.iter().map(|(practice, _)| practice.to_string()).collect(),
            not_again: not_again.get(&facts_of.record.id).cloned().unwrap_or_default(),
            ..clinician(person_of(facts_of, facts.bank_hours), wishes)
        };
        let worked = facts_of.recent_work.iter().map(|(_, minutes)| minutes).sum();
        clinician.fairness_points = fairness_points(&clinician, facts.dates, worked);
        clinician
    };
    facts.people.iter().map(placed).collect()
}

/// What the rules ask of somebody.
fn person_of(facts: &PersonFacts, bank_hours: WorkHours) -> Person<'_> {
    let rates = facts.rates.iter();
    Person {
        record: &facts.record,
        held: &facts.held,
        cleared_until: facts.works_until,
        rates: rates.map(|(band, rate)| (band.code().to_owned(), i64::from(*rate))).collect(),
        available: facts.available.clone(),
        bank_hours,
    }
}

/// The same problem, in which everybody's own wishes bind only as far as `wishes` says.
#[must_use]
pub fn with_wishes(facts: &Facts, prepared: &Prepared, wishes: Wishes) -> Problem {
    let sessions = prepared.problem.sessions.iter();
    let known = sessions.filter_map(|session| Some((session.id.parse().ok()?, session.clone())));
    Problem { clinicians: clinicians_of(facts, &known.collect(), wishes), ..prepared.problem.clone() }
}

/// Offers that are out for sessions of the problem.
fn incumbent_of(facts: &Facts, sessions: &BTreeMap<SessionId, Session>) -> Vec<Pairing> {
    let known: BTreeSet<ClinicianId> = facts.people.iter().map(|person| person.record.id).collect();
    let rows = facts.sessions.iter().filter(|row| sessions.contains_key(&row.id));
    let offered = rows.flat_map(|row| row.offered_to.iter().map(|clinician| (row.id, *clinician)));
    offered.filter(|(_, clinician)| known.contains(clinician)).map(|(id, who)| pairing(id, who)).collect()
}

fn pairing(session: SessionId, clinician: ClinicianId) -> Pairing {
    Pairing { session: session.to_string(), clinician: clinician.to_string() }
}

#[cfg(test)]
mod tests;
