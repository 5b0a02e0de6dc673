//! The one judge: may this clinician be booked in this session at this rate, and what stands in the way where not. The rules
//! are those of matching, asked of the independent checker by name.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::facts::{Neighbour, PairFacts};
use super::not_again::Cause;
use super::obstacle::{Lack, Obstacle};
use super::problem::of_pair;
use super::wishes::Wishes;
use crate::people::credential::{DocumentEnd, Held};
use crate::terms::bank::calendar::working_day;
use crate::terms::rules::WorkHours;
use matching_check::{Fault, first_refusal};
use matching_model::plan::RuleCode;

/// What a person's yes sets aside: their wishes, and the stage that a session is in, which says in which order people are
/// asked and not who may work. The rate is what both sides agree on, and is judged as such.
const WISHES: [RuleCode; 6] = [
    RuleCode::Availability,
    RuleCode::Rate,
    RuleCode::Distance,
    RuleCode::NotAgain,
    RuleCode::Audience,
    RuleCode::DailyHours,
];

/// The rules that are asked where these of a person's wishes bind: every other rule binds always.
#[must_use]
pub fn rules_that_bind(wishes: Wishes) -> Vec<RuleCode> {
    let is_asked = |rule: &RuleCode| wishes == Wishes::All || !WISHES.contains(rule);
    RuleCode::ALL.into_iter().filter(is_asked).collect()
}

/// Says whether the clinician may be booked in the session at this rate, in pence an hour; what stands in the way where
/// not.
///
/// # Errors
/// The facts make no problem that rules can be applied to: a fault of ours, not of whoever asks.
pub fn judge(facts: &PairFacts, wishes: Wishes, rate: i32) -> Result<Result<(), Obstacle>, Fault> {
    // Whoever does not act here any more is asked about no rate.
    if !facts.clinician.is_member {
        return Ok(Err(Obstacle::NoMember));
    }
    let Some(range) = facts.range else { return Ok(Err(Obstacle::NoRateRange)) };
    let (least, most) = range.payable(&facts.session);
    if rate < least || rate > most {
        return Ok(Err(Obstacle::RateOutside(rate, least, most)));
    }
    judge_agreed(facts, wishes)
}

/// The same of a rate that was agreed and is not asked about again.
pub fn judge_agreed(facts: &PairFacts, wishes: Wishes) -> Result<Result<(), Obstacle>, Fault> {
    let PairFacts { session, clinician, .. } = facts;
    if !clinician.is_member {
        return Ok(Err(Obstacle::NoMember));
    }
    if let Some(closed_on) = session.practice_closed_on.filter(|closed_on| *closed_on < session.local_date) {
        return Ok(Err(Obstacle::PracticeClosed(closed_on)));
    }
    if let Some(opened_on) = session.practice_opened_on.filter(|opened_on| session.local_date < *opened_on) {
        return Ok(Err(Obstacle::PracticeOpens(opened_on)));
    }
    if clinician.clearance.is_some() && !clinician.is_decided_on_number {
        return Ok(Err(Obstacle::NumberChanged));
    }
    if let Some((outcome, on)) = clinician.off_register {
        return Ok(Err(Obstacle::OffRegister(outcome, on)));
    }
    let pays = (session.rate_min_pence_per_hour, session.rate_max_pence_per_hour);
    let (problem, pair) = of_pair(facts, wishes, pays);
    let refusal = first_refusal(&problem, &pair, &rules_that_bind(wishes))?;
    Ok(refusal.map_or(Ok(()), |rule| Err(obstacle_of(rule, &Case::of(facts)))))
}

/// What is known of a pair that a rule keeps apart.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// What the session needs: codes with their names.
    pub needs: Vec<(&'a str, &'a str)>,
    /// When it is.
    pub times: (DateTime<Utc>, DateTime<Utc>),
    /// The local date of its last minute.
    pub last_date: NaiveDate,
    /// The zone of its dates.
    pub zone: Tz,
    /// The name of the clinician's role.
    pub role_name: &'a str,
    /// What they can show.
    pub held: &'a [Held],
    /// The last date on which they may work; none where they were never cleared.
    pub works_until: Option<NaiveDate>,
    /// The document by which that is earlier than it was decided.
    pub document: Option<&'a DocumentEnd>,
    /// The least they work for in the session's band, in pence an hour.
    pub own_rate: Option<i32>,
    /// Whether the practice refuses them.
    pub is_refused_by_practice: bool,
    /// What made it so that they are not proposed again.
    pub not_again: Option<Cause>,
    /// What else they are booked for, where that is known.
    pub neighbours: &'a [Neighbour],
    /// Rest and hours of those whom the bank employs.
    pub bank_hours: WorkHours,
}

