//! Each thing that can move between preview and publishing is found and named; nothing else is.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Comparison, Movement, Offering, place_of};
use crate::eligibility::empty::EmptyReason;
use crate::eligibility::not_again::Cause;
use crate::ground::id::SessionId;
use crate::people::clinician::Engagement;
use crate::terms::rate::RateTable;
use crate::work::planning::Pair;
use crate::work::planning::example::{
    OTHER_PERSON, OTHER_SESSION, PERSON, PRACTICE, SESSION, at, booking, facts, person, range, session,
};
use crate::work::planning::prepare::{Facts, prepare};
use crate::work::planning::store::facts::SessionRow;
use crate::work::planning::store::pairs::ProposedRow;
use matching_model::plan::RuleCode;

/// The pair as it was proposed: £88 an hour for 250 minutes.
fn proposed() -> ProposedRow {
    ProposedRow {
        session_id: SESSION,
        clinician_id: PERSON,
        rate_pence_per_hour: 8_800,
        pay_pence: 36_667,
        road_metres: 5_782,
        clinician: "Dr Amy Hall".to_owned(),
        practice: "Orchid House Surgery".to_owned(),
        local_date: "2026-12-01".parse().unwrap(),
        starts_at: at("2026-12-01T08:30:00Z"),
        left_out: false,
    }
}

/// What has moved once `change` is made.
fn moved(change: impl FnOnce(&mut Facts)) -> Option<Movement> {
    let then = prepare(&facts()).problem;
    let mut facts = facts();
    change(&mut facts);
    let now = prepare(&facts);
    let movements = Comparison::of(&then, &facts, &now).movements(&[proposed()]).unwrap();
    assert!(movements.len() <= 1);
    movements.into_values().next()
}

#[test]
fn nothing_has_moved_when_nothing_has() {
    assert_eq!(moved(|_| {}), None);
}

#[test]
fn what_changes_nothing_for_the_pair_has_not_moved() {
    let ranges = |floor, ceiling| RateTable::new(vec![range("gp", 1, "2026-04-01", floor, ceiling)]);
    assert_eq!(moved(|facts| facts.ranges = ranges(8_000, 9_000)), None);
    assert_eq!(moved(|facts| facts.people[0].prefers.push(PRACTICE)), None);
    assert_eq!(moved(|facts| facts.people[0].record.engagement = Engagement::Employed), None);
    assert_eq!(moved(|facts| facts.people.push(person(OTHER_PERSON))), None);
}

#[test]
fn a_range_that_changes_the_rate_has_moved() {
    let ranges = |floor, ceiling| RateTable::new(vec![range("gp", 1, "2026-04-01", floor, ceiling)]);
    assert_eq!(
        moved(|facts| facts.ranges = ranges(7_600, 8_700)),
        Some(Movement::RatesChanged { before: (7_600, 9_800), now: (7_600, 8_700) })
    );
    assert_eq!(
        moved(|facts| facts.ranges = ranges(9_000, 9_800)),
        Some(Movement::RatesChanged { before: (7_600, 9_800), now: (9_000, 9_800) })
    );
    assert_eq!(
        moved(|facts| facts.ranges = ranges(1_000, 2_000)),
        Some(Movement::Closed(EmptyReason::OutsideRateRange))
    );
    assert_eq!(
        moved(|facts| facts.ranges = RateTable::default()),
        Some(Movement::Closed(EmptyReason::NoRateRange))
    );
}

#[test]
fn what_the_clinician_changed_has_moved() {
    let asks = |rate| {
        moved(|facts| {
            facts.people[0].rates = BTreeMap::from([(crate::terms::bank::Band::Core, rate)]);
        })
    };
    assert_eq!(asks(8_900), Some(Movement::AskedRateChanged));
    assert_eq!(asks(9_900), Some(Movement::AskedRateChanged));
    assert_eq!(moved(|facts| facts.people[0].works_until = None), Some(Movement::Rule(RuleCode::Clearance)));
    assert_eq!(moved(|facts| facts.people[0].held.clear()), Some(Movement::Rule(RuleCode::Competency)));
    assert_eq!(
        moved(|facts| facts.people[0].available.clear()),
        Some(Movement::Rule(RuleCode::Availability))
    );
    assert_eq!(
        moved(|facts| facts.people[0].refused_by.push(PRACTICE)),
        Some(Movement::Rule(RuleCode::Refused))
    );
    assert_eq!(moved(|facts| facts.people.clear()), Some(Movement::ClinicianGone));
    let declined = |facts: &mut Facts| {
        facts.sessions[0].not_again.insert(PERSON, Cause::Declined);
    };
    assert_eq!(moved(declined), Some(Movement::Rule(RuleCode::NotAgain)));
}

