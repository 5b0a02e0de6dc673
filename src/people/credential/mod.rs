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

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Months, NaiveDate, Utc};

use crate::ground::events::Happened;
use crate::ground::id::{AccountId, ClearanceId, ClearanceRefusalId, ClinicianId};
use crate::ground::words::{self, london_date};
use crate::people::clinician::register::registration_number;
use crate::people::clinician::{Clinician, Rates};
use crate::people::lookup::{self, Lookup};
use crate::terms::bank::{CompetencyKind, Role};
use crate::terms::rules::LookUps;

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

/// What was decided last about somebody: whoever decides after it says so, so that of two who decide at the same moment the
/// second sees what the first did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastDecision {
    /// The newest decision that they may work, or may no more.
    pub clearance: Option<ClearanceId>,
    /// The newest decision not to clear them.
    pub refusal: Option<ClearanceRefusalId>,
}

impl fmt::Display for LastDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |id: Option<String>| id.unwrap_or_default();
        let (clearance, refusal) =
            (self.clearance.map(|id| id.to_string()), self.refusal.map(|id| id.to_string()));
        write!(f, "{}/{}", text(clearance), text(refusal))
    }
}

impl FromStr for LastDecision {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (clearance, refusal) = text.split_once('/').ok_or(())?;
        let id = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| ()) };
        Ok(Self { clearance: id(clearance)?.map(ClearanceId), refusal: id(refusal)?.map(ClearanceRefusalId) })
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
    /// What was decided last, with decisions not to clear them.
    pub last_decision: LastDecision,
    /// What their register said of their number last.
    pub lookup: Option<Lookup>,
    /// How long that counts.
    pub look_ups: LookUps,
    /// The names of others in the bank who give the same number of the same register.
    pub same_number: Vec<String>,
}

impl Record {
    /// What is open about their number on their role's register on `today`, a sentence without a full stop; none where there
    /// is nothing, or no number.
    #[must_use]
    pub fn open_on_register(&self, today: NaiveDate) -> Option<String> {
        let register = self.role.regulator.as_deref().filter(|_| self.role.register_pattern.is_some())?;
        self.clinician.registration_number.as_ref()?;
        lookup::open(register, self.lookup.as_ref(), (self.look_ups, today))
    }
}

/// What speaks on `today` against clearing the person of `record` through `until`: each a sentence. None of it forbids the
/// decision; the administrator has to say that they have read it.
#[must_use]
pub fn warnings(record: &Record, until: NaiveDate, today: NaiveDate) -> Vec<String> {
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
    found.extend(record.open_on_register(today).map(|sentence| format!("{sentence}.")));
    found.extend(shared_number(&record.role, &record.same_number).map(|sentence| format!("{sentence}.")));
    found
}

/// That others in the bank give the same number: one of them is mistaken, or they are one person. "Ann Example gives the same
/// GMC number"; none where nobody does.
#[must_use]
pub fn shared_number(role: &Role, others: &[String]) -> Option<String> {
    let register = role.regulator.as_deref().unwrap_or("registration");
    let gives = if others.len() == 1 { "gives" } else { "give" };
    (!others.is_empty()).then(|| format!("{} {gives} the same {register} number", words::list(others)))
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
    use crate::people::profile::examples::{ready, today};

    #[test]
    fn a_clearance_past_the_end_of_a_document_is_warned_of() {
        let mut record = ready().record;
        let last = NaiveDate::from_ymd_opt(2027, 3, 31).unwrap();
        record.held[0].valid_through = Some(last);
        assert!(warnings(&record, last, today()).is_empty());
        assert_eq!(
            warnings(&record, last.succ_opt().unwrap(), today()),
            ["Basic life support ends on 31 March 2027, before the clearance."]
        );
    }

    #[test]
    fn what_the_register_says_is_warned_of() {
        let mut record = ready().record;
        record.lookup = None;
        assert_eq!(warnings(&record, NaiveDate::MIN, today()), ["The GMC register has not been looked up."]);
    }

    #[test]
    fn nothing_seen_and_no_number_are_warned_of() {
        let mut record = ready().record;
        record.held.clear();
        record.clinician.registration_number = None;
        let found = warnings(&record, NaiveDate::from_ymd_opt(2027, 3, 31).unwrap(), today());
        assert_eq!(found, ["No document is recorded.", "There is no good GMC number."]);
        record.role.register_pattern = None;
        assert_eq!(warnings(&record, NaiveDate::MIN, today()), ["No document is recorded."]);
    }
}
