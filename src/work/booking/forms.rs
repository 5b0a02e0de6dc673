//! What people send to the booking desk.

use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text_of_lines};
use crate::work::booking::Side;
use crate::work::booking::offer::Answer;
use crate::work::booking::reason::Reason;

/// The longest reason, in letters.
const LONGEST_REASON: usize = 300;

/// The fields of the form that answers an offer, or a request.
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
    /// Why, from the list.
    Reason,
    /// Own words.
    Note,
}

impl Field for CancelField {
    fn name(self) -> &'static str {
        match self {
            Self::Reason => "reason",
            Self::Note => "note",
        }
    }
}

/// Reads why somebody of this side cancels: the reason, which both sides read, and their own words, which the bank alone
/// does; empty where there are none.
pub fn cancellation(raw: &RawForm, side: Side) -> Result<(Reason, String), FieldErrors<CancelField>> {
    let mut errors = FieldErrors::none();
    let reason = Reason::of(side).iter().find(|reason| reason.code() == raw.get("reason")).copied();
    if reason.is_none() {
        errors.add(CancelField::Reason, "Select a reason");
    }
    let read_note = |typed: &str| text_of_lines(typed, LONGEST_REASON);
    let note = errors.keep(CancelField::Note, "note", optional(raw.get("note"), read_note));
    errors.finish(reason.zip(note.map(Option::unwrap_or_default)))
}

/// The pence that the page said cancelling costs the practice; nothing where it says nothing that is a sum.
#[must_use]
pub fn seen_fee_pence(raw: &RawForm) -> i32 {
    raw.get("fee").parse().unwrap_or(0)
}

/// What stands in the form of an administrator for a reason of a side.
#[must_use]
pub fn side_and_reason(side: Side, reason: Reason) -> String {
    format!("{}.{}", side.code(), reason.code())
}

/// Reads for which side an administrator cancels, and why.
pub fn cancellation_for_side(raw: &RawForm) -> Result<(Side, Reason), FieldErrors<CancelField>> {
    let mut errors = FieldErrors::none();
    let said =
        Reason::of_all_sides().find(|(side, reason)| side_and_reason(*side, *reason) == raw.get("reason"));
    if said.is_none() {
        errors.add(CancelField::Reason, "Select who gives it up and why");
    }
    errors.finish(said)
}

#[cfg(test)]
mod tests {
    use super::{Answer, Reason, Side, answer, cancellation, cancellation_for_side};
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
    fn the_bank_says_for_whom_it_cancels() {
        for unsaid in ["", "clinician", "another", "clinician.not_needed", "bank.not_free"] {
            let errors = cancellation_for_side(&form(&[("reason", unsaid)])).unwrap_err();
            assert_eq!(errors.of("reason"), "Select who gives it up and why");
        }
        let read = cancellation_for_side(&form(&[("reason", "clinician.short_notice")]));
        assert_eq!(read, Ok((Side::Clinician, Reason::ShortNotice)));
    }

    #[test]
    fn nobody_cancels_without_a_reason_of_their_side() {
        for unchosen in ["", "Ill", "not_needed"] {
            let errors = cancellation(&form(&[("reason", unchosen)]), Side::Clinician).unwrap_err();
            assert_eq!(errors.of("reason"), "Select a reason");
        }
        let long = "x".repeat(301);
        assert!(cancellation(&form(&[("reason", "another"), ("note", &long)]), Side::Clinician).is_err());
        let read = cancellation(&form(&[("reason", "not_needed"), ("note", " ")]), Side::Practice);
        assert_eq!(read, Ok((Reason::NotNeeded, String::new())));
        let read = cancellation(&form(&[("reason", "short_notice"), ("note", "Flu")]), Side::Clinician);
        assert_eq!(read, Ok((Reason::ShortNotice, "Flu".to_owned())));
    }
}
