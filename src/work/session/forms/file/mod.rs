//! A file of sessions: its columns are known by their names, and each row becomes the form that posts one session, so that a
//! row is read and judged as the form is.

mod column;

use std::collections::BTreeMap;

pub use self::column::Column;
use crate::ground::form_fields::RawDate;
use crate::ground::table::{TableLimits, TableRow};
use crate::ground::words;
use crate::people::practice::Practice;
use crate::terms::bank::Catalogue;
use crate::work::session::row::FormRow;

/// How large a file of sessions may be: two thousand sessions with their headings.
pub const LIMITS: TableLimits = TableLimits { bytes: 4 * 1024 * 1024, rows: 2_001, columns: 40 };

/// Something to mend in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The row, from 1.
    pub row: usize,
    /// What its column is called.
    pub column: String,
    /// What to do.
    pub sentence: String,
}

/// Reads the rows of a file, the first of them the headings. `own` are the practices that somebody acts for.
pub fn read_rows(
    rows: &[TableRow],
    own: &[Practice],
    catalogue: &Catalogue,
) -> Result<Vec<FormRow>, Vec<CellFault>> {
    let Some((headings, rows)) = rows.split_first() else {
        return Err(vec![fault(
            1,
            "",
            "The file is empty. The first row names the columns, and each after it is a session",
        )]);
    };
    let columns = read_headings(headings, own.len() > 1)?;
    if rows.is_empty() {
        let next = headings.number + 1;
        return Err(vec![fault(
            next,
            "",
            "There is no session in the file: each row after the headings is one",
        )]);
    }
    let mut faults = Vec::new();
    let mut forms = Vec::new();
    for row in rows {
        let cell = |column: Column| {
            let at = columns.get(&column);
            at.and_then(|at| row.cells.get(*at)).map_or("", |cell| cell.trim())
        };
        let beyond = row
            .cells
            .iter()
            .enumerate()
            .find(|(at, cell)| !cell.trim().is_empty() && !columns.values().any(|known| known == at));
        if let Some((at, _)) = beyond {
            faults.push(fault(row.number, &letters(at), "This column has no heading: name it, or empty it"));
        }
        let (fields, wrong) = read_row(row.number, cell, own, catalogue);
        faults.extend(wrong);
        forms.push(FormRow { row: row.number, fields });
    }
    if faults.is_empty() { Ok(forms) } else { Err(faults) }
}

fn fault(row: usize, column: &str, sentence: impl Into<String>) -> CellFault {
    CellFault { row, column: column.to_owned(), sentence: sentence.into() }
}

/// Where each column is, by the headings.
fn read_headings(
    headings: &TableRow,
    needs_practice: bool,
) -> Result<BTreeMap<Column, usize>, Vec<CellFault>> {
    let mut columns = BTreeMap::new();
    let mut faults = Vec::new();
    let row = headings.number;
    for (at, heading) in headings.cells.iter().enumerate() {
        let heading = heading.trim();
        if heading.is_empty() {
            continue;
        }
        match Column::of_heading(heading) {
            None => faults.push(fault(
                row,
                heading,
                format!("No column of sessions is called so. Call it {}, or remove it", names_of_columns()),
            )),
            Some(column) if columns.insert(column, at).is_some() => {
                faults.push(fault(
                    row,
                    heading,
                    format!("There are two columns for {}: remove one", column.name()),
                ));
            }
            Some(_) => {}
        }
    }
    let is_missing = |column: &Column| {
        (column.is_needed() || (*column == Column::Practice && needs_practice))
            && !columns.contains_key(column)
    };
    for column in Column::ALL.into_iter().filter(is_missing) {
        faults.push(fault(row, column.name(), "The file has no such column, and each session needs it"));
    }
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

fn names_of_columns() -> String {
    words::list_or(&Column::ALL.map(Column::name))
}

/// "A", "B", … "Z", "AA": what a spreadsheet calls a column.
fn letters(at: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).unwrap_or(0));
    if at < 26 { letter(at).to_string() } else { format!("{}{}", letter(at / 26 - 1), letter(at)) }
}

type Fields = Vec<(String, String)>;

