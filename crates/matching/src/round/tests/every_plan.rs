//! Every lawful plan of a small round, and the best of them by the layers as they are told: written apart from what it
//! checks.

use super::super::{Asker, Round, Why, Wish};

/// Who gets what: for each wish of everybody in turn, whether it is given.
pub(super) type Plan = Vec<bool>;

/// The best of all plans.
pub(super) struct Best {
    pub(super) filled: i64,
    pub(super) plan: Plan,
    /// Among how many plans the score had to choose.
    pub(super) left_to_score: usize,
}

fn wishes(round: &Round) -> Vec<(usize, usize, &Wish)> {
    let of = |(turn, person): (usize, &'_ Asker)| (0..person.wishes.len()).map(move |at| (turn, at));
    let places = round.people.iter().enumerate().flat_map(of).collect::<Vec<_>>();
    places.into_iter().map(|(turn, at)| (turn, at, &round.people[turn].wishes[at])).collect()
}

/// What these of a person's wishes together are allowed to be.
fn may_hold(person: &Asker, held: &[usize]) -> bool {
    let both = |pair: &(usize, usize)| held.contains(&pair.0) && held.contains(&pair.1);
    person.most.is_none_or(|most| held.len() <= most as usize)
        && !person.apart.iter().any(both)
        && person.limits.iter().all(|limit| held.iter().map(|at| limit.takes[*at]).sum::<i64>() <= limit.most)
}

pub(super) fn is_lawful(round: &Round, plan: &[bool]) -> bool {
    let all = wishes(round);
    let given = || all.iter().zip(plan).filter(|(_, given)| **given).map(|(wish, _)| *wish);
    let has_room = round.sessions.iter().all(|session| {
        given().filter(|(_, _, wish)| wish.session == session.id).count() <= session.places as usize
    });
    has_room
        && round.people.iter().enumerate().all(|(turn, person)| {
            let held: Vec<usize> =
                given().filter(|(whose, _, _)| *whose == turn).map(|(_, at, _)| at).collect();
            may_hold(person, &held)
        })
}

/// Every lawful plan. What is lawful stays so when something is taken out, so a beginning that is not has no lawful end.
pub(super) fn lawful_plans(round: &Round) -> Vec<Plan> {
    let count = wishes(round).len();
    let mut plans: Vec<Plan> = vec![vec![false; count]];
    for at in 0..count {
        let with = plans.iter().map(|plan| {
            let mut plan = plan.clone();
            plan[at] = true;
            plan
        });
        let lawful: Vec<Plan> = with.filter(|plan| is_lawful(round, plan)).collect();
        plans.extend(lawful);
    }
    plans
}

pub(super) fn filled(round: &Round, plan: &[bool]) -> i64 {
    let priority = |wish: &Wish| {
        let session = round.sessions.iter().find(|session| session.id == wish.session);
        session.map_or(0, |session| i64::from(session.priority))
    };
    wishes(round).iter().zip(plan).filter(|(_, given)| **given).map(|((_, _, wish), _)| priority(wish)).sum()
}

/// How many of each choice somebody has, their first choices first.
pub(super) fn has(round: &Round, turn: usize, plan: &[bool]) -> Vec<usize> {
    let mut of_choice = vec![0; 4];
    for ((_, _, wish), _) in
        wishes(round).iter().zip(plan).filter(|((whose, _, _), given)| *whose == turn && **given)
    {
        of_choice[wish.choice as usize - 1] += 1;
    }
    of_choice
}

fn sum_of(round: &Round, plan: &[bool], of: impl Fn(&Wish) -> i64) -> i64 {
    wishes(round).iter().zip(plan).filter(|(_, given)| **given).map(|((_, _, wish), _)| of(wish)).sum()
}

/// Keeps those that are worth the most.
fn keep_best<T: Ord>(plans: &mut Vec<&Plan>, worth: impl Fn(&Plan) -> T) {
    let best = plans.iter().map(|plan| worth(plan)).max();
    plans.retain(|plan| Some(worth(plan)) == best);
}

/// The best of these plans, layer by layer.
pub(super) fn best_plan(round: &Round, plans: &[Plan]) -> Best {
    let mut left: Vec<&Plan> = plans.iter().collect();
    keep_best(&mut left, |plan| filled(round, plan));
    for turn in 0..round.people.len() {
        keep_best(&mut left, |plan| has(round, turn, plan));
    }
    let left_to_score = left.len();
    keep_best(&mut left, |plan| sum_of(round, plan, |wish| wish.score));
    keep_best(&mut left, |plan| sum_of(round, plan, |wish| i64::from(wish.lot)));
    assert_eq!(left.len(), 1, "the lot leaves one plan");
    Best { filled: filled(round, left[0]), plan: left[0].clone(), left_to_score }
}

/// That a reason is so.
pub(super) fn assert_true(
    round: &Round,
    plans: &[Plan],
    plan: &[bool],
    (turn, at, wish): (usize, usize, &Wish),
    why: Why,
) {
    let all = wishes(round);
    let given = |whose: &dyn Fn(usize) -> bool, session: Option<&str>| {
        let is = |((person, _, other), given): &(&(usize, usize, &Wish), &bool)| {
            **given && whose(*person) && session.is_none_or(|session| other.session == session)
        };
        all.iter().zip(plan).filter(is).map(|((_, place, other), _)| (*place, *other)).collect::<Vec<_>>()
    };
    let own = given(&|person| person == turn, None);
    let own_place =
        all.iter().position(|(_, _, other)| std::ptr::eq(*other, wish)).map(|place| all[place].1).unwrap();
    let wanted_no_less: Vec<usize> =
        own.iter().filter(|(_, other)| other.choice <= wish.choice).map(|(place, _)| *place).collect();
    match why {
        Why::Enough => {
            assert_eq!(round.people[turn].most, Some(u32::try_from(wanted_no_less.len()).unwrap()));
        }
        Why::Clashes => {
            let with: Vec<usize> = wanted_no_less.iter().copied().chain([own_place]).collect();
            assert!(!may_hold(&round.people[turn], &with));
        }
        Why::Ahead(count) => {
            let holders = given(&|person| person < turn, Some(&wish.session));
            let places = round.sessions.iter().find(|session| session.id == wish.session).unwrap().places;
            assert_eq!((holders.len(), count), (places as usize, places));
        }
        Why::Alike => assert!(own.iter().any(|(_, other)| other.choice == wish.choice)),
        Why::LeavesEmpty => {
            // Every plan that gives it to them, and them no less of what they want more, fills less or takes from somebody
            // ahead.
            let most = filled(round, plan);
            let sooner = wish.choice as usize - 1;
            let also = |other: &&Plan| {
                other[at]
                    && filled(round, other) == most
                    && (0..turn).all(|ahead| has(round, ahead, other) >= has(round, ahead, plan))
                    && has(round, turn, other)[..sooner] >= has(round, turn, plan)[..sooner]
            };
            let better: Vec<&Plan> = plans.iter().filter(also).collect();
            assert!(
                better.iter().all(|other| has(round, turn, other)[sooner] <= has(round, turn, plan)[sooner])
            );
        }
    }
}
