//! Who would have done better by saying something else than what they want: the figures of the help page.

use super::every_plan::{Plan, best_plan, has, lawful_plans};
use super::{Asker, Round, Shape, draw};

/// As many as the help page says.
const ROUNDS: u64 = 1_000;

/// Everything else that somebody could have said: each order of some of what they asked for, as their places among it.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..count {
        let longer = longest.iter().flat_map(|order| {
            let left = (0..count).filter(|at| !order.contains(at));
            left.map(|at| order.iter().copied().chain([at]).collect::<Vec<_>>())
        });
        longest = longer.collect();
        all.extend(longest.clone());
    }
    all
}

/// What the round gives them when they say that, by what they want in truth.
fn gets(round: &Round, plans: &[Plan], turn: usize, order: &[usize]) -> Vec<usize> {
    let offset: usize = round.people[..turn].iter().map(|person| person.wishes.len()).sum();
    let count = round.people[turn].wishes.len();
    let mut said = round.clone();
    for at in 0..count {
        let place = order.iter().position(|named| *named == at).unwrap_or(count - 1);
        said.people[turn].wishes[at].choice = u32::try_from(place + 1).unwrap();
    }
    // What they leave out is given in no plan.
    let left_out = |at: &usize| !order.contains(at);
    let not: Vec<usize> = (0..count).filter(left_out).map(|at| offset + at).collect();
    let left: Vec<Plan> = plans.iter().filter(|plan| not.iter().all(|at| !plan[*at])).cloned().collect();
    has(round, turn, &best_plan(&said, &left).plan)
}

/// In how many rounds somebody gains by another order of all they asked for, and by leaving something out.
fn rounds_with_gains(sessions: usize) -> (usize, usize) {
    let shape = Shape { sessions, people: 6, wishes: 3, is_tangled: false };
    let (mut by_order, mut by_leaving_out) = (0, 0);
    for number in 0..ROUNDS {
        let round = draw(number, shape);
        let plans = lawful_plans(&round);
        let (mut order_gains, mut less_gains) = (false, false);
        for (turn, Asker { wishes, .. }) in round.people.iter().enumerate() {
            let truly = gets(&round, &plans, turn, &(0..wishes.len()).collect::<Vec<_>>());
            for order in orders(wishes.len()) {
                let gains = gets(&round, &plans, turn, &order) > truly;
                order_gains |= gains && order.len() == wishes.len();
                less_gains |= gains && order.len() < wishes.len();
            }
        }
        by_order += usize::from(order_gains);
        by_leaving_out += usize::from(less_gains);
    }
    (by_order, by_leaving_out)
}

#[test]
fn another_order_gains_nobody_anything_and_leaving_out_does_as_often_as_the_help_page_says() {
    assert_eq!(rounds_with_gains(6), (0, 590));
    assert_eq!(rounds_with_gains(3), (0, 24));
}
