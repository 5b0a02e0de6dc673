//! What people send about requests.

use super::actions::rank::Ranking;
use super::{Answer, DeclineReason};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text_of_lines, whole_number};
use crate::ground::id::RequestId;
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

/// The fields of the form that puts requests in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankField {
    /// The order, of all requests together.
    Order,
    /// How many they want at most.
    Most,
}

impl Field for RankField {
    fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Most => "most",
        }
    }
}

/// The name of the field that says which choice a request is.
#[must_use]
pub fn choice_field(request: RequestId) -> String {
    format!("choice-{request}")
}

/// The last choice that can be named, and the most sessions.
const MOST_CHOICES: i64 = 99;

/// Reads in which order somebody wants these requests of theirs. What is left empty comes after all that is not.
pub fn ranking(raw: &RawForm, requests: &[RequestId]) -> Result<Ranking, FieldErrors<RankField>> {
    let mut errors = FieldErrors::none();
    let number =
        |typed: &str| whole_number(typed, 1, MOST_CHOICES).map(|number| i16::try_from(number).unwrap_or(99));
    let mut choices = Vec::new();
    for request in requests {
        let read = optional(raw.get(&choice_field(*request)), number);
        if let Some(choice) = errors.keep(RankField::Order, "order", read) {
            choices.push((*request, choice.unwrap_or(99)));
        }
    }
    let most = errors.keep(RankField::Most, "number of sessions", optional(raw.get("most"), number));
    errors.finish(most.map(|most| Ranking { choices, most }))
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
    use super::{answer, choice_field, note, ranking};
    use crate::ground::form_fields::RawForm;
    use crate::ground::id::RequestId;
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
    fn an_order_is_read_for_each_request_and_what_is_left_empty_comes_last() {
        let (one, other) = (RequestId::new(), RequestId::new());
        let typed = |first: &str, most: &str| {
            let pairs = vec![(choice_field(one), first.to_owned()), ("most".to_owned(), most.to_owned())];
            ranking(&RawForm::from_pairs(pairs), &[one, other])
        };
        let read = typed("2", "1").unwrap();
        assert_eq!((read.choices, read.most), (vec![(one, 2), (other, 99)], Some(1)));
        assert_eq!(typed("1", "").unwrap().most, None);
        assert!(!typed("first", "").unwrap_err().of("order").is_empty());
        assert!(!typed("1", "0").unwrap_err().of("most").is_empty());
    }

    #[test]
    fn a_note_is_short_or_not_there() {
        assert_eq!(note(&form(&[("note", " I know your system ")])), Ok("I know your system".to_owned()));
        assert_eq!(note(&form(&[])), Ok(String::new()));
        assert!(note(&form(&[("note", &"x".repeat(301))])).is_err());
    }
}
