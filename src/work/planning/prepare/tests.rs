//! Every column that is read reaches the rule it is for.

use std::collections::BTreeMap;

use sqlx::types::Json;
use uuid::Uuid;

use super::{Closed, Facts, prepare, terms_of};
use crate::eligibility::empty::EmptyReason;
use crate::eligibility::not_again::Cause;
use crate::ground::id::SessionId;
use crate::people::clinician::{Clinician, Engagement};
use crate::terms::bank::Band;
use crate::terms::rate::RateTable;
use crate::work::planning::example::{
    OTHER_PERSON, OTHER_PRACTICE, OTHER_SESSION, PERSON, PRACTICE, SESSION, at, booking, facts, range,
    session,
};
use crate::work::planning::store::facts::SessionRow;
use matching_check::first_refusal;
use matching_model::plan::RuleCode;
use matching_model::problem::Pairing;

/// The first rule that keeps the person from the session, once `change` is made.
fn refusal(change: impl FnOnce(&mut Facts)) -> Option<RuleCode> {
    let mut facts = facts();
    change(&mut facts);
    let problem = prepare(&facts).problem;
    problem.validate().unwrap();
    let pair = Pairing { session: SESSION.to_string(), clinician: PERSON.to_string() };
    first_refusal(&problem, &pair, &RuleCode::ALL).unwrap()
}

#[test]
fn somebody_whom_nothing_stands_in_the_way_of_may_do_the_session() {
    assert_eq!(refusal(|_| {}), None);
}

#[test]
fn each_fact_of_the_session_and_the_person_reaches_its_rule() {
    let with = |facts: &mut Facts, change: &dyn Fn(&mut Clinician)| change(&mut facts.people[0].record);
    let yesterday = || Some("2026-11-30".parse().unwrap());
    assert_eq!(refusal(|f| with(f, &|p| p.role = "paramedic".to_owned())), Some(RuleCode::Role));
    assert_eq!(
        refusal(|f| f.sessions[0].competencies.push("coil_fitting".to_owned())),
        Some(RuleCode::Competency)
    );
    assert_eq!(refusal(|f| f.people[0].held[0].valid_through = yesterday()), Some(RuleCode::Competency));
    assert_eq!(refusal(|f| f.people[0].works_until = None), Some(RuleCode::Clearance));
    assert_eq!(refusal(|f| f.people[0].works_until = yesterday()), Some(RuleCode::Clearance));
    assert_eq!(refusal(|f| f.people[0].available.clear()), Some(RuleCode::Availability));
    assert_eq!(refusal(|f| f.sessions[0].ends_at = at("2026-12-01T18:01:00Z")), Some(RuleCode::Availability));
    assert_eq!(refusal(|f| f.people[0].rates.clear()), Some(RuleCode::Rate));
    assert_eq!(refusal(|f| f.sessions[0].band = Band::Core), None);
    assert_eq!(refusal(|f| f.sessions[0].rate_max_pence_per_hour = 8_799), Some(RuleCode::Rate));
    assert_eq!(refusal(|f| with(f, &|p| p.max_travel_metres = 5_000)), Some(RuleCode::Distance));
    assert_eq!(refusal(|f| with(f, &|p| p.latitude_microdegrees = 51_500_000)), Some(RuleCode::Distance));
    assert_eq!(refusal(|f| f.practices[0].longitude_microdegrees = 0), Some(RuleCode::Distance));
    assert_eq!(refusal(|f| f.people[0].refused_by.push(PRACTICE)), Some(RuleCode::Refused));
    assert_eq!(refusal(|f| f.people[0].refuses.push(PRACTICE)), Some(RuleCode::Refused));
}

