//! `locumbank import`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::command::CommandError;
use crate::command::database::open_database;
use crate::ground::clock::Clock;
use crate::ground::settings::Settings;
use crate::ground::words;
use crate::people::practice::import::{BankReport, File, Files, ImportError, Register, import_practices};

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
}

#[derive(Debug, Args)]
struct PracticesArguments {
    /// The list of organisations (epraccur), with or without a line of headings
    #[arg(long, value_name = "FILE")]
    ods: PathBuf,
    /// The mapping of practices to networks and integrated care boards
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// Only the practices of this integrated care board, such as QVV
    #[arg(long, value_name = "CODE")]
    icb: Option<String>,
    /// Postcodes with their coordinates; without it a practice lies at the centre of its postcode district
    #[arg(long, value_name = "FILE")]
    postcodes: Option<PathBuf>,
}

/// Imports what `arguments` name into the database in `settings`, and prints a table of what became of it.
pub async fn run(settings: Settings, arguments: ImportArguments) -> Result<(), CommandError> {
    let What::Practices(arguments) = arguments.what;
    let db = open_database(&settings, 1).await?;
    let files = Files {
        ods: read(&arguments.ods)?,
        map: read(&arguments.map)?,
        postcodes: arguments.postcodes.as_deref().map(read).transpose()?,
    };
    let register =
        Register::read(&files).map_err(|error| CommandError::new("Importing practices", &error))?;
    let register = std::sync::Arc::new(register);
    let (icb, now) = (arguments.icb, Clock::System.now());
    let reports = db
        .change(move |connection| {
            let (register, icb) = (register.clone(), icb.clone());
            Box::pin(async move { import_practices(connection, &register, icb.as_deref(), now).await })
        })
        .await
        .map_err(|error: ImportError| CommandError::new("Importing practices", &error))?;
    say!("{}", table(&reports).trim_end());
    Ok(())
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
    let shown = |count: usize| words::number(i64::try_from(count).unwrap_or(i64::MAX));
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
