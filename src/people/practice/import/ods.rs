//! `epraccur`: the list of prescribing organisations as the Organisation Data Service publishes it, 27 columns, with
//! or without a line of headings.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::lines::{Fault, Line, Lines};
use crate::people::practice::RegisterStatus;

/// The columns, in order.
pub const COLUMNS: [&str; 27] = [
    "organisation_code",
    "name",
    "national_grouping",
    "high_level_health_geography",
    "address_1",
    "address_2",
    "address_3",
    "address_4",
    "address_5",
    "postcode",
    "open_date",
    "close_date",
    "status_code",
    "organisation_sub_type_code",
    "commissioner",
    "join_provider_date",
    "left_provider_date",
    "contact_telephone",
    "null_1",
    "null_2",
    "null_3",
    "amended_record_indicator",
    "null_4",
    "provider_purchaser",
    "null_5",
    "prescribing_setting",
    "null_6",
];

/// One organisation of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OdsPractice {
    /// Its code.
    pub code: String,
    /// Its name, in capitals.
    pub name: String,
    /// The lines of its address that are not empty, in capitals.
    pub address: Vec<String>,
    /// Its postcode.
    pub postcode: String,
    /// What its status is.
    pub status: RegisterStatus,
    /// The day on which it opened or opens.
    pub opened_on: Option<NaiveDate>,
    /// The last day on which it was or is open.
    pub closed_on: Option<NaiveDate>,
    /// The line it stands on.
    pub line: u64,
}

impl OdsPractice {
    /// The first and the last day on which it is open, by its status and its dates, decided here alone; none where nobody
    /// knows when a proposed practice opens. `closed_before` is the last day that was known before. What has closed or is
    /// dormant and has no date is closed from tomorrow on: `today` is its last day, or the day on which it opens.
    #[must_use]
    pub fn open_days(
        &self,
        closed_before: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
        let from_tomorrow =
            || closed_before.unwrap_or_else(|| self.opened_on.map_or(today, |first| first.max(today)));
        match self.status {
            RegisterStatus::Proposed if self.opened_on.is_none() => None,
            RegisterStatus::Active | RegisterStatus::Proposed => Some((self.opened_on, self.closed_on)),
            RegisterStatus::Closed => {
                Some((self.opened_on, Some(self.closed_on.unwrap_or_else(from_tomorrow))))
            }
            // Dormant today, whatever is said of a later closing.
            RegisterStatus::Dormant => {
                let known = self.closed_on.filter(|last| *last <= today);
                Some((self.opened_on, Some(known.unwrap_or_else(from_tomorrow))))
            }
        }
    }
}

/// Reads the whole file. Either every line is right, or every fault is given.
pub fn read(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, OdsPractice>, Vec<Fault>> {
    let (mut practices, mut faults) = (BTreeMap::new(), Vec::new());
    let mut lines = Lines::of(file, bytes);
    while let Some(line) = lines.next(&COLUMNS) {
        let line = match line {
            Ok(line) => line,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        if line.number == 1 && is_heading(&line) {
            continue;
        }
        match one(&line) {
            Ok(practice) => {
                let code = practice.code.clone();
                if let Some(first) = practices.insert(code, practice) {
                    let first: &OdsPractice = &first;
                    let expected = format!("a code that comes once; it stands on line {} too", first.line);
                    faults.push(line.fault("organisation_code", expected));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    if practices.is_empty() && faults.is_empty() {
        faults.push(Fault {
            file: file.to_owned(),
            line: 1,
            column: String::new(),
            value: String::new(),
            expected: "at least one organisation: the file is empty".to_owned(),
        });
    }
    if faults.is_empty() { Ok(practices) } else { Err(faults) }
}

fn is_heading(line: &Line<'_>) -> bool {
    let first = line.fields().first().map(|field| field.to_lowercase().replace(' ', "_"));
    first.is_some_and(|first| matches!(first.as_str(), "organisation_code" | "code"))
}

fn one(line: &Line<'_>) -> Result<OdsPractice, Fault> {
    let code = line.code("organisation_code", "J81001")?;
    let name = line.filled("name", "the organisation's name")?.to_owned();
    let status = match line.get("status_code") {
        "A" => RegisterStatus::Active,
        "P" => RegisterStatus::Proposed,
        "C" => RegisterStatus::Closed,
        "D" => RegisterStatus::Dormant,
        _ => {
            return Err(line.fault("status_code", "A (active), P (proposed), C (closed) or D (dormant)"));
        }
    };
    let opened_on = line.date("open_date")?;
    let closed_on = line.date("close_date")?;
    if let (Some(opened), Some(closed)) = (opened_on, closed_on)
        && closed < opened
    {
        return Err(line.fault("close_date", format!("{} or later, when it opened", opened.format("%Y%m%d"))));
    }
    let postcode = line.get("postcode").to_uppercase();
    if postcode.is_empty() && matches!(status, RegisterStatus::Active | RegisterStatus::Proposed) {
        return Err(line.fault("postcode", "a postcode, like BH1 4AB"));
    }
    let setting = line.get("prescribing_setting");
    if !setting.is_empty() && setting.parse::<u16>().is_err() {
        return Err(line.fault("prescribing_setting", "a number, like 4 for a GP practice"));
    }
    let address =
        ["address_1", "address_2", "address_3", "address_4", "address_5"].map(|column| line.get(column));
    let filled = address.iter().filter(|text| !text.is_empty());
    Ok(OdsPractice {
        code,
        name,
        address: filled.map(|text| (*text).to_owned()).collect(),
        postcode,
        status,
        opened_on,
        closed_on,
        line: line.number,
    })
}
