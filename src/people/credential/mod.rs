//! What somebody can show: skills, systems and documents with their last valid dates, and the decision that they
//! may work.
//!
//! "Ends 31 March" means the end of that day on the bank's clocks: a session is covered when its last local date is
//! not later.

pub mod actions;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, Months, NaiveDate, Utc};

use crate::ground::events::Happened;
use crate::ground::id::{AccountId, ClearanceId, ClinicianId};
use crate::ground::words::{self, london_date};
use crate::people::clinician::register::registration_number;
use crate::people::clinician::{Clinician, Rates};
use crate::terms::bank::{CompetencyKind, Role};

/// A competency somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Held {
    /// Its code.
    pub competency: String,
    /// The last date on which it is valid; none where it does not expire.
    pub valid_through: Option<NaiveDate>,
}

/// Something somebody holds, with the words for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct HeldCompetency {
    /// The competency's code.
    pub code: String,
    /// Its name on pages.
    pub name: String,
    /// What sort of thing it is.
    pub kind: CompetencyKind,
    /// The last date on which it is valid; none where it does not expire.
    pub valid_through: Option<NaiveDate>,
}

/// A document that a role needs and that ends before a decision does, or that is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct DocumentEnd {
    /// The document's name on pages.
    pub name: String,
    /// Its last day; none where it is not recorded.
    pub ends: Option<NaiveDate>,
}

impl DocumentEnd {
    /// "Indemnity ended on 5 November 2026", "Indemnity ends on 5 November 2026", "Indemnity is not recorded".
    #[must_use]
    pub fn sentence(&self, today: NaiveDate) -> String {
        match self.ends {
            None => format!("{} is not recorded", self.name),
            Some(last) => {
                let verb = if last < today { "ended" } else { "ends" };
                format!("{} {verb} on {}", self.name, words::date_without_weekday(last))
            }
        }
    }
}

/// A bank administrator's decision that somebody may work in a role. The newest counts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Clearance {
    /// Its id.
    pub id: ClearanceId,
    /// Whom it is about.
    pub clinician: ClinicianId,
    /// For which role.
    pub role: String,
    /// The last date on which they may work, as it was decided.
    pub cleared_until: NaiveDate,
    /// The last date on which they may work, as far as the documents that their role needs reach.
    pub works_until: NaiveDate,
    /// The document that ends before the decision does; none where the decision is the first to end.
    pub document: Option<DocumentEnd>,
    /// Why, in the administrator's words.
    pub reason: String,
    /// Who decided.
    pub decided_by: AccountId,
    /// Their name.
    pub decided_by_name: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// Whether it was on the number that they have on the register now. One on another number counts for nothing.
    pub is_of_number: bool,
}

impl Clearance {
    /// That it was decided. Whose last day was over then, their clearance ended.
    #[must_use]
    pub fn as_decided(&self) -> Happened {
        Happened::Cleared {
            clearance: self.id,
            clinician: self.clinician,
            role: self.role.clone(),
            cleared_until: self.cleared_until,
            is_over: self.cleared_until < london_date(self.decided_at),
        }
    }
}

/// One person as the bank has them on record: who they are, what they ask, what they hold, and the decision.
#[derive(Debug, Clone)]
pub struct Record {
    /// The person.
    pub clinician: Clinician,
    /// The role they work in.
    pub role: Role,
    /// What they ask.
    pub rates: Rates,
    /// What they hold, by kind and name.
    pub held: Vec<HeldCompetency>,
    /// Codes of the documents that their role needs.
    pub needs: Vec<String>,
    /// The decision in force; none where nothing has been decided.
    pub clearance: Option<Clearance>,
}

/// What speaks against clearing the person of `record` through `until`: each a sentence. None of it forbids the
/// decision; the administrator has to say that they have read it.
#[must_use]
pub fn warnings(record: &Record, until: NaiveDate) -> Vec<String> {
    let mut found = Vec::new();
    for held in record.held.iter().filter(|held| held.kind == CompetencyKind::Document) {
        if let Some(last) = held.valid_through.filter(|last| *last < until) {
            found.push(format!(
                "{} ends on {}, before the clearance.",
                held.name,
                words::date_without_weekday(last)
            ));
        }
    }
    if !record.held.iter().any(|held| held.kind == CompetencyKind::Document) {
        found.push("No document is recorded.".to_owned());
    }
    if record.role.register_pattern.is_some() {
        let number = record.clinician.registration_number.as_deref().unwrap_or_default();
        if !matches!(registration_number(&record.role, number), Ok(Some(_))) {
            let register = record.role.regulator.as_deref().unwrap_or("register");
            found.push(format!("There is no good {register} number."));
        }
    }
    found
}

/// The day to suggest: that of the document which ends first, and a year from today at most.
#[must_use]
pub fn suggested_day(record: &Record, today: NaiveDate) -> Option<NaiveDate> {
    let is_needed = |held: &HeldCompetency| record.needs.contains(&held.code);
    let documents = record.held.iter().filter(|held| held.kind == CompetencyKind::Document);
    let counts = documents.filter_map(|held| Some((held, held.valid_through?)));
    let first = counts.filter(|(held, last)| *last >= today || is_needed(held)).map(|(_, last)| last).min();
    let lacks_one = record.needs.iter().any(|code| !record.held.iter().any(|held| held.code == *code));
    let a_year = today.checked_add_months(Months::new(12)).unwrap_or(today);
    let last = first.map_or(a_year, |first| first.min(a_year));
    (!lacks_one && last >= today).then_some(last)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::warnings;
    use crate::people::profile::examples::ready;

    #[test]
    fn a_clearance_past_the_end_of_a_document_is_warned_of() {
        let mut record = ready().record;
        let last = NaiveDate::from_ymd_opt(2027, 3, 31).unwrap();
        record.held[0].valid_through = Some(last);
        assert!(warnings(&record, last).is_empty());
        assert_eq!(
            warnings(&record, last.succ_opt().unwrap()),
            ["Basic life support ends on 31 March 2027, before the clearance."]
        );
    }

    #[test]
    fn nothing_seen_and_no_number_are_warned_of() {
        let mut record = ready().record;
        record.held.clear();
        record.clinician.registration_number = None;
        let found = warnings(&record, NaiveDate::from_ymd_opt(2027, 3, 31).unwrap());
        assert_eq!(found, ["No document is recorded.", "There is no good GMC number."]);
        record.role.register_pattern = None;
        assert_eq!(warnings(&record, NaiveDate::MIN), ["No document is recorded."]);
    }
}
