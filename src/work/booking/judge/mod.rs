//! May this booking be made? The rules are those of matching; here only the facts are put into its words.
//!
//! What protects patients and what is the law binds whoever asks: role, competencies, clearance, the rate, one
//! place at a time with the drive between, rest and weekly hours of the bank's own workers, and the practice's
//! refusal. The clinician's own wishes (availability, distance, their own limits) do not stop a clinician who says
//! yes.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::London;

use super::WayIn;
use super::facts::{BookingFacts, ClinicianFacts, Neighbour, Place, RangeFacts, SessionFacts};
use super::refusal::Refusal;
use crate::people::clinician::{EMPLOYED_MINUTES_PER_WEEK, Engagement, LEAST_REST_MINUTES};
use crate::terms::bank::calendar::working_day;
use matching_check::{Fault, first_refusal};
use matching_model::plan::RuleCode;
use matching_model::policy::Policy;
use matching_model::position::Position;
use matching_model::problem::{Clinician, Pairing, Practice, Problem, Session, Span};

/// Why the facts could not be judged: a fault of ours, not of whoever asks.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The facts make no problem the rules can be applied to.
    #[error("judging a booking: {0}")]
    Unusable(#[source] Fault),
    /// A rule refused that was not asked.
    #[error("judging a booking: the rule {0:?} refused, which does not bind here")]
    Unexpected(RuleCode),
}

/// What may be paid for a session: the least and the most. Upside down where the session's own span and the
/// commissioner's range have nothing in common.
#[must_use]
pub fn payable(session: &SessionFacts, range: &RangeFacts) -> (i32, i32) {
    let allowed = range
        .exception
        .map_or(range.ceiling_pence_per_hour, |(_, most)| most.max(range.ceiling_pence_per_hour));
    (
        session.rate_min_pence_per_hour.max(range.floor_pence_per_hour),
        session.rate_max_pence_per_hour.min(allowed),
    )
}

/// Why nobody can be booked into the session any more.
#[must_use]
pub fn closed(session: &SessionFacts, now: DateTime<Utc>) -> Option<Refusal> {
    if session.is_withdrawn {
        Some(Refusal::SessionWithdrawn)
    } else {
        (session.starts_at <= now).then_some(Refusal::SessionStarted)
    }
}

/// Says whether the clinician may be booked into the session at this rate; the refusal that stands in the way where
/// not.
pub fn judge(
    facts: &BookingFacts,
    way_in: WayIn,
    rate_pence_per_hour: i32,
    now: DateTime<Utc>,
) -> Result<Result<(), Refusal>, JudgeError> {
    let BookingFacts { session, clinician, range, neighbours } = facts;
    if let Some(refusal) = closed(session, now) {
        return Ok(Err(refusal));
    }
    let Some(range) = range else { return Ok(Err(Refusal::NoRateRange)) };
    let (least, most) = payable(session, range);
    if rate_pence_per_hour < least || rate_pence_per_hour > most {
        return Ok(Err(Refusal::RateOutside(rate_pence_per_hour, least, most)));
    }
    let problem = problem_of(facts, way_in, (rate_pence_per_hour, least, most));
    let pair = Pairing { session: session.id.to_string(), clinician: clinician.id.to_string() };
    match first_refusal(&problem, &pair).map_err(JudgeError::Unusable)? {
        None => Ok(Ok(())),
        Some(rule) => refusal_of(rule, session, clinician, neighbours, way_in).map(Err),
    }
}

/// The problem of one clinician and one session, with what the person is booked for around it.
fn problem_of(facts: &BookingFacts, way_in: WayIn, (rate, least, most): (i32, i32, i32)) -> Problem {
    let BookingFacts { session, clinician, neighbours, .. } = facts;
    let mut practices = BTreeMap::from([(session.practice, session.place)]);
    practices.extend(neighbours.iter().map(|other| (other.practice, other.place)));
    let practices = practices.into_iter().map(|(id, place)| Practice {
        id: id.to_string(),
        name: String::new(),
        position: position(place),
        refuses: Vec::new(),
    });
    let mut practices: Vec<Practice> = practices.collect();
    if clinician.is_refused_by_practice {
        let own = practices.iter_mut().filter(|practice| practice.id == session.practice.to_string());
        own.for_each(|practice| practice.refuses.push(clinician.id.to_string()));
    }
    let wanted = Session {
        id: session.id.to_string(),
        practice: session.practice.to_string(),
        roles: session.roles.clone(),
        competencies: session.competencies.iter().map(|(code, _)| code.clone()).collect(),
        start: session.starts_at,
        end: session.ends_at,
        band: session.band.code().to_owned(),
        rate_min: i64::from(least),
        rate_max: i64::from(most),
        places: 1,
        priority: 1,
    };
    let around = neighbours.iter().zip(1..).map(|(other, number)| booked_session(other, number, clinician));
    let sessions: Vec<Session> = std::iter::once(wanted).chain(around).collect();
    let booked = sessions
        .iter()
        .skip(1)
        .map(|other| Pairing { session: other.id.clone(), clinician: clinician.id.to_string() });
    Problem {
        timezone: London,
        policy: Policy::default(),
        practices,
        clinicians: vec![willing(clinician, session, way_in, i64::from(rate))],
        booked: booked.collect(),
        sessions,
        incumbent: Vec::new(),
    }
}

