//! `locumbank import register`: what a professional register says of the clinicians of all banks. It is shown first, and
//! recorded where the operator says so.

use std::path::PathBuf;
use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use crate::command::CommandError;
use crate::ground::actor::Actor;
use crate::ground::db::{Db, DbError};
use crate::ground::facts::Reliants;
use crate::ground::form_fields::Typed;
use crate::ground::settings::Settings;
use crate::ground::words::{self, date_without_weekday, london_date};
use crate::people::lookup::Outcome;
use crate::people::lookup::actions::{NewLookup, NotRecorded, record_look_up};
use crate::people::lookup::file::{Finding, RegisterFile, Sought};
use crate::people::lookup::store::{Registered, list_registered};
use crate::people::practice::import::File;
use crate::site::reliants::of_settings;
use crate::terms::bank::Bank;
use crate::terms::bank::store::{list_banks, list_roles};

/// Of so few people of a register a file may well have none.
const FEW: usize = 5;

/// Which file to read, of which register.
#[derive(Debug, Args)]
pub struct RegisterArguments {
    /// The register as it is given out, as CSV
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The register, by its short name, such as GMC, NMC, HCPC or `GPhC`
    #[arg(long, value_name = "CODE")]
    register: Typed,
    /// The day on which the register was as the file has it, like 2026-11-30; without it the day on which the file was changed
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// The file has some of the register: say nothing of those whom it does not have
    #[arg(long)]
    only_listed: bool,
    /// Record what it says; without it, it is only shown
    #[arg(long)]
    record: bool,
}

/// Somebody of a bank, with what the file says of them.
struct Found {
    bank: Bank,
    person: Registered,
    finding: Finding,
}

/// Reads a register's file, shows what it says, and records it where that was asked for.
pub async fn import_register(
    db: &Db,
    settings: &Settings,
    (arguments, file): (&RegisterArguments, File),
) -> Result<(), CommandError> {
    let failed = |error: DbError| CommandError::new("Reading who is on a register", &error);
    let now = db.look(Actor::Operator).await.map_err(failed)?.now();
    let date = date_of(arguments, london_date(now))?;
    let register = find_register(db, &arguments.register).await?;
    let people = list_people(db, &register).await.map_err(failed)?;
    let sought: Vec<Sought<'_>> =
        people.iter().map(|(_, person)| Sought { number: &person.number, name: &person.name }).collect();
    let read = RegisterFile::read(&file.bytes, date, &sought)
        .map_err(|why| CommandError::said(&format!("{}: {why}. Nothing was changed.", file.name)))?;
    let findings: Vec<Finding> = sought.iter().map(|sought| read.finding(sought)).collect();
    let found: Vec<Found> = people
        .into_iter()
        .zip(findings)
        .map(|((bank, person), finding)| Found { bank, person, finding })
        .collect();
    say!("{}", summary((&register, &read), date, &found).join("\n"));
    refuse_where_most_are_missing(arguments, &register, &found)?;
    if !arguments.record {
        say!("Nothing was changed. Run it again with --record to record these look-ups.");
        return Ok(());
    }
    let source = arguments.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let said = Said { register, source: source.unwrap_or(file.name), date };
    record_all(db, &of_settings(settings), (arguments, &said), found).await
}

/// The day on which the register was as the file has it.
fn date_of(arguments: &RegisterArguments, today: NaiveDate) -> Result<NaiveDate, CommandError> {
    let changed = || std::fs::metadata(&arguments.file).and_then(|known| known.modified()).ok();
    let day = |changed: SystemTime| london_date(DateTime::<Utc>::from(changed)).min(today);
    let date = arguments.date.or_else(|| changed().map(day)).unwrap_or(today);
    if date > today {
        let today = date_without_weekday(today);
        return Err(CommandError::said(&format!("--date can be no later than today, {today}")));
    }
    Ok(date)
}

/// The register of that short name, as the roles of the banks have it.
async fn find_register(db: &Db, typed: &str) -> Result<String, CommandError> {
    let failed = |error: DbError| CommandError::new("Reading which registers there are", &error);
    let mut known = list_registers(db).await.map_err(failed)?;
    known.sort_unstable();
    known.dedup();
    let found = known.iter().find(|register| register.eq_ignore_ascii_case(typed.trim()));
    found.cloned().ok_or_else(|| {
        CommandError::said(&format!("no role has the register “{typed}”; there are {}", words::list(&known)))
    })
}

async fn list_registers(db: &Db) -> Result<Vec<String>, DbError> {
    let tx = &mut db.look(Actor::Operator).await?;
    let mut known = Vec::new();
    for bank in list_banks(tx).await? {
        tx.go_to_bank(bank.id).await?;
        known.extend(list_roles(tx).await?.into_iter().filter_map(|role| role.regulator));
    }
    Ok(known)
}

/// Everybody with a number on the register, bank by bank.
async fn list_people(db: &Db, register: &str) -> Result<Vec<(Bank, Registered)>, DbError> {
    let tx = &mut db.look(Actor::Operator).await?;
    let mut people = Vec::new();
    for bank in list_banks(tx).await? {
        tx.go_to_bank(bank.id).await?;
        let registered = list_registered(tx, register).await?;
        people.extend(registered.into_iter().map(|person| (bank.clone(), person)));
    }
    Ok(people)
}

/// Whether a finding belongs under a heading.
type IsMeant = fn(&Finding) -> bool;

