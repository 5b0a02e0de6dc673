//! `locumbank match`: plans a problem file, proves how good the plan is, and says why the rest is empty.

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{panic, thread};

use indicatif::{ProgressBar, ProgressStyle};

use matching::remedies::add_remedies_until;
use matching::{Budget, Planning, Progress, Standing, Stop};
use matching_check::Checker;
use matching_model::format::write_plan;
use matching_model::plan::{BoundProof, Millionths, Plan, UnfilledReason};

use crate::command::matching_deadline::Deadline;
use crate::command::matching_files::{FileError, problem_from};

/// A run without limits ends after so long, proven or not.
const USUAL_SECONDS: u64 = 60;

/// How long reasons take is measured on so many of them.
const REASONS_TRIED: usize = 64;

/// How often to look whether the plan is ready to be written.
const LOOK: Duration = Duration::from_millis(2);

/// Plans a problem file. Exits 0 where a plan was made, 2 where the problem cannot be used, 1 for anything else.
#[derive(Debug, clap::Args)]
pub struct MatchArguments {
    /// The problem file, plain or gzipped.
    problem: PathBuf,
    /// The file to write the plan to; standard output where it is left out.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Seconds from the start of the command to the last byte of the plan at most, such as 1.5; where reading alone
    /// takes longer, the bookings and a bound are written at once.
    #[arg(long)]
    seconds: Option<f64>,
    /// Stop once the gap between plan and bound is at most this many per cent, such as 0.01.
    #[arg(long)]
    gap: Option<Millionths>,
    /// Passes over the prices at most; without --seconds, equal runs then write equal plans.
    #[arg(long)]
    iterations: Option<u32>,
    /// Threads to work with; all the machine has where it is left out.
    #[arg(long)]
    threads: Option<usize>,
    /// Seed of whatever is drawn by lot.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Say of each empty session which single changes would fill it; each is tried first.
    #[arg(long)]
    remedies: bool,
    /// Print nothing but faults.
    #[arg(long)]
    quiet: bool,
}

/// Why no plan came out.
#[derive(Debug, thiserror::Error)]
enum MatchError {
    #[error(transparent)]
    Unreadable(#[from] FileError),
    #[error("--seconds must be a number of seconds above zero")]
    Seconds,
    #[error("planning: {0}")]
    Unfit(#[source] matching_model::ProblemError),
    #[error("the plan did not pass its own check, so it was not written: {0}")]
    Faulty(String),
    #[error("listening for Ctrl-C: {0}")]
    Signal(#[source] ctrlc::Error),
    #[error("writing {path}: {source}")]
    Write { path: String, source: io::Error },
}

impl MatchError {
    fn code(&self) -> i32 {
        match self {
            Self::Unreadable(_) | Self::Unfit(_) | Self::Seconds => 2,
            Self::Faulty(_) | Self::Signal(_) | Self::Write { .. } => 1,
        }
    }
}

/// Makes the plan, checks it, writes it, sums it up for a person, and ends the process.
pub fn run(arguments: &MatchArguments) -> ! {
    match planned(arguments) {
        Ok(never) => match never {},
        Err(error) => end(Err(error)),
    }
}

/// Ends the process, without waiting for a solver that was left behind, or for memory to be given back piece by piece.
fn end(outcome: Result<(), MatchError>) -> ! {
    let code = match outcome {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{error}");
            error.code()
        }
    };
    std::process::exit(code)
}

fn planned(arguments: &MatchArguments) -> Result<Infallible, MatchError> {
    let deadline = Arc::new(deadline_of(arguments)?);
    let problem = Arc::new(deadline.reads(|| problem_from(&arguments.problem))?);
    let budget = Budget {
        gap_percent: arguments.gap,
        iterations: arguments.iterations,
        threads: arguments.threads,
        seed: arguments.seed,
    };
    let display = Arc::new(Display::of(!arguments.quiet));
    let mut planning = Planning::begin(
        Arc::clone(&problem),
        budget,
        Arc::clone(&deadline) as Arc<dyn Stop + Send>,
        Arc::clone(&display) as Arc<dyn Progress + Send>,
    )
    .map_err(MatchError::Unfit)?;
    // Beside the work, which leaves less to be done after it.
    let checker = deadline.looks(|| Checker::of(&problem));
    let spare = worked(&mut planning, &checker, &deadline);
    let checked = || checked_plan(&planning, &checker, &deadline.for_reasons(), arguments.remedies);
    // The last plan is made beside, so that the one before can be handed out if it comes too late.
    thread::scope(|scope| {
        let last = scope.spawn(checked);
        while !last.is_finished() && (spare.is_none() || !deadline.is_to_be_written()) {
            thread::sleep(LOOK);
        }
        let plan = match spare {
            Some(spare) if !last.is_finished() => Ok(spare),
            _ => last.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked)),
        };
        display.finish();
        end(plan.and_then(|plan| hand_out(plan, arguments, &deadline)))
    })
}

/// Waits for the work as long as there is time, and measures meanwhile what will follow it. Part of that is to go through
/// it once, with what has been found by then: gives that plan.
fn worked(planning: &mut Planning, checker: &Checker<'_>, deadline: &Deadline) -> Option<Plan> {
    let mut spare = None;
    while planning.wait(deadline.until_next_measure()) {
        deadline.measures_the_machine();
        if !planning.has_plan() {
            continue;
        }
        deadline.measures_reasons(|| planning.try_reasons(REASONS_TRIED));
        if spare.is_none() && deadline.is_worth_a_rehearsal() {
            spare = deadline.rehearses(|| checked_plan(planning, checker, &AtOnce, false)).ok();
        }
    }
    spare
}

