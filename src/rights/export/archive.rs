//! What a copy is made of: `data.json`, `data.html` that says the same to people, and the files.

use std::io::{Cursor, Write as _};

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::ground::words;
use crate::rights::held::store::Copied;
use crate::rights::held::{Column, Exported, Table, tables};

/// What is held under one heading.
#[derive(Debug, Clone)]
pub struct Part {
    /// The table.
    pub table: &'static Table,
    /// Its rows.
    pub rows: Vec<Copied>,
}

/// A file beside them.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name in the archive.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Everything of a copy.
#[derive(Debug, Clone)]
pub struct Contents {
    /// Whose name it bears.
    pub name: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Whether it has what every bank holds.
    pub whole_account: bool,
    /// The bank it was asked for in.
    pub bank_name: String,
    /// What is held.
    pub parts: Vec<Part>,
    /// The files.
    pub files: Vec<File>,
}

/// A copy could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The zip.
    #[error("writing the archive")]
    Zip(#[from] zip::result::ZipError),
    /// A file in it.
    #[error("writing into the archive")]
    Io(#[from] std::io::Error),
    /// The JSON.
    #[error("writing the data")]
    Json(#[from] serde_json::Error),
    /// The page.
    #[error("writing the page")]
    Page(#[from] askama::Error),
}

#[derive(Serialize)]
struct JsonPart<'a> {
    heading: &'a str,
    table: &'a str,
    rows: Vec<Map<String, Value>>,
}

#[derive(Serialize)]
struct JsonCopy<'a> {
    format: &'static str,
    made_at: DateTime<Utc>,
    whole_account: bool,
    bank: &'a str,
    parts: Vec<JsonPart<'a>>,
    not_in_it: Vec<String>,
}

#[derive(Template)]
#[template(path = "rights/export/copy.html")]
struct CopyPage<'a> {
    name: &'a str,
    bank_name: &'a str,
    made_at: String,
    whole_account: bool,
    sections: Vec<Section>,
    files: Vec<&'a str>,
    not_in_it: Vec<String>,
}

struct Section {
    heading: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// What a copy leaves out, and why.
fn not_in_it() -> Vec<String> {
    let of_others = |column: &&Column| column.exported == Exported::OfOthers;
    let mut sentences = vec![
        "Passwords, codes, keys and links: they are kept as hashes or sealed, and would let somebody act as you.".to_owned(),
        "Emails to others that tell of you, and what others wrote about their own affairs.".to_owned(),
    ];
    if tables().any(|table| table.columns.iter().any(|column| of_others(&column))) {
        sentences.push(
            "Whether a practice asked not to have you, and why: it is what others said in confidence. Ask the bank’s \
             administrators, who decide about it."
                .to_owned(),
        );
    }
    sentences
}

/// A value as people read it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            let moment = DateTime::parse_from_rfc3339(text).map(|at| words::moment(at.to_utc()));
            moment.unwrap_or_else(|_none| match text.parse::<NaiveDate>() {
                Ok(date) => words::date_without_weekday(date),
                Err(_) => text.replace('_', " "),
            })
        }
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value.to_string(),
    }
}

fn json_part(part: &Part) -> JsonPart<'_> {
    let named = |row: &Copied| {
        let names = part.table.copied().map(|column| column.name.to_owned());
        names.zip(row.iter().cloned()).collect()
    };
    JsonPart {
        heading: part.table.heading,
        table: part.table.name,
        rows: part.rows.iter().map(named).collect(),
    }
}

fn section(part: &Part) -> Section {
    Section {
        heading: part.table.heading,
        columns: part.table.copied().filter_map(Column::label).collect(),
        rows: part.rows.iter().map(|row| row.iter().map(shown).collect()).collect(),
    }
}

/// Puts a copy together.
pub fn write(contents: &Contents) -> Result<Vec<u8>, ArchiveError> {
    let json = JsonCopy {
        format: "locumbank.copy/1",
        made_at: contents.made_at,
        whole_account: contents.whole_account,
        bank: &contents.bank_name,
        parts: contents.parts.iter().map(json_part).collect(),
        not_in_it: not_in_it(),
    };
    let page = CopyPage {
        name: &contents.name,
        bank_name: &contents.bank_name,
        made_at: words::moment(contents.made_at),
        whole_account: contents.whole_account,
        sections: contents.parts.iter().filter(|part| !part.rows.is_empty()).map(section).collect(),
        files: contents.files.iter().map(|file| file.name.as_str()).collect(),
        not_in_it: not_in_it(),
    };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file("data.json", packed)?;
    archive.write_all(&serde_json::to_vec_pretty(&json)?)?;
    archive.start_file("data.html", packed)?;
    archive.write_all(page.render()?.as_bytes())?;
    archive.start_file("copy.css", packed)?;
    archive.write_all(include_bytes!("copy.css"))?;
    // Pictures and PDFs are packed already.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for file in &contents.files {
        archive.start_file(file.name.as_str(), stored)?;
        archive.write_all(&file.bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::shown;

    #[test]
    fn values_are_told_in_words() {
        assert_eq!(shown(&json!("2026-11-02T09:00:00+00:00")), "Monday 2 November 2026, 9am");
        assert_eq!(shown(&json!("2026-11-02")), "2 November 2026");
        assert_eq!(shown(&json!(["nearest", "only_one"])), "nearest, only one");
        assert_eq!(
            (shown(&json!(null)), shown(&json!(true)), shown(&json!(7450))),
            ("–".into(), "Yes".into(), "7450".into())
        );
    }
}