/// What there is to say: those against whom something is said, by name, and how many the others are.
fn summary((register, read): (&str, &RegisterFile), date: NaiveDate, found: &[Found]) -> Vec<String> {
    let counted = |count: usize, one: &str, many: &str| {
        words::count(i64::try_from(count).unwrap_or(i64::MAX), one, many)
    };
    let mut lines = vec![format!(
        "The {register} register on {}: {}, {} with a number on it.",
        date_without_weekday(date),
        counted(read.entries, "entry", "entries"),
        counted(found.len(), "clinician", "clinicians"),
    )];
    let sections: [(&str, IsMeant); 5] = [
        ("Lapsed, suspended, removed or without a licence", |it| {
            matches!(it, Finding::Listed(Outcome::Lapsed | Outcome::NotFound, _))
        }),
        ("With conditions, undertakings or a warning", |it| {
            matches!(it, Finding::Listed(Outcome::Conditions, _))
        }),
        ("Not on the register", |it| matches!(it, Finding::Missing(_))),
        ("Another name on the register", |it| matches!(it, Finding::Listed(Outcome::Found, Some(_)))),
        ("Could not be read", |it| matches!(it, Finding::Unclear(..))),
    ];
    for (heading, is_meant) in sections {
        let those: Vec<String> =
            found.iter().filter(|found| is_meant(&found.finding)).map(Found::line).collect();
        if !those.is_empty() {
            lines.push(format!("{heading} ({}):", those.len()));
            lines.extend(those);
        }
    }
    let well = found.iter().filter(|found| found.finding == Finding::Listed(Outcome::Found, None)).count();
    lines.push(format!(
        "On the register, with nothing against them: {}.",
        counted(well, "clinician", "clinicians")
    ));
    if let Some(first) = read.shortened.first() {
        lines.push(format!(
            "{}, the first in line {first}, cannot be read: a spreadsheet has shortened their numbers. Open the file as it was given out, or save that column as text.",
            words::capitalised(&counted(read.shortened.len(), "entry", "entries")),
        ));
    }
    lines
}

impl Found {
    /// "  Ann Example, 7012345, NHS Dorset: as Anne Example".
    fn line(&self) -> String {
        let who = format!("  {}, {}, {}", self.person.name, self.person.number, self.bank.name);
        match &self.finding {
            Finding::Listed(_, Some(name)) => format!("{who}: as {name}"),
            Finding::Missing(others) if !others.is_empty() => {
                format!("{who}: somebody of that name has {}", words::list(others))
            }
            Finding::Unclear(line, why) => format!("{who}: line {line}, {why}"),
            Finding::Listed(_, None) | Finding::Missing(_) => who,
        }
    }

    /// What is to be recorded of them.
    fn look_up(&self, said: &Said, only_listed: bool) -> Option<NewLookup> {
        let (outcome, name_on_register) = match &self.finding {
            Finding::Listed(outcome, name) => (*outcome, name.clone()),
            Finding::Missing(_) if !only_listed => (Outcome::NotFound, None),
            Finding::Missing(_) | Finding::Unclear(..) => return None,
        };
        let is_known = self.person.newest.as_ref().is_some_and(|newest| {
            (&newest.source, newest.looked_up_on, newest.outcome) == (&said.source, said.date, outcome)
        });
        (!is_known).then(|| NewLookup {
            clinician: self.person.clinician,
            register: said.register.clone(),
            number: self.person.number.clone(),
            outcome,
            name_on_register,
            looked_up_on: said.date,
            source: said.source.clone(),
        })
    }
}

/// A file in which most people are not is a part of the register, or another one's.
fn refuse_where_most_are_missing(
    arguments: &RegisterArguments,
    register: &str,
    found: &[Found],
) -> Result<(), CommandError> {
    let missing = found.iter().filter(|found| matches!(found.finding, Finding::Missing(_))).count();
    if arguments.only_listed || found.len() < FEW || missing * 2 < found.len() {
        return Ok(());
    }
    Err(CommandError::said(&format!(
        "{missing} of {} clinicians are not in this file: it has a part of the {register} register, or is another register’s. To record those whom it has, and say nothing of the others: --only-listed. Nothing was changed.",
        found.len()
    )))
}

/// Where what is recorded comes from.
struct Said {
    register: String,
    source: String,
    date: NaiveDate,
}

/// Records what is said of each, one after the other: each in a transaction of its own, so that what is locked for one waits
/// for nobody else's, and what was recorded before something failed stays. Run again, it goes on where it was.
async fn record_all(
    db: &Db,
    reliants: &Reliants,
    (arguments, said): (&RegisterArguments, &Said),
    found: Vec<Found>,
) -> Result<(), CommandError> {
    let (mut recorded, mut changed) = (0, Vec::new());
    for it in found {
        let Some(new) = it.look_up(said, arguments.only_listed) else { continue };
        let bank = it.bank.id;
        let done = db.change(Actor::Operator, async |tx| {
            tx.go_to_bank(bank).await?;
            record_look_up(tx, reliants, &new).await
        });
        match done.await {
            Ok(()) => recorded += 1,
            Err(NotRecorded::OtherNumber) => changed.push(it.person.name),
            Err(error) => return Err(CommandError::new("Recording what a register says", &error)),
        }
    }
    say!("Recorded: {}.", words::count(recorded, "look-up", "look-ups"));
    if !changed.is_empty() {
        say!("Left out, because they have given another number meanwhile: {}.", words::list(&changed));
    }
    Ok(())
}
