//! Lines of a CSV file, with the place of whatever is wrong in them.

use std::fmt;

use chrono::NaiveDate;

use crate::ground::form_fields::{Typed, is_unshowable};

/// What is wrong with one line of a file: where, what stands there, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file's name, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column's name; empty where the whole line is meant.
    pub column: String,
    /// What stands there, shortened when it is long.
    pub value: String,
    /// What would be right.
    pub expected: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        write!(f, ": {:?} can't be used; expected {}", self.value, self.expected)
    }
}

/// The most letters of a wrong value that are shown.
const MOST_LETTERS: usize = 60;

/// A file's records, each with its line.
pub struct Lines<'a> {
    file: &'a str,
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
}

/// One record and where it stands.
pub struct Line<'a> {
    file: &'a str,
    /// The line, from 1.
    pub number: u64,
    columns: Vec<&'a str>,
    fields: Vec<String>,
}

impl<'a> Lines<'a> {
    /// The records of `bytes`, which came from the file called `file`. A byte-order mark is left out.
    #[must_use]
    pub fn of(file: &'a str, bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        Self { file, bytes, reader }
    }

    /// The next record, or none at the end. `columns` are the names its fields should have, in order.
    pub fn next(&mut self, columns: &[&'a str]) -> Option<Result<Line<'a>, Fault>> {
        let mut record = csv::ByteRecord::new();
        let fault = |line: u64, column: &str, value: &str, expected: &str| Fault {
            file: self.file.to_owned(),
            line,
            column: column.to_owned(),
            value: shortened(value),
            expected: expected.to_owned(),
        };
        match self.reader.read_byte_record(&mut record) {
            Ok(false) => return None,
            Ok(true) => {}
            Err(error) => {
                return Some(Err(fault(self.reader.position().line(), "", &error.to_string(), "CSV text")));
            }
        }
        let number = record.position().map_or(0, |start| self.line_at(start));
        let mut fields = Vec::with_capacity(record.len());
        for (at, field) in record.iter().enumerate() {
            let Ok(text) = std::str::from_utf8(field) else {
                let column = columns.get(at).copied().unwrap_or_default();
                let shown = String::from_utf8_lossy(field);
                return Some(Err(fault(number, column, &shown, "text in UTF-8")));
            };
            let typed = Typed::from(text.trim());
            if typed.chars().any(is_unshowable) {
                let column = columns.get(at).copied().unwrap_or_default();
                return Some(Err(fault(number, column, text, "one line of letters that can be shown")));
            }
            fields.push(typed.trim().to_owned());
        }
        if !columns.is_empty() && fields.len() != columns.len() {
            let found =
                format!("{} columns, starting {:?}", fields.len(), fields.first().map_or("", String::as_str));
            return Some(Err(fault(number, "", &found, &format!("{} columns", columns.len()))));
        }
        Some(Ok(Line { file: self.file, number, columns: columns.to_vec(), fields }))
    }

    /// The line on which a record stands that starts at `start`. The reader counts a line's end, and empty lines, as
    /// the beginning of what follows.
    fn line_at(&self, start: &csv::Position) -> u64 {
        let from = usize::try_from(start.byte()).unwrap_or(usize::MAX);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let skipped = ends.filter(|byte| **byte == b'\n').count();
        start.line() + u64::try_from(skipped).unwrap_or(0)
    }
}

fn shortened(value: &str) -> String {
    if value.chars().count() <= MOST_LETTERS {
        return value.to_owned();
    }
    value.chars().take(MOST_LETTERS).chain(['…']).collect()
}

impl Line<'_> {
    /// The fields, in order, without the space around them.
    #[must_use]
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// The field of that column; empty where the file has no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|known| *known == column);
        at.and_then(|at| self.fields.get(at)).map_or("", String::as_str)
    }

    /// The fault of a column of this line.
    #[must_use]
    pub fn fault(&self, column: &str, expected: impl Into<String>) -> Fault {
        Fault {
            file: self.file.to_owned(),
            line: self.number,
            column: column.to_owned(),
            value: shortened(self.get(column)),
            expected: expected.into(),
        }
    }

    /// The field of that column, which must not be empty.
    pub fn filled(&self, column: &str, expected: &str) -> Result<&str, Fault> {
        match self.get(column) {
            "" => Err(self.fault(column, expected)),
            text => Ok(text),
        }
    }

    /// A code of the Organisation Data Service: letters and figures, in capitals. Whether it exists is asked of the
    /// table of practices, not of its shape: merged bodies have longer codes.
    pub fn code(&self, column: &str, example: &str) -> Result<String, Fault> {
        let code = self.get(column);
        let fits = (3..=10).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let expected = || format!("3 to 10 capital letters and figures, like {example}");
        if fits { Ok(code.to_owned()) } else { Err(self.fault(column, expected())) }
    }

    /// A date written 20260401, or none where the field is empty.
    pub fn date(&self, column: &str) -> Result<Option<NaiveDate>, Fault> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        let is_figures = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let date = is_figures.then(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok()).flatten();
        date.map(Some).ok_or_else(|| self.fault(column, "a date written YYYYMMDD, like 20260401, or nothing"))
    }
}
