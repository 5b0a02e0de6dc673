//! A network holds what loses less than the limit, and leaves out what loses more.

use std::collections::BTreeMap;

use matching_model::problem::{Problem, Span};

use super::network_within;
use crate::index::{ClinicianIx, Ix, PartAgentIx};
use crate::market::{Market, PartAgent, PartMarket, Prices};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::Facts;
use crate::sample::{one_part, week};
use crate::schedule::Scheduler;
use crate::schedule::worthwhile;

/// One person and three sessions on each of two days, of which they can do two a day: nine to eleven, or ten to
/// twelve, and the afternoon.
fn problem() -> Problem {
    let mut problem = week(6, 1, 1);
    let practice = problem.practices[0].clone();
    let times = ["09:00 11:00", "10:00 12:00", "13:00 17:00"];
    let days = ["2027-01-05", "2027-01-06"];
    let slots =
        days.iter().flat_map(|day| times.iter().map(move |time| (day, time.split_once(' ').unwrap())));
    for (work, (day, (start, end))) in problem.sessions.iter_mut().zip(slots) {
        let at = |time: &str| format!("{day}T{time}:00Z").parse().unwrap();
        (work.start, work.end, work.places) = (at(start), at(end), 1);
        work.practice.clone_from(&practice.id);
    }
    let person = &mut problem.clinicians[0];
    (person.max_minutes_per_day, person.max_minutes_per_week, person.rest_minutes) =
        (Some(480), Some(2_000), 600);
    person.home = practice.position;
    for named in [&mut person.prefers, &mut person.recent_practices, &mut person.refuses] {
        named.clear();
    }
    person.available = vec![Span {
        start: "2027-01-05T00:00:00Z".parse().unwrap(),
        end: "2027-01-07T00:00:00Z".parse().unwrap(),
    }];
    problem.practices = vec![practice];
    problem
}

/// Sessions in order of start: the first of a day scores 50, the one it overlaps 20, the afternoon 100.
fn market() -> PartMarket {
    let facts = Facts::of(&problem());
    let of = |session| EligiblePair { clinician: ClinicianIx::at(0), session, road_metres: 0 };
    let pairs: Vec<EligiblePair> = facts.sessions.numbers().map(of).collect();
    let market = one_part(&Market::of(&facts, &pairs, |pair| [50, 20, 100][pair.session.place() % 3]));
    assert_eq!(market.agents.len(), 1);
    market
}

fn only_agent(market: &PartMarket) -> &PartAgent {
    &market.agents[PartAgentIx::at(0)]
}

/// Nothing costs anything.
fn free() -> Prices {
    Prices::repeat(0, 6)
}

/// How many steps take each set of sessions, at a limit.
fn steps(limit: i64) -> BTreeMap<Vec<usize>, usize> {
    let market = market();
    let network = network_within(&market, only_agent(&market), &free(), limit, 1_000).unwrap();
    assert_eq!(network.best_gain, 300);
    let mut found = BTreeMap::new();
    for step in network.steps {
        *found.entry(step.sessions.into_iter().map(Ix::place).collect()).or_default() += 1;
    }
    found
}

#[test]
fn only_what_loses_less_than_the_limit_is_left() {
    let sets = |limit: i64| steps(limit).into_keys().collect::<Vec<_>>();
    assert_eq!(sets(1), [vec![0, 2], vec![3, 5]]);
    assert_eq!(sets(30), [vec![0, 2], vec![3, 5]], "ten to twelve loses thirty");
    assert_eq!(sets(31), [vec![0, 2], vec![1, 2], vec![3, 5], vec![4, 5]]);
    assert_eq!(sets(51), [vec![0, 2], vec![1, 2], vec![2], vec![3, 5], vec![4, 5], vec![5]]);
}

#[test]
fn a_days_best_gains_are_told_by_minutes() {
    let market = market();
    let mut offers = Vec::new();
    worthwhile(&market, only_agent(&market), &free(), &mut offers);
    let mut front = Scheduler::default().day_front(&market, only_agent(&market), &offers[..3]);
    front.sort_unstable();
    assert_eq!(front, [(120, 50), (240, 100), (360, 150)]);
    assert_eq!(Scheduler::default().day_front(&market, only_agent(&market), &[]), []);
}
