//! `locumbank check`: does this plan keep every rule and say the truth about itself?

use std::path::PathBuf;
use std::process::ExitCode;

use matching_check::{Proven, check, prove};
use matching_model::plan::{BoundProof, Millionths, Plan};

use crate::command::matching_files::{FileError, plan_from, problem_from};

/// Checks a plan against its problem with code of its own. Exits 0 where the plan is right, 1 where it has
/// faults, 2 where a file cannot be read.
#[derive(Debug, clap::Args)]
pub struct CheckArguments {
    /// The problem file, plain or gzipped.
    problem: PathBuf,
    /// The plan file, plain or gzipped.
    plan: PathBuf,
    /// Also work out the bound that the plan's prices prove, exactly.
    #[arg(long)]
    bound: bool,
}

/// Prints one line for each fault and a last line that sums up.
#[must_use]
pub fn run(arguments: &CheckArguments) -> ExitCode {
    match checked(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn checked(arguments: &CheckArguments) -> Result<ExitCode, FileError> {
    let problem = problem_from(&arguments.problem)?;
    let plan = plan_from(&arguments.plan)?;
    let report = check(&problem, &plan);
    let mut faults = report.faults;
    if arguments.bound
        && faults.is_empty()
        && let Some(proven) = prove(&problem, &plan, &mut faults)
    {
        print_proof(&plan, report.score, proven);
    }
    for fault in &faults {
        say!("{fault}");
    }
    if faults.is_empty() {
        say!(
            "ok score {} filled {} unfilled {} claimed bound {}",
            report.score,
            report.filled,
            report.places_left,
            plan.upper_bound
        );
        Ok(ExitCode::SUCCESS)
    } else {
        say!("FAULTS {}", faults.len());
        Ok(ExitCode::from(1))
    }
}

fn print_proof(plan: &Plan, score: i128, proven: Proven) {
    let within = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
    let gap = Millionths::gap_percent(within(score), within(proven.score));
    say!("the prices prove that no plan scores more than {}: a gap of {gap} %", proven.score);
    if plan.bound_proof == BoundProof::BranchAndBound && i128::from(plan.upper_bound) < proven.score {
        say!("the plan claims {} by branch and bound, which prices alone cannot show", plan.upper_bound);
    }
    if !plan.fill_prices.is_empty() {
        say!("the prices of places prove that no plan fills more than {}", proven.filled);
    }
}
