//! Tables that people hand in: CSV as spreadsheets write it, and the spreadsheet's own file (XLSX). Either becomes rows of
//! text, each with the number that it has in the file, so that what is wrong is said of what people see there.

pub mod text;
mod workbook;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its cells, from the first column on.
    pub cells: Vec<String>,
}

/// How large a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableLimits {
    /// The most bytes of the file.
    pub bytes: usize,
    /// The most rows, with the headings.
    pub rows: usize,
    /// The most columns.
    pub columns: usize,
}

/// The rows of a table that have something in them; or why it is none, in a sentence that says where.
pub fn read_table(bytes: &[u8], limits: TableLimits) -> Result<Vec<TableRow>, String> {
    if bytes.len() > limits.bytes {
        let most = limits.bytes / 1024 / 1024;
        return Err(format!("The file is too large: it must be {most} MB or smaller"));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook::read(bytes, limits);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(
            "The file is an old spreadsheet, or one with a password. Save it as XLSX or CSV".to_owned()
        );
    }
    let mut rows = Vec::new();
    for row in text::read_rows(bytes)? {
        refuse_beyond(limits, row.number, row.cells.len())?;
        rows.push(row);
    }
    rows.retain(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(rows)
}

/// Refuses a row that is beyond the last, or that has a cell beyond the last column.
fn refuse_beyond(limits: TableLimits, number: usize, columns: usize) -> Result<(), String> {
    if number > limits.rows {
        let most = limits.rows;
        return Err(format!(
            "Row {number} is one too many: a file can have {most} rows with its headings. Part it in two"
        ));
    }
    if columns > limits.columns {
        let most = limits.columns;
        return Err(format!(
            "Row {number} has {columns} columns: a file can have {most}. Remove those that are not needed"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{TableLimits, read_table};

    const SMALL: TableLimits = TableLimits { bytes: 1024 * 1024, rows: 3, columns: 2 };

    #[test]
    fn a_table_of_text_is_read_as_far_as_it_may_go() {
        let rows = read_table(b"a;b\r\n\r\nc;d\r\n", SMALL).unwrap();
        let read: Vec<_> = rows.iter().map(|row| (row.number, row.cells.join("|"))).collect();
        assert_eq!(read, [(1, "a|b".to_owned()), (3, "c|d".to_owned())]);
        for (file, sentence) in [
            ("a\nb\nc\nd\n".to_owned(), "Row 4 is one too many: a file can have 3 rows"),
            (format!("a\n{}", ",".repeat(9_999)), "Row 2 has 10000 columns: a file can have 2"),
            ("x".repeat(1024 * 1024 + 1), "The file is too large: it must be 1 MB or smaller"),
            ("a,b\n\"c,d\n".to_owned(), ""),
        ] {
            match read_table(file.as_bytes(), SMALL) {
                Ok(_) => assert!(sentence.is_empty()),
                Err(why) => assert!(why.starts_with(sentence) && !sentence.is_empty(), "{why}"),
            }
        }
    }
}
