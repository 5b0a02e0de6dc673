//! Who waits to be cleared, since when, and what is still open about each.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::id::{ClinicianId, DocumentId};
use crate::people::clinician::register::registration_number;
use crate::people::credential::{Record, shared_number};
use crate::people::lookup::{self, Lookup};
use crate::terms::bank::Role;
use crate::terms::rules::LookUps;

/// Why somebody waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Cause {
    /// Nothing has been decided about them.
    New,
    /// They have another number on the register than they were cleared on.
    Number,
    /// They have handed in a document.
    Document,
    /// Their register says since they were cleared what it did not say before.
    Register,
}

/// A document that waits to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct WaitingDocument {
    /// Its id.
    pub id: DocumentId,
    /// What it is.
    pub name: String,
}

/// A document that is recorded.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Recorded {
    /// Its name.
    pub name: String,
    /// Its last day; none where it does not end.
    pub valid_through: Option<NaiveDate>,
}

/// Somebody who waits, with everything that decides about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their number on the register.
    pub registration_number: Option<String>,
    /// The district they live in.
    pub home_district: String,
    /// Why they wait.
    pub cause: Cause,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Their documents that are recorded.
    pub recorded: Vec<Recorded>,
    /// The names of documents that their role needs and that are not recorded, or have ended.
    pub missing: Vec<String>,
    /// The names of others in the bank who give the same number of the same register.
    pub same_number: Vec<String>,
    /// What they have handed in and nobody has looked at.
    pub documents: Vec<WaitingDocument>,
    /// What their register said of their number last.
    pub lookup: Option<Lookup>,
}

impl Waiting {
    /// What is open about them on `today`, where look-ups count for so long, each a sentence; none where they can be cleared with others.
    #[must_use]
    pub fn open(&self, (look_ups, today): (LookUps, NaiveDate)) -> Vec<String> {
        let mut open: Vec<String> =
            self.missing.iter().map(|name| format!("{name} is not recorded")).collect();
        if !has_good_number(&self.role, self.registration_number.as_deref()) {
            let register = self.role.regulator.as_deref().unwrap_or("register");
            open.push(format!("There is no good {register} number"));
        } else if let Some(register) =
            self.role.regulator.as_ref().filter(|_| self.registration_number.is_some())
        {
            open.extend(lookup::open(register, self.lookup.as_ref(), (look_ups, today)));
        }
        open.extend(shared_number(&self.role, &self.same_number));
        open.extend(self.documents.iter().map(|document| format!("{} waits to be looked at", document.name)));
        open
    }
}

/// Whether the number is one of the role's register, or the role has none.
#[must_use]
pub fn has_good_number(role: &Role, number: Option<&str>) -> bool {
    role.register_pattern.is_none()
        || matches!(registration_number(role, number.unwrap_or_default()), Ok(Some(_)))
}

/// Whether the person of `record` can be cleared with others on `today`: everything that their role needs is recorded and has
/// not ended, their number is good and theirs alone, their register says nothing against it, and nothing has been decided
/// that counts.
#[must_use]
pub fn is_ready(record: &Record, today: NaiveDate) -> bool {
    let is_held = |code: &String| {
        let held = record.held.iter().find(|held| held.code == *code);
        held.is_some_and(|held| held.valid_through.is_none_or(|last| last >= today))
    };
    let number = record.clinician.registration_number.as_deref();
    let is_cleared = record.clearance.as_ref().is_some_and(|it| it.is_of_number);
    let is_open = record.open_on_register(today).is_some();
    record.needs.iter().all(is_held)
        && has_good_number(&record.role, number)
        && record.same_number.is_empty()
        && !is_open
        && !is_cleared
}

#[cfg(test)]
mod tests {
    use super::is_ready;
    use crate::people::profile::examples::{before, cleared_until, document, ready, today};

    #[test]
    fn whoever_has_everything_their_role_needs_is_ready() {
        let mut record = ready().record;
        assert!(!is_ready(&record, today()), "they are cleared already");
        record.clearance = None;
        assert!(is_ready(&record, today()));
        record.lookup = None;
        assert!(!is_ready(&record, today()), "nobody has looked the register up");
        record.lookup = ready().record.lookup;
        record.needs = vec!["indemnity".to_owned()];
        assert!(!is_ready(&record, today()));
        record.held.push(document("indemnity", "Indemnity", before(1)));
        assert!(!is_ready(&record, today()), "it has ended");
        record.held.pop();
        record.held.push(document("indemnity", "Indemnity", today()));
        assert!(is_ready(&record, today()));
        record.clinician.registration_number = None;
        assert!(!is_ready(&record, today()));
        record.clinician.registration_number = Some("7012346".to_owned());
        record.clearance = Some(cleared_until(today()));
        if let Some(clearance) = &mut record.clearance {
            clearance.is_of_number = false;
        }
        assert!(is_ready(&record, today()), "the decision was on another number");
        record.same_number = vec!["Ben Example".to_owned()];
        assert!(!is_ready(&record, today()), "one of the two is mistaken");
    }
}
