//! A run by a deadline: what does not come home in time is left behind, and what was found until then is handed out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use matching::example::Shape;
use matching::{Budget, NeverStop, NoProgress, Planning, Progress, Standing, Stop, plan_problem};
use matching_check::{check, prove};
use matching_model::plan::Plan;
use matching_model::problem::Problem;

use crate::planned::best_plan;
use crate::whole_runs::made;

/// Due from the start, or never; past once the run is stuck.
#[derive(Default)]
struct Told {
    is_due: bool,
    is_stuck: Arc<AtomicBool>,
}

impl Stop for Told {
    fn is_due(&self) -> bool {
        self.is_due
    }

    fn is_past(&self) -> bool {
        self.is_stuck.load(Ordering::Relaxed)
    }
}

/// Never comes back once the run has come to a step, as a solver that does not heed its limit.
struct StuckAt {
    step: &'static str,
    is_stuck: Arc<AtomicBool>,
}

impl Progress for StuckAt {
    fn report(&self, standing: &Standing) {
        if standing.step == self.step {
            self.is_stuck.store(true, Ordering::Relaxed);
            loop {
                std::thread::park();
            }
        }
    }
}

/// Begins a run and waits until it has ended or is left behind.
fn waited_for(problem: &Problem, stop: Told, progress: impl Progress + Send + 'static) -> Planning {
    let budget = Budget { threads: Some(2), ..Budget::default() };
    let problem = Arc::new(problem.clone());
    let mut planning =
        Planning::begin(problem, budget, Arc::new(stop), Arc::new(progress)).expect("a sound problem");
    while planning.wait(Duration::from_millis(100)) {}
    planning
}

fn assert_sound(problem: &Problem, plan: &Plan) {
    let mut faults = check(problem, plan).faults;
    let proven = prove(problem, plan, &mut faults).expect("prices that can be used");
    assert_eq!(faults, []);
    assert_eq!(proven.score, i128::from(plan.upper_bound));
}

/// Due before anything was begun: the bookings, a bound that holds, and a reason for each empty place, without counts.
#[test]
fn no_time_at_all_gives_the_bookings_and_a_bound() {
    for shape in [Shape::Usual, Shape::AllBooked, Shape::ManyPlaces, Shape::NobodyEligible, Shape::Empty] {
        let problem = made(shape, 80, 30, 5);
        let due = || Told { is_due: true, ..Told::default() };
        let plan = waited_for(&problem, due(), NoProgress).plan(&due());
        assert_sound(&problem, &plan);
        assert_eq!(plan.assignments.len(), problem.booked.len(), "{shape:?}");
        assert!(plan.unfilled.iter().all(|unfilled| unfilled.blocked.is_empty()), "{shape:?}");
        let best = best_plan(&problem);
        assert!(plan.upper_bound >= best.score, "{shape:?}: the bound is below the optimum");
        assert!(plan.fill_upper_bound >= Some(best.filled), "{shape:?}");
    }
}

/// A step that never ends is left behind, and what was kept before it is the plan: the later, the better.
#[test]
fn a_step_that_never_ends_is_left_behind() {
    let problem = made(Shape::Usual, 150, 50, 11);
    let best = best_plan(&problem);
    let mut before = i64::MAX;
    for step in ["prices", "better prices of small parts"] {
        let stop = Told::default();
        let progress = StuckAt { step, is_stuck: Arc::clone(&stop.is_stuck) };
        let plan = waited_for(&problem, stop, progress).plan(&NeverStop);
        assert_sound(&problem, &plan);
        assert!(plan.filled > problem.booked.len() as u64, "{step}: nobody is placed");
        assert!(plan.score <= best.score && best.score <= plan.upper_bound, "{step}");
        let gap = plan.upper_bound - plan.score;
        assert!(gap < before, "{step}: the gap is {gap}, and was {before}");
        before = gap;
    }
}

/// Left to its end, such a run gives what any other gives, to the byte.
#[test]
fn a_run_that_comes_home_gives_the_same_plan() {
    let problem = made(Shape::ClockChange, 120, 40, 9);
    let plain = plan_problem(&problem, &Budget::default(), &NeverStop, &NoProgress).expect("plans");
    let plan = waited_for(&problem, Told::default(), NoProgress).plan(&NeverStop);
    let text = |plan: &Plan| serde_json::to_string(plan).expect("writes");
    assert_eq!(text(&plan), text(&plain));
}
