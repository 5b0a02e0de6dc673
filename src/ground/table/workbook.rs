//! A spreadsheet's own file (XLSX): an archive of XML. How large it really is unpacked is found out before it is read, so that
//! a small file that unpacks to a large one costs nothing; what a table of text could not have (formulas, merged cells,
//! macros) is refused with its place. Of several sheets the first is read.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx};
use zip::ZipArchive;

use super::{TableLimits, TableRow, refuse_beyond};

/// The most bytes that a file may unpack to, and the most files in its archive.
const MOST_UNPACKED: u64 = 24 * 1024 * 1024;
const MOST_ENTRIES: usize = 200;

/// The rows of the first sheet that have something in them; or why it is none, in a sentence that says where.
pub(super) fn read(bytes: &[u8], limits: TableLimits) -> Result<Vec<TableRow>, String> {
    look_inside(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_error| not_read())?;
    let first = workbook.sheet_names().into_iter().next().ok_or_else(not_read)?;
    let mut cells = workbook.worksheet_cells_reader(&first).map_err(|_error| not_read())?;
    let mut rows: Vec<TableRow> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_error| not_read())? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let (number, column) = (place(row)? + 1, place(column)?);
        refuse_beyond(limits, number, column + 1)?;
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(TableRow { number, cells: Vec::new() });
        }
        let Some(last) = rows.last_mut() else { continue };
        last.cells.resize(last.cells.len().max(column + 1), String::new());
        if let Some(cell) = last.cells.get_mut(column) {
            *cell = text;
        }
    }
    Ok(rows)
}

fn place(number: u32) -> Result<usize, String> {
    usize::try_from(number).map_err(|_error| not_read())
}

fn not_read() -> String {
    "The spreadsheet can’t be read. Open it in your spreadsheet program, and save it as XLSX or CSV"
        .to_owned()
}

/// Unpacks the archive without keeping it, and refuses what is too large or what no table has.
fn look_inside(bytes: &[u8]) -> Result<(), String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_error| not_read())?;
    if archive.len() > MOST_ENTRIES {
        return Err("The spreadsheet has too many parts. Save the sheet alone as CSV".to_owned());
    }
    let mut room = MOST_UNPACKED;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_error| not_read())?;
        let name = entry.name().map_err(|_error| not_read())?.into_owned();
        if name.ends_with("vbaProject.bin") {
            return Err("The spreadsheet has macros. Save it as XLSX without macros, or as CSV".to_owned());
        }
        let mut content = Vec::new();
        // What the archive says of its sizes is not believed.
        let read = entry.take(room + 1).read_to_end(&mut content).map_err(|_error| not_read())?;
        room = room.checked_sub(u64::try_from(read).unwrap_or(u64::MAX)).ok_or_else(too_large)?;
        let content = String::from_utf8_lossy(&content);
        // Where the sheets lie the file says itself.
        if content.contains("<sheetData") {
            refuse_what_no_table_has(&content)?;
        }
    }
    Ok(())
}

fn too_large() -> String {
    "The spreadsheet is too large unpacked. Save the sheet alone as CSV".to_owned()
}

/// Refuses formulas and merged cells, with the first of them.
fn refuse_what_no_table_has(sheet: &str) -> Result<(), String> {
    if let Some(at) = ["<f>", "<f ", "<f/"].iter().filter_map(|tag| sheet.find(tag)).min() {
        let cell = sheet.get(..at).and_then(|before| Some(attribute(&before[before.rfind("<c ")?..], "r")));
        let cell = cell.unwrap_or_default();
        return Err(format!(
            "Cell {cell} has a formula. Copy the cells, paste them as values, and save the file again"
        ));
    }
    if let Some(at) = sheet.find("<mergeCell ") {
        let cells = attribute(sheet.get(at..).unwrap_or_default(), "ref");
        return Err(format!(
            "Cells {cells} are merged. Unmerge them, so that each row has its own, and save the file again"
        ));
    }
    Ok(())
}

/// The value of an attribute of the tag with which the text begins, as far as it can be a place of a sheet.
fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split_once(&format!(" {name}=\"")).map_or("", |(_, rest)| rest);
    value.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == ':').take(20).collect()
}

/// What a cell shows, as a table of text would have it.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is_true) => if *is_true { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(moment) => moment_of(moment),
        DataRef::Error(_) => "#".to_owned(),
        DataRef::Empty => String::new(),
    }
}