/// The clinician, with those of their own wishes left out that do not bind.
fn willing(clinician: &ClinicianFacts, session: &SessionFacts, way_in: WayIn, rate: i64) -> Clinician {
    let is_employed = clinician.engagement == Engagement::Employed;
    let refuses = clinician.refuses_practice && !way_in.is_the_clinicians_own();
    Clinician {
        id: clinician.id.to_string(),
        role: clinician.role.clone(),
        competencies: clinician.competencies.iter().cloned().collect(),
        cleared_until: clinician.clearance.map(|(_, until)| until),
        home: position(session.place),
        max_travel_metres: 0,
        rates: BTreeMap::from([(session.band.code().to_owned(), rate)]),
        available: vec![Span { start: session.starts_at, end: session.ends_at }],
        max_minutes_per_week: is_employed.then_some(EMPLOYED_MINUTES_PER_WEEK),
        max_minutes_per_day: None,
        rest_minutes: if is_employed { i64::from(LEAST_REST_MINUTES) } else { 0 },
        prefers: Vec::new(),
        recent_practices: Vec::new(),
        refuses: if refuses { vec![session.practice.to_string()] } else { Vec::new() },
        fairness_points: 0,
    }
}

fn booked_session(neighbour: &Neighbour, number: u32, clinician: &ClinicianFacts) -> Session {
    Session {
        id: format!("booked {number}"),
        practice: neighbour.practice.to_string(),
        roles: vec![clinician.role.clone()],
        competencies: Vec::new(),
        start: neighbour.starts_at,
        end: neighbour.ends_at,
        band: String::new(),
        rate_min: 0,
        rate_max: 0,
        places: 1,
        priority: 1,
    }
}

fn position(place: Place) -> Position {
    Position::from_microdegrees(place.latitude_microdegrees, place.longitude_microdegrees)
}

/// The desk's words for a rule that refused.
fn refusal_of(
    rule: RuleCode,
    session: &SessionFacts,
    clinician: &ClinicianFacts,
    neighbours: &[Neighbour],
    way_in: WayIn,
) -> Result<Refusal, JudgeError> {
    let nearest = || {
        neighbours.iter().min_by_key(|other| {
            let before = session.starts_at - other.ends_at;
            let after = other.starts_at - session.ends_at;
            before.max(after)
        })
    };
    Ok(match rule {
        RuleCode::Role => Refusal::WrongRole(clinician.role_name.clone()),
        RuleCode::Competency => lacking(session, clinician).ok_or(JudgeError::Unexpected(rule))?,
        RuleCode::Clearance => {
            clinician.clearance.map_or(Refusal::NotCleared, |(_, until)| Refusal::ClearanceEnds(until))
        }
        RuleCode::Refused if clinician.is_refused_by_practice => Refusal::RefusedByPractice,
        RuleCode::Refused if !way_in.is_the_clinicians_own() => Refusal::RefusesPractice,
        RuleCode::Overlap => {
            let other = nearest().ok_or(JudgeError::Unexpected(rule))?;
            Refusal::DoubleBooked(Some((other.practice_name.clone(), other.starts_at, other.ends_at)))
        }
        RuleCode::Travel => {
            let other = nearest().ok_or(JudgeError::Unexpected(rule))?;
            Refusal::TooFarBetween(other.practice_name.clone())
        }
        RuleCode::Rest => too_little_rest(session, neighbours),
        RuleCode::WeeklyHours => Refusal::TooManyHours,
        RuleCode::Refused
        | RuleCode::Rate
        | RuleCode::Availability
        | RuleCode::Distance
        | RuleCode::DailyHours => return Err(JudgeError::Unexpected(rule)),
    })
}

/// Which rest is not kept: that of the session's own working day, by itself or with another booking, or that between it
/// and another working day.
fn too_little_rest(session: &SessionFacts, neighbours: &[Neighbour]) -> Refusal {
    let longest_day = TimeDelta::hours(24) - TimeDelta::minutes(i64::from(LEAST_REST_MINUTES));
    let day = |starts_at| working_day(London, starts_at);
    let makes_it_long = |other: &Neighbour| {
        let (from, until) = (session.starts_at.min(other.starts_at), session.ends_at.max(other.ends_at));
        day(other.starts_at) == day(session.starts_at) && until - from > longest_day
    };
    if session.ends_at - session.starts_at > longest_day {
        Refusal::SessionTooLong
    } else if neighbours.iter().any(makes_it_long) {
        Refusal::DayTooLong
    } else {
        Refusal::TooLittleRest
    }
}

/// The first competency the session needs and the clinician lacks, or that ends too soon.
fn lacking(session: &SessionFacts, clinician: &ClinicianFacts) -> Option<Refusal> {
    session.competencies.iter().find_map(|(code, name)| {
        let held = clinician.competencies.iter().find(|(own, _)| own == code);
        match held {
            None => Some(Refusal::CompetencyMissing(name.clone())),
            Some((_, Some(until))) if *until < session.last_date => {
                Some(Refusal::CompetencyEnds(name.clone(), *until))
            }
            Some(_) => None,
        }
    })
}

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod tests;
