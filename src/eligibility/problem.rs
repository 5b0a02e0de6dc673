//! Facts → a problem of matching: the one place where people and their bookings are put into its words, for a booking as for
//! a plan.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::facts::{Neighbour, PairFacts, Place};
use super::wishes::Wishes;
use crate::ground::id::PracticeId;
use crate::people::clinician::Clinician;
use crate::people::credential::Held;
use crate::terms::rules::WorkHours;
use matching_model::policy::Policy;
use matching_model::position::Position;
use matching_model::problem::{self, Pairing, Practice, Problem, Session, Span};

/// A clinician with what the rules ask of them. What no rule that is asked looks at may be empty.
#[derive(Debug, Clone)]
pub struct Person<'a> {
    /// Who they are.
    pub record: &'a Clinician,
    /// What they can show.
    pub held: &'a [Held],
    /// The last date on which they may work.
    pub cleared_until: Option<NaiveDate>,
    /// What they ask at least, in pence an hour, by the code of the band.
    pub rates: BTreeMap<String, i64>,
    /// When they can work.
    pub available: Vec<Span>,
    /// The hours of those whom the bank employs.
    pub bank_hours: WorkHours,
}

/// The person in the rules' words, with those of their wishes that bind; without what they think of practices, and whom
/// they are done with.
#[must_use]
pub fn clinician(person: Person<'_>, wishes: Wishes) -> problem::Clinician {
    let record = person.record;
    let hours = wishes.hours_of(record, person.bank_hours);
    problem::Clinician {
        id: record.id.to_string(),
        role: record.role.clone(),
        competencies: person.held.iter().map(|held| (held.competency.clone(), held.valid_through)).collect(),
        cleared_until: person.cleared_until,
        home: Position::from_microdegrees(record.latitude_microdegrees, record.longitude_microdegrees),
        max_travel_metres: i64::from(record.max_travel_metres),
        rates: person.rates,
        available: person.available,
        max_minutes_per_week: hours.most_per_week,
        max_minutes_per_day: hours.most_per_day,
        rest_minutes: hours.least_rest,
        prefers: Vec::new(),
        recent_practices: Vec::new(),
        refuses: Vec::new(),
        not_again: Vec::new(),
        fairness_points: 0,
    }
}

/// Work that only takes time: somebody of `role` is booked in it, and nobody else can be.
#[must_use]
pub fn time_taken(
    id: String,
    practice: PracticeId,
    role: Option<&str>,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
) -> Session {
    Session {
        id,
        practice: practice.to_string(),
        roles: role.map(str::to_owned).into_iter().collect(),
        competencies: Vec::new(),
        start,
        end,
        band: String::from("core"),
        rate_min: 0,
        rate_max: 0,
        places: 1,
        priority: 1,
        open_to: None,
    }
}

/// The problem of one clinician and one session, which pays from `payable.0` to `payable.1`, with what the person is booked
/// for around it; and the pair that is asked about.
#[must_use]
pub fn of_pair(facts: &PairFacts, wishes: Wishes, payable: (i32, i32)) -> (Problem, Pairing) {
    let PairFacts { session, clinician: who, neighbours, .. } = facts;
    let pair = Pairing { session: session.id.to_string(), clinician: who.person.id.to_string() };
    let wanted = Session {
        id: pair.session.clone(),
        practice: session.practice.to_string(),
        roles: session.roles.clone(),
        competencies: session.competencies.iter().map(|(code, _)| code.clone()).collect(),
        start: session.starts_at,
        end: session.ends_at,
        band: session.band.code().to_owned(),
        rate_min: i64::from(payable.0),
        rate_max: i64::from(payable.1),
        places: 1,
        priority: 1,
        // Whether it is open to somebody yet is asked when they ask or are asked, and not of who has agreed.
        open_to: None,
    };
    let role = who.person.role.as_str();
    let around = neighbours.iter().map(|other| {
        let times = (other.starts_at, other.ends_at);
        time_taken(other.booking.to_string(), other.practice, Some(role), times)
    });
    let sessions: Vec<Session> = std::iter::once(wanted).chain(around).collect();
    let booked = sessions.iter().skip(1);
    let booked = booked.map(|other| Pairing { session: other.id.clone(), ..pair.clone() });
    let own_rate = who.own_rate_pence_per_hour.map(|rate| (session.band.code().to_owned(), i64::from(rate)));
    let person = Person {
        record: &who.person,
        held: &who.held,
        cleared_until: who.works_until,
        rates: own_rate.into_iter().collect(),
        available: Vec::new(),
        bank_hours: session.bank_hours,
    };
    let mut person = clinician(person, wishes);
    if who.refuses_practice && wishes.bind_refusals() {
        person.refuses.push(session.practice.to_string());
    }
    let problem = Problem {
        timezone: session.zone,
        policy: Policy::default(),
        practices: practices_of(facts),
        clinicians: vec![person],
        booked: booked.collect(),
        sessions,
        incumbent: Vec::new(),
    };
    (problem, pair)
}

fn practices_of(facts: &PairFacts) -> Vec<Practice> {
    let PairFacts { session, clinician, neighbours, .. } = facts;
    let place_of = |other: &Neighbour| (other.practice, other.place);
    let mut places: BTreeMap<PracticeId, Place> = neighbours.iter().map(place_of).collect();
    places.insert(session.practice, session.place);
    let is_refused = |id: PracticeId| clinician.is_refused_by_practice && id == session.practice;
    let practice = |(id, place): (PracticeId, Place)| Practice {
        id: id.to_string(),
        name: String::new(),
        position: Position::from_microdegrees(place.latitude_microdegrees, place.longitude_microdegrees),
        refuses: is_refused(id).then(|| clinician.person.id.to_string()).into_iter().collect(),
    };
    places.into_iter().map(practice).collect()
}
