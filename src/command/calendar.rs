//! Bank holidays at the command line: read from a file, brought by a release, and counted as a bank chooses. Each time the
//! sessions that are posted already follow, or are listed.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use crate::command::CommandError;
use crate::command::person::PersonError;
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError, Tx};
use crate::ground::form_fields::Typed;
use crate::ground::words;
use crate::terms::bank::actions::{HolidayChanges, choose_weekend_holidays, keep_list, keep_release};
use crate::terms::bank::calendar::BankHoliday;
use crate::terms::bank::holidays::{self, HolidayRule};
use crate::terms::bank::store::holidays::list_published;
use crate::terms::bank::store::{find_bank_by_icb, list_banks};
use crate::work::session::actions::reband::{OutOfBand, reband_sessions};

/// Which list to read.
#[derive(Debug, Args)]
pub struct HolidayArguments {
    /// The list, as <https://www.gov.uk/bank-holidays.json> has it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// How a bank counts holidays on a weekend.
#[derive(Debug, Args)]
pub struct WeekendHolidays {
    /// The bank, by its integrated care board's code, like QVV
    #[arg(long)]
    icb: Typed,
    /// What counts when 25 or 26 December or 1 January is a Saturday or Sunday
    #[arg(long, value_enum)]
    count: Counted,
    /// From which date on, like 2026-12-01
    #[arg(long)]
    from: NaiveDate,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Counted {
    /// The day itself and its substitute.
    Both,
    /// The substitute alone.
    Substitute,
}

/// Reads a list of bank holidays into the database.
pub async fn import_holidays(db: &Db, arguments: &HolidayArguments) -> Result<(), CommandError> {
    let doing = "Reading bank holidays";
    let name = arguments.file.display().to_string();
    let text = std::fs::read_to_string(&arguments.file)
        .map_err(|error| CommandError::new(&format!("Reading {name}"), &error))?;
    let list = holidays::read(&text)
        .map_err(|fault| CommandError::said(&format!("{name}: {fault}. Nothing was changed.")))?;
    let failed = |error: DbError| CommandError::new(doing, &error);
    let mut tx = db.begin(Actor::Operator).await.map_err(failed)?;
    let changes = keep_list(&mut tx, &list, &name).await.map_err(failed)?;
    let lines = follow(&mut tx, changes).await.map_err(failed)?;
    settle(tx, arguments.dry_run).await.map_err(failed)?;
    say!("{}", lines.join("\n"));
    if arguments.dry_run {
        say!("Nothing was changed: this was a dry run.");
    }
    Ok(())
}

/// Keeps the bank holidays that come with this release. Gives what there is to say: nothing where nothing changed, or where
/// these are the first.
pub async fn keep_released(db: &Db) -> Result<Vec<String>, DbError> {
    db.change(Actor::Operator, async |tx| {
        let is_first = list_published(tx).await?.is_empty();
        let changes = keep_release(tx).await?;
        let is_silent = is_first || changes == HolidayChanges::default();
        let lines = follow(tx, changes).await?;
        Ok(if is_silent { Vec::new() } else { lines })
    })
    .await
}

/// A bank counts holidays on a weekend otherwise.
pub async fn count_weekend_holidays(db: &Db, choice: &WeekendHolidays) -> Result<(), CommandError> {
    let failed = |error: DbError| CommandError::new("Choosing which holidays count", &error);
    let mut tx = db.begin(Actor::Operator).await.map_err(failed)?;
    let icb = choice.icb.to_uppercase();
    let Some(bank) = find_bank_by_icb(&mut tx, &icb).await.map_err(failed)? else {
        tx.give_up().await.map_err(failed)?;
        return Err(CommandError::said(&PersonError::NoBank(icb).to_string()));
    };
    tx.go_to_bank(bank.id).await.map_err(failed)?;
    let rule = HolidayRule { valid_from: choice.from, day_itself_counts: choice.count == Counted::Both };
    choose_weekend_holidays(&mut tx, rule, "").await.map_err(failed)?;
    let out = reband_sessions(&mut tx).await.map_err(failed)?;
    settle(tx, choice.dry_run).await.map_err(failed)?;
    let counts = if rule.day_itself_counts {
        "the day itself and its substitute count"
    } else {
        "the substitute alone counts"
    };
    let from = words::date_without_weekday(rule.valid_from);
    say!("{}: from {from} on, when 25 or 26 December or 1 January is on a weekend, {counts}.", bank.name);
    for line in told(&bank.name, &out) {
        say!("{line}");
    }
    if choice.dry_run {
        say!("Nothing was changed: this was a dry run.");
    }
    Ok(())
}

async fn settle(tx: Tx, dry_run: bool) -> Result<(), DbError> {
    if dry_run { tx.give_up().await } else { tx.commit().await }
}

/// Puts the sessions of every bank into the bands of the calendar as it is now. Gives what there is to say of it all.
async fn follow(tx: &mut Tx, changes: HolidayChanges) -> Result<Vec<String>, DbError> {
    let line = |what: &str, holiday: &BankHoliday| {
        format!("{what}: {}, {}", words::full_date(holiday.date), holiday.title)
    };
    let mut lines: Vec<String> = changes.added.iter().map(|holiday| line("Added", holiday)).collect();
    lines.extend(changes.removed.iter().map(|holiday| line("Removed", holiday)));
    for bank in list_banks(tx).await? {
        tx.go_to_bank(bank.id).await?;
        lines.extend(told(&bank.name, &reband_sessions(tx).await?));
    }
    let known = holidays::known_until(&list_published(tx).await?);
    lines.push(match known {
        Some(until) => format!("Bank holidays are known until {}.", words::date_without_weekday(until)),
        None => "No year's bank holidays are known whole.".to_owned(),
    });
    Ok(lines)
}

/// A line for each session whose band is not that of the calendar.
pub(crate) fn told(bank: &str, out: &[OutOfBand]) -> Vec<String> {
    out.iter().map(|out| format!("{bank}: {}.", out.sentence())).collect()
}
