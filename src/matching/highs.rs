//! The only file that knows the solver HiGHS: limits in, choices and a bound out.

use std::time::Duration;

use good_lp::solvers::highs::HighsProblem;
use highs::{HighsModelStatus, HighsSolutionStatus};

/// How far one solve may go.
#[derive(Debug, Clone, Copy)]
pub(super) struct SolveLimits {
    /// Nodes of the search tree at most; the same for every run, unlike a time.
    pub(super) nodes: i32,
    /// Time at most.
    pub(super) time: Option<Duration>,
    /// Solutions that cost no less are of no use.
    pub(super) cutoff: i64,
}

/// What a solve found out about a minimum over whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Solved {
    /// No solution costs less.
    pub(super) at_least: i64,
    /// Which of the columns are one in the best solution found, where one was found.
    pub(super) chosen: Option<Vec<bool>>,
}

/// Minimises a model whose columns are whole and whose costs are whole numbers of zero or more.
///
/// Nothing when the solver could make nothing of it. The bound is rounded against us by more than the solver's own
/// tolerances.
pub(super) fn minimise(problem: HighsProblem, limits: SolveLimits) -> Option<Solved> {
    let mut model = problem.try_into_inner().ok()?;
    model.make_quiet();
    model.try_set_option("threads", 1).ok()?;
    model.try_set_option("parallel", "off").ok()?;
    model.try_set_option("random_seed", 0).ok()?;
    model.try_set_option("mip_rel_gap", 0.0).ok()?;
    model.try_set_option("mip_abs_gap", 0.9).ok()?;
    model.try_set_option("mip_max_nodes", limits.nodes).ok()?;
    if let Some(time) = limits.time {
        model.try_set_option("time_limit", time.as_secs_f64().max(0.01)).ok()?;
    }
    let solved = model.try_solve().ok()?;
    match solved.status() {
        HighsModelStatus::Infeasible => return Some(Solved { at_least: limits.cutoff, chosen: None }),
        HighsModelStatus::Optimal
        | HighsModelStatus::ReachedTimeLimit
        | HighsModelStatus::ReachedSolutionLimit
        | HighsModelStatus::ReachedIterationLimit
        | HighsModelStatus::ReachedInterrupt => {}
        _ => return None,
    }
    let feasible = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
    let chosen = feasible.then(|| solved.get_solution().columns().iter().map(|value| *value > 0.5).collect());
    let bound = solved.double_info_value(c"mip_dual_bound").ok()?;
    Some(Solved { at_least: whole_bound(bound).clamp(0, limits.cutoff), chosen })
}

/// Minimises a model without whole columns, and gives the worth of one more unit of each row, to the nearest point.
pub(super) fn row_duals(problem: HighsProblem, time: Option<Duration>) -> Option<Vec<i64>> {
    let mut model = problem.try_into_inner().ok()?;
    model.make_quiet();
    model.try_set_option("threads", 1).ok()?;
    model.try_set_option("parallel", "off").ok()?;
    if let Some(time) = time {
        model.try_set_option("time_limit", time.as_secs_f64().max(0.01)).ok()?;
    }
    let solved = model.try_solve().ok()?;
    if solved.status() != HighsModelStatus::Optimal {
        return None;
    }
    Some(solved.get_solution().dual_rows().iter().map(|dual| nearest(*dual)).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "a float out of range becomes the nearest whole number")]
fn nearest(value: f64) -> i64 {
    value.round() as i64
}

/// A bound that comes as a float, as the whole number it proves: a cost within a tenth of a point below is allowed for.
#[expect(clippy::cast_possible_truncation, reason = "a float out of range becomes the nearest whole number")]
fn whole_bound(bound: f64) -> i64 {
    if bound.is_nan() { 0 } else { (bound - 0.1).ceil() as i64 }
}