fn read_row<'a>(
    row: usize,
    cell: impl Fn(Column) -> &'a str,
    own: &[Practice],
    catalogue: &Catalogue,
) -> (Fields, Vec<CellFault>) {
    let mut fields: Fields = Vec::new();
    let mut faults = Vec::new();
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    match practice_of(cell(Column::Practice), own) {
        Ok(practice) => add("practice", practice.id.to_string()),
        Err(sentence) => faults.push(fault(row, Column::Practice.name(), sentence)),
    }
    let date = date_of(cell(Column::Date));
    add("on-day", date.day);
    add("on-month", date.month);
    add("on-year", date.year);
    add("start", time_of(cell(Column::Start)));
    add("end", time_of(cell(Column::End)));
    add("overnight", if is_yes(cell(Column::Overnight)) { "yes" } else { "" }.to_owned());
    let roles = catalogue.roles.iter().map(|role| (role.code.as_str(), [role.name.as_str(), &role.plural]));
    let roles = codes_of(cell(Column::Role), &roles.collect::<Vec<_>>());
    let competencies =
        catalogue.competencies.iter().map(|it| (it.code.as_str(), [it.name.as_str(), &it.name]));
    let competencies = codes_of(cell(Column::Competencies), &competencies.collect::<Vec<_>>());
    for (column, name, what, codes) in [
        (Column::Role, "role", "role", roles),
        (Column::Competencies, "competency", "competency", competencies),
    ] {
        match codes {
            Ok(codes) => codes.into_iter().for_each(|code| add(name, code)),
            Err(typed) => {
                let sentence =
                    format!("The bank has no {what} called “{typed}”: write its name as the form shows it");
                faults.push(fault(row, column.name(), sentence));
            }
        }
    }
    let places = cell(Column::Places);
    add("places", if places.is_empty() { "1" } else { places.trim_end_matches(".0") }.to_owned());
    add("rate-min", sum_of(cell(Column::Rate)));
    add("rate-max", sum_of(cell(Column::HighestRate)));
    let is_high = cell(Column::Priority).eq_ignore_ascii_case("high");
    add("priority", if is_high { "high" } else { "normal" }.to_owned());
    add("notes", cell(Column::Notes).to_owned());
    add("supervisor", cell(Column::Supervisor).to_owned());
    (fields, faults)
}

fn is_yes(typed: &str) -> bool {
    ["yes", "y", "true", "1", "x"].contains(&typed.to_lowercase().as_str())
}

fn practice_of<'a>(typed: &str, own: &'a [Practice]) -> Result<&'a Practice, String> {
    match own {
        [only] if typed.is_empty() => Ok(only),
        _ => {
            let is_meant = |practice: &&Practice| {
                practice.ods_code.eq_ignore_ascii_case(typed)
                    || practice.name.to_lowercase() == typed.to_lowercase()
            };
            own.iter().find(is_meant).ok_or_else(|| {
                let known: Vec<String> = own
                    .iter()
                    .take(5)
                    .map(|practice| format!("{} ({})", practice.ods_code, practice.name))
                    .collect();
                format!("You act for no such practice. Write {}", words::list_or(&known))
            })
        }
    }
}

/// The codes of what a cell names; or the first name that nothing has.
fn codes_of(typed: &str, known: &[(&str, [&str; 2])]) -> Result<Vec<String>, String> {
    let names = typed.split([',', ';', '/', '\n']).flat_map(|part| part.split(" or "));
    let names = names.map(str::trim).filter(|name| !name.is_empty());
    let code = |name: &str| {
        let name_typed = name.to_lowercase();
        let is_meant = |(code, names): &&(&str, [&str; 2])| {
            *code == name_typed || names.iter().any(|name| name.to_lowercase() == name_typed)
        };
        known.iter().find(is_meant).map(|(code, _)| (*code).to_owned()).ok_or_else(|| name.to_owned())
    };
    names.map(code).collect()
}

/// A date as spreadsheets write it, in the boxes of the form: "1/12/26", "01.12.2026", "2026-12-01", "Tue 1 Dec 2026".
fn date_of(typed: &str) -> RawDate {
    let typed = typed.strip_suffix(" 00:00:00").unwrap_or(typed);
    let parts = typed.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !part.is_empty());
    let is_weekday = |part: &&str| {
        let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        weekdays.iter().any(|day| part.to_lowercase().starts_with(day))
    };
    let parts: Vec<&str> = parts.skip_while(is_weekday).collect();
    let date = |day: &str, month: &str, year: &str| RawDate {
        day: day.trim_end_matches(|sign: char| sign.is_ascii_lowercase()).to_owned(),
        month: month.to_owned(),
        year: if year.len() == 2 { format!("20{year}") } else { year.to_owned() },
    };
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => date(day, month, year),
        [day, month, year] => date(day, month, year),
        [] => RawDate::default(),
        // Said to be no date, with all that was typed.
        _ => RawDate { day: typed.to_owned(), month: typed.to_owned(), year: "0000".to_owned() },
    }
}

/// A time as spreadsheets write it, as the form takes it: "0830" and "8:30:00 AM" are "08:30" and "8:30 AM".
fn time_of(typed: &str) -> String {
    let is_figures = |text: &str| text.bytes().all(|sign| sign.is_ascii_digit());
    // Seconds stand before what says which half of the day it is.
    let seconds = typed.rmatch_indices(':').next().filter(|_| typed.matches(':').count() == 2);
    let text = match seconds {
        Some((at, _)) => format!("{}{}", &typed[..at], typed.get(at + 3..).unwrap_or_default()),
        None => typed.to_owned(),
    };
    if (3..=4).contains(&text.len()) && is_figures(&text) {
        let (hour, minute) = text.split_at(text.len() - 2);
        return format!("{hour}:{minute}");
    }
    text
}

/// A sum as spreadsheets write it, as the form takes it: "85.5" is "85.50".
fn sum_of(typed: &str) -> String {
    let text = typed.split("/h").next().unwrap_or_default().trim().replace(' ', "");
    match text.split_once('.') {
        Some((whole, pence)) if pence.len() == 1 => format!("{whole}.{pence}0"),
        _ => text,
    }
}

#[cfg(test)]
mod tests;
