//! What people type who say how a booking went.

use super::{Said, Went};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text_of_lines};

/// The longest words, in letters.
const LONGEST: usize = 1_000;

/// The fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedbackField {
    /// How it went.
    Went,
    /// Whether they would again.
    Again,
    /// In their own words.
    Words,
}

impl Field for FeedbackField {
    fn name(self) -> &'static str {
        match self {
            Self::Went => "went",
            Self::Again => "again",
            Self::Words => "words",
        }
    }
}

/// Reads what one side says.
pub fn feedback(raw: &RawForm) -> Result<Said, FieldErrors<FeedbackField>> {
    let mut errors = FieldErrors::none();
    let went = Went::ALL.into_iter().find(|went| went.code() == raw.get("went"));
    if went.is_none() {
        errors.add(FeedbackField::Went, "Select how it went");
    }
    let again = match raw.get("again") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            errors.add(FeedbackField::Again, "Select yes or no");
            None
        }
    };
    let read = |typed: &str| text_of_lines(typed, LONGEST);
    let words = errors.keep(FeedbackField::Words, "text", optional(raw.get("words"), read));
    let said = went.zip(again).zip(words);
    errors.finish(said.map(|((went, would_again), words)| Said {
        went,
        would_again,
        words: words.unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::feedback;
    use crate::ground::form_fields::RawForm;
    use crate::work::feedback::{Said, Went};

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RawForm::from_pairs(pairs.iter().map(owned).collect())
    }

    #[test]
    fn both_questions_are_answered_and_words_are_as_one_likes() {
        let read = feedback(&form(&[("went", "badly"), ("again", "no"), ("words", " No room key ")]));
        let said = Said { went: Went::Badly, would_again: false, words: "No room key".to_owned() };
        assert_eq!(read, Ok(said));
        let wrong = feedback(&form(&[("words", &"x".repeat(1_001))])).unwrap_err();
        assert_eq!((wrong.of("went"), wrong.of("again")), ("Select how it went", "Select yes or no"));
        assert!(!wrong.of("words").is_empty());
    }
}
