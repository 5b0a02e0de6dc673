//! The rules of matching.
//!
//! Those of one clinician and one session stand here, in one table ([`OF_PAIR`]) that everybody asks who finds pairs or
//! says why there are none. `overlap`, `travel`, `rest` between days, `weekly_hours` and `daily_hours` are about what
//! else the clinician does.

pub(crate) mod daily_hours;
pub(crate) mod overlap;
pub(crate) mod rest;
pub(crate) mod travel;
pub(crate) mod weekly_hours;

use matching_model::plan::RuleCode;

use crate::pairs::facts::{ClinicianFacts, Facts, SessionFacts};
use crate::pairs::geography;

/// A clinician beside a session, as the rules see them.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'f> {
    pub(crate) facts: &'f Facts,
    pub(crate) session: &'f SessionFacts,
    pub(crate) person: &'f ClinicianFacts,
    /// Road metres from home to the practice, where they are known; working them out takes longer than all else.
    pub(crate) road_metres: Option<i64>,
}

impl Pair<'_> {
    /// Road metres from the clinician's home to the session's practice.
    pub(crate) fn road_metres(&self) -> i64 {
        self.road_metres.unwrap_or_else(|| {
            geography::road_metres(&self.person.home, self.facts.roads.position(self.session.timing.practice))
        })
    }
}

/// A rule of one clinician and one session: whether it lets them.
pub(crate) type PairRule = fn(&Pair<'_>) -> bool;

/// The rules of pairs, in the published order.
pub(crate) const OF_PAIR: [(RuleCode, PairRule); 10] = [
    (RuleCode::Role, role),
    (RuleCode::Competency, competency),
    (RuleCode::Clearance, clearance),
    (RuleCode::Availability, availability),
    (RuleCode::Rate, rate),
    (RuleCode::Distance, distance),
    (RuleCode::Refused, refused),
    (RuleCode::NotAgain, not_again),
    (RuleCode::Audience, audience),
    (RuleCode::Rest, rest_alone),
];

/// A clinician works only in sessions that take their role.
fn role(pair: &Pair<'_>) -> bool {
    pair.session.roles.contains(&pair.person.role)
}

/// A clinician holds every competency the session needs, valid through the local date on which the session ends.
fn competency(pair: &Pair<'_>) -> bool {
    pair.session.needs.iter().all(|need| {
        let held = pair.person.holds.binary_search_by_key(need, |(competency, _)| *competency);
        held.is_ok_and(|place| pair.person.holds[place].1 >= pair.session.last_day)
    })
}

/// A clinician is cleared through the local date on which the session ends.
fn clearance(pair: &Pair<'_>) -> bool {
    pair.person.cleared_until >= pair.session.last_day
}

/// A clinician works only inside a single span of time that they offer.
///
/// The spans are in order of start, each with the latest end of any span so far, so the last span that has begun
/// when the session begins knows whether one of those that have begun lasts to its end.
fn availability(pair: &Pair<'_>) -> bool {
    let timing = &pair.session.timing;
    let begun = pair.person.available.partition_point(|(start, _)| *start <= timing.start);
    pair.person.available[..begun].last().is_some_and(|(_, end)| timing.end <= *end)
}

/// A clinician works in the session's band, and what they ask, or the session's least rate, is within its most.
fn rate(pair: &Pair<'_>) -> bool {
    let Pair { session, person, .. } = pair;
    person.rate_in(session.band).is_some_and(|asked| asked.max(session.rate_min) <= session.rate_max)
}

/// A clinician travels no farther from home than they said.
fn distance(pair: &Pair<'_>) -> bool {
    is_within_reach(pair.road_metres(), pair.person)
}

/// Whether so many road metres from home are within the clinician's reach.
pub(crate) fn is_within_reach(road_metres: i64, person: &ClinicianFacts) -> bool {
    road_metres <= person.max_travel_metres
}

/// Nobody is sent where either side has refused the other.
fn refused(pair: &Pair<'_>) -> bool {
    pair.person.refused.binary_search(&pair.session.timing.practice).is_err()
}

/// Nobody is proposed again for a session that they gave back, or that others decided they are not to have.
fn not_again(pair: &Pair<'_>) -> bool {
    !pair.person.is_done_with(pair.session)
}

/// A session that is released in stages goes only to those to whom it is open yet.
fn audience(pair: &Pair<'_>) -> bool {
    pair.person.is_asked(pair.session)
}

/// A session by itself leaves the clinician the rest of its working day.
fn rest_alone(pair: &Pair<'_>) -> bool {
    rest::allows_alone(&pair.session.timing, pair.person.rest_minutes)
}

/// What a rule says of the people it keeps out, after `3 people` or `they`.
pub(crate) const fn kept_out(code: RuleCode) -> &'static str {
    match code {
        RuleCode::Role => "of another role",
        RuleCode::Competency => "without a competency it needs on its last day",
        RuleCode::Clearance => "not cleared to work on its last day",
        RuleCode::Availability => "not offering the whole time",
        RuleCode::Rate => "asking more than it may pay, or not working in its band",
        RuleCode::Distance => "living farther away than they travel",
        RuleCode::Refused => "kept apart because one side refused the other",
        RuleCode::NotAgain => "not to be proposed for it again",
        RuleCode::Audience => "to whom it is not open yet",
        RuleCode::Overlap => "in another session at the time",
        RuleCode::Travel => "in another session too far away to drive from in time",
        RuleCode::Rest => "left with too little rest",
        RuleCode::WeeklyHours => "left with too few hours of their week",
        RuleCode::DailyHours => "left with too few hours of their day",
    }
}
