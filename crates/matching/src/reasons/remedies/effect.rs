//! What a change allows besides the pair it was proposed for.

use matching_model::plan::{Change, Remedy, RemedyValue};

use super::{Person, Work};
use crate::index::CompetencyIx;
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::{ClinicianFacts, Facts, SessionFacts};
use crate::pairs::refusal;

/// Every pair that a change of a rule of pairs allows, and that was not allowed before, in order: a higher rate lets
/// in everybody who asks no more, and somebody who travels farther may do other sessions too.
pub(crate) fn newly_allowed(
    facts: &Facts,
    remedy: &Remedy,
    (session, work): Work<'_>,
    (clinician, person): Person<'_>,
) -> Vec<EligiblePair> {
    let (old_work, old_person) = (work, person);
    if let (Change::RaiseRateMax, RemedyValue::Number(rate)) = (remedy.change, &remedy.to) {
        let mut work = work.clone();
        work.rate_max = *rate;
        let is_new = |person: &ClinicianFacts| {
            refusal::of_pair(facts, &work, person).is_none()
                && refusal::of_pair(facts, old_work, person).is_some()
        };
        let people = facts.clinicians.numbered().filter(|(_, person)| is_new(person));
        return people
            .map(|(clinician, person)| pair(facts, (session, &work), (clinician, person)))
            .collect();
    }
    let person = changed(remedy, work, person);
    let is_new = |work: &SessionFacts| {
        refusal::of_pair(facts, work, &person).is_none()
            && refusal::of_pair(facts, work, old_person).is_some()
    };
    let sessions = facts.sessions.numbered().filter(|(_, work)| is_new(work));
    sessions.map(|work| pair(facts, work, (clinician, &person))).collect()
}

fn pair(facts: &Facts, (session, work): Work<'_>, (clinician, person): Person<'_>) -> EligiblePair {
    EligiblePair { clinician, session, road_metres: refusal::road_metres(facts, work, person) }
}

/// The clinician with the change made.
fn changed(remedy: &Remedy, work: &SessionFacts, person: &ClinicianFacts) -> ClinicianFacts {
    let mut person = person.clone();
    match (remedy.change, &remedy.to) {
        (Change::ExtendTravel, RemedyValue::Number(metres)) => person.max_travel_metres = *metres,
        (Change::ExtendClearance, _) => person.cleared_until = work.last_day,
        (Change::RenewCompetency, _) => {
            let needed =
                |held: &&mut (CompetencyIx, i32)| work.needs.contains(&held.0) && held.1 < work.last_day;
            for held in person.holds.iter_mut().filter(needed) {
                held.1 = work.last_day;
            }
        }
        (Change::ExtendAvailability, _) => {
            person.available.push((work.timing.start, work.timing.end));
            person.available.sort_unstable();
            // Each span is kept with the latest end of all up to it.
            let mut latest = i64::MIN;
            for (_, end) in &mut person.available {
                latest = latest.max(*end);
                *end = latest;
            }
        }
        _ => {}
    }
    person
}
