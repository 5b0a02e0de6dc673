//! A file of a professional register, as registers give them out: the GMC's List of Registered Medical Practitioners, what
//! the NMC's confirmations for employers are saved as, and others with the same columns. Columns are known by their headings,
//! wherever they stand, and what a spreadsheet does to numbers and dates is met.

mod cells;
mod columns;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use csv::StringRecord;

use self::cells::{Ends, number_key, says};
use self::columns::Columns;
use self::names::{is_same_name, name_key};
use super::Outcome;
use crate::ground::table::text::each_row;

/// What a file says of those who are sought in it.
#[derive(Debug)]
pub struct RegisterFile {
    /// The entries of the sought numbers, by the number as it is compared.
    by_number: BTreeMap<String, Entry>,
    /// The numbers of entries that bear a sought name.
    by_name: BTreeMap<String, Vec<String>>,
    /// How many entries it has.
    pub entries: usize,
    /// The lines whose numbers a spreadsheet has shortened beyond reading: "7.01E+06".
    pub shortened: Vec<usize>,
}

/// An entry of the register.
#[derive(Debug, Clone)]
struct Entry {
    line: usize,
    name: String,
    says: Result<Outcome, String>,
}

/// Whom to seek.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought<'a> {
    /// Their number, as they gave it.
    pub number: &'a str,
    /// Their name.
    pub name: &'a str,
}

/// What a file says of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Their number is there, with what it says, and the name where it is another.
    Listed(Outcome, Option<String>),
    /// It is not there; the numbers that stand beside their name.
    Missing(Vec<String>),
    /// The entry can't be read: its line, and why, in a sentence without a full stop.
    Unclear(usize, String),
}

