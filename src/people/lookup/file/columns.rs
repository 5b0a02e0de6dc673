//! Which column of a register's file is which, by its heading.

use csv::StringRecord;

const NUMBERS: [&str; 12] = [
    "gmcrefno",
    "gmcreferencenumber",
    "gmcnumber",
    "gmcref",
    "pin",
    "pinnumber",
    "nmcpin",
    "registrationnumber",
    "registrationno",
    "regno",
    "hcpcregistrationnumber",
    "gphcnumber",
];
const STATUSES: [&str; 4] = ["registrationstatus", "status", "registrantstatus", "registrationstate"];
const ENDS: [&str; 5] =
    ["expirydate", "registrationexpirydate", "renewaldate", "registeredto", "registrationenddate"];
const GIVEN: [&str; 6] = ["givenname", "givennames", "firstname", "firstnames", "forename", "forenames"];
const FAMILY: [&str; 4] = ["surname", "lastname", "familyname", "name"];
const WHOLE: [&str; 3] = ["fullname", "registrantname", "name"];
/// Headings with one of these tell of something that is said against somebody.
const RESTRICTIONS: [&str; 7] =
    ["condition", "undertaking", "warning", "caution", "restriction", "sanction", "interimorder"];

/// Where what is asked for stands.
#[derive(Debug)]
pub struct Columns {
    number: usize,
    status: usize,
    ends: Option<usize>,
    names: Vec<usize>,
    restrictions: Vec<usize>,
}

impl Columns {
    /// The columns of these headings; or what is missing, in a sentence without a full stop.
    pub fn of(headings: &StringRecord) -> Result<Self, String> {
        let plain = |heading: &str| -> String {
            heading.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let known: Vec<String> = headings.iter().map(plain).collect();
        let find =
            |names: &[&str]| names.iter().find_map(|name| known.iter().position(|heading| heading == name));
        let missing = |what: &str, example: &str| {
            let there: Vec<&str> = headings.iter().map(str::trim).collect();
            format!(
                "The file has no column with the {what}, such as “{example}”; its columns are {}",
                there.join(", ")
            )
        };
        let number = find(&NUMBERS).ok_or_else(|| missing("number", "GMC Ref No"))?;
        let status = find(&STATUSES).ok_or_else(|| missing("status", "Registration Status"))?;
        let names: Vec<usize> = match find(&GIVEN).zip(find(&FAMILY)) {
            Some((given, family)) => vec![given, family],
            None => find(&WHOLE).or_else(|| find(&FAMILY)).into_iter().collect(),
        };
        let is_restriction = |at: &usize| {
            *at != status
                && known
                    .get(*at)
                    .is_some_and(|heading| RESTRICTIONS.iter().any(|word| heading.contains(word)))
        };
        let restrictions = (0..known.len()).filter(is_restriction).collect();
        Ok(Self { number, status, ends: find(&ENDS), names, restrictions })
    }

    /// What stands in the column of numbers.
    pub fn number<'a>(&self, row: &'a StringRecord) -> &'a str {
        row.get(self.number).unwrap_or_default().trim()
    }

    /// What stands in the column of statuses.
    pub fn status<'a>(&self, row: &'a StringRecord) -> &'a str {
        row.get(self.status).unwrap_or_default().trim()
    }

    /// What stands in the column of last days; "" where there is none.
    pub fn ends<'a>(&self, row: &'a StringRecord) -> &'a str {
        self.ends.and_then(|at| row.get(at)).unwrap_or_default().trim()
    }

    /// The whole name; "" where the file names nobody.
    pub fn name(&self, row: &StringRecord) -> String {
        let parts = self.names.iter().filter_map(|at| row.get(*at)).flat_map(str::split_whitespace);
        parts.collect::<Vec<_>>().join(" ")
    }

    /// Whether a column says that conditions, undertakings or a warning count.
    pub fn is_restricted(&self, row: &StringRecord) -> bool {
        let says_no = |cell: &str| {
            let cell = cell.trim().to_lowercase();
            ["", "n", "no", "none", "false", "0", "n/a", "-"].contains(&cell.as_str())
        };
        self.restrictions.iter().filter_map(|at| row.get(*at)).any(|cell| !says_no(cell))
    }
}
