//! The form by which a practice says whom it does not take, and the field in which practices are named.

pub mod extras;
pub mod guide;

use super::Practice;
use crate::ground::form_fields::{Field, FieldErrors, RawForm, text};

/// The field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalField {
    /// Why.
    Reason,
}

impl Field for RefusalField {
    fn name(self) -> &'static str {
        "reason"
    }
}

/// Reads why a practice does not take a clinician.
pub fn parse_refusal(raw: &RawForm) -> Result<String, FieldErrors<RefusalField>> {
    let mut errors = FieldErrors::none();
    let reason = text(raw.get("reason"), 300);
    let reason = errors.keep(RefusalField::Reason, "reason", reason);
    errors.finish(reason)
}

/// The codes and names of practices that were typed in a field, one a line.
#[must_use]
pub fn practices_typed(raw: &RawForm, field: &str) -> Vec<String> {
    let lines = raw.get(field).lines();
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// The practices of these codes and names among those that were found: each once, and at least one.
pub fn practices_named(typed: &[String], found: &[Practice]) -> Result<Vec<Practice>, String> {
    let mut chosen: Vec<Practice> = Vec::new();
    for line in typed {
        let mut fitting = found.iter().filter(|practice| practice.is_called(line));
        match (fitting.next(), fitting.count()) {
            (None, _) => {
                return Err(format!("“{line}” is no practice of the bank. Enter its ODS code, like J81006"));
            }
            (Some(practice), 0) if chosen.iter().any(|known| known.id == practice.id) => {}
            (Some(practice), 0) => chosen.push(practice.clone()),
            (Some(_), others) => {
                return Err(format!("{} practices are called “{line}”. Enter the ODS code", others + 1));
            }
        }
    }
    if chosen.is_empty() {
        return Err("Enter the practices they are to manage, by ODS code or name".to_owned());
    }
    Ok(chosen)
}
