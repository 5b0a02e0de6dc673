//! Ceilings, floors and budgets: what they do to the places that can be filled, and that the bounds hold.

use matching::NeverStop;
use matching::example::Shape;
use matching::simulate::{End, SimulateError, Sweep, chart, sweep, within_budget};
use matching_model::problem::Problem;

use crate::planned::best_plan;
use crate::small_world::{clinician, session, world};
use crate::tiny_problems::tiny;
use crate::whole_runs::made;

fn asked(from_pence: i64, to_pence: i64, end: End) -> Sweep {
    Sweep { role: "gp".into(), band: "core".into(), from_pence, to_pence, step_pence: 500, end, lift: true }
}

#[test]
fn a_ceiling_decides_who_can_be_paid() {
    let mut problem = world();
    problem.clinicians.push(clinician("bob"));
    problem.clinicians[1].rates.insert("core".into(), 9_000);
    problem.sessions.push(session("also", "near", 0));
    let points = sweep(&problem, &asked(7_500, 9_500, End::Ceiling), &NeverStop).expect("sweeps");
    let filled: Vec<(i64, u64, u64)> =
        points.iter().map(|point| (point.rate_pence_per_hour, point.filled, point.most_filled)).collect();
    assert_eq!(filled, [(7_500, 0, 0), (8_000, 1, 1), (8_500, 1, 1), (9_000, 2, 2), (9_500, 2, 2)]);
    assert_eq!(points[1].spend_pence, 4 * 8_000);
    assert_eq!(points[3].mean_rate_pence_per_hour, 8_500);
    assert_eq!(points[3].filled_in_range, 2);
}

#[test]
fn a_floor_raises_what_is_paid_and_closes_what_cannot_pay_it() {
    let points = sweep(&world(), &asked(7_000, 10_000, End::Floor), &NeverStop).expect("sweeps");
    let paid: Vec<(i64, i64, u64)> =
        points.iter().map(|point| (point.rate_pence_per_hour, point.spend_pence, point.closed)).collect();
    // Ann asks £80; the session pays £95 at most.
    assert_eq!(paid[..3], [(7_000, 32_000, 0), (7_500, 32_000, 0), (8_000, 32_000, 0)]);
    assert_eq!(paid[3..], [(8_500, 34_000, 0), (9_000, 36_000, 0), (9_500, 38_000, 0), (10_000, 0, 1)]);
}

#[test]
fn each_point_is_bounded_by_what_it_claims() {
    for seed in 60..64 {
        let problem = made(Shape::OneRole, 80, 30, seed);
        let points = sweep(&problem, &asked(7_000, 11_000, End::Ceiling), &NeverStop).expect("sweeps");
        for point in points {
            let mut changed = problem.clone();
            for work in changed.sessions.iter_mut().filter(|work| work.band == "core") {
                work.rate_max = point.rate_pence_per_hour;
            }
            // A range upside down closes a session, which no problem file can say otherwise.
            let (open, closed): (Vec<_>, Vec<_>) =
                changed.sessions.drain(..).partition(|work| work.rate_min <= work.rate_max);
            changed.sessions = open;
            let is_closed = |id: &str| closed.iter().any(|work| work.id == id);
            if problem.booked.iter().any(|pair| is_closed(&pair.session)) {
                continue;
            }
            changed.incumbent.retain(|pair| !is_closed(&pair.session));
            let plan = best_plan(&changed);
            let told = format!("seed {seed}, at {}", point.rate_pence_per_hour);
            assert_eq!(plan.score, plan.upper_bound, "{told}: the best is known");
            assert!(point.score <= plan.score && plan.score <= point.upper_bound, "{told}");
            assert!(point.most_filled >= plan.filled, "{told}");
            assert!(point.filled <= plan.filled + 2 && point.filled * 10 >= plan.filled * 9, "{told}");
        }
    }
}

/// The most places any plan of a problem fills for some money, by trying every plan.
fn most_for(problem: &Problem, budget_pence: i64) -> u64 {
    let mut most = 0;
    crate::brute_force::each_plan(problem, &mut |plan| {
        let pay: i64 = plan.assignments.iter().map(|assignment| pay_of(problem, assignment)).sum();
        if pay <= budget_pence {
            most = most.max(plan.assignments.len() as u64);
        }
    });
    most
}

fn pay_of(problem: &Problem, assignment: &matching_model::plan::Assignment) -> i64 {
    let work = problem.sessions.iter().find(|work| work.id == assignment.session).expect("a session");
    let person =
        problem.clinicians.iter().find(|person| person.id == assignment.clinician).expect("a clinician");
    let rate = person.rates.get(&work.band).copied().unwrap_or(0).max(work.rate_min);
    (rate * work.minutes() + 30) / 60
}

#[test]
fn a_budget_is_kept_and_its_bound_holds() {
    let mut full = 0;
    for seed in 0..150 {
        let problem = tiny(seed);
        let booked: i64 = best_plan(&problem)
            .assignments
            .iter()
            .filter(|a| problem.booked.iter().any(|b| b.session == a.session && b.clinician == a.clinician))
            .map(|assignment| assignment.pay_pence)
            .sum();
        for budget in [booked, booked + 30_000, booked + 90_000] {
            let point = within_budget(&problem, budget, &NeverStop).expect("plans");
            let most = most_for(&problem, budget);
            let told = format!("seed {seed}, {budget} pence");
            assert!(point.spend_pence <= budget, "{told}: {point:?}");
            assert!(
                point.filled <= most && most <= point.most_filled,
                "{told}: {most} can be filled, {point:?}"
            );
            full += u32::from(point.filled == most);
        }
    }
    assert!(full > 400, "only {full} of 450 budgets were used as well as can be");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let refused =
        |sweep_asked: &Sweep| sweep(&world(), sweep_asked, &NeverStop).expect_err("must be refused");
    assert_eq!(refused(&asked(9_000, 8_000, End::Ceiling)), SimulateError::Rates);
    assert_eq!(refused(&Sweep { step_pence: 0, ..asked(7_000, 8_000, End::Ceiling) }), SimulateError::Rates);
    let nobody = Sweep { role: "vet".into(), ..asked(7_000, 8_000, End::Ceiling) };
    assert!(matches!(refused(&nobody), SimulateError::NothingInRange { .. }));
}

#[test]
fn a_chart_shows_every_point_and_escapes_its_title() {
    let points = sweep(&world(), &asked(7_000, 9_000, End::Ceiling), &NeverStop).expect("sweeps");
    let svg = chart(&points, "gp <core> & more");
    assert!(svg.contains("gp &lt;core&gt; &amp; more") && !svg.contains("style="));
    let lines = svg.lines().filter(|line| line.contains("<polyline"));
    for line in lines {
        let corners = line.split('"').nth(1).expect("points").split(' ').count();
        assert_eq!(corners, points.len());
    }
}
