//! Files for spreadsheets: RFC 4180, with a first row of headings, and a byte-order mark, without which Excel reads UTF-8 as
//! something else. What a column means is said beside the link to the file, not in it.

use actix_web::HttpResponse;
use actix_web::http::header;
use chrono::NaiveDate;

use super::AppError;

/// The byte-order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text, which no spreadsheet takes for a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A number with two figures after the point, in hundredths.
    Hundredths(i64),
    /// A date, as 2026-11-02.
    Date(NaiveDate),
    /// Nothing.
    Empty,
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => defused(text),
            Self::Number(number) => number.to_string(),
            Self::Hundredths(hundredths) => {
                let sign = if *hundredths < 0 { "-" } else { "" };
                format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
            }
            Self::Date(date) => date.to_string(),
            Self::Empty => String::new(),
        }
    }
}

/// Text that no spreadsheet takes for a formula: where it begins like one, an apostrophe goes before it.
fn defused(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The file `name` with these headings and rows, to be kept. Every row has a cell for each heading.
pub fn csv_file<const COLUMNS: usize>(
    name: &str,
    headings: [&str; COLUMNS],
    rows: impl Iterator<Item = [Cell; COLUMNS]>,
) -> Result<HttpResponse, AppError> {
    let bytes = written(headings, rows).map_err(|error| AppError::internal("writing a file", error))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}

fn written<const COLUMNS: usize>(
    headings: [&str; COLUMNS],
    rows: impl Iterator<Item = [Cell; COLUMNS]>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(headings)?;
    for row in rows {
        writer.write_record(row.iter().map(Cell::text))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::{Cell, defused, written};

    #[test]
    fn a_file_is_read_as_it_was_meant() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let date = "2026-11-02".parse().unwrap();
        let rows = [
            [text("Łódź, \"the\" Surgery"), Cell::Number(-3), Cell::Date(date)],
            [text("two\nlines"), Cell::Hundredths(9_967), Cell::Empty],
            [text("=1+1"), Cell::Hundredths(-5), Cell::Hundredths(10_000)],
        ];
        let bytes = written(["Practice", "Places", "Rest"], rows.into_iter()).unwrap();
        let file = String::from_utf8(bytes).unwrap();
        assert_eq!(
            file,
            "\u{feff}Practice,Places,Rest\r\n\"Łódź, \"\"the\"\" Surgery\",-3,2026-11-02\r\n\"two\nlines\",99.67,\r\n'=1+1,-0.05,100.00\r\n"
        );
    }

    #[test]
    fn no_text_is_taken_for_a_formula() {
        assert_eq!(defused("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(defused("@practice"), "'@practice");
        assert_eq!(defused("Orchid House Surgery"), "Orchid House Surgery");
    }
}
