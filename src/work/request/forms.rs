//! What people send about requests.

use super::{Answer, DeclineReason};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text_of_lines};
use crate::work::booking::forms::AnswerField;

/// The longest note, in letters.
const LONGEST_NOTE: usize = 300;

/// The fields of the form that asks for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskField {
    /// What the practice should know.
    Note,
}

impl Field for AskField {
    fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
        }
    }
}

/// Reads what somebody who asks for a session says to the practice; empty where they say nothing.
pub fn note(raw: &RawForm) -> Result<String, FieldErrors<AskField>> {
    let mut errors = FieldErrors::none();
    let read = |typed: &str| text_of_lines(typed, LONGEST_NOTE);
    let note = errors.keep(AskField::Note, "message", optional(raw.get("note"), read));
    errors.finish(note.map(Option::unwrap_or_default))
}

/// Reads an answer. Nothing is chosen for anybody.
pub fn answer(raw: &RawForm) -> Result<Answer, FieldErrors<AnswerField>> {
    let mut errors = FieldErrors::none();
    let answer = match raw.get("answer") {
        "accept" => Some(Answer::Accept),
        "decline" => {
            let chosen = DeclineReason::ALL.into_iter().find(|reason| reason.code() == raw.get("reason"));
            if chosen.is_none() {
                errors.add(AnswerField::Reason, "Select why you decline");
            }
            chosen.map(Answer::Decline)
        }
        _ => {
            errors.add(AnswerField::Answer, "Select whether you accept or decline");
            None
        }
    };
    errors.finish(answer)
}

#[cfg(test)]
mod tests {
    use super::{answer, note};
    use crate::ground::form_fields::RawForm;
    use crate::work::request::{Answer, DeclineReason};

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RawForm::from_pairs(pairs.iter().map(owned).collect())
    }

    #[test]
    fn an_answer_is_what_was_chosen_and_a_no_has_its_reason() {
        assert_eq!(answer(&form(&[("answer", "accept")])), Ok(Answer::Accept));
        let no = form(&[("answer", "decline"), ("reason", "own_cover")]);
        assert_eq!(answer(&no), Ok(Answer::Decline(DeclineReason::OwnCover)));
        let unreasoned = answer(&form(&[("answer", "decline")])).unwrap_err();
        assert_eq!(unreasoned.of("reason"), "Select why you decline");
        assert_eq!(answer(&form(&[])).unwrap_err().of("answer"), "Select whether you accept or decline");
    }

    #[test]
    fn a_note_is_short_or_not_there() {
        assert_eq!(note(&form(&[("note", " I know your system ")])), Ok("I know your system".to_owned()));
        assert_eq!(note(&form(&[])), Ok(String::new()));
        assert!(note(&form(&[("note", &"x".repeat(301))])).is_err());
    }
}
