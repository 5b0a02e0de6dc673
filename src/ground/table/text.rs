//! Tables of text, as spreadsheets write them: separated by commas, semicolons or tabs, in UTF-8, in UTF-16 or in what Excel
//! writes on Windows.

use csv::{ReaderBuilder, StringRecord};

use super::TableRow;

/// What Excel writes before the first line of some files to say what separates its cells.
const SEPARATED_BY: &str = "sep=";

/// What separates cells.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What windows-1252 has at 0x80 to 0x9f, where Latin-1 has nothing that is seen.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The rows of a table of text that have anything in them, each with the number of the line on which it begins; or why it is
/// none, in a sentence.
pub fn read_rows(bytes: &[u8]) -> Result<Vec<TableRow>, String> {
    let mut rows = Vec::new();
    each_row(bytes, |number, record| {
        rows.push(TableRow { number, cells: record.iter().map(str::to_owned).collect() });
        Ok(())
    })?;
    Ok(rows)
}

/// Shows the same rows to `see`, one after the other, for a table of which little is kept; or why it is none, or what `see`
/// says against it.
pub fn each_row(
    bytes: &[u8],
    see: impl FnMut(usize, &StringRecord) -> Result<(), String>,
) -> Result<(), String> {
    let text = decoded(bytes)?;
    if let Some(at) = text.find('\0') {
        let line = text[..at].lines().count().max(1);
        return Err(format!("The file is not a table: line {line} has what no text has. Save it as CSV"));
    }
    match text.strip_prefix(SEPARATED_BY) {
        // The line stays, empty, so that the others keep their numbers.
        Some(rest) => see_rows(rest.get(1..).unwrap_or_default(), rest.bytes().next().unwrap_or(b','), see),
        None => see_rows(&text, separator_of(&text), see),
    }
}

fn decoded(bytes: &[u8]) -> Result<String, String> {
    // A spreadsheet's own file is a ZIP archive, an older one an OLE file, and some save the table as a PDF.
    if [b"PK\x03\x04".as_slice(), b"\xd0\xcf\x11\xe0", b"%PDF"].iter().any(|start| bytes.starts_with(start)) {
        return Err("The file is not a CSV file. Open it in your spreadsheet, and save it as CSV".to_owned());
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let is_little = bytes.first() == Some(&0xff);
        let unit = |pair: &[u8]| match pair {
            [low, high] if is_little => u16::from_le_bytes([*low, *high]),
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0xfffd,
        };
        let units: Vec<u16> = bytes.get(2..).unwrap_or_default().chunks(2).map(unit).collect();
        return Ok(String::from_utf16_lossy(&units));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_not_unicode) => bytes.iter().map(|byte| windows_letter(*byte)).collect(),
    })
}

fn windows_letter(byte: u8) -> char {
    let special = byte.checked_sub(0x80).and_then(|at| WINDOWS.get(usize::from(at)));
    special.copied().unwrap_or(char::from(byte))
}

/// What the first line has most of.
fn separator_of(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let times = |separator: &u8| first.bytes().filter(|letter| letter == separator).count();
    let mut best = b',';
    for separator in SEPARATORS {
        if times(&separator) > times(&best) {
            best = separator;
        }
    }
    best
}

/// Counts the lines of a text as it is read on.
struct Lines<'a> {
    text: &'a str,
    read_to: usize,
    ended: usize,
}

impl Lines<'_> {
    /// The number of the line, from 1, in which what is read from this byte on begins, after lines with nothing in them.
    fn number_at(&mut self, byte: usize) -> usize {
        let rest = self.text.get(byte..).unwrap_or_default();
        let begins = byte + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let between = self.text.get(self.read_to..begins).unwrap_or_default();
        // A line ends by one sign or by two.
        self.ended += between.matches(['\r', '\n']).count() - between.matches("\r\n").count();
        self.read_to = begins;
        self.ended + 1
    }
}

fn see_rows(
    text: &str,
    separator: u8,
    mut see: impl FnMut(usize, &StringRecord) -> Result<(), String>,
) -> Result<(), String> {
    let mut reader = ReaderBuilder::new();
    let mut reader =
        reader.delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut counted = Lines { text, read_to: 0, ended: 0 };
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            format!("The file can’t be read at line {line}: check the quotation marks there")
        })?;
        let byte = record.position().and_then(|position| usize::try_from(position.byte()).ok());
        see(counted.number_at(byte.unwrap_or_default()), &record)?;
    }
    Ok(())
}
