//! `locumbank bench-data`: makes a matching problem of any size from postcode districts alone.

use crate::ground::form_fields::Typed;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;

use matching::example::{ExampleError, Request, Shape, example, read_districts};
use matching_model::format::write_problem;

/// The postcode districts of Great Britain, with their licence in config/README.md.
const DISTRICTS: &str = include_str!("../../config/outcodes.csv");

/// Makes a matching problem with invented practices, sessions and clinicians.
#[derive(Debug, clap::Args)]
pub struct BenchDataArguments {
    /// Where: letters of outcodes with commas between them (`ME,CT,TN,DA`), `england` or `all`.
    #[arg(long, value_delimiter = ',', default_value = "DT,BH")]
    area: Vec<Typed>,
    /// How many sessions.
    #[arg(long, default_value_t = 500)]
    sessions: usize,
    /// How many clinicians.
    #[arg(long, default_value_t = 50)]
    clinicians: usize,
    /// Over how many weeks.
    #[arg(long, default_value_t = 4)]
    weeks: u32,
    /// The first day.
    #[arg(long, default_value = "2027-01-04")]
    start: NaiveDate,
    /// The same seed makes the same problem.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What kind of problem.
    #[arg(long, value_enum, default_value = "usual")]
    shape: ShapeName,
    /// How many sessions in a thousand are booked already.
    #[arg(long, default_value_t = 0)]
    booked_per_mille: usize,
    /// How many sessions in a thousand have an offer out.
    #[arg(long, default_value_t = 0)]
    incumbent_per_mille: usize,
    /// The file to write; standard output where it is left out.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The kinds of problem, as they are named on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ShapeName {
    /// More work than people, as banks usually have.
    Usual,
    /// Everybody works every day, travels far and has every skill.
    OverSupply,
    /// Few people, few days, short ways.
    Scarcity,
    /// General practitioners only.
    OneRole,
    /// Up to eight places a session.
    ManyPlaces,
    /// Tight caps on the hours of weeks and days.
    TightWeeks,
    /// Every place is booked already, some against the rules.
    AllBooked,
    /// No sessions and no people.
    Empty,
    /// One session.
    OneSession,
    /// Nobody is cleared to work.
    NobodyEligible,
    /// One practice, and clinicians who differ in nothing but their ids.
    Identical,
    /// Sunday work over the change of the clocks, with bookings and offers out.
    ClockChange,
}

/// Why no problem was written.
#[derive(Debug, thiserror::Error)]
enum BenchDataError {
    #[error(transparent)]
    Example(ExampleError),
    #[error("writing the problem: {0}")]
    Write(io::Error),
}

/// Writes the problem. Exits 2 where the request makes no sense, 1 where the file cannot be written.
#[must_use]
pub fn run(arguments: &BenchDataArguments) -> ExitCode {
    match written(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(if matches!(error, BenchDataError::Example(_)) { 2 } else { 1 })
        }
    }
}

fn written(arguments: &BenchDataArguments) -> Result<(), BenchDataError> {
    let request = Request {
        areas: arguments.area.iter().map(ToString::to_string).collect(),
        sessions: arguments.sessions,
        clinicians: arguments.clinicians,
        weeks: arguments.weeks,
        start: arguments.start,
        seed: arguments.seed,
        shape: shape(arguments.shape),
        bank_holidays: BTreeSet::new(),
        booked_per_mille: arguments.booked_per_mille,
        incumbent_per_mille: arguments.incumbent_per_mille,
    };
    let districts = read_districts(DISTRICTS).map_err(BenchDataError::Example)?;
    let problem = example(&request, &districts).map_err(BenchDataError::Example)?;
    let sink: Box<dyn Write> = match &arguments.out {
        Some(path) => Box::new(File::create(path).map_err(BenchDataError::Write)?),
        None => Box::new(io::stdout().lock()),
    };
    let mut sink = BufWriter::new(sink);
    write_problem(&problem, &mut sink).map_err(|error| BenchDataError::Write(error.into()))?;
    sink.write_all(b"\n").and_then(|()| sink.flush()).map_err(BenchDataError::Write)
}

fn shape(name: ShapeName) -> Shape {
    match name {
        ShapeName::Usual => Shape::Usual,
        ShapeName::OverSupply => Shape::OverSupply,
        ShapeName::Scarcity => Shape::Scarcity,
        ShapeName::OneRole => Shape::OneRole,
        ShapeName::ManyPlaces => Shape::ManyPlaces,
        ShapeName::TightWeeks => Shape::TightWeeks,
        ShapeName::AllBooked => Shape::AllBooked,
        ShapeName::Empty => Shape::Empty,
        ShapeName::OneSession => Shape::OneSession,
        ShapeName::NobodyEligible => Shape::NobodyEligible,
        ShapeName::Identical => Shape::Identical,
        ShapeName::ClockChange => Shape::ClockChange,
    }
}
