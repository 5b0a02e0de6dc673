//! Practices from the national register, as published: one bank for each integrated care board, all or nothing, and as
//! often as wanted. A practice keeps its id, whatever else about it changes.

pub mod compare;
pub mod lines;
pub mod map;
pub mod merging;
pub mod naming;
pub mod ods;
pub mod postcodes;
pub mod removal;
pub mod successors;

use std::collections::{BTreeMap, BTreeSet};

use self::compare::{Changes, Side, compare};
use self::lines::Fault;
use self::map::Mapped;
use self::ods::OdsPractice;
use super::PlacedBy;
use super::store::import as rows;
use super::store::successor::propose_successors;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::ground::id::{BankId, PracticeId};
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::places::{Place, find_place};
use crate::terms::bank::{self, Bank, presets};

/// A file as it was read from the disk.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name, for messages.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The files of an import.
#[derive(Debug, Clone)]
pub struct Files {
    /// The list of organisations (`epraccur`).
    pub ods: File,
    /// The mapping of practices to networks and boards.
    pub map: File,
    /// Postcodes with their coordinates, where there is such a file.
    pub postcodes: Option<File>,
    /// Which organisation takes the place of which (`succ`, `succarc`), where there are such files.
    pub successors: Vec<File>,
}

/// What an import did to one bank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BankReport {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub name: String,
    /// The code of its integrated care board.
    pub icb_code: String,
    /// Whether the bank was made by this import.
    pub is_new: bool,
    /// Practices that were not there before.
    pub added: usize,
    /// Practices that were, and about which something changed.
    pub changed: usize,
    /// Practices that have closed since.
    pub closed: usize,
    /// Practices about which nothing changed.
    pub unchanged: usize,
    /// Practices of the bank whose first or last day of work changed.
    pub reopened_or_closed: Vec<PracticeId>,
    /// Practices of other banks that end there, because they belong to this one now, each with its bank.
    pub ended_elsewhere: Vec<(BankId, PracticeId)>,
    /// How many practices the files name a successor of that was not proposed before.
    pub successors_proposed: u64,
}

