//! An administrator decides not to clear somebody, and they are told why, in the administrator's words.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{ClearanceRefusalId, ClinicianId};
use crate::ground::mail::{self, Letterhead, Recipient};
use crate::ground::not_done::NotDone;
use crate::ground::words::london_date;
use crate::people::clinician::store::lock_clinician;
use crate::people::credential::actions::clearance::After;
use crate::people::credential::messages::clearance_refused;
use crate::people::credential::store;
use crate::people::credential::store::record::{Whose, find_record};
use crate::terms::bank::store::find_bank;

/// Why somebody was not refused.
#[derive(Debug, thiserror::Error)]
pub enum NotRefused {
    /// They are cleared: their clearance can be ended.
    #[error("refusing to clear somebody who is cleared")]
    Cleared,
    /// Somebody has decided since.
    #[error("refusing to clear somebody about whom was decided meanwhile")]
    Overtaken,
    /// There is no such clinician.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The mail could not be written.
    #[error("writing a mail about a refusal")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("refusing to clear a clinician")]
    Database(#[from] DbError),
}

/// Refuses to clear somebody of the bank who is not cleared, and tells them the reason.
pub async fn refuse_clearance(
    tx: &mut Tx,
    letterhead: &Letterhead,
    clinician: ClinicianId,
    (reason, after): (&str, After),
) -> Result<(), NotRefused> {
    NotDone::unless(lock_clinician(tx, clinician).await?)?;
    let record = find_record(tx, Whose::Clinician(clinician)).await?.ok_or(NotDone::NotFound)?;
    if let After::Seen(seen) = after
        && record.last_decision != seen
    {
        return Err(NotRefused::Overtaken);
    }
    let today = london_date(tx.now());
    let counts = record.clearance.as_ref().is_some_and(|it| it.is_of_number && it.works_until >= today);
    if counts {
        return Err(NotRefused::Cleared);
    }
    let id = ClearanceRefusalId::new();
    store::refusal::insert_refusal(tx, id, clinician, reason).await?;
    let bank = tx.bank();
    let bank = find_bank(tx, bank).await?.ok_or(NotDone::NotFound)?;
    let person = record.clinician;
    let to = Recipient { address: person.email, name: person.name, account: Some(person.account) };
    let mail = clearance_refused::mail(&bank, (id, reason), &to, letterhead)?;
    mail::store::insert_mail(tx, &mail).await?;
    Ok(audit::record(tx, Action::ClearanceRefused, clinician, json!({ "role": person.role })).await?)
}
