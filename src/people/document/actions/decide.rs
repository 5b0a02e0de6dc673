//! An administrator looks at a document that waits: it is verified and recorded, or sent back with what is wrong. Of two
//! decisions, or of a decision and a newer document, one comes first and the other finds that nothing waits.

use chrono::NaiveDate;
use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, DocumentOf, Happened};
use crate::ground::facts::{FactError, Reliants};
use crate::ground::id::{ClinicianId, DocumentId};
use crate::ground::mail::{self, Letterhead, Recipient};
use crate::ground::not_done::NotDone;
use crate::people::clinician::store::find_clinician;
use crate::people::credential::Held;
use crate::people::credential::actions::document::record_document;
use crate::people::document::messages::document_sent_back;
use crate::people::document::{Document, State, store};
use crate::terms::bank::store::find_bank;

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum NotDecided {
    /// There is no such document.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// It does not wait any more.
    #[error("deciding about a document that does not wait")]
    NotWaiting,
    /// What relies on the document that was recorded before has not been seen, or could not be settled.
    #[error(transparent)]
    Reliance(#[from] FactError),
    /// The mail could not be written.
    #[error("writing a mail about a document")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("deciding about a document")]
    Database(#[from] DbError),
}

/// Verifies a document that waits, and records it with its last day, in the place of what was recorded before. What rested
/// on a later end is judged anew.
pub async fn verify(
    tx: &mut Tx,
    reliants: &Reliants,
    (clinician, id): (ClinicianId, DocumentId),
    valid_through: Option<NaiveDate>,
) -> Result<(), NotDecided> {
    let document = find_waiting(tx, clinician, id).await?;
    let held = Held { competency: document.competency, valid_through };
    record_document(tx, reliants, clinician, &held).await?;
    if !store::mark_verified(tx, id, valid_through).await? {
        return Err(NotDecided::NotWaiting);
    }
    let of = DocumentOf { document: id, clinician, competency: held.competency.clone() };
    events::record(tx, &[Happened::DocumentVerified(of)]).await?;
    let detail =
        json!({ "clinician": clinician, "competency": held.competency, "valid_through": valid_through });
    Ok(audit::record(tx, Action::DocumentVerified, id, detail).await?)
}

/// Sends a document back that waits, and tells its person what is wrong. What was recorded before stays.
pub async fn send_back(
    tx: &mut Tx,
    letterhead: &Letterhead,
    (clinician, id): (ClinicianId, DocumentId),
    reason: &str,
) -> Result<(), NotDecided> {
    let document = find_waiting(tx, clinician, id).await?;
    if !store::mark_sent_back(tx, id, reason).await? {
        return Err(NotDecided::NotWaiting);
    }
    let (bank, person) = (tx.bank(), find_clinician(tx, clinician).await?.ok_or(NotDone::NotFound)?);
    let bank = find_bank(tx, bank).await?.ok_or(NotDone::NotFound)?;
    let to = Recipient { address: person.email, name: person.name, account: Some(person.account) };
    let mail = document_sent_back::mail(&bank, &document, reason, &to, letterhead)?;
    mail::store::insert_mail(tx, &mail).await?;
    let of = DocumentOf { document: id, clinician, competency: document.competency.clone() };
    events::record(tx, &[Happened::DocumentSentBack(of)]).await?;
    let detail = json!({ "clinician": clinician, "competency": document.competency });
    Ok(audit::record(tx, Action::DocumentSentBack, id, detail).await?)
}

/// The document, where it waits still.
async fn find_waiting(tx: &mut Tx, clinician: ClinicianId, id: DocumentId) -> Result<Document, NotDecided> {
    let document = store::find_document(tx, clinician, id).await?.ok_or(NotDone::NotFound)?;
    if document.state == State::Waiting { Ok(document) } else { Err(NotDecided::NotWaiting) }
}
