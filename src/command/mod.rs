//! The subcommands of the binary.

/// Prints a line. A reader who has seen enough, as in `locumbank check … | head`, changes nothing: the command goes on to
/// its end, and to its exit code.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        drop(writeln!(std::io::stdout(), $($words)*));
    }};
}

mod admin;
mod banks;
mod bounce;
mod calendar;
mod closings;
mod database;
mod demo;
mod doctor;
mod import;
mod invite;
mod limits;
mod matching;
mod matching_bench_data;
mod matching_check;
mod matching_deadline;
mod matching_explain;
mod matching_files;
mod matching_pace;
mod matching_repair;
mod matching_simulate;
mod migrate;
mod need;
mod person;
mod register;
mod reseal;
mod retention;
mod second_factor;
mod serve;

use std::fs::File;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::ground::settings::{self, Settings, SettingsError};

/// A recruitment and locum bank service for NHS primary care.
#[derive(Debug, Parser)]
#[command(name = "locumbank", version, about)]
struct Arguments {
    /// A file of settings, laid over the defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages, and work the queue unless the settings say otherwise
    Serve,
    /// Work the queue and the outbox, without pages
    Worker,
    /// Bring the database's schema up to date
    Migrate,
    /// Serve a bank of invented people, made on the first start
    Demo(demo::DemoArguments),
    /// Bring in practices from the national register
    Import(import::ImportArguments),
    /// Plan a problem file, and prove how good the plan is
    Match(matching::MatchArguments),
    /// Check a plan against its problem, with code of its own
    Check(matching_check::CheckArguments),
    /// Say why a plan is as it is for a session or a clinician
    Explain(matching_explain::ExplainArguments),
    /// Repair a plan after something happened, moving as few people as possible
    Repair(matching_repair::RepairArguments),
    /// Try ceilings, floors or budgets: what can be filled at each
    Simulate(matching_simulate::SimulateArguments),
    /// Make a problem of any size to try the engine on
    BenchData(matching_bench_data::BenchDataArguments),
    /// Say what is wrong with the settings and with what they name, and what to do about it
    Doctor,
    /// Take a report about a mail that came back, or that its reader complained of, from the mail server on standard input
    Bounce,
    /// What an operator does: add the first people, begin an epoch after a restore
    #[command(subcommand)]
    Admin(admin::Admin),
}

/// A command that could not be carried out: one sentence for the person who gave it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CommandError(String);

impl CommandError {
    /// What was being done, and why it failed. Many errors tell their cause's words as their own; what has been said is
    /// not said again.
    pub fn new(doing: &str, error: &dyn std::error::Error) -> Self {
        let mut text = doing.to_owned();
        let mut next = Some(error);
        while let Some(cause) = next {
            let words = cause.to_string();
            if !text.to_lowercase().contains(&words.to_lowercase()) {
                text = format!("{text}: {words}");
            }
            next = cause.source();
        }
        Self(text)
    }

    /// A sentence that needs no cause.
    fn said(sentence: &str) -> Self {
        Self(sentence.to_owned())
    }
}

/// Reads the arguments, carries out the command, and gives the exit code: 0 done, 1 failed.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Serve => with_settings(settings::read(arguments.config.as_deref()), serve::run),
        Command::Worker => with_settings(settings::read(arguments.config.as_deref()), serve::run_worker),
        Command::Migrate => with_settings(settings::read(arguments.config.as_deref()), migrate::run),
        Command::Demo(demo) => {
            let settings = settings::read_for_demonstration(arguments.config.as_deref());
            with_settings(settings, |settings| demo::run(settings, demo))
        }
        Command::Import(what) => {
            let settings = settings::read(arguments.config.as_deref());
            with_settings(settings, |settings| import::run(settings, what))
        }
        Command::Match(arguments) => matching::run(&arguments),
        Command::Check(arguments) => return matching_check::run(&arguments),
        Command::Explain(arguments) => return matching_explain::run(&arguments),
        Command::Repair(arguments) => return matching_repair::run(&arguments),
        Command::Simulate(arguments) => return matching_simulate::run(&arguments),
        Command::BenchData(arguments) => return matching_bench_data::run(&arguments),
        // Of all commands only this one goes on with settings that can't be worked with: it says what is wrong with them.
        Command::Doctor => with_any_settings(settings::read(arguments.config.as_deref()), doctor::run),
        Command::Bounce => {
            let settings = settings::read(arguments.config.as_deref());
            return bounce::exit_code(with_settings(settings, bounce::run));
        }
        Command::Admin(what) => {
            with_settings(settings::read(arguments.config.as_deref()), |settings| admin::run(settings, what))
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("locumbank: {error}");
            ExitCode::FAILURE
        }
    }
}

fn with_settings<F>(
    settings: Result<Settings, SettingsError>,
    command: impl FnOnce(Settings) -> F,
) -> Result<(), CommandError>
where
    F: Future<Output = Result<(), CommandError>>,
{
    let wrong = settings.as_ref().map_or_else(|_unreadable| Vec::new(), limits::wrong);
    if !wrong.is_empty() {
        let sentences: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        return Err(CommandError::said(&sentences.join("\n           ")));
    }
    with_any_settings(settings, command)
}

fn with_any_settings<F>(
    settings: Result<Settings, SettingsError>,
    command: impl FnOnce(Settings) -> F,
) -> Result<(), CommandError>
where
    F: Future<Output = Result<(), CommandError>>,
{
    let settings = settings.map_err(|error| CommandError::said(&error.to_string()))?;
    start_log(&settings.log)?;
    let command = command(settings);
    actix_web::rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap_or_else(|error| {
            eprintln!("locumbank: the runtime could not start: {error}");
            std::process::exit(1)
        })
    })
    .block_on(command)
}

/// Starts the log: on standard error, or in the file that the settings name.
fn start_log(log: &settings::Log) -> Result<(), CommandError> {
    let filter: Targets =
        log.filter.parse().map_err(|error| CommandError::new("Reading the setting log.filter", &error))?;
    let (writer, ansi) = if log.file.as_os_str().is_empty() {
        (BoxMakeWriter::new(std::io::stderr), std::io::stderr().is_terminal())
    } else {
        let doing = format!("Opening the log {} (log.file)", log.file.display());
        let file = File::options().create(true).append(true).open(&log.file);
        (BoxMakeWriter::new(file.map_err(|error| CommandError::new(&doing, &error))?), false)
    };
    let events = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(ansi);
    let events =
        if log.format == "json" { events.json().flatten_event(true).boxed() } else { events.boxed() };
    tracing_subscriber::registry()
        .with(events.with_filter(filter))
        .try_init()
        .map_err(|error| CommandError::new("Starting the log", &error))
}

#[cfg(test)]
mod tests {
    use super::CommandError;
    use crate::ground::db::DbError;
    use crate::people::practice::import::ImportError;

    #[test]
    fn what_has_been_said_is_not_said_again() {
        let refused = sqlx::Error::Io(std::io::Error::other("the disk is full"));
        let error = ImportError::Db(DbError { doing: "locking practices for an import", source: refused });
        assert_eq!(
            CommandError::new("Importing practices", &error).to_string(),
            "Importing practices: locking practices for an import: error communicating with database: the disk is full"
        );
    }
}
