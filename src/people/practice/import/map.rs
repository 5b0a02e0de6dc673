//! The published mapping of practices to primary care networks and integrated care boards: comma-separated with a line
//! of headings, by whose names its columns are found.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::{Fault, Line, Lines};
use super::ods::OdsPractice;

/// The columns that are needed.
const NEEDED: [&str; 5] = ["PRACTICE_CODE", "PCN_CODE", "PCN_NAME", "ICB_CODE", "ICB_NAME"];

/// What the file says in place of a network's code where a practice belongs to none.
const NO_NETWORK: &str = "U";

/// One practice of the mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The practice's ODS code.
    pub code: String,
    /// Code and name, in capitals, of its primary care network.
    pub pcn: Option<(String, String)>,
    /// The code of its integrated care board.
    pub icb_code: String,
    /// The name of its integrated care board.
    pub icb_name: String,
    /// The competency that says a clinician can use its clinical system.
    pub clinical_system: Option<&'static str>,
}

/// Reads the whole file, and checks its practices against the register. Either every line is right, or every fault is
/// given.
pub fn read(
    file: &str,
    bytes: &[u8],
    register: &BTreeMap<String, OdsPractice>,
) -> Result<Vec<Mapped>, Vec<Fault>> {
    let mut lines = Lines::of(file, bytes);
    let headings: Vec<String> = match lines.next(&[]) {
        Some(Ok(line)) => line.fields().to_vec(),
        Some(Err(fault)) => return Err(vec![fault]),
        None => Vec::new(),
    };
    let columns: Vec<&str> = headings.iter().map(String::as_str).collect();
    let missing: Vec<&str> = NEEDED.into_iter().filter(|needed| !columns.contains(needed)).collect();
    if !missing.is_empty() {
        return Err(vec![Fault {
            file: file.to_owned(),
            line: 1,
            column: String::new(),
            value: columns.join(","),
            expected: format!("a line of headings with {}", missing.join(", ")),
        }]);
    }
    let (mut mapped, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    // The names have to outlive the lines, which borrow from the file.
    let columns: Vec<&'static str> = columns.iter().map(|name| known_name(name)).collect();
    while let Some(line) = lines.next(&columns) {
        match line.and_then(|line| one(&line, register, &mut seen)) {
            Ok(practice) => mapped.push(practice),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(mapped) } else { Err(faults) }
}

/// The name of a column that is read, or "" for one that is not.
fn known_name(name: &str) -> &'static str {
    let read = ["PRACTICE_CODE", "PCN_CODE", "PCN_NAME", "ICB_CODE", "ICB_NAME", "SUPPLIER_NAME"];
    read.into_iter().find(|known| *known == name).unwrap_or_default()
}

fn one(
    line: &Line<'_>,
    register: &BTreeMap<String, OdsPractice>,
    seen: &mut BTreeSet<String>,
) -> Result<Mapped, Fault> {
    let code = line.code("PRACTICE_CODE", "J81001")?;
    if !register.contains_key(&code) {
        let expected = "a code of the ODS file; if the practice is new, use a newer ODS file";
        return Err(line.fault("PRACTICE_CODE", expected));
    }
    if !seen.insert(code.clone()) {
        return Err(line.fault("PRACTICE_CODE", "a code that comes once in the mapping"));
    }
    let icb_code = line.code("ICB_CODE", "QVV")?;
    let icb_name = line.filled("ICB_NAME", "the name of the integrated care board")?.to_owned();
    let pcn = match line.get("PCN_CODE") {
        "" | NO_NETWORK => None,
        _ => Some((
            line.code("PCN_CODE", "U89141")?,
            line.filled("PCN_NAME", "the network's name")?.to_owned(),
        )),
    };
    let clinical_system = match line.get("SUPPLIER_NAME") {
        "TPP" => Some("systmone"),
        "EMIS" => Some("emis_web"),
        _ => None,
    };
    Ok(Mapped { code, pcn, icb_code, icb_name, clinical_system })
}