impl<'a> Case<'a> {
    fn of(facts: &'a PairFacts) -> Self {
        let PairFacts { session, clinician, neighbours, .. } = facts;
        Self {
            needs: session.competencies.iter().map(|(code, name)| (code.as_str(), name.as_str())).collect(),
            times: (session.starts_at, session.ends_at),
            last_date: session.last_date,
            zone: session.zone,
            role_name: &clinician.role_name,
            held: &clinician.held,
            works_until: clinician.works_until,
            document: clinician.document.as_ref(),
            own_rate: clinician.own_rate_pence_per_hour,
            is_refused_by_practice: clinician.is_refused_by_practice,
            not_again: None,
            neighbours,
            bank_hours: session.bank_hours,
        }
    }

    /// The booking that is nearest in time.
    fn nearest(&self) -> Option<&Neighbour> {
        let (starts_at, ends_at) = self.times;
        self.neighbours.iter().min_by_key(|other| (starts_at - other.ends_at).max(other.starts_at - ends_at))
    }
}

/// What a rule that refused found in the way.
#[must_use]
pub fn obstacle_of(rule: RuleCode, case: &Case<'_>) -> Obstacle {
    match rule {
        RuleCode::Role => Obstacle::WrongRole(case.role_name.to_owned()),
        RuleCode::Competency => Obstacle::Lacks(lacks(&case.needs, case.last_date, case.held)),
        RuleCode::Clearance => match (case.works_until, case.document) {
            (None, _) => Obstacle::NotCleared,
            (Some(_), Some(document)) => Obstacle::DocumentEnds(document.clone()),
            (Some(until), None) => Obstacle::ClearanceEnds(until),
        },
        RuleCode::Rate => Obstacle::Asks(case.own_rate),
        RuleCode::Refused if case.is_refused_by_practice => Obstacle::RefusedByPractice,
        RuleCode::Refused => Obstacle::RefusesPractice,
        RuleCode::NotAgain => Obstacle::NotAgain(case.not_again),
        RuleCode::Overlap => {
            let other = case.nearest();
            Obstacle::DoubleBooked(
                other.map(|other| (other.practice_name.clone(), other.starts_at, other.ends_at)),
            )
        }
        RuleCode::Travel => Obstacle::TooFarBetween(case.nearest().map(|other| other.practice_name.clone())),
        RuleCode::Rest => too_little_rest(case),
        RuleCode::WeeklyHours => Obstacle::TooManyHours(case.bank_hours.most_hours_per_week),
        other => Obstacle::Rule(other),
    }
}

/// Which rest is not kept: that of the session's own working day, by itself or with another booking, or that between it
/// and another working day.
fn too_little_rest(case: &Case<'_>) -> Obstacle {
    // A bank gives more rest between working days, and not within one.
    let longest_day = TimeDelta::hours(24) - TimeDelta::hours(WorkHours::LAW.least_rest_hours.into());
    let (starts_at, ends_at) = case.times;
    let day = |starts_at| working_day(case.zone, starts_at);
    let makes_it_long = |other: &Neighbour| {
        let (from, until) = (starts_at.min(other.starts_at), ends_at.max(other.ends_at));
        day(other.starts_at) == day(starts_at) && until - from > longest_day
    };
    if ends_at - starts_at > longest_day {
        Obstacle::SessionTooLong
    } else if case.neighbours.iter().any(makes_it_long) {
        Obstacle::DayTooLong
    } else {
        Obstacle::TooLittleRest(case.bank_hours.least_rest_hours)
    }
}

/// What of these needs, each a code with its name, is not held, or ends before `last_date`.
fn lacks(needs: &[(&str, &str)], last_date: NaiveDate, held: &[Held]) -> Vec<Lack> {
    let lack = |(code, name): &(&str, &str)| match held.iter().find(|held| held.competency == *code) {
        None => Some(Lack::Missing((*name).to_owned())),
        Some(held) => {
            let until = held.valid_through.filter(|until| *until < last_date)?;
            Some(Lack::Ends((*name).to_owned(), until))
        }
    };
    needs.iter().filter_map(lack).collect()
}

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod tests;
