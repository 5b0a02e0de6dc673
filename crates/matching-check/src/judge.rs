//! One pair held against the rules, beside what the clinician is booked for: for a booking that is about to be
//! made, and for a plan that is about to be published.

use super::Fault;
use super::facts::{Facts, SessionFacts};
use super::pair::Refusal;
use matching_model::plan::RuleCode;
use matching_model::problem::{Clinician, Pairing, Problem};

/// The first rule, in the published order, that keeps this clinician from this session beside the problem's
/// bookings; `None` where they may do it. A booking of the pair itself does not stand in its way.
pub fn first_refusal(problem: &Problem, pair: &Pairing) -> Result<Option<RuleCode>, Fault> {
    let facts = Facts::of(problem)?;
    let (Some(session), Some(clinician)) = (facts.session(&pair.session), facts.clinician(&pair.clinician))
    else {
        return Err(Fault::Unknown { session: pair.session.clone(), clinician: pair.clinician.clone() });
    };
    if let Some(refusal) = facts.refusals(session, clinician).next() {
        return Ok(Some(refusal.rule()));
    }
    let others: Vec<usize> = (0..facts.sessions.len())
        .filter(|other| *other != session && facts.is_booked(*other, clinician))
        .collect();
    let caps = Caps::of(facts.clinicians[clinician].told);
    Ok(facts.diary_refusal(clinician, &facts.sessions[session], &others, caps))
}

/// What the rules and the score say of one clinician for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The clinician's id.
    pub clinician: String,
    /// Each rule of pairs that keeps them from it, in the published order, then the first rule of diaries.
    pub against: Vec<RuleCode>,
    /// What they would agree on, in pence an hour.
    pub rate_pence_per_hour: i64,
    /// Road metres from their home.
    pub road_metres: i64,
    /// What the pair is worth.
    pub score: i64,
}

/// Holds every clinician of the problem against one session, beside the problem's bookings, in the problem's order.
pub fn judge_session(problem: &Problem, session: &str) -> Result<Vec<Judged>, Fault> {
    let facts = Facts::of(problem)?;
    let index = facts
        .session(session)
        .ok_or_else(|| Fault::Unknown { session: session.to_owned(), clinician: String::new() })?;
    let mut booked: Vec<Vec<usize>> = vec![Vec::new(); problem.clinicians.len()];
    for pair in problem.booked.iter().filter(|pair| pair.session != session) {
        if let (Some(other), Some(clinician)) =
            (facts.session(&pair.session), facts.clinician(&pair.clinician))
        {
            booked[clinician].push(other);
        }
    }
    let judged = problem.clinicians.iter().zip(booked).enumerate().map(|(clinician, (told, others))| {
        let mut against: Vec<RuleCode> = facts.refusals(index, clinician).map(Refusal::rule).collect();
        let beside = facts.diary_refusal(clinician, &facts.sessions[index], &others, Caps::of(told));
        // A session that is too long by itself is too long beside others.
        against.extend(beside.filter(|rule| !against.contains(rule)));
        let worth = facts.worth(index, clinician);
        Judged {
            clinician: told.id.clone(),
            against,
            rate_pence_per_hour: worth.rate_pence_per_hour,
            road_metres: worth.road_metres,
            score: i64::try_from(worth.score).unwrap_or(i64::MAX),
        }
    });
    Ok(judged.collect())
}

/// The most minutes somebody works.
#[derive(Clone, Copy)]
pub struct Caps {
    /// In one week.
    pub week: Option<i64>,
    /// On one day.
    pub day: Option<i64>,
}

impl Caps {
    /// What a clinician said themselves.
    pub fn of(told: &Clinician) -> Self {
        Caps { week: told.max_minutes_per_week, day: told.max_minutes_per_day }
    }
}

