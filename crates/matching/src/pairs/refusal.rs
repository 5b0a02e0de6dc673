//! Which rule, the first in the published order, keeps one clinician from one session.

use matching_model::plan::RuleCode;

use crate::index::SessionIx;
use crate::pairs::facts::{ClinicianFacts, Facts, SessionFacts, Timing};
use crate::pairs::geography;
use crate::pairs::rules::{
    availability, clearance, competency, daily_hours, distance, not_again, overlap, rate, refused, rest,
    role, travel, weekly_hours,
};

/// The first rule of pairs that fails; `None` where the clinician may do the session.
pub(crate) fn of_pair(facts: &Facts, session: &SessionFacts, person: &ClinicianFacts) -> Option<RuleCode> {
    if !role::allows(session, person) {
        return Some(RuleCode::Role);
    }
    if !competency::allows(session, person) {
        return Some(RuleCode::Competency);
    }
    if !clearance::allows(session, person) {
        return Some(RuleCode::Clearance);
    }
    if !availability::allows(session, person) {
        return Some(RuleCode::Availability);
    }
    if !rate::allows(session, person) {
        return Some(RuleCode::Rate);
    }
    // The distance is worked out late, as it takes the longest.
    if !distance::allows(road_metres(facts, session, person), person) {
        return Some(RuleCode::Distance);
    }
    if !refused::allows(session, person) {
        return Some(RuleCode::Refused);
    }
    if !not_again::allows(session, person) {
        return Some(RuleCode::NotAgain);
    }
    (!rest::allows_alone(&session.timing, person.rest_minutes)).then_some(RuleCode::Rest)
}

/// Every rule of pairs that fails, in the published order.
pub(crate) fn all_of_pair(facts: &Facts, session: &SessionFacts, person: &ClinicianFacts) -> Vec<RuleCode> {
    let near_enough = || distance::allows(road_metres(facts, session, person), person);
    let rules: [(RuleCode, &dyn Fn() -> bool); 9] = [
        (RuleCode::Role, &|| role::allows(session, person)),
        (RuleCode::Competency, &|| competency::allows(session, person)),
        (RuleCode::Clearance, &|| clearance::allows(session, person)),
        (RuleCode::Availability, &|| availability::allows(session, person)),
        (RuleCode::Rate, &|| rate::allows(session, person)),
        (RuleCode::Distance, &near_enough),
        (RuleCode::Refused, &|| refused::allows(session, person)),
        (RuleCode::NotAgain, &|| not_again::allows(session, person)),
        (RuleCode::Rest, &|| rest::allows_alone(&session.timing, person.rest_minutes)),
    ];
    rules.iter().filter(|(_, allows)| !allows()).map(|(code, _)| *code).collect()
}

/// The first rule of diaries that fails when a session is added to these; `None` where it fits.
pub(crate) fn of_diary(
    facts: &Facts,
    session: &SessionFacts,
    person: &ClinicianFacts,
    diary: &[SessionIx],
) -> Option<RuleCode> {
    let new = &session.timing;
    let others = || diary.iter().map(|other| &facts.sessions[*other].timing);
    let in_order = |other: &Timing| {
        if (other.start, other.end) <= (new.start, new.end) { (*other, *new) } else { (*new, *other) }
    };
    let breaks = |allows: &dyn Fn(&Timing, &Timing) -> bool| {
        others().map(in_order).any(|(earlier, later)| !allows(&earlier, &later))
    };
    if breaks(&overlap::allows) {
        return Some(RuleCode::Overlap);
    }
    if breaks(&|earlier, later| travel::allows(earlier, later, &facts.roads)) {
        return Some(RuleCode::Travel);
    }
    if breaks(&|earlier, later| rest::allows(earlier, later, person.rest_minutes)) {
        return Some(RuleCode::Rest);
    }
    let minutes = |same: &dyn Fn(&Timing) -> bool| -> i64 {
        others().filter(|other| same(other)).map(Timing::minutes).sum()
    };
    let in_week = minutes(&|other| other.week == new.week);
    if !weekly_hours::allows(in_week, new.minutes(), person.max_minutes_per_week) {
        return Some(RuleCode::WeeklyHours);
    }
    let in_day = minutes(&|other| other.day == new.day);
    (!daily_hours::allows(in_day, new.minutes(), person.max_minutes_per_day)).then_some(RuleCode::DailyHours)
}

/// Road metres from the clinician's home to the session's practice.
pub(crate) fn road_metres(facts: &Facts, session: &SessionFacts, person: &ClinicianFacts) -> i64 {
    geography::road_metres(&person.home, facts.roads.position(session.timing.practice))
}
