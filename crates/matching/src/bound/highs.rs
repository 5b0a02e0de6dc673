//! The only file that knows the solver HiGHS: limits in, choices and a bound out.

use std::time::Duration;

use good_lp::solvers::highs::HighsProblem;
use highs::{Col, ColProblem, HighsModelStatus, HighsSolutionStatus, Model, Row, Sense};

/// How far one solve may go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SolveLimits {
    /// Nodes of the search tree at most; the same for every run, unlike a time.
    pub(crate) nodes: i32,
    /// Time at most.
    pub(crate) time: Option<Duration>,
    /// Solutions that cost no less are of no use.
    pub(crate) cutoff: i64,
    /// Whether the solver looks for a smaller model first, which pays where many columns are of no use.
    pub(crate) presolve: bool,
}

/// What a solve found out about a minimum over whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Solved {
    /// No solution costs less.
    pub(crate) at_least: i64,
    /// Which of the columns are one in the best solution found, where one was found.
    pub(crate) chosen: Option<Vec<bool>>,
}

/// What the solver tries besides its search, where that is not as it comes: jumps and symmetries take long and find
/// nothing here, and rounding finds most of the good plans.
const HEURISTICS: [(&str, bool); 3] = [
    ("mip_heuristic_run_feasibility_jump", false),
    ("mip_detect_symmetry", false),
    ("mip_heuristic_run_zi_round", true),
];

/// Minimises a model whose columns are whole and whose costs are whole numbers of zero or more.
///
/// Nothing when the solver could make nothing of it. The bound is rounded against us by more than the solver's own
/// tolerances.
pub(crate) fn minimise(problem: HighsProblem, limits: SolveLimits) -> Option<Solved> {
    let mut model = problem.try_into_inner().ok()?;
    model.make_quiet();
    model.try_set_option("threads", 1).ok()?;
    model.try_set_option("parallel", "off").ok()?;
    model.try_set_option("random_seed", 0).ok()?;
    model.try_set_option("presolve", if limits.presolve { "on" } else { "off" }).ok()?;
    for (option, is_on) in HEURISTICS {
        model.try_set_option(option, is_on).ok()?;
    }
    model.try_set_option("mip_rel_gap", 0.0).ok()?;
    model.try_set_option("mip_abs_gap", 0.9).ok()?;
    model.try_set_option("mip_max_nodes", limits.nodes).ok()?;
    limit_time(&mut model, limits.time)?;
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

/// Maximises a model whose columns are whole and whose worths are whole numbers: which of the columns are one. Nothing when
/// the solver did not prove it, after as many nodes as no such model was seen to need.
pub(crate) fn maximise(problem: HighsProblem) -> Option<Vec<bool>> {
    let mut model = problem.try_into_inner().ok()?;
    model.make_quiet();
    model.try_set_option("threads", 1).ok()?;
    model.try_set_option("parallel", "off").ok()?;
    model.try_set_option("random_seed", 0).ok()?;
    for (option, is_on) in HEURISTICS {
        model.try_set_option(option, is_on).ok()?;
    }
    model.try_set_option("mip_rel_gap", 0.0).ok()?;
    model.try_set_option("mip_abs_gap", 0.9).ok()?;
    model.try_set_option("mip_max_nodes", 200_000).ok()?;
    let solved = model.try_solve().ok()?;
    let is_proven = solved.status() == HighsModelStatus::Optimal;
    is_proven.then(|| solved.get_solution().columns().iter().map(|value| *value > 0.5).collect())
}

/// Asks the solver to end after so long. It looks at its clock between steps only, so it may end later: whoever has a
/// deadline to keep does not wait for it (`run/planning.rs`).
fn limit_time(model: &mut Model, time: Option<Duration>) -> Option<()> {
    let Some(time) = time else { return Some(()) };
    model.try_set_option("time_limit", time.as_secs_f64().max(0.01)).ok()
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

/// A linear model that grows: the most that columns are worth in all, where each row has a limit. Every solve starts
/// from where the last one ended.
pub(crate) struct Growing {
    model: Option<Model>,
    rows: Vec<Row>,
}

/// A column of a growing model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    column: Col,
    place: usize,
}

/// What a solve of a growing model gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grown {
    /// What all columns are worth, to the nearest point.
    pub(crate) worth: i64,
    /// What one more unit of each row would be worth, to the nearest point.
    pub(crate) prices: Vec<i64>,
    shares: Vec<f64>,
}

impl Grown {
    /// How much of a column is used, in millionths; nothing of one that came after the solve.
    pub(crate) fn millionths(&self, column: Column) -> i64 {
        self.shares.get(column.place).map_or(0, |share| nearest(share * 1e6))
    }

