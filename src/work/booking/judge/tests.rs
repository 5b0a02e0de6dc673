//! Each rule of the booking desk decides alone.

use super::examples::{at, day, facts, neighbour, now};
use super::{judge, payable};
use crate::ground::id::{OfferId, RateExceptionId};
use crate::people::clinician::Engagement;
use crate::work::booking::WayIn;
use crate::work::booking::facts::BookingFacts;
use crate::work::booking::refusal::Refusal;

fn judged_by(facts: &BookingFacts, way_in: WayIn, rate: i32) -> &'static str {
    judge(facts, way_in, rate, now()).unwrap().map_or_else(|refusal| refusal.code(), |()| "yes")
}

/// What an offer at £88 an hour meets after `change`.
fn after(change: impl FnOnce(&mut BookingFacts)) -> &'static str {
    let mut facts = facts();
    change(&mut facts);
    judged_by(&facts, WayIn::Offer(OfferId::new()), 8_800)
}

#[test]
fn what_fits_is_booked() {
    assert_eq!(after(|_| {}), "yes");
}

#[test]
fn what_protects_patients_binds() {
    assert_eq!(after(|facts| facts.session.roles = vec!["paramedic".to_owned()]), "wrong_role");
    assert_eq!(after(|facts| facts.clinician.competencies.clear()), "competency_missing");
    assert_eq!(after(|facts| facts.clinician.competencies[0].1 = Some(day("2026-11-02"))), "competency_ends");
    assert_eq!(after(|facts| facts.clinician.clearance = None), "not_cleared");
    let ends = |facts: &mut BookingFacts| {
        facts.clinician.clearance = facts.clinician.clearance.map(|(id, _)| (id, day("2026-11-02")));
    };
    assert_eq!(after(ends), "clearance_ends");
}

#[test]
fn a_session_that_is_over_or_withdrawn_is_not_booked() {
    assert_eq!(after(|facts| facts.session.is_withdrawn = true), "session_withdrawn");
    assert_eq!(after(|facts| facts.session.starts_at = now()), "session_started");
}

#[test]
fn the_rate_keeps_within_the_session_and_the_range_in_force() {
    let at_rate = |rate| judged_by(&facts(), WayIn::Offer(OfferId::new()), rate);
    assert_eq!((at_rate(7_599), at_rate(7_600)), ("rate_outside", "yes"));
    assert_eq!((at_rate(9_800), at_rate(9_801)), ("yes", "rate_outside"));
    assert_eq!(after(|facts| facts.range = None), "no_rate_range");
    let lowered = |facts: &mut BookingFacts| {
        facts.range = facts
            .range
            .map(|range| crate::work::booking::facts::RangeFacts { ceiling_pence_per_hour: 8_799, ..range });
    };
    assert_eq!(after(lowered), "rate_outside");
}

#[test]
fn an_approved_exception_lifts_the_ceiling_for_its_session() {
    let mut facts = facts();
    facts.session.rate_max_pence_per_hour = 10_500;
    let mut range = facts.range.unwrap();
    assert_eq!(payable(&facts.session, &range), (7_600, 9_800));
    range.exception = Some((RateExceptionId::new(), 10_200));
    assert_eq!(payable(&facts.session, &range), (7_600, 10_200));
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
    let own_account = |facts: &mut BookingFacts| {
        facts.neighbours = late();
        facts.clinician.engagement = Engagement::SelfEmployed;
    };
    assert_eq!(after(own_account), "yes");
    let week = |facts: &mut BookingFacts| {
        let days = ["04", "05", "06", "07"];
        facts.neighbours = days.map(|day| neighbour(&format!("2026-11-{day}T08:00:00Z"), 660, 0)).to_vec();
    };
    assert_eq!(after(week), "too_many_hours");
}

#[test]
fn wishes_do_not_stop_the_clinician_who_says_yes_but_refusals_stop_others() {
    let mut facts = facts();
    facts.clinician.refuses_practice = true;
    assert_eq!(judged_by(&facts, WayIn::Request, 8_800), "yes");
    let by_hand = WayIn::Administrator { rate_pence_per_hour: 8_800 };
    assert_eq!(judged_by(&facts, by_hand, 8_800), "refuses_practice");
    facts.clinician.is_refused_by_practice = true;
    assert_eq!(judged_by(&facts, WayIn::Request, 8_800), "refused_by_practice");
}

#[test]
fn a_double_booking_names_what_is_in_the_way() {
    let mut facts = facts();
    facts.neighbours =
        vec![neighbour("2026-11-03T12:00:00Z", 60, 0), neighbour("2026-11-05T12:00:00Z", 60, 0)];
    let refusal = judge(&facts, WayIn::Request, 8_800, now()).unwrap().unwrap_err();
    let Refusal::DoubleBooked(Some((practice, from, until))) = refusal else { panic!("{refusal:?}") };
    assert_eq!((practice.as_str(), from), ("Fern Lane Surgery", at("2026-11-03T12:00:00Z")));
    assert_eq!(until, at("2026-11-03T13:00:00Z"));
}
