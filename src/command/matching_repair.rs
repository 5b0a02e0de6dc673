//! `locumbank repair`: the least disturbing good plan after something happened.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use matching::repair::{LoadedPlan, Repair, RepairError, RepairStep, RepairWay, RepairedPlace, Standby};
use matching_check::{Fault, check};
use matching_model::change::{ChangeError, read_changes};
use matching_model::format::{write_plan, write_problem};
use matching_model::plan::{Millionths, Plan};
use matching_model::problem::Problem;

use crate::command::matching_files::{FileError, plan_from, problem_from};

/// Repairs a plan. Exits 0 where that was done, 2 where a file cannot be used, 1 for anything else.
#[derive(Debug, clap::Args)]
pub struct RepairArguments {
    /// The problem file, plain or gzipped.
    problem: PathBuf,
    /// The plan file, plain or gzipped.
    plan: PathBuf,
    /// What happened: a file of the format `locumbank.change/1`.
    #[arg(long, value_name = "FILE")]
    change: PathBuf,
    /// The file to write the repaired plan to.
    #[arg(long, value_name = "PLAN")]
    out: Option<PathBuf>,
    /// The file to write the changed problem to, which the repaired plan belongs to.
    #[arg(long, value_name = "PROBLEM")]
    problem_out: Option<PathBuf>,
}

/// Why nothing was repaired.
#[derive(Debug, thiserror::Error)]
enum RepairCommandError {
    #[error(transparent)]
    File(FileError),
    #[error("opening {}: {source}", path.display())]
    Change { path: PathBuf, source: std::io::Error },
    #[error("{0}")]
    Unread(ChangeError),
    #[error("the plan does not belong to the problem: {0}")]
    Plan(Fault),
    #[error("{0}")]
    Repair(RepairError),
    #[error("the repaired plan did not pass its own check, so it was not written: {0}")]
    Faulty(Fault),
    #[error("writing {}: {source}", path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// Repairs the plan, says what was done about each place, and names who stands by.
#[must_use]
pub fn run(arguments: &RepairArguments) -> ExitCode {
    match repaired(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let failed = matches!(error, RepairCommandError::Faulty(_) | RepairCommandError::Write { .. });
            ExitCode::from(if failed { 1 } else { 2 })
        }
    }
}

fn repaired(arguments: &RepairArguments) -> Result<(), RepairCommandError> {
    let problem = problem_from(&arguments.problem).map_err(RepairCommandError::File)?;
    let plan = plan_from(&arguments.plan).map_err(RepairCommandError::File)?;
    if let Some(fault) = check(&problem, &plan).faults.into_iter().next() {
        return Err(RepairCommandError::Plan(fault));
    }
    let opened = File::open(&arguments.change);
    let file =
        opened.map_err(|source| RepairCommandError::Change { path: arguments.change.clone(), source })?;
    let changes = read_changes(BufReader::new(file)).map_err(RepairCommandError::Unread)?;
    let mut loaded = LoadedPlan::load(problem, &plan).map_err(RepairCommandError::Repair)?;
    let repair = loaded.repair(&changes).map_err(RepairCommandError::Repair)?;
    let new_plan = loaded.plan();
    if let Some(fault) = check(loaded.problem(), &new_plan).faults.into_iter().next() {
        return Err(RepairCommandError::Faulty(fault));
    }
    write_results(arguments, loaded.problem(), &new_plan)?;
    tell(&repair, &plan, &new_plan);
    tell_standbys(&loaded.standbys(changes.at));
    Ok(())
}

fn write_results(
    arguments: &RepairArguments,
    problem: &Problem,
    plan: &Plan,
) -> Result<(), RepairCommandError> {
    if let Some(path) = &arguments.out {
        write_to(path, |file| write_plan(plan, file).map_err(Into::into))?;
    }
    if let Some(path) = &arguments.problem_out {
        write_to(path, |file| write_problem(problem, file).map_err(Into::into))?;
    }
    Ok(())
}

fn write_to(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), RepairCommandError> {
    let written = File::create(path).map(BufWriter::new).and_then(|mut file| {
        write(&mut file)?;
        file.flush()
    });
    written.map_err(|source| RepairCommandError::Write { path: path.to_owned(), source })
}

fn tell(repair: &Repair, before: &Plan, after: &Plan) {
    for place in &repair.places {
        tell_place(place);
    }
    let gap = Millionths::gap_percent(repair.score, repair.upper_bound);
    say!("{} places were filled before, and {} are now.", before.filled, after.filled);
    say!(
        "The score went from {} to {}; no plan scores more than {}, a gap of {gap} %.",
        repair.score_before,
        repair.score,
        repair.upper_bound
    );
}

fn tell_place(place: &RepairedPlace) {
    let tiers = ["with nobody else moved", "with one person moved", "with two people moved"];
    match place.taken.and_then(|tier| Some((place.menu.get(tier)?.as_ref()?, tiers.get(tier)?))) {
        None => say!("{} stays empty: no two moves would fill it.", place.session),
        Some((way, tier)) => say!("{} is filled {tier}: {}.", place.session, steps(way)),
    }
    let others = place.menu.iter().zip(tiers).enumerate().filter(|(tier, _)| Some(*tier) != place.taken);
    for (_, (way, tier)) in others {
        if let Some(way) = way {
            say!("    or {tier}: {} ({} points)", steps(way), way.gain);
        }
    }
}

fn steps(way: &RepairWay) -> String {
    let step = |step: &RepairStep| match &step.leaves {
        None => format!("{} takes {}", step.clinician, step.takes),
        Some(left) => format!("{} leaves {left} and takes {}", step.clinician, step.takes),
    };
    way.steps.iter().map(step).collect::<Vec<_>>().join(", ")
}

fn tell_standbys(standbys: &[Standby]) {
    if standbys.is_empty() {
        return;
    }
    say!("Standing by for the sessions that matter most:");
    for standby in standbys {
        if standby.people.is_empty() {
            say!("    {}: nobody could step in", standby.session);
            continue;
        }
        let people: Vec<String> = standby
            .people
            .iter()
            .map(|person| match person.way.steps.as_slice() {
                [_] => person.clinician.clone(),
                _ => format!("{} ({})", person.clinician, steps(&person.way)),
            })
            .collect();
        say!("    {}: {}", standby.session, people.join(", "));
    }
}
