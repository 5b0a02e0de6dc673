//! `locumbank import`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::command::calendar::{HolidayArguments, import_holidays};
use crate::command::database::open_database;
use crate::command::register::{RegisterArguments, import_register};
use crate::command::{CommandError, closings};
use crate::ground::actor::Actor;
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::Reliants;
use crate::ground::form_fields::Typed;
use crate::ground::id::{BankId, PracticeId};
use crate::ground::settings::Settings;
use crate::ground::words;
use crate::people::practice::import::{
    BankReport, BoardCount, File, Files, ImportError, Register, import_practices,
};
use crate::site::reliants::of_settings;
use crate::terms::bank::store::find_bank_by_icb;
use crate::work::booking::error::DeskError;

/// What to import.
#[derive(Debug, Args)]
pub struct ImportArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Practices from the national register, as published: all or nothing, and as often as wanted
    Practices(PracticesArguments),
    /// Bank holidays, as GOV.UK publishes them; sessions that are posted already follow, or are listed
    Holidays(HolidayArguments),
    /// A professional register, as it is given out: what it says of the clinicians of all banks, shown first
    Register(RegisterArguments),
}

#[derive(Debug, Args)]
struct PracticesArguments {
    /// The list of organisations (epraccur), with or without a line of headings
    #[arg(long, value_name = "FILE")]
    ods: PathBuf,
    /// The mapping of practices to networks and integrated care boards
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// An integrated care board to make or bring up to date the bank of, such as QVV; can be given several times
    #[arg(long = "icb", value_name = "CODE", conflicts_with = "all")]
    boards: Vec<Typed>,
    /// A bank for every board of the mapping: all of England
    #[arg(long)]
    all: bool,
    /// Postcodes with their coordinates; without it a practice lies at the centre of its postcode district
    #[arg(long, value_name = "FILE")]
    postcodes: Option<PathBuf>,
    /// Which organisation takes the place of which (succ, succarc), so that administrators are proposed successors of
    /// practices that close; can be given several times
    #[arg(long = "successors", value_name = "FILE")]
    successors: Vec<PathBuf>,
    /// Make a bank for a board although its practices are in another bank, where they end
    #[arg(long)]
    new_bank: bool,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Imports what `arguments` name into the database in `settings`, and prints a table of what became of it.
pub async fn run(settings: Settings, arguments: ImportArguments) -> Result<(), CommandError> {
    let db = open_database(&settings, 1).await?;
    let arguments = match arguments.what {
        What::Holidays(arguments) => return import_holidays(&db, &arguments).await,
        What::Register(arguments) => {
            let file = read(&arguments.file)?;
            return import_register(&db, &settings, (&arguments, file)).await;
        }
        What::Practices(arguments) => arguments,
    };
    let files = Files {
        ods: read(&arguments.ods)?,
        map: read(&arguments.map)?,
        postcodes: arguments.postcodes.as_deref().map(read).transpose()?,
        successors: arguments.successors.iter().map(|path| read(path)).collect::<Result<_, _>>()?,
    };
    let register = Register::read(&files).map_err(|error| failed(&error))?;
    let boards = boards_of(&arguments, &register)?;
    let mut tx = db.begin(Actor::Operator).await.map_err(|error| failed(&error))?;
    let reliants = of_settings(&settings);
    match import(&mut tx, &reliants, (&register, &boards), arguments.new_bank).await {
        Ok(lines) => {
            let settled = if arguments.dry_run { tx.give_up().await } else { tx.commit().await };
            settled.map_err(|error| failed(&error))?;
            say!("{}", lines.join("\n"));
        }
        Err(error) => {
            tx.give_up().await.map_err(|error| failed(&error))?;
            return Err(failed(&error));
        }
    }
    if arguments.dry_run {
        say!("Nothing was changed: this was a dry run.");
    }
    Ok(())
}

fn failed(error: &(dyn std::error::Error + 'static)) -> CommandError {
    CommandError::new("Importing practices", error)
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// Imports the boards, and gives what there is to say of it.
async fn import(
    tx: &mut Tx,
    reliants: &Reliants,
    (register, boards): (&Register, &[String]),
    may_move: bool,
) -> Result<Vec<String>, Failed> {
    let mut reports: Vec<BankReport> = Vec::new();
    for board in boards {
        for report in import_practices(tx, reliants, register, (Some(board), may_move)).await? {
            if reports.iter().all(|known| known.bank != report.bank) {
                reports.push(report);
            }
        }
    }
    let mut changed: BTreeMap<BankId, Vec<PracticeId>> = BTreeMap::new();
    for report in &reports {
        changed.entry(report.bank).or_default().extend(&report.reopened_or_closed);
        for (bank, practice) in &report.ended_elsewhere {
            changed.entry(*bank).or_default().push(*practice);
        }
    }
    let mut lines = vec![table(&reports).trim_end().to_owned()];
    lines.extend(closings::follow(tx, reliants, changed).await?);
    lines.extend(reports.iter().filter_map(proposed));
    lines.extend(left_alone(tx, register, boards).await?);
    Ok(lines)
}

fn proposed(report: &BankReport) -> Option<String> {
    let many = i64::try_from(report.successors_proposed).unwrap_or(i64::MAX);
    let successors = words::count(many, "successor is", "successors are");
    (many > 0).then(|| {
        format!(
            "{}: {successors} proposed of practices that close; an administrator decides under Practices.",
            report.name
        )
    })
}

/// The boards of the mapping that were not named.
async fn left_alone(tx: &mut Tx, register: &Register, named: &[String]) -> Result<Option<String>, DbError> {
    let (mut with_bank, mut without) = (Vec::new(), 0);
    for board in register.count_by_board().into_iter().filter(|board| !named.contains(&board.code)) {
        match find_bank_by_icb(tx, &board.code).await? {
            Some(bank) => with_bank.push(format!("{} ({})", bank.name, board.code)),
            None => without += 1,
        }
    }
    let others = words::count(without, "other board of the mapping has", "other boards of the mapping have");
    Ok(match (with_bank.is_empty(), without) {
        (true, 0) => None,
        (true, _) => Some(format!("{} no bank here, and none was made.", words::capitalised(&others))),
        (false, _) => Some(format!(
            "Left as they were, though they have a bank here: {}. Name them with --icb too, or say --all.",
            words::list(&with_bank)
        )),
    })
}

/// The boards that were asked for. Nobody who names none gets a bank for each of England's: they are shown which there are.
fn boards_of(arguments: &PracticesArguments, register: &Register) -> Result<Vec<String>, CommandError> {
    let known = register.count_by_board();
    if arguments.all {
        return Ok(known.into_iter().map(|board| board.code).collect());
    }
    let wanted: BTreeSet<String> = arguments.boards.iter().map(|code| code.trim().to_uppercase()).collect();
    if wanted.is_empty() {
        let line = |board: &BoardCount| {
            let practices = words::count(count_of(board.practices), "practice", "practices");
            format!("  {}  {} ({practices})", board.code, board.name)
        };
        let lines: Vec<String> = known.iter().map(line).collect();
        return Err(CommandError::said(&format!(
            "say for which boards with --icb CODE, or --all for a bank of each; the mapping knows\n{}\nNothing was imported.",
            lines.join("\n")
        )));
    }
    Ok(wanted.into_iter().collect())
}

fn count_of(practices: usize) -> i64 {
    i64::try_from(practices).unwrap_or(i64::MAX)
}

pub(crate) fn read(path: &Path) -> Result<File, CommandError> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| CommandError::new(&format!("Reading {name}"), &error))?;
    Ok(File { name, bytes })
}

/// What became of the practices of each bank, and of all of them.
fn table(reports: &[BankReport]) -> String {
    let name = |report: &BankReport| {
        let new = if report.is_new { ", new" } else { "" };
        format!("{} ({}{new})", report.name, report.icb_code)
    };
    let mut rows: Vec<(String, [usize; 4])> = reports
        .iter()
        .map(|report| (name(report), [report.added, report.changed, report.closed, report.unchanged]))
        .collect();
    if rows.len() > 1 {
        let sum = |at: usize| rows.iter().map(|(_, counts)| counts[at]).sum();
        rows.push((format!("All {} banks", rows.len()), [sum(0), sum(1), sum(2), sum(3)]));
    }
    let widest = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(4);
    let line = |name: &str, [added, changed, closed, unchanged]: [String; 4]| {
        format!("{name:<widest$}  {added:>7}  {changed:>7}  {closed:>7}  {unchanged:>9}\n")
    };
    let headings = ["Added", "Changed", "Closed", "Unchanged"].map(str::to_owned);
    let shown = |count: usize| words::number(count_of(count));
    let lines = rows.iter().map(|(name, counts)| line(name, counts.map(shown)));
    std::iter::once(line("Bank", headings)).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::people::practice::import::BankReport;

    #[test]
    fn the_table_has_a_line_for_each_bank_and_their_sum() {
        let report = |name: &str, code: &str, added, unchanged| BankReport {
            name: name.to_owned(),
            icb_code: code.to_owned(),
            is_new: added > 0,
            added,
            changed: 1,
            closed: 0,
            unchanged,
            ..BankReport::default()
        };
        let text =
            table(&[report("NHS Dorset", "QVV", 0, 68), report("NHS Kent and Medway", "QKS", 1175, 0)]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[1].starts_with("NHS Dorset (QVV) ") && lines[1].ends_with("68"));
        assert!(lines[2].starts_with("NHS Kent and Medway (QKS, new)    1,175        1        0          0"));
        assert!(
            lines[3].starts_with("All 2 banks") && lines[3].contains("1,175        2        0         68")
        );
        assert_eq!(table(&[report("NHS Dorset", "QVV", 0, 68)]).lines().count(), 2);
    }
}
