//! What a clinician says of a document that they hand in, and what an administrator says of it.

use chrono::NaiveDate;

use super::content::{Content, content};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, SentFile, is_unshowable, text_of_lines};
use crate::people::credential::forms::last_day_or_none;
use crate::terms::bank::{Competency, CompetencyKind};

/// The most letters of a file's name that are kept.
const MOST_NAME_LETTERS: usize = 100;

/// The most letters of a reason.
const MOST_LETTERS: usize = 500;

/// The fields of a document that is handed in or decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentField {
    /// What it is to show.
    Competency,
    /// The file.
    File,
    /// Its last day.
    ValidThrough,
    /// What is wrong with it.
    Reason,
}

impl Field for DocumentField {
    fn name(self) -> &'static str {
        match self {
            Self::Competency => "competency",
            Self::File => "file",
            Self::ValidThrough => "valid",
            Self::Reason => "reason",
        }
    }
}

/// A document as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// What it is to show: a competency's code.
    pub competency: String,
    /// The last day as its person reads it; none where they say that it does not end.
    pub valid_through: Option<NaiveDate>,
    /// What they call the file.
    pub file_name: String,
    /// What is in it.
    pub content: Content,
}

/// Reads a document that is handed in: one of those `known`, with its file, and a last day that is not over.
pub fn parse_handed_in(
    raw: &RawForm,
    file: SentFile,
    known: &[Competency],
    today: NaiveDate,
) -> Result<HandedIn, FieldErrors<DocumentField>> {
    let mut errors = FieldErrors::none();
    let is_meant = |it: &&Competency| it.kind == CompetencyKind::Document && it.code == raw.get("competency");
    let competency = known.iter().find(is_meant).map(|it| it.code.clone());
    if competency.is_none() {
        errors.add(DocumentField::Competency, "Select what the document is");
    }
    let (file_name, content) = match file {
        SentFile::None => {
            errors.add(DocumentField::File, "Choose a file");
            (String::new(), None)
        }
        SentFile::TooLarge => {
            errors.add(DocumentField::File, "The file must be 10 MB or smaller");
            (String::new(), None)
        }
        SentFile::Read { name, bytes } => {
            let content = content(bytes).map_err(|not_kept| {
                errors.add(DocumentField::File, not_kept.sentence());
            });
            (kept_name(&name), content.ok())
        }
    };
    let valid_through = last_day_or_none(raw, today, &mut errors, DocumentField::ValidThrough);
    if valid_through.flatten().is_some_and(|last| last < today) {
        errors.add(
            DocumentField::ValidThrough,
            "The last day must be today or later: hand in a newer document",
        );
    }
    let parts = competency.zip(content).zip(valid_through);
    errors.finish(parts.map(|((competency, content), valid_through)| HandedIn {
        competency,
        valid_through,
        file_name,
        content,
    }))
}

/// What the person calls the file: without folders, letters that can't be shown, and what is beyond a hundred letters.
#[must_use]
pub fn kept_name(typed: &str) -> String {
    let name = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = name.chars().filter(|letter| !is_unshowable(*letter));
    let name: String = shown.take(MOST_NAME_LETTERS).collect();
    let name = name.trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// Reads the last day of a document as an administrator has seen it, or that it does not end.
pub fn parse_verified(
    raw: &RawForm,
    today: NaiveDate,
) -> Result<Option<NaiveDate>, FieldErrors<DocumentField>> {
    let mut errors = FieldErrors::none();
    let valid_through = last_day_or_none(raw, today, &mut errors, DocumentField::ValidThrough);
    errors.finish(valid_through)
}

/// Reads what is wrong with a document.
pub fn parse_sent_back(raw: &RawForm) -> Result<String, FieldErrors<DocumentField>> {
    let mut errors = FieldErrors::none();
    let reason = errors.keep(DocumentField::Reason, "reason", text_of_lines(raw.get("reason"), MOST_LETTERS));
    errors.finish(reason)
}

#[cfg(test)]
mod tests {
    use super::{kept_name, parse_handed_in, parse_sent_back, parse_verified};
    use crate::ground::form_fields::{RawForm, SentFile};
    use crate::terms::bank::{Competency, CompetencyKind};

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        RawForm::from_pairs(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    fn known() -> [Competency; 2] {
        let one = |code: &str, kind| Competency {
            code: code.to_owned(),
            name: code.to_owned(),
            kind,
            used_until: None,
        };
        [one("indemnity", CompetencyKind::Document), one("ecg", CompetencyKind::Skill)]
    }

    fn pdf() -> SentFile {
        SentFile::Read { name: "C:\\docs\\mdu.pdf".to_owned(), bytes: b"%PDF-1.7\n%%EOF".to_vec() }
    }

    #[test]
    fn a_document_has_a_file_and_a_last_day_that_is_to_come() {
        let today = "2026-11-02".parse().unwrap();
        let day = |day| {
            [("competency", "indemnity"), ("valid-day", day), ("valid-month", "11"), ("valid-year", "2026")]
        };
        let read = |pairs: &[(&str, &str)], file| parse_handed_in(&form(pairs), file, &known(), today);
        let read_today = read(&day("2"), pdf()).unwrap();
        assert_eq!((read_today.file_name.as_str(), read_today.valid_through), ("mdu.pdf", Some(today)));
        let over = read(&day("1"), pdf()).unwrap_err();
        assert!(over.of("valid").starts_with("The last day must be today or later"));
        let forever = read(&[("competency", "indemnity"), ("forever", "yes")], pdf()).unwrap();
        assert_eq!(forever.valid_through, None);
        let nothing = read(&[("competency", "ecg")], SentFile::None).unwrap_err();
        let lines: Vec<_> = nothing.lines().iter().map(|line| line.message).collect();
        assert_eq!(lines, ["Select what the document is", "Choose a file", "Enter a last day"]);
        assert_eq!(
            read(&day("2"), SentFile::TooLarge).unwrap_err().of("file"),
            "The file must be 10 MB or smaller"
        );
    }

    #[test]
    fn a_files_name_is_what_its_person_sees() {
        for (typed, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\scan.pdf", "scan.pdf"),
            ("", "file"),
            ("folder/", "file"),
            ("a\u{0}b\r\nc.pdf", "abc.pdf"),
            (" ", "file"),
        ] {
            assert_eq!(kept_name(typed), kept, "{typed:?}");
        }
        assert_eq!(kept_name(&"é".repeat(255)).chars().count(), 100);
    }

    #[test]
    fn an_administrator_says_until_when_or_what_is_wrong() {
        let today = "2026-11-02".parse().unwrap();
        assert_eq!(parse_verified(&form(&[("forever", "yes")]), today), Ok(None));
        assert!(parse_verified(&form(&[]), today).unwrap_err().of("valid").starts_with("Enter a last day"));
        assert_eq!(parse_sent_back(&form(&[])).unwrap_err().of("reason"), "Enter a reason");
    }
}
