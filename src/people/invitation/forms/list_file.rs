//! A file with a list of people, as spreadsheets write it: separated by commas, semicolons or tabs, in UTF-8 or in what Excel
//! writes on Windows, with or without a line of headings. Each line of the file becomes a line of the list that people paste,
//! by the same number, so that what is wrong with it is said of the line that they see in their file.

use csv::{ReaderBuilder, StringRecord};

/// The largest file taken, in bytes. A hundred people are not a tenth of it.
const MOST_BYTES: usize = 256 * 1024;

/// What Excel writes before the first line of some files to say what separates its cells.
const SEPARATED_BY: &str = "sep=";

/// What separates cells.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// What windows-1252 has at 0x80 to 0x9f, where Latin-1 has nothing that is seen.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The list in a file, a person a line; or why it is none, in a sentence.
pub fn read_list(bytes: &[u8]) -> Result<String, String> {
    if bytes.len() > MOST_BYTES {
        return Err("The file is too large for a list of people: it must be 256 KB or smaller".to_owned());
    }
    let text = decoded(bytes)?;
    if let Some(at) = text.find('\0') {
        let line = text[..at].lines().count().max(1);
        return Err(format!("The file is not a list: line {line} has what no text has. Save it as CSV"));
    }
    let (separator, text) = match text.strip_prefix(SEPARATED_BY) {
        // The line stays, empty, so that the others keep their numbers.
        Some(rest) => (rest.bytes().next().unwrap_or(b','), rest.get(1..).unwrap_or_default().to_owned()),
        None => (separator_of(&text), text),
    };
    lines_of(&text, separator)
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

/// Where the columns are, by the headings.
#[derive(Debug, Default)]
struct Columns {
    email: Option<usize>,
    names: Vec<usize>,
}

impl Columns {
    /// What the headings of a line say; none where the line has an address, and so is a person's.
    fn of(record: &StringRecord) -> Option<Self> {
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

fn lines_of(text: &str, separator: u8) -> Result<String, String> {
    let mut reader = ReaderBuilder::new();
    let mut reader =
        reader.delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut counted = Lines { text, read_to: 0, ended: 0 };
    let mut lines: Vec<String> = Vec::new();
    let mut columns: Option<Columns> = None;
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            format!("The file can’t be read at line {line}: check the quotation marks there")
        })?;
        let byte = record.position().and_then(|position| usize::try_from(position.byte()).ok());
        let number = counted.number_at(byte.unwrap_or_default());
        // Lines that are left out keep their place.
        while lines.len() + 1 < number {
            lines.push(String::new());
        }
        if at == 0 {
            columns = Columns::of(&record);
            if columns.as_ref().is_some_and(|columns| columns.email.is_some()) {
                lines.push(String::new());
                continue;
            }
            columns = None;
        }
        lines.push(person(&record, columns.as_ref()));
    }
    Ok(lines.join("\n"))
}

/// "Ann Example <ann@example.org>", as it is pasted; the cells as they are where there is no address.
fn person(record: &StringRecord, columns: Option<&Columns>) -> String {
    let one_line = |cell: &str| cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let cells: Vec<String> = record.iter().map(one_line).collect();
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
