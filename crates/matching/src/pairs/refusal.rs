//! Which rule, the first in the published order, keeps one clinician from one session.

use matching_model::plan::RuleCode;

use crate::index::SessionIx;
use crate::pairs::facts::{ClinicianFacts, Facts, SessionFacts, Timing};
use crate::pairs::rules::{OF_PAIR, Pair, daily_hours, overlap, rest, travel, weekly_hours};

/// The first rule of pairs that fails; `None` where the clinician may do the session.
pub(crate) fn of_pair(facts: &Facts, session: &SessionFacts, person: &ClinicianFacts) -> Option<RuleCode> {
    failing(&Pair { facts, session, person, road_metres: None }).next()
}

/// Every rule of pairs that fails, in the published order.
pub(crate) fn all_of_pair(facts: &Facts, session: &SessionFacts, person: &ClinicianFacts) -> Vec<RuleCode> {
    failing(&Pair { facts, session, person, road_metres: None }).collect()
}

fn failing(pair: &Pair<'_>) -> impl Iterator<Item = RuleCode> {
    OF_PAIR.iter().filter(|(_, allows)| !allows(pair)).map(|(code, _)| *code)
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
    Pair { facts, session, person, road_metres: None }.road_metres()
}
