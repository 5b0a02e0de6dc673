//! The rules of one clinician and one session, restated for checking, and what the pair is worth.

use super::facts::{Facts, Points};
use super::reach::Reach;
use matching_model::plan::RuleCode;
use matching_model::policy::Policy;

/// A rule that keeps a clinician from a session, by its published code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// Their role is not among the session's.
    Role,
    /// A needed competency is missing or has run out by the session's last day.
    Competency,
    /// They are not cleared to work on the session's last day.
    Clearance,
    /// No available span contains the whole session.
    Availability,
    /// They have no rate for the band, or it is above the session's range.
    Rate,
    /// The practice is further than they travel.
    Distance,
    /// One side refuses the other.
    Refused,
    /// They are not to be proposed for it again.
    NotAgain,
    /// It is open to others first.
    Audience,
    /// It is longer than a day of work may be with their rest.
    Rest,
}

impl Refusal {
    /// Every rule of pairs, in the published order.
    const ALL: [Self; 10] = [
        Self::Role,
        Self::Competency,
        Self::Clearance,
        Self::Availability,
        Self::Rate,
        Self::Distance,
        Self::Refused,
        Self::NotAgain,
        Self::Audience,
        Self::Rest,
    ];

    /// The rule's code in the plan file.
    pub const fn rule(self) -> RuleCode {
        match self {
            Refusal::Role => RuleCode::Role,
            Refusal::Competency => RuleCode::Competency,
            Refusal::Clearance => RuleCode::Clearance,
            Refusal::Availability => RuleCode::Availability,
            Refusal::Rate => RuleCode::Rate,
            Refusal::Distance => RuleCode::Distance,
            Refusal::Refused => RuleCode::Refused,
            Refusal::NotAgain => RuleCode::NotAgain,
            Refusal::Audience => RuleCode::Audience,
            Refusal::Rest => RuleCode::Rest,
        }
    }

    /// The code the published rules give it.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::Role => "role",
            Refusal::Competency => "competency",
            Refusal::Clearance => "clearance",
            Refusal::Availability => "availability",
            Refusal::Rate => "rate",
            Refusal::Distance => "distance",
            Refusal::Refused => "refused",
            Refusal::NotAgain => "not_again",
            Refusal::Audience => "audience",
            Refusal::Rest => "rest",
        }
    }
}

/// What a pair agrees on and is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// The agreed rate in pence an hour.
    pub rate_pence_per_hour: i64,
    /// The pay for the whole session in pence, rounded half up.
    pub pay_pence: i64,
    /// Road metres from home to practice.
    pub road_metres: i64,
    /// The score of the pair.
    pub score: Points,
}

impl Facts<'_> {
    /// Every rule that keeps this clinician from this session, in the published order, each worked out when it is
    /// asked for.
    pub fn refusals(&self, session: usize, clinician: usize) -> impl Iterator<Item = Refusal> + '_ {
        Refusal::ALL.into_iter().filter(move |refusal| !self.allows(*refusal, session, clinician))
    }

    fn allows(&self, rule: Refusal, session: usize, clinician: usize) -> bool {
        let facts = &self.sessions[session];
        match rule {
            Refusal::Role => self.has_role(session, clinician),
            Refusal::Competency => self.is_competent(session, clinician),
            Refusal::Clearance => self.is_cleared(session, clinician),
            Refusal::Availability => self.is_available(facts, clinician),
            Refusal::Rate => {
                let asked = self.asked_rate(session, clinician);
                asked.is_some_and(|asked| asked.max(facts.told.rate_min) <= facts.told.rate_max)
            }
            Refusal::Distance => {
                let metres = self.road_metres(clinician, facts.practice);
                metres <= self.clinicians[clinician].told.max_travel_metres
            }
            Refusal::Refused => !self.is_refused(session, clinician),
            Refusal::NotAgain => !self.clinicians[clinician].told.not_again.contains(&facts.told.id),
            Refusal::Audience => {
                let own = &self.clinicians[clinician].told.id;
                facts.told.open_to.as_ref().is_none_or(|people| people.contains(own))
            }
            Refusal::Rest => facts.minutes() <= self.longest_day(clinician),
        }
    }

    /// Rate, pay, distance and score of a pair. A booked clinician may have no rate for the band: then the
    /// session's least rate is what they were booked at.
    pub fn worth(&self, session: usize, clinician: usize) -> Worth {
        let facts = &self.sessions[session];
        let told = facts.told;
        let rate_pence_per_hour = self.asked_rate(session, clinician).unwrap_or(0).max(told.rate_min);
        let pay = (Points::from(rate_pence_per_hour) * Points::from(facts.minutes()) + 30).div_euclid(60);
        let road_metres = self.road_metres(clinician, facts.practice);
        let Policy {
            fill_points,
            pay_points_per_pound,
            travel_points_per_km,
            preferred_practice_points,
            continuity_points,
            incumbent_points,
        } = self.problem.policy;
        let mut score = Points::from(fill_points) * Points::from(told.priority);
        score -= (pay * Points::from(pay_points_per_pound)).div_euclid(100);
        score -= (Points::from(road_metres) * Points::from(travel_points_per_km)).div_euclid(1000);
        score += Points::from(self.clinicians[clinician].told.fairness_points);
        for (earned, points) in [
            (self.is_preferred(session, clinician), preferred_practice_points),
            (self.is_recent(session, clinician), continuity_points),
            (self.is_incumbent(session, clinician), incumbent_points),
        ] {
            score += if earned { Points::from(points) } else { 0 };
        }
        Worth { rate_pence_per_hour, pay_pence: i64::try_from(pay).unwrap_or(i64::MAX), road_metres, score }
    }

    /// The sessions a clinician may do by the rules of pairs, in the problem's order. Only the practices
    /// within reach are looked at, so that a nation's problem stays checkable.
    pub fn eligible_sessions(&self, clinician: usize, reach: &Reach) -> Vec<usize> {
        let mut sessions: Vec<usize> = reach
            .practices_near(self, clinician)
            .flat_map(|practice| reach.sessions_at(practice).iter().copied())
            .filter(|session| self.has_role(*session, clinician))
            .filter(|session| self.is_available(&self.sessions[*session], clinician))
            .filter(|session| self.refusals(*session, clinician).next().is_none())
            .collect();
        sessions.sort_unstable();
        sessions
    }
}
