//! A file with a list of people, as spreadsheets write it, with or without a line of headings. Each line of the file becomes a line of the list that people paste,
//! by the same number, so that what is wrong with it is said of the line that they see in their file.

use crate::ground::table::text::read_rows;

/// The largest file taken, in bytes. A hundred people are not a tenth of it.
const MOST_BYTES: usize = 256 * 1024;

/// The list in a file, a person a line; or why it is none, in a sentence.
pub fn read_list(bytes: &[u8]) -> Result<String, String> {
    if bytes.len() > MOST_BYTES {
        return Err("The file is too large for a list of people: it must be 256 KB or smaller".to_owned());
    }
    let mut lines: Vec<String> = Vec::new();
    let mut columns: Option<Columns> = None;
    for (at, row) in read_rows(bytes)?.into_iter().enumerate() {
        // Lines that are left out keep their place.
        while lines.len() + 1 < row.number {
            lines.push(String::new());
        }
        if at == 0 {
            columns = Columns::of(&row.cells).filter(|columns| columns.email.is_some());
            if columns.is_some() {
                lines.push(String::new());
                continue;
            }
        }
        lines.push(person(&row.cells, columns.as_ref()));
    }
    Ok(lines.join("\n"))
}

/// Where the columns are, by the headings.
#[derive(Debug, Default)]
struct Columns {
    email: Option<usize>,
    names: Vec<usize>,
}

impl Columns {
    /// What the headings of a line say; none where the line has an address, and so is a person's.
    fn of(record: &[String]) -> Option<Self> {
        if record.iter().any(|cell| cell.contains('@')) {
            return None;
        }
        let headings: Vec<String> = record.iter().map(|cell| cell.trim().to_lowercase()).collect();
        let is_name = |heading: &str| {
            let whole = heading == "name" || heading == "full name";
            whole
                || ["first", "given", "fore", "last", "sur", "family"]
                    .iter()
                    .any(|part| heading.starts_with(part))
        };
        Some(Self {
            email: headings.iter().position(|heading| heading.contains("mail")),
            names: (0..headings.len()).filter(|at| headings.get(*at).is_some_and(|it| is_name(it))).collect(),
        })
    }
}

/// "Ann Example <ann@example.org>", as it is pasted; the cells as they are where there is no address.
fn person(cells: &[String], columns: Option<&Columns>) -> String {
    let one_line = |cell: &str| cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let cells: Vec<String> = cells.iter().map(|cell| one_line(cell)).collect();
    let email = match columns {
        Some(columns) => columns.email,
        None => cells.iter().position(|cell| cell.contains('@')),
    };
    let address = email.and_then(|at| cells.get(at)).map(String::as_str).unwrap_or_default();
    let is_name = |at: &usize| match columns {
        Some(columns) => columns.names.contains(at),
        None => email.is_some_and(|email| *at != email),
    };
    let names =
        (0..cells.len()).filter(is_name).filter_map(|at| cells.get(at)).filter(|name| !name.is_empty());
    let name = names.map(String::as_str).collect::<Vec<_>>().join(" ");
    match (address.is_empty(), name.is_empty()) {
        (true, _) => cells.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", "),
        (false, true) => address.to_owned(),
        (false, false) => format!("{name} <{address}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::read_list;

    #[test]
    fn spreadsheets_write_lists_in_many_ways_and_each_is_read() {
        let ann = "Ann Ŵyn <ann@people.test>";
        for (what, file) in [
            ("commas", "Name,Email\nAnn Ŵyn,ann@people.test\n".to_owned()),
            ("semicolons, as in Europe", "Name;E-mail address\r\nAnn Ŵyn;ann@people.test\r\n".to_owned()),
            ("tabs", "Email\tName\nann@people.test\tAnn Ŵyn\n".to_owned()),
            ("a byte order mark", "\u{feff}Email,Name\nann@people.test,Ann Ŵyn".to_owned()),
            ("two columns of names", "First name,Surname,Email\nAnn,Ŵyn,ann@people.test\n".to_owned()),
            ("other columns", "Id,Email,Role,Name\n7,ann@people.test,GP,Ann Ŵyn\n".to_owned()),
            ("quotes", "\"Name\",\"Email\"\n\"Ann Ŵyn\",\"ann@people.test\"\n".to_owned()),
            ("a hint at the separator", "sep=;\nAnn Ŵyn;ann@people.test\n".to_owned()),
        ] {
            assert_eq!(read_list(file.as_bytes()).as_deref(), Ok(format!("\n{ann}").as_str()), "{what}");
        }
        assert_eq!(read_list("ann@people.test,Ann Ŵyn".as_bytes()).as_deref(), Ok(ann), "no headings");
        assert_eq!(
            read_list(b"ann@people.test\nben@people.test").as_deref(),
            Ok("ann@people.test\nben@people.test")
        );
    }

    #[test]
    fn what_windows_and_excel_write_is_read() {
        let file = b"Name;Email\r\nZo\xeb O\x92Neill;zoe@people.test\r\n";
        assert_eq!(read_list(file).as_deref(), Ok("\nZoë O’Neill <zoe@people.test>"));
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("Email\tName\nzoe@people.test\tZoë".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(read_list(&utf16).as_deref(), Ok("\nZoë <zoe@people.test>"));
    }

    #[test]
    fn lines_keep_the_numbers_that_they_have_in_the_file() {
        let file = "Name,Email\n\nAnn,ann@people.test\n\"Ben\nExample\",ben@people.test\nnobody,\n";
        let lines = read_list(file.as_bytes()).unwrap();
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines[2], "Ann <ann@people.test>");
        assert_eq!(lines[3], "Ben Example <ben@people.test>");
        assert_eq!(lines[5], "nobody", "a line that can’t be used is shown as it is");
    }

    #[test]
    fn a_hostile_file_is_refused_or_read_as_text() {
        for (file, says) in [
            (b"PK\x03\x04 a spreadsheet".as_slice(), "not a CSV file"),
            (b"%PDF-1.7", "not a CSV file"),
            (b"\xd0\xcf\x11\xe0 an old one", "not a CSV file"),
            (b"ann@people.test\nben\0@people.test", "line 2 has what no text has"),
        ] {
            let refused = read_list(file).unwrap_err();
            assert!(refused.contains(says), "{refused}");
        }
        assert!(read_list(&vec![b'a'; 257 * 1024]).unwrap_err().contains("256 KB"));
        for odd in [
            "",
            "\n\n\n",
            ",,,,",
            "\"",
            "\"never closed, ann@people.test\n",
            "=cmd|' /C calc'!A0,x@people.test",
        ] {
            read_list(odd.as_bytes()).unwrap();
        }
    }
}