#[test]
fn bookings_take_time_wherever_and_whenever_they_are() {
    let book =
        |starts, ends| refusal(|facts| facts.people[0].bookings.push(booking(OTHER_SESSION, starts, ends)));
    assert_eq!(book("2026-12-01T12:00:00Z", "2026-12-01T16:00:00Z"), Some(RuleCode::Overlap));
    assert_eq!(book("2026-12-01T12:45:00Z", "2026-12-01T16:00:00Z"), Some(RuleCode::Travel));
    assert_eq!(book("2026-11-30T18:00:00Z", "2026-11-30T22:00:00Z"), Some(RuleCode::Rest));
    assert_eq!(book("2026-12-03T08:00:00Z", "2026-12-04T07:00:00Z"), None);
    assert_eq!(book("2026-12-01T13:30:00Z", "2026-12-01T20:00:00Z"), Some(RuleCode::DailyHours));
    let full_week = |facts: &mut Facts| {
        for (number, day) in (0..).zip(["2026-12-03", "2026-12-05"]) {
            let (starts, ends) = (format!("{day}T00:00:00Z"), format!("{day}T17:00:00Z"));
            facts.people[0].bookings.push(booking(SessionId(Uuid::from_u128(60 + number)), &starts, &ends));
        }
    };
    assert_eq!(refusal(full_week), Some(RuleCode::WeeklyHours));
}

#[test]
fn the_law_limits_the_week_of_the_employed_and_only_their_own_wish_that_of_others() {
    let week = |engagement, own| {
        let mut facts = facts();
        facts.people[0].record.engagement = engagement;
        facts.people[0].record.max_minutes_per_week = own;
        prepare(&facts).problem.clinicians[0].max_minutes_per_week
    };
    assert_eq!(week(Engagement::SelfEmployed, None), None);
    assert_eq!(week(Engagement::SelfEmployed, Some(3_600)), Some(3_600));
    assert_eq!(week(Engagement::Employed, None), Some(2_880));
    assert_eq!(week(Engagement::Employed, Some(3_600)), Some(2_880));
    assert_eq!(week(Engagement::Employed, Some(1_200)), Some(1_200));
}

#[test]
fn rates_are_brought_within_the_range_in_force_on_the_date() {
    let ranges = || {
        RateTable::new(vec![range("gp", 1, "2026-04-01", 7_600, 9_800), range("gp", 2, "2026-12-02", 1, 2)])
    };
    let terms = |change: fn(&mut SessionRow)| {
        let mut row = session();
        change(&mut row);
        terms_of(&row, &ranges()).map(|terms| (terms.rate_min, terms.rate_max))
    };
    assert_eq!(terms(|_| {}), Ok((7_600, 9_800)));
    assert_eq!(terms(|row| row.rate_min_pence_per_hour = 8_000), Ok((8_000, 9_800)));
    assert_eq!(terms(|row| row.rate_max_pence_per_hour = 9_000), Ok((7_600, 9_000)));
    assert_eq!(terms(|row| row.exception_pence_per_hour = Some(9_850)), Ok((7_600, 9_850)));
    assert_eq!(terms(|row| row.exception_pence_per_hour = Some(12_000)), Ok((7_600, 9_900)));
    assert_eq!(terms(|row| row.rate_max_pence_per_hour = 7_599), Err(EmptyReason::OutsideRateRange));
    assert_eq!(terms(|row| row.rate_min_pence_per_hour = 9_801), Err(EmptyReason::OutsideRateRange));
    assert_eq!(terms(|row| row.band = Band::Evening), Err(EmptyReason::NoRateRange));
    assert_eq!(terms(|row| row.local_date = "2026-03-31".parse().unwrap()), Err(EmptyReason::NoRateRange));
    assert_eq!(
        terms(|row| row.local_date = "2026-12-02".parse().unwrap()),
        Err(EmptyReason::OutsideRateRange)
    );
}

#[test]
fn of_several_roles_those_are_planned_that_share_some_of_the_best_paid_range() {
    let ranges = RateTable::new(vec![
        range("gp", 1, "2026-04-01", 7_600, 9_800),
        range("advanced_nurse_practitioner", 2, "2026-04-01", 5_000, 8_000),
        range("paramedic", 3, "2026-04-01", 3_000, 4_500),
    ]);
    let mut row = session();
    row.rate_min_pence_per_hour = 3_000;
    row.roles = ["advanced_nurse_practitioner", "gp", "paramedic"].map(str::to_owned).to_vec();
    let terms = terms_of(&row, &ranges).unwrap();
    assert_eq!(terms.roles, ["gp", "advanced_nurse_practitioner"]);
    assert_eq!((terms.rate_min, terms.rate_max), (7_600, 8_000));
}

