//! What an administrator enters of a document that a role needs.

use chrono::{Months, NaiveDate};

use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::ground::words;
use crate::terms::bank::{Catalogue, CompetencyKind};

/// The furthest day from which something may be needed, in months: nobody plans further.
const FURTHEST_MONTHS: u32 = 24;

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedField {
    /// The role.
    Role,
    /// The document.
    Document,
    /// The first day that it is needed.
    From,
}

impl Field for NeedField {
    fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Document => "document",
            Self::From => "from",
        }
    }
}

/// That a role is to need a document from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedEntered {
    /// The role's code.
    pub role: String,
    /// The document's code.
    pub document: String,
    /// The first day.
    pub from: NaiveDate,
}

/// Reads that a role is to need a document, from today or a later day.
pub fn parse_need(
    raw: &RawForm,
    catalogue: &Catalogue,
    today: NaiveDate,
) -> Result<NeedEntered, FieldErrors<NeedField>> {
    let mut errors = FieldErrors::none();
    let role = catalogue.role(raw.get("role")).map(|role| role.code.clone());
    if role.is_none() {
        errors.add(NeedField::Role, "Select a role");
    }
    let document = catalogue.competency(raw.get("document"));
    let document = document.filter(|it| it.kind == CompetencyKind::Document).map(|it| it.code.clone());
    if document.is_none() {
        errors.add(NeedField::Document, "Select a document");
    }
    let from = errors.keep(NeedField::From, "first day", raw.date("from").read());
    let furthest = today.checked_add_months(Months::new(FURTHEST_MONTHS)).unwrap_or(NaiveDate::MAX);
    if from.is_some_and(|from| from < today || from > furthest) {
        let (today, furthest) = (words::date_without_weekday(today), words::date_without_weekday(furthest));
        errors.add(NeedField::From, format!("The first day must be from {today} to {furthest}"));
    }
    let parts = role.zip(document).zip(from);
    errors.finish(parts.map(|((role, document), from)| NeedEntered { role, document, from }))
}