/// The best plan so far, once it has passed the check.
fn checked_plan(
    planning: &Planning,
    checker: &Checker<'_>,
    reasons: &dyn Stop,
    remedies: bool,
) -> Result<Plan, MatchError> {
    let mut plan = planning.plan(reasons);
    if remedies {
        add_remedies_until(planning.problem(), &mut plan, reasons);
    }
    let faults = checker.check(&plan).faults;
    match faults.first() {
        None => Ok(plan),
        Some(fault) => Err(MatchError::Faulty(format!("{fault} ({} in all)", faults.len()))),
    }
}

/// Counts no reasons.
struct AtOnce;

impl Stop for AtOnce {
    fn is_due(&self) -> bool {
        true
    }
}

/// Writes a plan, and sums it up for a person.
fn hand_out(mut plan: Plan, arguments: &MatchArguments, deadline: &Deadline) -> Result<(), MatchError> {
    plan.seconds = Millionths(i64::try_from(deadline.elapsed().as_micros()).unwrap_or(i64::MAX));
    match &arguments.out {
        Some(path) => write_to(path, &plan)?,
        None => write_out(&plan)?,
    }
    if !arguments.quiet {
        let summary = summary(&plan);
        match &arguments.out {
            Some(path) => say!("{summary}\nThe plan is in {}.", path.display()),
            None => eprintln!("{summary}"),
        }
    }
    Ok(())
}

/// A run with a number of iterations has no deadline unless it is given one, so that it comes out the same.
fn deadline_of(arguments: &MatchArguments) -> Result<Deadline, MatchError> {
    let time = match (arguments.seconds, arguments.iterations) {
        (Some(seconds), _) => {
            let time = Duration::try_from_secs_f64(seconds).map_err(|_| MatchError::Seconds)?;
            Some(Some(time).filter(|time| !time.is_zero()).ok_or(MatchError::Seconds)?)
        }
        (None, Some(_)) => None,
        (None, None) => Some(Duration::from_secs(USUAL_SECONDS)),
    };
    Deadline::after(time).map_err(MatchError::Signal)
}

/// Writes the plan to standard output.
fn write_out(plan: &Plan) -> Result<(), MatchError> {
    let mut out = BufWriter::new(io::stdout().lock());
    write_plan(plan, &mut out)
        .and_then(|()| out.flush().map_err(serde_json::Error::io))
        .map_err(|source| MatchError::Write { path: "the plan".into(), source: source.into() })
}

/// Writes beside the file first, so that a run that dies half way leaves the old plan alone.
fn write_to(path: &Path, plan: &Plan) -> Result<(), MatchError> {
    let failed = |source| MatchError::Write { path: path.display().to_string(), source };
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let mut file = BufWriter::new(File::create(&beside).map_err(failed)?);
    write_plan(plan, &mut file).map_err(|error| failed(error.into()))?;
    file.flush().map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

/// A plan in a few lines for a person.
fn summary(plan: &Plan) -> String {
    let most =
        plan.fill_upper_bound.map_or(String::new(), |most| format!("; no plan fills more than {most}"));
    let pay: i64 = plan.assignments.iter().map(|assignment| assignment.pay_pence).sum();
    let proof = match plan.bound_proof {
        BoundProof::Prices => "its prices prove it",
        BoundProof::BranchAndBound => "by branch and bound",
    };
    let quality = if plan.score == plan.upper_bound {
        format!("the best possible ({proof})")
    } else {
        format!("at most {} % from the best possible ({proof})", plan.gap)
    };
    let mut lines = vec![
        format!("{} of {} places are filled{most}.", plan.filled, plan.places),
        format!("The score is {}, {quality}.", plan.score),
        format!("Pay comes to £{}.{:02}.", pay / 100, pay % 100),
    ];
    for (reason, words) in [
        (UnfilledReason::NoEligibleClinician, "have nobody who may do them"),
        (
            UnfilledReason::AllEligibleBetterUsed,
            "have only people who are worth more elsewhere or have no hours left",
        ),
        (UnfilledReason::NotWorthFilling, "would cost more than they are worth"),
    ] {
        let count = plan.unfilled.iter().filter(|unfilled| unfilled.reason == reason).count();
        if count > 0 {
            lines.push(format!("Unfilled sessions that {words}: {count}."));
        }
    }
    lines.push(format!("It took {} seconds.", plan.seconds));
    lines.join("\n")
}

/// Shows on a terminal how the run stands.
struct Display(Option<ProgressBar>);

impl Display {
    fn of(wanted: bool) -> Self {
        if !wanted || !io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(Some(bar))
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Display {
    fn report(&self, standing: &Standing) {
        // Work that was left behind may still tell how it stands.
        let Some(bar) = self.0.as_ref().filter(|bar| !bar.is_finished()) else { return };
        bar.set_message(format!(
            "{}: {} of {} filled, score {}, bound {}, gap {} %",
            standing.step,
            standing.filled,
            standing.places,
            standing.score,
            standing.upper_bound,
            Millionths::gap_percent(standing.score, standing.upper_bound)
        ));
    }
}