#[test]
fn a_session_without_a_rate_stays_out_and_says_why() {
    let mut facts = facts();
    facts.sessions[0].rate_max_pence_per_hour = 7_500;
    facts.sessions[0].places = 3;
    facts.sessions[0].booked = 1;
    facts.people[0].bookings.push(booking(SESSION, "2026-12-01T08:30:00Z", "2026-12-01T12:40:00Z"));
    let prepared = prepare(&facts);
    assert_eq!(
        prepared.closed,
        [Closed { session: SESSION, places_left: 2, reason: EmptyReason::OutsideRateRange }]
    );
    assert_eq!((prepared.places_beside, prepared.places_taken), (0, 0));
    prepared.problem.validate().unwrap();
    assert_eq!(prepared.problem.sessions[0].places, 1, "only the booking's own place is in the problem");
}

#[test]
fn places_are_counted_once_whoever_is_booked_in_them() {
    let mut facts = facts();
    (facts.sessions[0].places, facts.sessions[0].booked) = (3, 2);
    facts.people[0].bookings.push(booking(SESSION, "2026-12-01T08:30:00Z", "2026-12-01T12:40:00Z"));
    facts.people[0].bookings.push(booking(OTHER_SESSION, "2026-12-03T08:30:00Z", "2026-12-03T12:40:00Z"));
    let prepared = prepare(&facts);
    // One of the two who are booked has left the bank: their place is taken, and they are in no problem.
    assert_eq!((prepared.places_taken, prepared.places_beside), (1, 1));
    let places: Vec<u32> = prepared.problem.sessions.iter().map(|session| session.places).collect();
    assert_eq!(places, [2, 1]);
    prepared.problem.validate().unwrap();
}

#[test]
fn offers_that_are_out_are_kept_and_nobody_is_proposed_again_who_gave_the_session_back() {
    let mut facts = facts();
    facts.sessions[0].offered_to = vec![PERSON, OTHER_PERSON];
    let pair = Pairing { session: SESSION.to_string(), clinician: PERSON.to_string() };
    assert_eq!(prepare(&facts).problem.incumbent, [pair]);
    let declined = |who| Json(BTreeMap::from([(who, Cause::Declined)]));
    let again = |id, who| {
        refusal(move |facts: &mut Facts| {
            if id != SESSION {
                facts.sessions.push(SessionRow { id, ..session() });
            }
            let row = facts.sessions.iter_mut().find(|row| row.id == id).unwrap();
            row.not_again = declined(who);
        })
    };
    assert_eq!(again(SESSION, PERSON), Some(RuleCode::NotAgain));
    assert_eq!(again(SESSION, OTHER_PERSON), None);
    assert_eq!(again(OTHER_SESSION, PERSON), None);
    // Their time is free for other work as before.
    facts.sessions[0].not_again = declined(PERSON);
    let spans = |facts: &Facts| prepare(facts).problem.clinicians[0].available.clone();
    assert_eq!(spans(&facts), facts.people[0].available);
}

#[test]
fn preferences_and_recent_work_reach_the_score() {
    let mut facts = facts();
    facts.people[0].prefers.push(PRACTICE);
    facts.people[0].recent_work.push((OTHER_PRACTICE, 120));
    let clinician = prepare(&facts).problem.clinicians.remove(0);
    assert_eq!(clinician.prefers, [PRACTICE.to_string()]);
    assert_eq!(clinician.recent_practices, [OTHER_PRACTICE.to_string()]);
    // Ten hours offered in a week are 4,800 minutes in eight weeks, of which 120 were worked.
    assert_eq!(clinician.fairness_points, 2_000 * (4_800 - 120) / 4_800);
}