/// An integrated care board of the mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardCount {
    /// Its code.
    pub code: String,
    /// Its name, as the mapping writes it.
    pub name: String,
    /// How many practices it has.
    pub practices: usize,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Lines of the files can't be used.
    #[error("{}", in_lines(.0))]
    Faults(Vec<Fault>),
    /// The mapping knows no such board.
    #[error("no practice of the mapping belongs to {wanted}; the boards it knows are {known}")]
    NoSuchBoard {
        /// The code that was asked for.
        wanted: String,
        /// The codes there are.
        known: String,
    },
    /// The board has no bank, and its practices are in another.
    #[error(
        "{board} has no bank, and {count} of its {practices} practices are in {bank}. If that bank goes on under this board: \
         locumbank admin add-board --icb {codes} --board {board}. If they are to move into a bank of their own, say so with \
         --new-bank. Nothing was imported."
    )]
    InAnotherBank {
        /// The board's code.
        board: String,
        /// How many practices it has.
        practices: usize,
        /// The bank that has most of them.
        bank: String,
        /// A code of that bank's boards.
        codes: String,
        /// How many of them.
        count: i64,
    },
    /// What relied on a practice could not be settled.
    #[error("importing practices")]
    Fact(#[from] FactError),
    /// The database refused.
    #[error("importing practices")]
    Db(#[from] DbError),
}

/// The most faults that are listed.
const MOST_FAULTS: usize = 20;

fn in_lines(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().take(MOST_FAULTS).map(Fault::to_string).collect();
    if faults.len() > MOST_FAULTS {
        lines.push(format!("and {} more", faults.len() - MOST_FAULTS));
    }
    lines.push("Nothing was imported.".to_owned());
    lines.join("\n")
}

/// What the files say, every line checked.
pub struct Register {
    organisations: BTreeMap<String, OdsPractice>,
    mapped: Vec<Mapped>,
    places: BTreeMap<String, Place>,
    successors: BTreeMap<String, String>,
}

impl Register {
    /// Reads the files. Either every line of every file is right, or the faults of the first wrong file are given.
    pub fn read(files: &Files) -> Result<Self, ImportError> {
        let organisations = ods::read(&files.ods.name, &files.ods.bytes).map_err(ImportError::Faults)?;
        let mapped =
            map::read(&files.map.name, &files.map.bytes, &organisations).map_err(ImportError::Faults)?;
        let places = match &files.postcodes {
            Some(file) => postcodes::read(&file.name, &file.bytes).map_err(ImportError::Faults)?,
            None => BTreeMap::new(),
        };
        let successors = successors::read_all(&files.successors).map_err(ImportError::Faults)?;
        let register = Self { organisations, mapped, places, successors };
        register.check_places(files)?;
        Ok(register)
    }

    /// Every practice that is to be imported has to lie somewhere.
    fn check_places(&self, files: &Files) -> Result<(), ImportError> {
        let lost = self.mapped.iter().filter_map(|mapped| self.organisations.get(&mapped.code));
        let lost = lost.filter(|practice| self.place(&practice.postcode).is_none());
        let fault = |practice: &OdsPractice| Fault {
            file: files.ods.name.clone(),
            line: practice.line,
            column: "postcode".to_owned(),
            value: practice.postcode.clone(),
            expected: "a postcode of Great Britain, or one of the file given with --postcodes".to_owned(),
        };
        let faults: Vec<Fault> = lost.map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(ImportError::Faults(faults)) }
    }

    fn place(&self, postcode: &str) -> Option<(Place, PlacedBy)> {
        let letters: String = postcode.chars().filter(|letter| !letter.is_whitespace()).collect();
        let exact = self.places.get(&letters).map(|place| (*place, PlacedBy::Postcode));
        exact.or_else(|| find_place(postcode).map(|place| (place, PlacedBy::PostcodeDistrict)))
    }

    /// Every board of the mapping by its code, with how many practices it has.
    #[must_use]
    pub fn count_by_board(&self) -> Vec<BoardCount> {
        let mut counts: BTreeMap<&str, BoardCount> = BTreeMap::new();
        for mapped in &self.mapped {
            let board = counts.entry(&mapped.icb_code).or_insert_with(|| BoardCount {
                code: mapped.icb_code.clone(),
                name: mapped.icb_name.clone(),
                practices: 0,
            });
            board.practices += 1;
        }
        counts.into_values().collect()
    }

    /// The boards of the mapping, code and name, or the one of `wanted`.
    fn boards(&self, wanted: Option<&str>) -> Result<BTreeMap<&str, &str>, ImportError> {
        let all: BTreeMap<&str, &str> =
            self.mapped.iter().map(|one| (one.icb_code.as_str(), one.icb_name.as_str())).collect();
        let Some(wanted) = wanted else { return Ok(all) };
        match all.get_key_value(wanted) {
            Some((code, name)) => Ok(BTreeMap::from([(*code, *name)])),
            None => Err(ImportError::NoSuchBoard {
                wanted: wanted.to_owned(),
                known: all.keys().copied().collect::<Vec<_>>().join(", "),
            }),
        }
    }
}