impl Facts<'_> {
    /// The first rule of diaries that fails when a session joins `others` under these caps.
    pub fn diary_refusal(
        &self,
        clinician: usize,
        new: &SessionFacts<'_>,
        others: &[usize],
        caps: Caps,
    ) -> Option<RuleCode> {
        let pairs = || {
            others.iter().map(|other| {
                let old = &self.sessions[*other];
                if old.span() <= new.span() { (old, new) } else { (new, old) }
            })
        };
        if pairs().any(|(first, second)| first.end_minute > second.start_minute) {
            return Some(RuleCode::Overlap);
        }
        let drive = |from, to| self.drive_minutes(from, to);
        if pairs().any(|(first, second)| {
            first.end_minute + drive(first.practice, second.practice) > second.start_minute
        }) {
            return Some(RuleCode::Travel);
        }
        if pairs().any(|(first, second)| !self.can_follow(clinician, first, second)) {
            return Some(RuleCode::Rest);
        }
        let worked = |same: &dyn Fn(&SessionFacts<'_>) -> bool| -> i64 {
            let sessions = others.iter().map(|other| &self.sessions[*other]);
            sessions.filter(|other| same(other)).map(SessionFacts::minutes).sum()
        };
        let in_week = worked(&|other| other.week == new.week);
        if caps.week.is_some_and(|most| in_week + new.minutes() > most) {
            return Some(RuleCode::WeeklyHours);
        }
        let in_day = worked(&|other| other.day == new.day);
        caps.day.is_some_and(|most| in_day + new.minutes() > most).then_some(RuleCode::DailyHours)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{first_refusal, judge_session};
    use matching_model::plan::RuleCode;
    use matching_model::policy::Policy;
    use matching_model::position::Position;
    use matching_model::problem::{Clinician, Pairing, Practice, Problem, Session, Span};

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 - 1_800_000_000 % 86_400, 0).unwrap() + TimeDelta::hours(hours)
    }

    fn session(id: &str, practice: &str, from: i64, hours: i64) -> Session {
        Session {
            id: id.to_owned(),
            practice: practice.to_owned(),
            roles: vec!["gp".to_owned()],
            competencies: Vec::new(),
            start: at(from),
            end: at(from + hours),
            band: "core".to_owned(),
            rate_min: 8_000,
            rate_max: 9_000,
            places: 1,
            priority: 1,
        }
    }

    fn problem(sessions: Vec<Session>) -> Problem {
        let practice = |id: &str, latitude| Practice {
            id: id.to_owned(),
            name: String::new(),
            position: Position { latitude, longitude: -2.0 },
            refuses: Vec::new(),
        };
        let booked = sessions.iter().skip(1).map(|session| pair(&session.id)).collect();
        Problem {
            timezone: chrono_tz::Europe::London,
            policy: Policy::default(),
            practices: vec![practice("near", 50.70), practice("far", 51.00)],
            clinicians: vec![Clinician {
                id: "ann".to_owned(),
                role: "gp".to_owned(),
                competencies: BTreeMap::new(),
                cleared_until: Some(at(1_000).date_naive()),
                home: Position { latitude: 50.7, longitude: -2.0 },
                max_travel_metres: 100_000,
                rates: BTreeMap::from([("core".to_owned(), 8_500)]),
                available: vec![Span { start: at(-100), end: at(500) }],
                max_minutes_per_week: None,
                max_minutes_per_day: None,
                rest_minutes: 660,
                prefers: Vec::new(),
                recent_practices: Vec::new(),
                refuses: Vec::new(),
                fairness_points: 0,
            }],
            sessions,
            booked,
            incumbent: Vec::new(),
        }
    }

    fn pair(session: &str) -> Pairing {
        Pairing { session: session.to_owned(), clinician: "ann".to_owned() }
    }

    fn judged(problem: &Problem) -> Option<RuleCode> {
        first_refusal(problem, &pair("new")).unwrap()
    }

    #[test]
    fn what_is_booked_around_it_decides() {
        let beside = |old: Session| judged(&problem(vec![session("new", "near", 32, 4), old]));
        assert_eq!(beside(session("old", "near", 36, 2)), None);
        assert_eq!(beside(session("old", "near", 35, 2)), Some(RuleCode::Overlap));
        assert_eq!(beside(session("old", "far", 36, 2)), Some(RuleCode::Travel));
        assert_eq!(beside(session("old", "far", 38, 2)), None);
        assert_eq!(beside(session("old", "near", 18, 4)), Some(RuleCode::Rest));
        assert_eq!(beside(session("old", "near", 17, 4)), None);
    }

    #[test]
    fn hours_of_the_week_and_of_the_day_count_what_is_booked() {
        let mut told = problem(vec![session("new", "near", 32, 4), session("old", "near", 36, 3)]);
        told.clinicians[0].max_minutes_per_week = Some(420);
        assert_eq!(judged(&told), None);
        told.clinicians[0].max_minutes_per_week = Some(419);
        assert_eq!(judged(&told), Some(RuleCode::WeeklyHours));
        told.clinicians[0].max_minutes_per_week = None;
        told.clinicians[0].max_minutes_per_day = Some(419);
        assert_eq!(judged(&told), Some(RuleCode::DailyHours));
    }

    #[test]
    fn everything_against_a_clinician_is_told_and_agrees_with_the_first() {
        let mut told = problem(vec![session("new", "near", 32, 4), session("old", "near", 33, 3)]);
        assert_eq!(judge_session(&told, "new").unwrap()[0].against, [RuleCode::Overlap]);
        told.clinicians[0].cleared_until = None;
        told.clinicians[0].max_travel_metres = -1;
        let judged = judge_session(&told, "new").unwrap();
        assert_eq!(judged[0].against, [RuleCode::Clearance, RuleCode::Distance, RuleCode::Overlap]);
        assert_eq!(first_refusal(&told, &pair("new")).unwrap(), Some(RuleCode::Clearance));
        assert_eq!((judged[0].rate_pence_per_hour, judged[0].road_metres), (8_500, 0));
        assert!(judge_session(&told, "nowhere").is_err());
    }

    #[test]
    fn the_rules_of_pairs_come_first_and_strangers_are_named() {
        let mut told = problem(vec![session("new", "near", 32, 4), session("old", "near", 33, 3)]);
        told.clinicians[0].cleared_until = None;
        assert_eq!(judged(&told), Some(RuleCode::Clearance));
        assert!(first_refusal(&told, &pair("nowhere")).is_err());
    }
}
