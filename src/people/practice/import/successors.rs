//! `succ` and `succarc`: which organisation takes the place of which, as the Organisation Data Service publishes it, five
//! columns, with or without a line of headings.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::File;
use super::lines::{Fault, Line, Lines};

/// The columns, in order.
pub const COLUMNS: [&str; 5] =
    ["organisation_code", "successor_code", "reason", "effective_date", "indicator"];

/// Reads the files: for each organisation the code of the one that takes its place, by the last date on which one does.
/// Where it was shared out on that date, the first by code stands for them: a person decides. Either every line is right,
/// or the faults of the first wrong file are given.
pub fn read_all(files: &[File]) -> Result<BTreeMap<String, String>, Vec<Fault>> {
    let mut last: BTreeMap<String, (Option<NaiveDate>, String)> = BTreeMap::new();
    for file in files {
        for (code, successor, from) in read(file)? {
            let is_later = last.get(&code).is_none_or(|(known_from, known)| {
                (from, std::cmp::Reverse(&successor)) > (*known_from, std::cmp::Reverse(known))
            });
            if is_later {
                last.insert(code, (from, successor));
            }
        }
    }
    Ok(last.into_iter().map(|(code, (_, successor))| (code, successor)).collect())
}

type Succession = (String, String, Option<NaiveDate>);

fn read(file: &File) -> Result<Vec<Succession>, Vec<Fault>> {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    let mut lines = Lines::of(&file.name, &file.bytes);
    while let Some(line) = lines.next(&COLUMNS) {
        match line {
            Ok(line) if line.number == 1 && line.get("organisation_code").contains([' ', '_']) => {}
            Ok(line) => match one(&line) {
                Ok(succession) => all.push(succession),
                Err(fault) => faults.push(fault),
            },
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

fn one(line: &Line<'_>) -> Result<Succession, Fault> {
    let code = line.code("organisation_code", "J81001")?;
    let successor = line.code("successor_code", "J81002")?;
    if successor == code {
        return Err(line.fault("successor_code", "the code of another organisation"));
    }
    Ok((code, successor, line.date("effective_date")?))
}

#[cfg(test)]
mod tests {
    use super::{File, read_all};

    fn file(text: &str) -> File {
        File { name: "succ.csv".to_owned(), bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn the_last_successor_is_named_and_of_several_the_first_by_code() {
        let read = read_all(&[
            file("Organisation Code,Successor Organisation Code,Reason,Effective Date,Indicator\nJ81001,J81009,R,20200401,1\n"),
            file("J81001,J81003,R,20260401,1\nJ81001,J81002,R,20260401,1\nJ81004,J81005,R,,\n"),
        ])
        .unwrap();
        let pairs: Vec<(&str, &str)> = read.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(pairs, [("J81001", "J81002"), ("J81004", "J81005")]);
        assert!(read_all(&[]).unwrap().is_empty());
    }

    #[test]
    fn each_wrong_line_is_told_by_its_place() {
        let faults =
            read_all(&[file("J81001,J81001,R,20260401,1\nJ81002,J81003,R,1 April,1\nJ81002,J81003\n")]);
        let said: Vec<String> = faults.unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "succ.csv, line 1, column successor_code: \"J81001\" can't be used; expected the code of another organisation",
                "succ.csv, line 2, column effective_date: \"1 April\" can't be used; expected a date written YYYYMMDD, like 20260401, \
                 or nothing",
                "succ.csv, line 3: \"2 columns, starting \\\"J81002\\\"\" can't be used; expected 5 columns",
            ]
        );
    }
}
