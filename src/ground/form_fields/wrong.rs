//! What can be wrong with something typed, and the sentence that says how to mend it.

use crate::ground::words;

/// What is wrong with one field. [`Wrong::sentence`] puts the field's name to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was typed.
    Missing,
    /// Nothing was typed, or it cannot be read; an example shows how it is written.
    NotLike {
        /// "8:30am".
        example: &'static str,
    },
    /// Some boxes of a date are empty.
    DatePartsMissing {
        /// "day", "month", "year": those that are empty.
        parts: Vec<&'static str>,
    },
    /// No such day in the calendar.
    NotADate,
    /// The year has not four figures.
    YearNotFourFigures,
    /// A number outside what is allowed; both ends as they are read.
    OutOfRange {
        /// "1" or "£40".
        least: String,
        /// "20" or "£150".
        most: String,
    },
    /// Not a whole number; both ends of what is allowed, as they are read.
    NotWhole {
        /// "0".
        least: String,
        /// "300".
        most: String,
    },
    /// More letters than there is room for.
    TooLong {
        /// How many letters fit.
        most: usize,
    },
    /// Letters that cannot be shown, such as control characters.
    Unshowable,
    /// One line of several cannot be taken.
    Line {
        /// The line.
        line: String,
        /// What it must be, after the line in a sentence: "must have …".
        wanted: &'static str,
    },
    /// Neither yes nor no.
    NotYesOrNo,
}

impl Wrong {
    /// The sentence to show. `what` is the field's name as it stands in a sentence: "start time".
    #[must_use]
    pub fn sentence(&self, what: &str) -> String {
        match self {
            Self::Missing => format!("Enter {}", with_article(what)),
            Self::NotLike { example } => format!("Enter {}, like {example}", with_article(what)),
            Self::DatePartsMissing { parts } => {
                let parts: Vec<String> = parts.iter().map(|part| with_article(part)).collect();
                format!("{} must include {}", words::capitalised(what), words::list(&parts))
            }
            Self::NotYesOrNo => format!("{}: select yes or no", words::capitalised(what)),
            Self::Line { line, wanted } => format!("{}: “{line}” {wanted}", words::capitalised(what)),
            Self::NotADate => format!("{} must be a real date", words::capitalised(what)),
            Self::YearNotFourFigures => {
                format!("{}: the year must have 4 numbers, like 2026", words::capitalised(what))
            }
            Self::OutOfRange { least, most } => {
                format!("{} must be between {least} and {most}", words::capitalised(what))
            }
            Self::NotWhole { least, most } => {
                let what = words::capitalised(what);
                format!(
                    "{what} must be a whole number between {least} and {most}, without a comma or a point"
                )
            }
            Self::TooLong { most } => {
                format!("{} must have {most} characters or fewer", words::capitalised(what))
            }
            Self::Unshowable => {
                format!(
                    "{} has characters that cannot be shown: type it without them",
                    words::capitalised(what)
                )
            }
        }
    }
}

/// "a start time", "an end time"; a name in the plural or of a kind that cannot be counted has none.
fn with_article(what: &str) -> String {
    let uncounted = ["notes", "places", "travel", "first half of"];
    if uncounted.iter().any(|word| what.starts_with(word)) {
        return what.to_owned();
    }
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    format!("{article} {what}")
}

#[cfg(test)]
mod tests {
    use super::Wrong;

    #[test]
    fn every_sentence_says_what_to_do() {
        let said = [
            Wrong::Missing.sentence("reason"),
            Wrong::NotLike { example: "8:30am" }.sentence("start time"),
            Wrong::NotLike { example: "5pm" }.sentence("end time"),
            Wrong::DatePartsMissing { parts: vec!["month", "year"] }.sentence("start date"),
            Wrong::NotADate.sentence("start date"),
            Wrong::OutOfRange { least: "1".into(), most: "20".into() }.sentence("places"),
            Wrong::TooLong { most: 500 }.sentence("notes"),
        ];
        assert_eq!(
            said,
            [
                "Enter a reason",
                "Enter a start time, like 8:30am",
                "Enter an end time, like 5pm",
                "Start date must include a month and a year",
                "Start date must be a real date",
                "Places must be between 1 and 20",
                "Notes must have 500 characters or fewer",
            ]
        );
    }
}