/// Brings practices in, of every board or of the one of code `icb`, in the caller's transaction: when it fails, the
/// caller rolls back, and nothing has changed. What relied on a practice that changed is settled. Gives what was done to
/// each bank. A board that no bank has gets a bank of
/// its own; where its practices are in another bank, only if `may_move` says so.
pub async fn import_practices(
    tx: &mut Tx,
    reliants: &Reliants,
    register: &Register,
    (icb, may_move): (Option<&str>, bool),
) -> Result<Vec<BankReport>, ImportError> {
    let boards = register.boards(icb)?;
    // Two imports at the same time would both add what is missing.
    rows::lock_practices(tx).await?;
    let mut reports: Vec<BankReport> = Vec::new();
    for (code, name) in boards {
        let (bank, is_new) = find_or_add_bank(tx, register, (code, name), may_move).await?;
        if reports.iter().any(|report| report.bank == bank.id) {
            continue;
        }
        tx.go_to_bank(bank.id).await?;
        reports.push(import_bank(tx, reliants, (register, &bank), (code, is_new)).await?);
    }
    Ok(reports)
}

/// Brings the practices of all boards of one bank in, and ends them in any other bank.
async fn import_bank(
    tx: &mut Tx,
    reliants: &Reliants,
    (register, bank): (&Register, &Bank),
    (icb_code, is_new): (&str, bool),
) -> Result<BankReport, ImportError> {
    let today = local_date(bank.time_zone, tx.now());
    let boards: BTreeSet<String> = bank::store::boards::list_boards(tx).await?.into_iter().collect();
    let own: Vec<String> = register
        .mapped
        .iter()
        .filter(|one| boards.contains(&one.icb_code))
        .map(|one| one.code.clone())
        .collect();
    let ended_elsewhere = rows::close_elsewhere(tx, &own, today).await?;
    let elsewhere = rows::list_last_days_elsewhere(tx, &own).await?.into_iter().collect();
    let existing = rows::list_existing(tx).await?;
    let existing = existing.into_iter().map(|row| (row.ods_code.clone(), row.into_row(bank.id))).collect();
    let mut report = BankReport {
        bank: bank.id,
        name: bank.name.clone(),
        icb_code: icb_code.to_owned(),
        is_new,
        ended_elsewhere,
        ..BankReport::default()
    };
    let side = Side { bank: bank.id, boards: &boards, today, elsewhere: &elsewhere };
    let mut changes = Changes::default();
    compare(register, &side, existing, &mut report, &mut changes);
    let changed = changes.changed.iter().map(|row| row.id).collect();
    let announced = reliants.announce(tx, FactChange::Practices(changed)).await?;
    rows::write_rows(tx, &[changes.added, changes.changed].concat()).await?;
    reliants.settle(tx, announced).await?;
    if !register.successors.is_empty() {
        report.successors_proposed = propose_successors(tx, &register.successors).await?;
    }
    let detail = serde_json::json!({
        "added": report.added,
        "changed": report.changed,
        "closed": report.closed,
        "unchanged": report.unchanged,
    });
    audit::record(tx, Action::PracticeImported, bank.id, detail).await?;
    Ok(report)
}

async fn find_or_add_bank(
    tx: &mut Tx,
    register: &Register,
    (icb_code, name): (&str, &str),
    may_move: bool,
) -> Result<(Bank, bool), ImportError> {
    if let Some(bank) = bank::store::find_bank_by_icb(tx, icb_code).await? {
        return Ok((bank, false));
    }
    let own = register.mapped.iter().filter(|one| one.icb_code == icb_code);
    let own: Vec<String> = own.map(|one| one.code.clone()).collect();
    let held = rows::count_open_by_bank(tx, &own).await?;
    if let (Some((bank, codes, count)), false) = (held.into_iter().next(), may_move) {
        return Err(ImportError::InAnotherBank {
            board: icb_code.to_owned(),
            practices: own.len(),
            bank,
            codes: codes.unwrap_or_else(|| "CODE".to_owned()),
            count,
        });
    }
    let bank = Bank {
        id: BankId::new(),
        name: name.to_owned(),
        time_zone: chrono_tz::Europe::London,
        invented: false,
    };
    bank::store::insert_bank(tx, &bank, Some(icb_code)).await?;
    tx.go_to_bank(bank.id).await?;
    presets::insert_presets(tx).await?;
    Ok((bank, true))
}

#[cfg(test)]
mod tests;
