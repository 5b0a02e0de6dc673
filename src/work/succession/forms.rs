//! The form that names who takes a practice's place.

use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::people::practice::Practice;
use crate::people::practice::forms::practices_named;

/// The field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuccessorField {
    /// The practice, by code or name.
    Successor,
}

impl Field for SuccessorField {
    fn name(self) -> &'static str {
        "successor"
    }
}

/// What was typed in the field, as practices are looked for.
#[must_use]
pub fn successor_typed(raw: &RawForm) -> Vec<String> {
    let typed = raw.get(SuccessorField::Successor.name()).trim();
    if typed.is_empty() { Vec::new() } else { vec![typed.to_owned()] }
}

/// The practice that is meant, among those of the bank that were `found` for what was typed.
pub fn parse_successor(
    typed: &[String],
    found: &[Practice],
) -> Result<Practice, FieldErrors<SuccessorField>> {
    let refused = |sentence: String| FieldErrors::one(SuccessorField::Successor, sentence);
    if typed.is_empty() {
        return Err(refused("Enter the practice that takes its place, by ODS code or name".to_owned()));
    }
    let mut named = practices_named(typed, found).map_err(refused)?;
    named.pop().ok_or_else(FieldErrors::none)
}
