//! Practices from the national register, as published: one bank for each integrated care board, all or nothing, and as
//! often as wanted. A practice keeps its id, whatever else about it changes.

pub mod lines;
pub mod map;
pub mod naming;
pub mod ods;
pub mod postcodes;
pub mod removal;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use self::lines::Fault;
use self::map::Mapped;
use self::ods::OdsPractice;
use self::rows::Row;
use super::PlacedBy;
use super::store::import as rows;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
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
}

/// What an import did to one bank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BankReport {
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
        let register = Self { organisations, mapped, places };
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

    /// What the register says of a mapped practice.
    fn row(&self, bank: BankId, mapped: &Mapped) -> Option<Row> {
        let practice = self.organisations.get(&mapped.code)?;
        let (place, placed_by) = self.place(&practice.postcode)?;
        let (pcn_code, pcn_name) = mapped.pcn.clone().unzip();
        Some(Row {
            bank,
            id: PracticeId::new(),
            ods_code: mapped.code.clone(),
            name: naming::readable(&practice.name),
            address: naming::readable_address(&practice.address),
            postcode: practice.postcode.clone(),
            place,
            placed_by,
            pcn_code,
            pcn_name: pcn_name.map(|name| naming::readable(&name)),
            clinical_system: mapped.clinical_system.map(str::to_owned),
            opened_on: practice.opened_on,
            closed_on: practice.closed_on.filter(|_| practice.is_closed),
        })
    }
}

/// Brings practices in, of every board or of the one of code `icb`, in the caller's transaction: when it fails, the
/// caller rolls back, and nothing has changed. Gives what was done to each bank, by the board's code.
pub async fn import_practices(
    tx: &mut Tx,
    register: &Register,
    icb: Option<&str>,
) -> Result<Vec<BankReport>, ImportError> {
    let boards = register.boards(icb)?;
    // Two imports at the same time would both add what is missing.
    rows::lock_practices(tx).await?;
    let mut reports = Vec::new();
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for (code, name) in boards {
        let (bank, is_new) = find_or_add_bank(tx, code, name).await?;
        tx.go_to_bank(bank.id).await?;
        let today = local_date(bank.time_zone, tx.now());
        let existing = rows::list_existing(tx).await?;
        let existing =
            existing.into_iter().map(|row| (row.ods_code.clone(), row.into_row(bank.id))).collect();
        let mut report =
            BankReport { name: bank.name, icb_code: code.to_owned(), is_new, ..BankReport::default() };
        compare(register, (bank.id, code), existing, today, &mut report, (&mut added, &mut changed));
        let detail = serde_json::json!({
            "added": report.added,
            "changed": report.changed,
            "closed": report.closed,
            "unchanged": report.unchanged,
        });
        audit::record(tx, Action::PracticeImported, bank.id, detail).await?;
        reports.push(report);
    }
    rows::write_rows(tx, &[added, changed].concat()).await?;
    Ok(reports)
}

async fn find_or_add_bank(tx: &mut Tx, icb_code: &str, name: &str) -> Result<(Bank, bool), DbError> {
    if let Some(bank) = bank::store::find_bank_by_icb(tx, icb_code).await? {
        return Ok((bank, false));
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

/// Sorts a bank's practices into those to add and those to change, and counts them.
fn compare(
    register: &Register,
    (bank, icb_code): (BankId, &str),
    mut by_code: BTreeMap<String, Row>,
    today: NaiveDate,
    report: &mut BankReport,
    (added, changed): (&mut Vec<Row>, &mut Vec<Row>),
) {
    let own: Vec<&Mapped> = register.mapped.iter().filter(|one| one.icb_code == icb_code).collect();
    let elsewhere: BTreeSet<&str> =
        register.mapped.iter().filter(|one| one.icb_code != icb_code).map(|one| one.code.as_str()).collect();
    for mapped in own {
        let Some(row) = register.row(bank, mapped) else { continue };
        match by_code.remove(&mapped.code) {
            None => {
                report.added += 1;
                added.push(row);
            }
            Some(before) => settle(&before, row, report, changed),
        }
    }
    // What the mapping no longer gives to this board: closed, moved to another board, or never from the register.
    for before in by_code.into_values() {
        let known = register.organisations.get(&before.ods_code);
        let closed_on = match known {
            Some(practice) if practice.is_closed => practice.closed_on.or(before.closed_on).or(Some(today)),
            Some(_) if elsewhere.contains(before.ods_code.as_str()) => before.closed_on.or(Some(today)),
            _ => before.closed_on,
        };
        let after = Row { closed_on, ..before.clone() };
        settle(&before, after, report, changed);
    }
}

/// Counts what became of a practice that was there before, and keeps its id. A place given by hand is left as it is.
fn settle(before: &Row, after: Row, report: &mut BankReport, changed: &mut Vec<Row>) {
    let mut after = Row { id: before.id, ..after };
    if before.placed_by == PlacedBy::Given {
        (after.place, after.placed_by) = (before.place, before.placed_by);
    }
    if *before == after {
        report.unchanged += 1;
        return;
    }
    if before.closed_on.is_none() && after.closed_on.is_some() {
        report.closed += 1;
    } else {
        report.changed += 1;
    }
    changed.push(after);
}

#[cfg(test)]
mod tests;