#[test]
fn what_happened_to_the_session_has_moved() {
    assert_eq!(moved(|facts| facts.sessions.clear()), Some(Movement::SessionGone));
    assert_eq!(
        moved(|facts| facts.sessions[0].starts_at = at("2026-12-01T09:00:00Z")),
        Some(Movement::SessionMoved)
    );
    assert_eq!(moved(|facts| facts.sessions[0].booked = 1), Some(Movement::Filled));
    assert_eq!(moved(|facts| facts.sessions[0].is_in_round = true), Some(Movement::LeftToRound));
    assert_eq!(moved(|facts| facts.sessions[0].proposed = 1), Some(Movement::LeftToRound));
    let book_another = |facts: &mut Facts| {
        facts.sessions[0].booked = 1;
        facts.people.push(person(OTHER_PERSON));
        let booked = booking(SESSION, "2026-12-01T08:30:00Z", "2026-12-01T12:40:00Z");
        facts.people[1].bookings.push(booked);
    };
    assert_eq!(moved(book_another), Some(Movement::Filled));
}

#[test]
fn bookings_made_since_have_moved() {
    let book =
        |starts, ends| moved(|facts| facts.people[0].bookings.push(booking(OTHER_SESSION, starts, ends)));
    assert_eq!(book("2026-12-01T10:00:00Z", "2026-12-01T14:00:00Z"), Some(Movement::Rule(RuleCode::Overlap)));
    assert_eq!(book("2026-11-30T18:00:00Z", "2026-11-30T22:00:00Z"), Some(Movement::Rule(RuleCode::Rest)));
    assert_eq!(
        book("2026-12-01T14:00:00Z", "2026-12-01T20:00:00Z"),
        Some(Movement::Rule(RuleCode::DailyHours))
    );
    assert_eq!(book("2026-12-03T08:00:00Z", "2026-12-03T12:00:00Z"), None);
    let own = |facts: &mut Facts| {
        facts.sessions[0].booked = 1;
        facts.people[0].bookings.push(booking(SESSION, "2026-12-01T08:30:00Z", "2026-12-01T12:40:00Z"));
    };
    assert_eq!(moved(own), Some(Movement::Filled));
}

#[test]
fn a_movement_is_a_sentence_with_who_where_and_when() {
    let movement = Movement::RatesChanged { before: (7_600, 9_800), now: (7_000, 8_000) };
    assert_eq!(
        format!("{}, {}: {}.", proposed().clinician, place_of(&proposed()), movement.text()),
        "Dr Amy Hall, Orchid House Surgery, Tue 1 Dec, 8:30am: what the session may pay changed from £76 to £98 an \
         hour to £70 to £80 an hour."
    );
}

/// Who gets an offer when these offers are out now, and those in `known` were when the plan was made.
fn offering(known: &[Pair], now: &[Pair], proposed: &[ProposedRow]) -> Offering {
    let of = |offers: &[Pair]| {
        let mut facts = facts();
        facts.people.push(person(OTHER_PERSON));
        for offer in offers {
            if offer.session != SESSION {
                facts.sessions.push(SessionRow { id: offer.session, ..session() });
            }
            let row = facts.sessions.iter_mut().find(|row| row.id == offer.session).unwrap();
            row.offered_to.push(offer.clinician);
        }
        facts
    };
    let (then, facts) = (prepare(&of(known)).problem, of(now));
    Comparison::of(&then, &facts, &prepare(&facts)).to_be_offered(proposed)
}

#[test]
fn a_place_has_one_offer_at_a_time() {
    let offer = |clinician| Pair { session: SESSION, clinician };
    let (own, others) = (offer(PERSON), offer(OTHER_PERSON));
    let all = |offering: Offering| (offering.pairs.len(), offering.waiting.len(), offering.moved.len());
    assert_eq!(all(offering(&[], &[], &[proposed()])), (1, 0, 0));
    assert_eq!(
        all(offering(std::slice::from_ref(&own), std::slice::from_ref(&own), &[proposed()])),
        (0, 0, 0)
    );
    assert_eq!(all(offering(&[], &[own], &[proposed()])), (0, 0, 0));
    assert_eq!(
        all(offering(std::slice::from_ref(&others), std::slice::from_ref(&others), &[proposed()])),
        (0, 1, 0)
    );
    assert_eq!(all(offering(&[], std::slice::from_ref(&others), &[proposed()])), (0, 0, 1));
    let elsewhere = Pair { session: SessionId(Uuid::from_u128(99)), ..others };
    assert_eq!(all(offering(&[], &[elsewhere], &[proposed()])), (1, 0, 0));
}