    /// Whether any of a column is used.
    pub(crate) fn is_used(&self, column: Column) -> bool {
        self.shares[column.place] > 1e-7
    }
}

impl Growing {
    /// A model without columns, with the limit of each row.
    pub(crate) fn new(limits: impl IntoIterator<Item = i64>) -> Option<Self> {
        let mut model = Model::try_new(ColProblem::default()).ok()?;
        model.make_quiet();
        model.try_set_option("threads", 1).ok()?;
        model.try_set_option("parallel", "off").ok()?;
        model.try_set_option("presolve", "off").ok()?;
        model.set_sense(Sense::Maximise);
        let rows = limits.into_iter().map(|limit| model.try_add_row(..=points(limit), []));
        let rows = rows.collect::<Result<_, _>>().ok()?;
        Some(Self { model: Some(model), rows })
    }

    /// Adds a column that is worth so many points and takes so much of these rows.
    pub(crate) fn add(&mut self, worth: i64, rows: impl IntoIterator<Item = (usize, i64)>) -> Option<Column> {
        let own = &self.rows;
        let rows: Vec<(Row, f64)> = rows.into_iter().map(|(row, by)| (own[row], points(by))).collect();
        let model = self.model.as_mut()?;
        let place = model.num_cols();
        let column = model.try_add_column(points(worth), 0.0.., rows).ok()?;
        Some(Column { column, place })
    }

    /// Changes what a column is worth.
    pub(crate) fn revalue(&mut self, column: Column, worth: i64) {
        if let Some(model) = &mut self.model {
            model.change_column_cost(column.column, points(worth));
        }
    }

    /// The best use of the columns; nothing when the solver found none in time, and then never again.
    pub(crate) fn solve(&mut self, time: Option<Duration>) -> Option<Grown> {
        let mut model = self.model.take()?;
        limit_time(&mut model, time)?;
        let solved = model.try_solve().ok()?;
        if solved.status() != HighsModelStatus::Optimal {
            return None;
        }
        let solution = solved.get_solution();
        let grown = Grown {
            worth: nearest(solved.objective_value()),
            prices: solution.dual_rows().iter().map(|dual| nearest(*dual)).collect(),
            shares: solution.columns().to_vec(),
        };
        self.model = Some(Model::from(solved));
        Some(grown)
    }
}

/// A linear model that is solved once: what columns cost at least in all, where each row has to come to so much.
///
/// Costs are zero or more, so the dual simplex can begin at once.
pub(crate) struct Linear {
    problem: ColProblem,
    rows: Vec<Row>,
}

/// What a linear model gives.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Solution {
    /// What the columns cost, to the nearest point.
    pub(crate) cost: i64,
    /// What one more unit of each row would cost, to the nearest point.
    pub(crate) prices: Vec<i64>,
    /// How much of each column is used, in millionths.
    pub(crate) millionths: Vec<i64>,
}

impl Linear {
    /// A model without columns, with what each row has to come to.
    pub(crate) fn new(rows: impl IntoIterator<Item = i64>) -> Self {
        let mut problem = ColProblem::default();
        let rows = rows.into_iter().map(|sum| problem.add_row(points(sum)..=points(sum))).collect();
        Self { problem, rows }
    }

    /// Adds a column that costs so many points a unit and takes so much of these rows, each named once.
    pub(crate) fn add(&mut self, cost: i64, rows: impl IntoIterator<Item = (usize, i64)>) {
        let own = &self.rows;
        let rows: Vec<(Row, f64)> = rows.into_iter().map(|(row, by)| (own[row], points(by))).collect();
        self.problem.add_column(points(cost), 0.0.., rows);
    }

    /// The cheapest use of the columns; nothing when the solver found none in time.
    pub(crate) fn solve(self, time: Option<Duration>) -> Option<Solution> {
        let mut model = Model::try_new(self.problem).ok()?;
        model.make_quiet();
        model.try_set_option("threads", 1).ok()?;
        model.try_set_option("parallel", "off").ok()?;
        model.try_set_option("presolve", "off").ok()?;
        model.set_sense(Sense::Minimise);
        limit_time(&mut model, time)?;
        let solved = model.try_solve().ok()?;
        if solved.status() != HighsModelStatus::Optimal {
            return None;
        }
        let solution = solved.get_solution();
        Some(Solution {
            cost: nearest(solved.objective_value()),
            prices: solution.dual_rows().iter().map(|dual| nearest(*dual)).collect(),
            millionths: solution.columns().iter().map(|share| nearest(share * 1e6)).collect(),
        })
    }
}

/// Points as the solver has them; far below 2^53, so nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "sums of points stay below 2^53, which validation sees to")]
pub(crate) fn points(points: i64) -> f64 {
    points as f64
}
