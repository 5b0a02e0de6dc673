//! The best choice among the asks of one part, as a programme for the solver.

use std::collections::BTreeMap;

use good_lp::solvers::highs::{HighsProblem, highs};
use good_lp::{Expression, ProblemVariables, SolverModel, Variable, variable};

use super::RoundError;
use super::open::{Open, Row};
use crate::bound::highs::{maximise, points};
use crate::index::AskIx;

/// What a choice is worth, or has to come to: so much of each ask.
pub(super) type Worths = BTreeMap<AskIx, i64>;

/// What the chosen come to.
pub(super) fn sum(worths: &Worths, is_chosen: impl Fn(AskIx) -> bool) -> i64 {
    worths.iter().filter(|(ask, _)| is_chosen(**ask)).map(|(_, worth)| worth).sum()
}

/// Chooses among the open asks of a part what is worth the most and comes to no less of each of `kept` than the plan
/// does, with every promise kept; and makes it the plan, unless it is worth no more.
///
/// The solver is not believed: what it chose is added up here, in whole numbers. That nothing is worth more is its word.
pub(super) fn choose_best(
    open: &mut Open<'_>,
    part: &[AskIx],
    worth: &Worths,
    kept: &[Worths],
) -> Result<(), RoundError> {
    let rows = open.rows(part);
    let mut floors: Vec<(Worths, i64)> = Vec::new();
    for kept in kept {
        floors.push((kept.clone(), sum(kept, |ask| open.plan[ask])));
    }
    // Some of what a promise is about may be out of reach by now; that it is kept without is what the plan shows.
    for promise in &open.promises {
        let within = promise.asks.iter().filter(|ask| part.binary_search(ask).is_ok());
        let within: Worths = within.map(|ask| (*ask, 1)).collect();
        if !within.is_empty() {
            floors.push((within, promise.least));
        }
    }
    let chosen = maximise(model(part, worth, &rows, &floors)).ok_or(RoundError::Unproven)?;
    let chosen: BTreeMap<AskIx, bool> = part.iter().copied().zip(chosen).collect();
    let is_chosen = |ask: AskIx| chosen.get(&ask).copied().unwrap_or(false);
    let keeps_rows = |row: &Row| {
        let takes: i64 = row.takes.iter().filter(|(ask, _)| is_chosen(*ask)).map(|(_, takes)| takes).sum();
        takes <= row.most
    };
    let is_lawful =
        rows.iter().all(keeps_rows) && floors.iter().all(|(floor, least)| sum(floor, is_chosen) >= *least);
    let now = sum(worth, |ask| open.plan[ask]);
    match sum(worth, is_chosen) {
        better if is_lawful && better > now => {
            for (ask, is_chosen) in chosen {
                open.plan[ask] = is_chosen;
            }
            Ok(())
        }
        same if is_lawful && same == now => Ok(()),
        _ => Err(RoundError::Unproven),
    }
}

fn model(part: &[AskIx], worth: &Worths, rows: &[Row], floors: &[(Worths, i64)]) -> HighsProblem {
    let mut variables = ProblemVariables::new();
    let columns: BTreeMap<AskIx, Variable> =
        part.iter().map(|ask| (*ask, variables.add(variable().binary()))).collect();
    let expression = |terms: &mut dyn Iterator<Item = (AskIx, i64)>| {
        let mut sum = Expression::default();
        for (ask, by) in terms {
            sum.add_mul(points(by), columns[&ask]);
        }
        sum
    };
    let told = |worths: &Worths| expression(&mut worths.iter().map(|(ask, by)| (*ask, *by)));
    let mut model = variables.maximise(told(worth)).using(highs);
    for row in rows {
        model.add_constraint(expression(&mut row.takes.iter().copied()).leq(points(row.most)));
    }
    for (floor, least) in floors {
        model.add_constraint(told(floor).geq(points(*least)));
    }
    model
}
