//! `locumbank simulate`: what a ceiling, a floor or a budget does to the places that can be filled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use matching::NeverStop;
use matching::simulate::{End, SimulateError, Sweep, SweepPoint, chart, sweep, within_budget};
use matching_model::plan::{Millionths, UnfilledReason};

use crate::command::matching_files::{FileError, problem_from};
use crate::ground::form_fields::Typed;

/// Plans a problem again and again at other rates. Exits 0 where that was done, 2 where the problem or the rates
/// cannot be used, 1 where a file cannot be written.
#[derive(Debug, clap::Args)]
pub struct SimulateArguments {
    /// The problem file, plain or gzipped.
    problem: PathBuf,
    /// The role whose range is tried.
    #[arg(long, default_value = "gp")]
    role: Typed,
    /// The band whose range is tried.
    #[arg(long, default_value = "core")]
    band: Typed,
    /// The first rate, in pence an hour.
    #[arg(long, value_name = "PENCE", required_unless_present = "budget")]
    from: Option<i64>,
    /// The last rate, in pence an hour.
    #[arg(long, value_name = "PENCE", required_unless_present = "budget")]
    to: Option<i64>,
    /// From one rate to the next, in pence.
    #[arg(long, value_name = "PENCE", default_value_t = 200)]
    step: i64,
    /// Try these rates as the least that is paid, in place of the most.
    #[arg(long, conflicts_with = "lift")]
    floor: bool,
    /// Let the ceiling also lift sessions that pay less now.
    #[arg(long)]
    lift: bool,
    /// In place of rates: the most that can be filled for this much money, in pence. May be given several times.
    #[arg(long, value_name = "PENCE", conflicts_with_all = ["from", "to"])]
    budget: Vec<i64>,
    /// The file to write the table to, as CSV.
    #[arg(long, value_name = "CSV")]
    out: Option<PathBuf>,
    /// The file to draw the chart in, as SVG.
    #[arg(long, value_name = "SVG")]
    chart: Option<PathBuf>,
}

/// Why nothing was simulated.
#[derive(Debug, thiserror::Error)]
enum SimulateCommandError {
    #[error(transparent)]
    File(FileError),
    #[error(transparent)]
    Simulate(SimulateError),
    #[error("writing {}: {source}", path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// Prints a table, and writes the CSV and the chart where they are asked for.
#[must_use]
pub fn run(arguments: &SimulateArguments) -> ExitCode {
    match simulated(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(if matches!(error, SimulateCommandError::Write { .. }) { 1 } else { 2 })
        }
    }
}

fn simulated(arguments: &SimulateArguments) -> Result<(), SimulateCommandError> {
    let problem = problem_from(&arguments.problem).map_err(SimulateCommandError::File)?;
    for &budget_pence in &arguments.budget {
        let point =
            within_budget(&problem, budget_pence, &NeverStop).map_err(SimulateCommandError::Simulate)?;
        say!(
            "For £{}: {} places are filled, for £{}; no plan of that budget fills more than {}.",
            pounds(budget_pence),
            point.filled,
            pounds(point.spend_pence),
            point.most_filled
        );
    }
    let (Some(from_pence), Some(to_pence)) = (arguments.from, arguments.to) else { return Ok(()) };
    let asked = Sweep {
        role: arguments.role.to_string(),
        band: arguments.band.to_string(),
        from_pence,
        to_pence,
        step_pence: arguments.step,
        end: if arguments.floor { End::Floor } else { End::Ceiling },
        lift: arguments.lift,
    };
    let points = sweep(&problem, &asked, &NeverStop).map_err(SimulateCommandError::Simulate)?;
    say!("{}", table(&points).trim_end());
    if let Some(path) = &arguments.out {
        write(path, &csv(&points))?;
    }
    if let Some(path) = &arguments.chart {
        let end = if arguments.floor { "floor" } else { "ceiling" };
        write(path, &chart(&points, &format!("{} {} by {end}", asked.role, asked.band)))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), SimulateCommandError> {
    fs::write(path, text).map_err(|source| SimulateCommandError::Write { path: path.to_owned(), source })
}

fn pounds(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}

fn reason_count(point: &SweepPoint, reason: UnfilledReason) -> u64 {
    point.unfilled.get(&reason).copied().unwrap_or(0)
}

fn table(points: &[SweepPoint]) -> String {
    let heading = format!(
        "{:>10} {:>8} {:>8} {:>14} {:>9} {:>9} {:>9} {:>8} {:>8} {:>10}\n",
        "£ an hour",
        "filled",
        "at most",
        "spend £",
        "mean £",
        "in range",
        "mean £",
        "nobody",
        "busy",
        "gap %"
    );
    let row = |point: &SweepPoint| {
        let gap = Millionths::gap_percent(point.score, point.upper_bound);
        format!(
            "{:>10} {:>8} {:>8} {:>14} {:>9} {:>9} {:>9} {:>8} {:>8} {:>10}\n",
            pounds(point.rate_pence_per_hour),
            point.filled,
            point.most_filled,
            pounds(point.spend_pence),
            pounds(point.mean_rate_pence_per_hour),
            point.filled_in_range,
            pounds(point.mean_rate_in_range_pence_per_hour),
            reason_count(point, UnfilledReason::NoEligibleClinician),
            reason_count(point, UnfilledReason::AllEligibleBetterUsed),
            gap.to_string()
        )
    };
    std::iter::once(heading).chain(points.iter().map(row)).collect()
}

fn csv(points: &[SweepPoint]) -> String {
    let mut text = String::from(
        "rate_pence_per_hour,places,filled,most_filled,spend_pence,mean_rate_pence_per_hour,filled_in_range,\
         mean_rate_in_range_pence_per_hour,closed,no_eligible_clinician,all_eligible_better_used,not_worth_filling,\
         score,upper_bound\n",
    );
    for point in points {
        let numbers = [
            point.rate_pence_per_hour,
            point.places.cast_signed(),
            point.filled.cast_signed(),
            point.most_filled.cast_signed(),
            point.spend_pence,
            point.mean_rate_pence_per_hour,
            point.filled_in_range.cast_signed(),
            point.mean_rate_in_range_pence_per_hour,
            point.closed.cast_signed(),
            reason_count(point, UnfilledReason::NoEligibleClinician).cast_signed(),
            reason_count(point, UnfilledReason::AllEligibleBetterUsed).cast_signed(),
            reason_count(point, UnfilledReason::NotWorthFilling).cast_signed(),
            point.score,
            point.upper_bound,
        ];
        text += &numbers.map(|number| number.to_string()).join(",");
        text.push('\n');
    }
    text
}
