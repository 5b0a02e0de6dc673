//! The form by which a practice decides about applications.

use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text_of_lines};
use crate::ground::id::ApplicationId;
use crate::hiring::application::State;
use crate::hiring::application::moves::{Decision, Reason};

/// The most letters that a practice writes to an applicant.
const MOST_LETTERS: usize = 2_000;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionField {
    /// Which applications.
    Which,
    /// Where they go.
    To,
    /// Why not.
    Reason,
    /// What is written besides.
    Said,
}

impl Field for DecisionField {
    fn name(self) -> &'static str {
        match self {
            Self::Which => "which",
            Self::To => "to",
            Self::Reason => "reason",
            Self::Said => "said",
        }
    }
}

/// Reads which applications a form names, at least one.
pub fn parse_which(raw: &RawForm) -> Result<Vec<ApplicationId>, FieldErrors<DecisionField>> {
    let mut ids: Vec<ApplicationId> = raw.all("which").iter().filter_map(|id| id.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(FieldErrors::one(DecisionField::Which, "Select at least one applicant"));
    }
    Ok(ids)
}

/// Reads what is decided.
pub fn parse_decision(raw: &RawForm) -> Result<Decision, FieldErrors<DecisionField>> {
    let mut errors = FieldErrors::none();
    let to = State::of_code(raw.get("to"));
    let reason = Reason::of_code(raw.get("reason")).filter(|_| to == Some(State::Unsuccessful));
    if to.is_none() {
        errors.add(DecisionField::To, "Select the next step");
    } else if to == Some(State::Unsuccessful) && reason.is_none() {
        errors.add(DecisionField::Reason, "Select why: the applicant is told");
    }
    let said = optional(raw.get("said"), |typed| text_of_lines(typed, MOST_LETTERS));
    let said = errors.keep(DecisionField::Said, "what you write to the applicant", said);
    let decision = to.zip(said).map(|(to, said)| Decision { to, reason, said: said.unwrap_or_default() });
    errors.finish(decision)
}