impl RegisterFile {
    /// Reads a file as it was on a day, keeping what it says of these people; or why it can't be used, in a sentence without a
    /// full stop.
    pub fn read(bytes: &[u8], as_of: NaiveDate, people: &[Sought<'_>]) -> Result<Self, String> {
        let numbers: BTreeSet<String> = people.iter().map(|sought| number_key(sought.number)).collect();
        let names: BTreeSet<String> = people.iter().map(|sought| name_key(sought.name)).collect();
        let mut columns = None;
        let mut file =
            Self { by_number: BTreeMap::new(), by_name: BTreeMap::new(), entries: 0, shortened: Vec::new() };
        each_row(bytes, |line, row| {
            match &columns {
                None => columns = Some(Columns::of(row)?),
                Some(columns) => file.keep(columns, (line, row), as_of, (&numbers, &names)),
            }
            Ok(())
        })?;
        if columns.is_none() {
            return Err("The file is empty".to_owned());
        }
        if file.entries == 0 {
            return Err("The file has headings and no entry".to_owned());
        }
        Ok(file)
    }

    fn keep(
        &mut self,
        columns: &Columns,
        (line, row): (usize, &StringRecord),
        as_of: NaiveDate,
        (numbers, names): (&BTreeSet<String>, &BTreeSet<String>),
    ) {
        let typed = columns.number(row);
        if typed.is_empty() {
            return;
        }
        self.entries += 1;
        if cells::is_shortened(typed) {
            self.shortened.push(line);
            return;
        }
        let (number, name) = (number_key(typed), columns.name(row));
        if names.contains(&name_key(&name)) {
            self.by_name.entry(name_key(&name)).or_default().push(typed.to_owned());
        }
        if !numbers.contains(&number) {
            return;
        }
        let says = says(columns.status(row), columns.is_restricted(row)).and_then(|outcome| {
            let is_over = match cells::ends(columns.ends(row))? {
                Ends::Never => false,
                Ends::On(last) => last < as_of,
            };
            Ok(if is_over && outcome.is_registered() { Outcome::Lapsed } else { outcome })
        });
        // A number can have several entries, as a nurse's who is a midwife too: one of them that counts is enough.
        let entry = Entry { line, name, says };
        let is_better = self.by_number.get(&number).is_none_or(|known| rank(&entry) < rank(known));
        if is_better {
            self.by_number.insert(number, entry);
        }
    }

    /// What it says of somebody.
    #[must_use]
    pub fn finding(&self, sought: &Sought<'_>) -> Finding {
        let Some(entry) = self.by_number.get(&number_key(sought.number)) else {
            let others = self.by_name.get(&name_key(sought.name));
            return Finding::Missing(others.cloned().unwrap_or_default());
        };
        let other_name =
            (!entry.name.is_empty() && !is_same_name(sought.name, &entry.name)).then(|| entry.name.clone());
        match &entry.says {
            Ok(outcome) => Finding::Listed(*outcome, other_name),
            Err(why) => Finding::Unclear(entry.line, why.clone()),
        }
    }
}

fn rank(entry: &Entry) -> u8 {
    match entry.says {
        // What is said against somebody is never hidden by another entry of theirs.
        Ok(Outcome::Conditions) => 0,
        Ok(Outcome::Found) => 1,
        Err(_) => 2,
        Ok(Outcome::Lapsed | Outcome::NotFound) => 3,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Finding, Outcome, RegisterFile, Sought};

    fn findings(file: &str, people: &[(&str, &str)]) -> Vec<Finding> {
        let people: Vec<Sought<'_>> = people.iter().map(|(number, name)| Sought { number, name }).collect();
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let file = RegisterFile::read(file.as_bytes(), today, &people).unwrap();
        people.iter().map(|sought| file.finding(sought)).collect()
    }

    fn listed(outcome: Outcome) -> Finding {
        Finding::Listed(outcome, None)
    }

    #[test]
    fn the_register_of_doctors_is_read_as_it_is_published() {
        let file = "GMC Ref No,Surname,Given Name,Gender,Registration Status,FtP Conditions Exist,FtP Undertakings Exist,Other Names,FtP Warnings Exist\n\
            7012345,Example,Ann,W,Registered with Licence,N,N,,N\n\
            7012346,Ŵyn,Ben,M,Registered without a Licence,N,N,,N\n\
            7012347,Other,Cas,M,Registered with Licence,N,Y,,N\n\
            7012348,Married-Name,Dee,W,Registered with Licence,N,N,Maria,N\n\
            7012349,Gone,Eve,W,Not Registered - Having relinquished registration,N,N,,N\n\
            7012350,Under,Fay,W,Suspended,N,N,,N\n\
            7012351,New,Gus,M,Provisionally registered with Licence,N,N,,N\n\
            0123456,Zero,Hal,M,Registered with Licence,N,N,,N\n";
        let people = [
            ("7012345", "Dr Ann Example"),
            ("7012346", "Ben Wyn"),
            ("7012347", "Cas Other"),
            ("7012348", "Dee Maiden-Name"),
            ("7012349", "Eve Gone"),
            ("7012350", "Fay Under"),
            ("7012351", "Gus New"),
            ("7099999", "Ann Example"),
            ("0123456", "Hal Zero"),
        ];
        assert_eq!(
            findings(file, &people),
            [
                listed(Outcome::Found),
                listed(Outcome::Lapsed),
                listed(Outcome::Conditions),
                Finding::Listed(Outcome::Found, Some("Dee Married-Name".to_owned())),
                listed(Outcome::Lapsed),
                listed(Outcome::Lapsed),
                listed(Outcome::Conditions),
                Finding::Missing(vec!["7012345".to_owned()]),
                listed(Outcome::Found),
            ]
        );
    }

    #[test]
    fn the_register_of_nurses_is_read_with_its_dates() {
        let file = "Pin;Name;Registration status;Expiry date;Register entry\r\n\
            12A3456E;Ann Example;Registered;31/03/2027;RN1\r\n\
            12A3457E;Ben Example;Registered;29/11/2026;RN1\r\n\
            12A3458E;Cas Example;Conditions of practice order;31-Mar-2027;RN1\r\n\
            12A3459E;Dee Example;Interim suspension order;2027-03-31;RN1\r\n\
            12A3460E;Eve Example;Registered;46477;RN1\r\n\
            12A3461E;Fay Example;Wibble;31/03/2027;RN1\r\n\
            12A3462E;Gus Example;Registered;next spring;RN1\r\n\
            12A3463E;Hal Example;Lapsed;;RN1\r\n\
            12A3463E;Hal Example;Registered;31/03/2027;RM\r\n";
        let numbers: Vec<String> = (3456..=3463).map(|number| format!("12A{number}E")).collect();
        let names =
            ["Ann", "Ben", "Cas", "Dee", "Eve", "Fay", "Gus", "Hal"].map(|it| format!("{it} Example"));
        let people: Vec<(&str, &str)> =
            numbers.iter().map(String::as_str).zip(names.iter().map(String::as_str)).collect();
        assert_eq!(
            findings(file, &people),
            [
                listed(Outcome::Found),
                listed(Outcome::Lapsed),
                listed(Outcome::Conditions),
                listed(Outcome::Lapsed),
                listed(Outcome::Found),
                Finding::Unclear(7, "“Wibble” is no status that is known here".to_owned()),
                Finding::Unclear(8, "“next spring” is no date".to_owned()),
                listed(Outcome::Found),
            ]
        );
    }

    #[test]
    fn what_spreadsheets_do_to_numbers_is_met() {
        let file = "\u{feff}GMC Reference Number\tFull name\tStatus\n\
            \"=\"\"7012345\"\"\"\tAnn Example\tRegistered with Licence\n\
            7012346.0\tBen Example\tRegistered with Licence\n\
            \"7,012,347\"\tCas Example\tRegistered with Licence\n\
            '7012348\tDee Example\tRegistered with Licence\n\
            123456\tEve Example\tRegistered with Licence\n\
            7.01E+06\tFay Example\tRegistered with Licence\n\
            \t\t\n";
        let people = [
            ("7012345", "Ann Example"),
            ("7012346", "Ben Example"),
            ("7012347", "Cas Example"),
            ("7012348", "Dee Example"),
            ("0123456", "Eve Example"),
            ("7012349", "Fay Example"),
        ];
        let found = findings(file, &people);
        assert!(found.iter().take(5).all(|it| *it == listed(Outcome::Found)), "{found:?}");
        assert_eq!(found[5], Finding::Missing(Vec::new()));
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let file = RegisterFile::read(file.as_bytes(), today, &[]).unwrap();
        assert_eq!((file.entries, file.shortened.as_slice()), (6, [7].as_slice()));
    }

    #[test]
    fn a_file_that_is_no_register_is_refused_with_what_it_should_have() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let refused = |bytes: &[u8]| RegisterFile::read(bytes, today, &[]).unwrap_err();
        assert!(refused(b"").contains("empty"));
        assert!(refused(b"PK\x03\x04").contains("save it as CSV"));
        let said = refused(b"Name,Postcode\nAnn,BH1 1AA\n");
        assert!(said.contains("no column with the number") && said.contains("Name, Postcode"), "{said}");
        assert!(refused(b"GMC Ref No,Surname\n7012345,Example\n").contains("no column with the status"));
        assert!(refused(b"GMC Ref No,Surname,Registration Status\n").contains("no entry"));
    }
}
