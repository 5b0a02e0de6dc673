//! What people send to the booking desk.

use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text, text_of_lines};
use crate::work::booking::offer::Answer;

/// The longest reason, in letters.
const LONGEST_REASON: usize = 300;

/// The fields of the form that answers an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerField {
    /// Yes or no.
    Answer,
    /// Why not.
    Reason,
}

impl Field for AnswerField {
    fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Reason => "reason",
        }
    }
}

/// Reads an answer. Nothing is chosen for anybody: a form sent as it came is no answer.
pub fn answer(raw: &RawForm) -> Result<Answer, FieldErrors<AnswerField>> {
    let mut errors = FieldErrors::none();
    let read_reason = |typed: &str| text_of_lines(typed, LONGEST_REASON);
    let reason = errors.keep(AnswerField::Reason, "reason", optional(raw.get("reason"), read_reason));
    let answer = match raw.get("answer") {
        "accept" => Some(Answer::Accept),
        "decline" => reason.map(|reason| Answer::Decline { reason }),
        _ => {
            errors.add(AnswerField::Answer, "Select whether you accept or decline this session");
            None
        }
    };
    errors.finish(answer)
}

/// The fields of the form that cancels a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelField {
    /// Why.
    Reason,
}

impl Field for CancelField {
    fn name(self) -> &'static str {
        "reason"
    }
}

/// Reads why a booking is cancelled: one line, which both sides read.
pub fn cancel_reason(raw: &RawForm) -> Result<String, FieldErrors<CancelField>> {
    let mut errors = FieldErrors::none();
    let reason = errors.keep(CancelField::Reason, "reason", text(raw.get("reason"), LONGEST_REASON));
    errors.finish(reason)
}

#[cfg(test)]
mod tests {
    use super::{Answer, answer, cancel_reason};
    use crate::ground::form_fields::RawForm;

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RawForm::from_pairs(pairs.iter().map(owned).collect())
    }

    #[test]
    fn an_answer_is_what_a_person_chose() {
        assert_eq!(answer(&form(&[("answer", "accept"), ("reason", " ")])), Ok(Answer::Accept));
        let declined = answer(&form(&[("answer", "decline"), ("reason", " Too far ")]));
        assert_eq!(declined, Ok(Answer::Decline { reason: Some("Too far".to_owned()) }));
        assert_eq!(answer(&form(&[("answer", "decline")])), Ok(Answer::Decline { reason: None }));
        for unchosen in [&[][..], &[("answer", "")], &[("answer", "yes")]] {
            let errors = answer(&form(unchosen)).unwrap_err();
            assert_eq!(errors.of("answer"), "Select whether you accept or decline this session");
        }
    }

    #[test]
    fn nobody_cancels_without_a_reason() {
        assert!(cancel_reason(&form(&[("reason", "  ")])).is_err());
        assert!(cancel_reason(&form(&[("reason", &"x".repeat(301))])).is_err());
        assert_eq!(cancel_reason(&form(&[("reason", "Ill")])), Ok("Ill".to_owned()));
    }
}
