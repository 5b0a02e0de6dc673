//! What a bank has beside what the register says: what is to be added, what changed, and what ends.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::map::Mapped;
use super::rows::Row;
use super::{BankReport, Register, naming};
use crate::ground::id::{BankId, PracticeId};
use crate::people::practice::PlacedBy;

/// The bank that is compared.
pub struct Side<'a> {
    /// Its id.
    pub bank: BankId,
    /// Its boards' codes: the practices of all of them are its own.
    pub boards: &'a BTreeSet<String>,
    /// The day of the import, where the bank is.
    pub today: NaiveDate,
    /// For each practice that another bank had or has, by code, the last day on which it is open there.
    pub elsewhere: &'a BTreeMap<String, NaiveDate>,
}

/// The rows to write.
#[derive(Debug, Default)]
pub struct Changes {
    /// Practices that were not there.
    pub added: Vec<Row>,
    /// Those that were, and about which something changed.
    pub changed: Vec<Row>,
}

impl Register {
    /// What the register says of a mapped practice; none where nobody knows where it is or when it opens.
    pub(super) fn row(&self, side: &Side<'_>, mapped: &Mapped, before: Option<&Row>) -> Option<Row> {
        let practice = self.organisations.get(&mapped.code)?;
        let (place, placed_by) = self.place(&practice.postcode)?;
        let (pcn_code, pcn_name) = mapped.pcn.clone().unzip();
        let closed_before = before.and_then(|before| before.closed_on);
        let (opened_on, closed_on) = practice.open_days(closed_before, side.today)?;
        let (opened_on, closed_on) =
            after_elsewhere((opened_on, closed_on), side.elsewhere.get(&mapped.code));
        Some(Row {
            bank: side.bank,
            id: before.map_or_else(PracticeId::new, |before| before.id),
            ods_code: mapped.code.clone(),
            name: naming::readable(&practice.name),
            address: naming::readable_address(&practice.address),
            postcode: practice.postcode.clone(),
            place,
            placed_by,
            pcn_code,
            pcn_name: pcn_name.map(|name| naming::readable(&name)),
            clinical_system: mapped.clinical_system.map(str::to_owned),
            status: practice.status,
            opened_on,
            closed_on,
        })
    }
}

/// The days on which a practice is open here, after the last on which it was open in another bank: no practice is open
/// twice.
fn after_elsewhere(
    (opened_on, closed_on): (Option<NaiveDate>, Option<NaiveDate>),
    elsewhere: Option<&NaiveDate>,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let next = elsewhere.and_then(NaiveDate::succ_opt);
    let moved = next.filter(|next| closed_on.is_none_or(|closed| closed >= *next));
    let opened_on = opened_on.max(moved);
    // Whatever the files say, no practice closes before it opens.
    (opened_on, closed_on.map(|closed| opened_on.map_or(closed, |opened| opened.max(closed))))
}

/// Sorts a bank's practices into those to add and those to change, and counts them.
pub fn compare(
    register: &Register,
    side: &Side<'_>,
    mut by_code: BTreeMap<String, Row>,
    report: &mut BankReport,
    changes: &mut Changes,
) {
    let (own, others): (Vec<&Mapped>, Vec<&Mapped>) =
        register.mapped.iter().partition(|one| side.boards.contains(&one.icb_code));
    let elsewhere: BTreeSet<&str> = others.into_iter().map(|one| one.code.as_str()).collect();
    for mapped in own {
        let before = by_code.get(&mapped.code).cloned();
        let Some(row) = register.row(side, mapped, before.as_ref()) else { continue };
        by_code.remove(&mapped.code);
        match before {
            None => {
                report.added += 1;
                changes.added.push(row);
            }
            Some(before) => settle(&before, row, side.today, report, &mut changes.changed),
        }
    }
    // What the mapping no longer gives to this bank: closed, moved to another board, or never from the register.
    for before in by_code.into_values() {
        let known = register.organisations.get(&before.ods_code);
        let moves = elsewhere.contains(before.ods_code.as_str());
        let today = before.opened_on.map_or(side.today, |opened| opened.max(side.today));
        let mut after = before.clone();
        if let Some(practice) = known {
            let days = practice.open_days(before.closed_on, side.today);
            after.status = practice.status;
            after.closed_on = days.and_then(|(_, closed)| closed).or(before.closed_on);
            if moves {
                after.closed_on = Some(after.closed_on.map_or(today, |closed| closed.min(today)));
            }
            // Whatever is said of it, it does not close before it opened.
            after.closed_on = after.closed_on.max(before.opened_on.filter(|_| after.closed_on.is_some()));
        }
        settle(&before, after, side.today, report, &mut changes.changed);
    }
}

/// Counts what became of a practice that was there before. A place given by hand is left as it is.
fn settle(before: &Row, mut after: Row, today: NaiveDate, report: &mut BankReport, changed: &mut Vec<Row>) {
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
    let days = |row: &Row| (row.opened_on.filter(|first| *first > today), row.closed_on);
    if days(before) != days(&after) {
        report.reopened_or_closed.push(after.id);
    }
    changed.push(after);
}
