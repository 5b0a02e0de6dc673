//! `locumbank explain`: why a plan is as it is, in plain words.

use std::path::PathBuf;
use std::process::ExitCode;

use matching::explain::{ExplainError, Explainer};
use matching::remedies::add_remedies;
use matching_check::{Fault, check};

use crate::command::matching_files::{FileError, plan_from, problem_from};
use crate::ground::form_fields::Typed;

/// Tells the story of a session or of a clinician. Exits 0 where there is one, 2 where a file or a name cannot be used.
#[derive(Debug, clap::Args)]
pub struct ExplainArguments {
    /// The problem file, plain or gzipped.
    problem: PathBuf,
    /// The plan file, plain or gzipped.
    plan: PathBuf,
    /// The session to explain.
    #[arg(long, value_name = "ID", required_unless_present = "clinician")]
    session: Option<Typed>,
    /// The clinician to explain.
    #[arg(long, value_name = "ID", conflicts_with = "session")]
    clinician: Option<Typed>,
}

/// Why nothing was explained.
#[derive(Debug, thiserror::Error)]
enum ExplainCommandError {
    #[error(transparent)]
    File(FileError),
    #[error("the plan does not belong to the problem: {0}")]
    Plan(Fault),
    #[error(transparent)]
    Explain(ExplainError),
}

/// Prints the story, one sentence a line.
#[must_use]
pub fn run(arguments: &ExplainArguments) -> ExitCode {
    match story(arguments) {
        Ok(lines) => {
            for line in lines {
                say!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn story(arguments: &ExplainArguments) -> Result<Vec<String>, ExplainCommandError> {
    let problem = problem_from(&arguments.problem).map_err(ExplainCommandError::File)?;
    let mut plan = plan_from(&arguments.plan).map_err(ExplainCommandError::File)?;
    if let Some(fault) = check(&problem, &plan).faults.into_iter().next() {
        return Err(ExplainCommandError::Plan(fault));
    }
    if let Some(session) = &arguments.session {
        // Only the session asked about needs its changes tried.
        plan.unfilled.retain(|unfilled| unfilled.session == *session);
        add_remedies(&problem, &mut plan);
        return Explainer::of(&problem, &plan).session(session).map_err(ExplainCommandError::Explain);
    }
    let clinician = arguments.clinician.as_deref().unwrap_or_default();
    Explainer::of(&problem, &plan).clinician(clinician).map_err(ExplainCommandError::Explain)
}
