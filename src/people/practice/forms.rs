//! The form by which a practice says whom it does not take.

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
