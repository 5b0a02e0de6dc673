//! One pair held against the rules, beside what the clinician is booked for: for a booking that is about to be
//! made, and for a plan that is about to be published.

use super::Fault;
use super::facts::{Facts, SessionFacts};
use super::pair::Refusal;
use matching_model::plan::RuleCode;
use matching_model::problem::{Clinician, Pairing, Problem};

/// The first of `rules`, in the published order, that keeps this clinician from this session beside the problem's
/// bookings; `None` where none of them does. A rule that is not asked is not looked at. A booking of the pair itself does
/// not stand in its way.
pub fn first_refusal(
    problem: &Problem,
    pair: &Pairing,
    rules: &[RuleCode],
) -> Result<Option<RuleCode>, Fault> {
    let facts = Facts::of(problem)?;
    let (session, clinician) = facts.places_of(pair)?;
    let others: Vec<usize> = (0..facts.sessions.len())
        .filter(|other| *other != session && facts.is_booked(*other, clinician))
        .collect();
    let new = &facts.sessions[session];
    let caps = Caps::of(facts.clinicians[clinician].told);
    let of_pair = facts.refusals(session, clinician).map(Refusal::rule);
    let mut all = of_pair.chain(facts.diary_refusals(clinician, new, &others, caps));
    Ok(all.find(|rule| rules.contains(rule)))
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
    let mut booked = facts.booked_diaries();
    for diary in &mut booked {
        diary.retain(|other| *other != index);
    }
    let judged = problem.clinicians.iter().zip(booked).enumerate().map(|(clinician, (told, others))| {
        let mut against: Vec<RuleCode> = facts.refusals(index, clinician).map(Refusal::rule).collect();
        let beside = facts.diary_refusals(clinician, &facts.sessions[index], &others, Caps::of(told)).next();
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

/// What keeps a pair from coming about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// A rule of one clinician and one session.
    OfPair(RuleCode),
    /// Every place of the session is taken, or one of them by this clinician.
    NoPlace,
    /// A rule of everything the clinician does.
    OfDiary(RuleCode),
}

/// What the problem makes of one pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedPair {
    /// What keeps it from coming about; nothing where it can.
    pub hindrance: Option<Hindrance>,
    /// What the two would agree on, in pence an hour.
    pub rate_pence_per_hour: i64,
    /// The pay for the whole session in pence.
    pub pay_pence: i64,
}

/// Holds these pairs against the problem, each beside its bookings and those before it that can come about, in their
/// order.
pub fn judge_pairs(problem: &Problem, pairs: &[Pairing]) -> Result<Vec<JudgedPair>, Fault> {
    let facts = Facts::of(problem)?;
    let mut diaries = facts.booked_diaries();
    let mut taken: Vec<usize> =
        (0..facts.sessions.len()).map(|session| facts.booked(session).len()).collect();
    let mut judged = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let (session, clinician) = facts.places_of(pair)?;
        let diary = &mut diaries[clinician];
        let new = &facts.sessions[session];
        let hindrance = if let Some(refusal) = facts.refusals(session, clinician).next() {
            Some(Hindrance::OfPair(refusal.rule()))
        } else if taken[session] >= new.places() || diary.contains(&session) {
            Some(Hindrance::NoPlace)
        } else {
            let caps = Caps::of(facts.clinicians[clinician].told);
            facts.diary_refusals(clinician, new, diary, caps).next().map(Hindrance::OfDiary)
        };
        if hindrance.is_none() {
            taken[session] += 1;
            diary.push(session);
        }
        let worth = facts.worth(session, clinician);
        let (rate_pence_per_hour, pay_pence) = (worth.rate_pence_per_hour, worth.pay_pence);
        judged.push(JudgedPair { hindrance, rate_pence_per_hour, pay_pence });
    }
    Ok(judged)
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
    /// Where a pair's session and clinician stand.
    fn places_of(&self, pair: &Pairing) -> Result<(usize, usize), Fault> {
        let unknown = || Fault::Unknown { session: pair.session.clone(), clinician: pair.clinician.clone() };
        self.session(&pair.session).zip(self.clinician(&pair.clinician)).ok_or_else(unknown)
    }

    /// The sessions that each clinician is booked in.
    fn booked_diaries(&self) -> Vec<Vec<usize>> {
        let mut diaries = vec![Vec::new(); self.clinicians.len()];
        for session in 0..self.sessions.len() {
            for clinician in self.booked(session) {
                diaries[*clinician].push(session);
            }
        }
        diaries
    }

    /// Every rule of diaries that fails when a session joins `others` under these caps, in the published order, each
    /// worked out when it is asked for.
    pub fn diary_refusals<'f>(
        &'f self,
        clinician: usize,
        new: &'f SessionFacts<'_>,
        others: &'f [usize],
        caps: Caps,
    ) -> impl Iterator<Item = RuleCode> + 'f {
        const RULES: [RuleCode; 5] = [
            RuleCode::Overlap,
            RuleCode::Travel,
            RuleCode::Rest,
            RuleCode::WeeklyHours,
            RuleCode::DailyHours,
        ];
        RULES.into_iter().filter(move |rule| !self.fits_beside(*rule, clinician, new, (others, caps)))
    }

    fn fits_beside(
        &self,
        rule: RuleCode,
        clinician: usize,
        new: &SessionFacts<'_>,
        (others, caps): (&[usize], Caps),
    ) -> bool {
        let others = || others.iter().map(|other| &self.sessions[*other]);
        let mut pairs = others().map(|old| if old.span() <= new.span() { (old, new) } else { (new, old) });
        let stays_within = |cap: Option<i64>, same: &dyn Fn(&SessionFacts<'_>) -> bool| {
            let worked: i64 = others().filter(|other| same(other)).map(SessionFacts::minutes).sum();
            cap.is_none_or(|most| worked + new.minutes() <= most)
        };
        match rule {
            RuleCode::Overlap => pairs.all(|(first, second)| first.end_minute <= second.start_minute),
            RuleCode::Travel => pairs.all(|(first, second)| {
                first.end_minute + self.drive_minutes(first.practice, second.practice) <= second.start_minute
            }),
            RuleCode::Rest => pairs.all(|(first, second)| self.can_follow(clinician, first, second)),
            RuleCode::WeeklyHours => stays_within(caps.week, &|other| other.week == new.week),
            RuleCode::DailyHours => stays_within(caps.day, &|other| other.day == new.day),
            RuleCode::Role
            | RuleCode::Competency
            | RuleCode::Clearance
            | RuleCode::Availability
            | RuleCode::Rate
            | RuleCode::Distance
            | RuleCode::Refused
            | RuleCode::NotAgain
            | RuleCode::Audience => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Hindrance, first_refusal, judge_pairs, judge_session};
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
            open_to: None,
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
                not_again: Vec::new(),
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
        first_refusal(problem, &pair("new"), &RuleCode::ALL).unwrap()
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
        assert_eq!(first_refusal(&told, &pair("new"), &RuleCode::ALL).unwrap(), Some(RuleCode::Clearance));
        assert_eq!((judged[0].rate_pence_per_hour, judged[0].road_metres), (8_500, 0));
        assert!(judge_session(&told, "nowhere").is_err());
    }

    #[test]
    fn the_rules_of_pairs_come_first_and_strangers_are_named() {
        let mut told = problem(vec![session("new", "near", 32, 4), session("old", "near", 33, 3)]);
        told.clinicians[0].cleared_until = None;
        assert_eq!(judged(&told), Some(RuleCode::Clearance));
        assert!(first_refusal(&told, &pair("nowhere"), &RuleCode::ALL).is_err());
    }

    #[test]
    fn rules_that_are_not_asked_keep_nobody_out() {
        let mut told = problem(vec![session("new", "near", 32, 4), session("old", "near", 35, 3)]);
        told.clinicians[0].cleared_until = None;
        let asked = |rules: &[RuleCode]| first_refusal(&told, &pair("new"), rules).unwrap();
        assert_eq!(asked(&[RuleCode::Overlap, RuleCode::Clearance]), Some(RuleCode::Clearance));
        assert_eq!(asked(&[RuleCode::Overlap]), Some(RuleCode::Overlap));
        // Whoever is in two places has no rest either.
        assert_eq!(asked(&[RuleCode::Rest, RuleCode::Role]), Some(RuleCode::Rest));
        assert_eq!(asked(&[RuleCode::Role, RuleCode::Distance, RuleCode::WeeklyHours]), None);
    }

    #[test]
    fn pairs_are_judged_beside_the_bookings_and_each_other() {
        let mut told = problem(vec![session("new", "near", 32, 4), session("old", "near", 60, 3)]);
        told.sessions.push(session("next", "near", 35, 2));
        let judged = |told: &Problem, ids: &[&str]| -> Vec<Option<Hindrance>> {
            let pairs: Vec<Pairing> = ids.iter().map(|id| pair(id)).collect();
            judge_pairs(told, &pairs).unwrap().into_iter().map(|judged| judged.hindrance).collect()
        };
        let overlap = Some(Hindrance::OfDiary(RuleCode::Overlap));
        assert_eq!(judged(&told, &["new", "next"]), [None, overlap]);
        assert_eq!(judged(&told, &["next"]), [None]);
        assert_eq!(judged(&told, &["old"]), [Some(Hindrance::NoPlace)]);
        assert_eq!(judged(&told, &["new", "new"]), [None, Some(Hindrance::NoPlace)]);
        let worth = judge_pairs(&told, &[pair("new")]).unwrap()[0];
        assert_eq!((worth.rate_pence_per_hour, worth.pay_pence), (8_500, 34_000));
        told.clinicians[0].cleared_until = None;
        assert_eq!(judged(&told, &["new"]), [Some(Hindrance::OfPair(RuleCode::Clearance))]);
    }
}
