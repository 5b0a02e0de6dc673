//! Chains fill what nobody can take alone, and never make a plan worse.

use super::{Takers, fill_by_chains};
use crate::bound::descent::{Pace, Steps, descend};
use crate::bound::prices::Dual;
use crate::index::{ClinicianIx, Ix, PartAgentIx, PartSessionIx, SessionIx};
use crate::market::{Market, PartMarket, Prices, go_together};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::Facts;
use crate::sample::{market_of, one_part, week};
use crate::schedule::draft::Draft;
use crate::search::construct::construct;
use crate::search::regret::please;
use crate::stop::{NeverStop, Stop};

/// Holds only what can be done, in places that there are.
fn is_legal(market: &PartMarket, draft: &Draft) -> bool {
    let mut taken = market.timings.map(|_| 0);
    for (number, agent) in market.agents.numbered() {
        let held = draft.held(number);
        let timing = |session: &PartSessionIx| market.timings[*session];
        let together = |one: usize, other: usize| {
            go_together(&timing(&held[one]), &timing(&held[other]), agent.rest_minutes, &market.roads)
        };
        let minutes: i64 = held.iter().map(|session| timing(session).minutes()).sum();
        let is_theirs = |session: &PartSessionIx| market.choice_of(agent, *session).is_some();
        if !(0..held.len()).all(|one| (0..one).all(|other| together(other, one)))
            || agent.most_a_week.is_some_and(|most| agent.booked_in_week(0) + minutes > most)
            || !held.iter().all(is_theirs)
        {
            return false;
        }
        for session in held {
            taken[*session] += 1;
        }
    }
    taken
        .numbered()
        .zip(&market.places)
        .all(|((session, taken), places)| *taken <= *places && draft.left(session) == places - taken)
}

#[test]
fn three_people_move_along_so_that_a_fourth_session_is_filled() {
    // Sessions 0 to 3 at the same time; person n may do sessions n and n + 1, and the last only the last but one.
    let mut problem = week(400, 4, 5);
    problem.sessions.truncate(4);
    let (first, person) = (problem.sessions[0].clone(), problem.clinicians[0].clone());
    for work in &mut problem.sessions {
        (work.start, work.end, work.places, work.priority) = (first.start, first.end, 1, 1);
        work.practice.clone_from(&first.practice);
    }
    for other in &mut problem.clinicians {
        other.rest_minutes = person.rest_minutes;
        (other.max_minutes_per_day, other.max_minutes_per_week) = (None, None);
    }
    let facts = Facts::of(&problem);
    let may = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3)];
    let pairs = may.map(|(clinician, session)| EligiblePair {
        clinician: ClinicianIx::at(clinician),
        session: SessionIx::at(session),
        road_metres: 0,
    });
    let market = one_part(&Market::of(&facts, &pairs, |_| 1_000));
    let mut draft = Draft::empty(&market);
    for (agent, session) in [(0, 1), (1, 2), (2, 3)] {
        draft.give(&market, PartAgentIx::at(agent), &[PartSessionIx::at(session)]);
    }
    let (takers, prices) = (Takers::of(&market), [1_000, 10, 10, 10].into_iter().collect::<Prices>());
    let mut too_few = draft.clone();
    fill_by_chains(&market, &prices, &takers, &mut too_few, 3, &NeverStop);
    assert_eq!(too_few, draft, "three looks do not reach the person who holds nothing");
    fill_by_chains(&market, &prices, &takers, &mut draft, 4, &NeverStop);
    assert_eq!((draft.filled(), draft.score()), (4, 4_000));
    for agent in market.agents.numbers() {
        assert_eq!(draft.held(agent), [PartSessionIx::at(agent.place())]);
    }
}

#[test]
fn chains_better_a_plan_and_keep_it_legal() {
    let mut better = 0;
    for (seed, clinicians) in [(1, 40), (2, 90), (3, 150)] {
        let market = market_of(&week(400, clinicians, seed));
        let pace = Pace { passes: 60, hundredths_of_time: 100 };
        let dual =
            descend(&market, Dual::at_the_top(&market), i64::MIN, (Steps::FROM_THE_TOP, pace), &NeverStop);
        let mut draft = construct(&market, &dual.prices, &NeverStop);
        let takers = Takers::of(&market);
        let mut last = draft.score();
        for _ in 0..3 {
            fill_by_chains(&market, &dual.prices, &takers, &mut draft, 1_000, &NeverStop);
            please(&market, &dual.prices, &takers, &mut draft, &NeverStop);
            assert!(is_legal(&market, &draft));
            assert!(draft.score() >= last && draft.score() <= dual.bound);
            better += i32::from(draft.score() > last);
            last = draft.score();
        }
    }
    assert!(better >= 2, "{better} of nine rounds made a plan better");
}

#[test]
fn a_run_that_has_to_end_changes_nothing() {
    struct Due;
    impl Stop for Due {
        fn is_due(&self) -> bool {
            true
        }
    }
    let market = market_of(&week(400, 90, 2));
    let prices = market.highest_scores();
    let (takers, empty) = (Takers::of(&market), Draft::empty(&market));
    let mut draft = empty.clone();
    fill_by_chains(&market, &prices, &takers, &mut draft, 100, &Due);
    please(&market, &prices, &takers, &mut draft, &Due);
    assert_eq!(draft, empty);
}
