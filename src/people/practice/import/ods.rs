//! `epraccur`: the list of prescribing organisations as the Organisation Data Service publishes it, 27 columns, with
//! or without a line of headings.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::lines::{Fault, Line, Lines};

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
    /// The day it opened.
    pub opened_on: Option<NaiveDate>,
    /// The day it closed.
    pub closed_on: Option<NaiveDate>,
    /// Whether its status is closed.
    pub is_closed: bool,
    /// The line it stands on.
    pub line: u64,
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
    let is_closed = match line.get("status_code") {
        "A" | "P" => false,
        "C" | "D" => true,
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
    if postcode.is_empty() && !is_closed {
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
        opened_on,
        closed_on,
        is_closed,
        line: line.number,
    })
}
