//! Each rule decides alone.

use super::examples::{at, day, facts, neighbour};
use super::judge;
use crate::eligibility::facts::{PairFacts, RangeFacts};
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::wishes::Wishes;
use crate::ground::id::RateExceptionId;
use crate::people::clinician::Engagement;
use crate::people::credential::DocumentEnd;

fn judged_by(facts: &PairFacts, wishes: Wishes, rate: i32) -> &'static str {
    judge(facts, wishes, rate).unwrap().map_or_else(|obstacle| obstacle.code(), |()| "yes")
}

/// What a yes at £88 an hour meets after `change`.
fn after(change: impl FnOnce(&mut PairFacts)) -> &'static str {
    let mut facts = facts();
    change(&mut facts);
    judged_by(&facts, Wishes::None, 8_800)
}

#[test]
fn what_fits_is_booked() {
    assert_eq!(after(|_| {}), "yes");
}

#[test]
fn what_protects_patients_binds() {
    assert_eq!(after(|facts| facts.session.roles = vec!["paramedic".to_owned()]), "wrong_role");
    assert_eq!(after(|facts| facts.clinician.held.clear()), "competency_missing");
    assert_eq!(
        after(|facts| facts.clinician.held[0].valid_through = Some(day("2026-11-02"))),
        "competency_ends"
    );
    assert_eq!(after(|facts| facts.clinician.works_until = None), "not_cleared");
    assert_eq!(after(|facts| facts.clinician.is_decided_on_number = false), "number_changed");
    let ends = |facts: &mut PairFacts| {
        facts.clinician.works_until = Some(day("2026-11-02"));
    };
    assert_eq!(after(ends), "clearance_ends");
    let document_ends = |facts: &mut PairFacts| {
        facts.clinician.works_until = Some(day("2026-11-02"));
        facts.clinician.document =
            Some(DocumentEnd { name: "Indemnity".to_owned(), ends: Some(day("2026-11-02")) });
    };
    assert_eq!(after(document_ends), "document_ends");
}

#[test]
fn nobody_is_booked_who_left_or_where_the_practice_is_not_open() {
    assert_eq!(after(|facts| facts.clinician.is_member = false), "no_member");
    assert_eq!(after(|facts| facts.session.practice_closed_on = Some(day("2026-11-03"))), "yes");
    let closed = |facts: &mut PairFacts| facts.session.practice_closed_on = Some(day("2026-11-02"));
    assert_eq!(after(closed), "practice_closed");
    assert_eq!(after(|facts| facts.session.practice_opened_on = Some(day("2026-11-03"))), "yes");
    let opens = |facts: &mut PairFacts| facts.session.practice_opened_on = Some(day("2026-11-04"));
    assert_eq!(after(opens), "practice_opens");
}

#[test]
fn the_rate_keeps_within_the_session_and_the_range_in_force() {
    let at_rate = |rate| judged_by(&facts(), Wishes::None, rate);
    assert_eq!((at_rate(7_599), at_rate(7_600)), ("rate_outside", "yes"));
    assert_eq!((at_rate(9_800), at_rate(9_801)), ("yes", "rate_outside"));
    assert_eq!(after(|facts| facts.range = None), "no_rate_range");
    let lowered = |facts: &mut PairFacts| {
        facts.range = facts.range.map(|range| RangeFacts { ceiling_pence_per_hour: 8_799, ..range });
    };
    assert_eq!(after(lowered), "rate_outside");
}

#[test]
fn an_approved_exception_lifts_the_ceiling_for_its_session() {
    let mut facts = facts();
    facts.session.rate_max_pence_per_hour = 10_500;
    let mut range = facts.range.unwrap();
    assert_eq!(range.payable(&facts.session), (7_600, 9_800));
    range.exception = Some((RateExceptionId::new(), 10_200));
    assert_eq!(range.payable(&facts.session), (7_600, 10_200));
}

#[test]
fn nobody_is_in_two_places_at_once_and_the_drive_counts() {
    let beside =
        |from, minutes, south| after(|facts| facts.neighbours = vec![neighbour(from, minutes, south)]);
    assert_eq!(beside("2026-11-03T12:40:00Z", 60, 0), "yes");
    assert_eq!(beside("2026-11-03T12:39:00Z", 60, 0), "double_booked");
    // Thirty kilometres by road take 45 minutes.
    assert_eq!(beside("2026-11-03T13:00:00Z", 60, 200_000), "too_far_between");
    assert_eq!(beside("2026-11-03T13:30:00Z", 60, 200_000), "yes");
}

#[test]
fn the_law_rests_workers_of_the_bank_and_nobody_else() {
    let late = || vec![neighbour("2026-11-02T18:00:00Z", 240, 0)];
    assert_eq!(after(|facts| facts.neighbours = late()), "too_little_rest");
    let own_account = |facts: &mut PairFacts| {
        facts.neighbours = late();
        facts.clinician.person.engagement = Engagement::SelfEmployed;
    };
    assert_eq!(after(own_account), "yes");
    let week = |facts: &mut PairFacts| {
        let days = ["04", "05", "06", "07"];
        facts.neighbours = days.map(|day| neighbour(&format!("2026-11-{day}T08:00:00Z"), 660, 0)).to_vec();
    };
    assert_eq!(after(week), "weekly_hours");
}

#[test]
fn wishes_do_not_stop_the_clinician_who_says_yes_but_refusals_stop_others() {
    let mut facts = facts();
    facts.clinician.refuses_practice = true;
    assert_eq!(judged_by(&facts, Wishes::None, 8_800), "yes");
    assert_eq!(judged_by(&facts, Wishes::Refusals, 8_800), "refuses_practice");
    facts.clinician.is_refused_by_practice = true;
    assert_eq!(judged_by(&facts, Wishes::None, 8_800), "refused_by_practice");
}

#[test]
fn whoever_has_not_been_asked_is_kept_by_all_their_wishes() {
    let mut facts = facts();
    assert_eq!(judged_by(&facts, Wishes::All, 8_800), "availability");
    facts.clinician.own_rate_pence_per_hour = Some(9_900);
    assert_eq!(judged_by(&facts, Wishes::None, 8_800), "yes");
}

#[test]
fn a_double_booking_names_what_is_in_the_way() {
    let mut facts = facts();
    facts.neighbours =
        vec![neighbour("2026-11-03T12:00:00Z", 60, 0), neighbour("2026-11-05T12:00:00Z", 60, 0)];
    let obstacle = judge(&facts, Wishes::None, 8_800).unwrap().unwrap_err();
    let Obstacle::DoubleBooked(Some((practice, from, until))) = obstacle else { panic!("{obstacle:?}") };
    assert_eq!((practice.as_str(), from), ("Fern Lane Surgery", at("2026-11-03T12:00:00Z")));
    assert_eq!(until, at("2026-11-03T13:00:00Z"));
}
