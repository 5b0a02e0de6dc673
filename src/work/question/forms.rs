//! What people type who ask and who answer.

use super::Answer;
use crate::ground::form_fields::{Field, FieldErrors, RawForm, text_of_lines};

/// The longest question, in letters.
const LONGEST_QUESTION: usize = 500;
/// The longest answer, in letters.
const LONGEST_ANSWER: usize = 1_000;

/// The one field of either form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordsField {
    /// What is asked or answered.
    Words,
}

impl Field for WordsField {
    fn name(self) -> &'static str {
        "words"
    }
}

/// Reads a question.
pub fn question(raw: &RawForm) -> Result<String, FieldErrors<WordsField>> {
    let mut errors = FieldErrors::none();
    let words = errors.keep(WordsField::Words, "question", text_of_lines(raw.get("words"), LONGEST_QUESTION));
    errors.finish(words)
}

/// Reads an answer.
pub fn answer(raw: &RawForm) -> Result<Answer, FieldErrors<WordsField>> {
    let mut errors = FieldErrors::none();
    let words = errors.keep(WordsField::Words, "answer", text_of_lines(raw.get("words"), LONGEST_ANSWER));
    // A form that does not say what its writer knew is taken for one that knew of nothing.
    let after = raw.get("after").parse().unwrap_or(0);
    errors.finish(words.map(|words| Answer { words, after }))
}

#[cfg(test)]
mod tests {
    use super::{answer, question};
    use crate::ground::form_fields::RawForm;
    use crate::work::question::Answer;

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RawForm::from_pairs(pairs.iter().map(owned).collect())
    }

    #[test]
    fn a_question_and_an_answer_say_something() {
        assert_eq!(question(&form(&[("words", " Is there parking? ")])), Ok("Is there parking?".to_owned()));
        assert!(!question(&form(&[("words", "  ")])).unwrap_err().of("words").is_empty());
        assert!(question(&form(&[("words", &"x".repeat(501))])).is_err());
        let read = answer(&form(&[("words", "Yes, behind the house"), ("after", "2")]));
        assert_eq!(read, Ok(Answer { words: "Yes, behind the house".to_owned(), after: 2 }));
        assert_eq!(answer(&form(&[("words", "Yes")])).map(|read| read.after), Ok(0));
        assert!(answer(&form(&[("words", &"x".repeat(1001))])).is_err());
    }
}
