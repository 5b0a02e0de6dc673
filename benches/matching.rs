//! How long the matching core takes, on problems made from postcode districts alone.

use std::collections::BTreeSet;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use matching::example::{Request, Shape, example, read_districts};
use matching::remedies::add_remedies;
use matching::repair::LoadedPlan;
use matching::simulate::{End, Sweep, sweep};
use matching::{Budget, NeverStop, NoProgress, plan_problem};
use matching_check::{check, prove};
use matching_model::change::{Changes, Event};
use matching_model::format::{problem_from_slice, write_problem};
use matching_model::plan::Plan;
use matching_model::problem::Problem;

/// A problem over Dorset or Kent, as `locumbank bench-data` makes it with seed 1.
fn problem(areas: &[&str], sessions: usize, clinicians: usize, weeks: u32) -> Problem {
    let districts = read_districts(include_str!("../config/outcodes.csv")).expect("the districts");
    let request = Request {
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        sessions,
        clinicians,
        weeks,
        start: "2027-01-04".parse().expect("a date"),
        seed: 1,
        shape: Shape::Usual,
        bank_holidays: BTreeSet::new(),
        booked_per_mille: 0,
        incumbent_per_mille: 0,
    };
    example(&request, &districts).expect("an example")
}

fn small_month() -> Problem {
    problem(&["DT", "BH"], 500, 50, 4)
}

fn county_month() -> Problem {
    problem(&["ME", "CT", "TN", "DA"], 5_000, 500, 4)
}

/// A plan by so many passes over the prices.
fn planned(problem: &Problem, passes: u32) -> Plan {
    let gap_percent = Some("1".parse().expect("a number"));
    let budget = Budget { iterations: Some(passes), gap_percent, ..Budget::default() };
    plan_problem(problem, &budget, &NeverStop, &NoProgress).expect("a sound problem")
}

fn reading(criterion: &mut Criterion) {
    let mut bytes = Vec::new();
    write_problem(&county_month(), &mut bytes).expect("writes");
    criterion.bench_function("read and validate a county month", |bench| {
        bench.iter(|| problem_from_slice(black_box(&bytes)).expect("reads"));
    });
}

fn planning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10);
    let month = small_month();
    group.bench_function("a small month to its proven optimum", |bench| {
        bench.iter(|| plan_problem(black_box(&month), &Budget::default(), &NeverStop, &NoProgress));
    });
    let county = county_month();
    group.bench_function("a county month to a gap of one per cent", |bench| {
        bench.iter(|| planned(black_box(&county), 100));
    });
    group.finish();
}

fn checking(criterion: &mut Criterion) {
    let county = county_month();
    let plan = planned(&county, 100);
    let mut group = criterion.benchmark_group("check");
    group.bench_function("every rule and number of a county month", |bench| {
        bench.iter(|| check(black_box(&county), black_box(&plan)));
    });
    group.sample_size(10);
    group.bench_function("the bound that the prices of a county month prove", |bench| {
        bench.iter(|| prove(black_box(&county), black_box(&plan), &mut Vec::new()));
    });
    group.finish();
}

fn repairing(criterion: &mut Criterion) {
    let county = county_month();
    let plan = planned(&county, 100);
    let at = "2027-01-05T08:00:00Z".parse().expect("a time");
    let mut place = 0;
    let mut group = criterion.benchmark_group("repair");
    group.sample_size(20);
    group.bench_function("a county month after one cancellation", |bench| {
        bench.iter_batched(
            || {
                // Another session each time, spread over the plan.
                place = (place + 997) % plan.assignments.len();
                let given_up = &plan.assignments[place];
                let (session, clinician) = (given_up.session.clone(), given_up.clinician.clone());
                let changes = Changes { at, events: vec![Event::Cancelled { session, clinician }] };
                (LoadedPlan::load(county.clone(), &plan).expect("a plan of this problem"), changes)
            },
            |(mut loaded, changes)| {
                black_box(loaded.repair(&changes).expect("a session that was given"));
                loaded
            },
            BatchSize::LargeInput,
        );
    });
    let loaded = LoadedPlan::load(county.clone(), &plan).expect("a plan of this problem");
    group.bench_function("standbys for every critical session of a county month", |bench| {
        bench.iter(|| loaded.standbys(black_box(at)));
    });
    group.finish();
}

fn advising(criterion: &mut Criterion) {
    let county = county_month();
    let plan = planned(&county, 100);
    let mut group = criterion.benchmark_group("advise");
    group.sample_size(10);
    group.bench_function("remedies for every empty session of a county month", |bench| {
        bench.iter_batched(
            || plan.clone(),
            |mut plan| add_remedies(&county, &mut plan),
            BatchSize::LargeInput,
        );
    });
    let asked = Sweep {
        role: "gp".into(),
        band: "core".into(),
        from_pence: 7_200,
        to_pence: 11_000,
        step_pence: 200,
        end: End::Ceiling,
        lift: true,
    };
    group.bench_function("a sweep of 20 ceilings over a county month", |bench| {
        bench.iter(|| sweep(black_box(&county), &asked, &NeverStop).expect("sweeps"));
    });
    group.finish();
}

criterion_group!(benches, reading, planning, checking, repairing, advising);
criterion_main!(benches);