/// A date as 2026-12-01, a time as 08:30.
fn moment_of(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milliseconds) = moment.to_ymd_hms_milli();
    // A time is kept as a part of a day, which comes out a little less than the minute that was typed.
    let rounded = u32::from(second) * 1000 + u32::from(milliseconds) >= 30_000;
    let minutes = u32::from(hour) * 60 + u32::from(minute) + u32::from(rounded);
    if moment.as_f64() < 1.0 || moment.is_duration() {
        return format!("{:02}:{:02}", minutes / 60, minutes % 60);
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if minutes == 0 { date } else { format!("{date} {:02}:{:02}", minutes / 60, minutes % 60) }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use calamine::{ExcelDateTime, ExcelDateTimeType};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::{moment_of, read};
    use crate::ground::table::{TableLimits, TableRow, read_table};

    const LIMITS: TableLimits = TableLimits { bytes: 2 * 1024 * 1024, rows: 2_001, columns: 40 };

    /// A workbook of one sheet with this in it, and other parts.
    fn workbook(sheet: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let workbook = format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
        );
        let links = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
        );
        let sheet = format!("<worksheet xmlns=\"{main}\">{sheet}</worksheet>");
        let package = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        let parts = [
            ("_rels/.rels", package.as_bytes()),
            ("xl/workbook.xml", workbook.as_bytes()),
            ("xl/_rels/workbook.xml.rels", links.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ];
        for (name, content) in parts.iter().chain(others) {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn text(place: &str, text: &str) -> String {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    }

    #[test]
    fn cells_come_with_the_rows_and_columns_that_they_have() {
        let sheet = format!(
            "<sheetData><row r=\"1\">{}{}</row><row r=\"3\">{}<c r=\"C3\"><v>85</v></c></row></sheetData>",
            text("A1", "Date"),
            text("B1", "Rate"),
            text("A3", "1/12/26"),
        );
        let rows = read_table(&workbook(&sheet, &[]), LIMITS).unwrap();
        let row = |number, cells: &[&str]| TableRow {
            number,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        assert_eq!(rows, [row(1, &["Date", "Rate"]), row(3, &["1/12/26", "", "85"])]);
    }

    #[test]
    fn dates_and_times_of_cells_are_read_as_people_see_them() {
        let moment = |value| moment_of(&ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false));
        assert_eq!(moment(46_357.0), "2026-12-01");
        assert_eq!(moment(0.354_166_666_666_666_7), "08:30");
        assert_eq!(moment(0.527_777_777_7), "12:40");
    }

    #[test]
    fn what_no_table_has_is_refused_with_its_place() {
        let data = |cells: &str| format!("<sheetData><row r=\"2\">{cells}</row></sheetData>");
        let wide = data(&text("NTP2", "x"));
        let deep =
            "<sheetData><row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row></sheetData>".to_owned();
        let merged = format!("{}<mergeCells count=\"1\"><mergeCell ref=\"A1:B2\"/></mergeCells>", data(""));
        for (sheet, others, sentence) in [
            (data("<c r=\"B2\"><f>1+1</f><v>2</v></c>"), vec![], "Cell B2 has a formula"),
            (data("<c r=\"B7\"><f t=\"shared\" si=\"4000000000\"/></c>"), vec![], "Cell B7 has a formula"),
            (merged, vec![], "Cells A1:B2 are merged"),
            (data(""), vec![("xl/vbaProject.bin", b"x".as_slice())], "The spreadsheet has macros"),
            (wide, vec![], "Row 2 has 10000 columns: a file can have 40"),
            (deep, vec![], "Row 1048576 is one too many"),
            (data("<c r=\"A2\""), vec![], "The spreadsheet can’t be read"),
        ] {
            let refused = read_table(&workbook(&sheet, &others), LIMITS).unwrap_err();
            assert!(refused.starts_with(sentence), "{refused}");
        }
        assert!(read(b"PK\x03\x04 no archive", LIMITS).unwrap_err().contains("can’t be read"));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
        let zeros = vec![0; 30 * 1024 * 1024];
        let bomb = workbook("<sheetData/>", &[("xl/media/picture.bin", &zeros)]);
        assert!(bomb.len() < 100_000, "it is small as it comes: {}", bomb.len());
        assert!(read_table(&bomb, LIMITS).unwrap_err().starts_with("The spreadsheet is too large unpacked"));
        let names: Vec<String> = (0..201).map(|number| format!("part{number}")).collect();
        let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        let many = workbook("<sheetData/>", &parts);
        assert!(read_table(&many, LIMITS).unwrap_err().starts_with("The spreadsheet has too many parts"));
    }
}
