//! What a practice can do: say whom it does not take.

use serde_json::json;

use super::{Practice, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::ground::id::{ClinicianId, PracticeId};
use crate::ground::not_done::NotDone;

/// The practice of that id, unless whoever acts does not manage it: then there is none.
pub async fn find_own_practice(tx: &mut Tx, id: PracticeId) -> Result<Practice, NotDone> {
    let membership = tx.membership().ok_or(NotDone::NotFound)?;
    store::find_practice_managed_by(tx, membership, id).await?.ok_or(NotDone::NotFound)
}

/// A practice of whoever acts does not take a clinician any more: what relied on its taking them ends. Saying it twice
/// says it once.
pub async fn refuse_clinician(
    tx: &mut Tx,
    reliants: &Reliants,
    (practice, clinician): (PracticeId, ClinicianId),
    reason: &str,
) -> Result<(), FactError> {
    find_own_practice(tx, practice).await?;
    let person = store::refusals::find_colleague(tx, clinician).await?;
    NotDone::unless(person.is_some())?;
    let announced = reliants.announce(tx, FactChange::Refusal(practice, clinician)).await?;
    if store::refusals::insert_refusal(tx, (practice, clinician), reason).await? {
        let detail = json!({ "clinician": clinician });
        audit::record(tx, Action::PracticeClinicianRefused, practice, detail).await?;
    }
    // The form that asks for it has said which offers end.
    reliants.settle(tx, announced).await?;
    Ok(())
}

/// A practice of whoever acts takes a clinician again.
pub async fn take_clinician_again(
    tx: &mut Tx,
    practice: PracticeId,
    clinician: ClinicianId,
) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    NotDone::unless(store::refusals::delete_refusal(tx, practice, clinician).await?)?;
    let detail = json!({ "clinician": clinician });
    Ok(audit::record(tx, Action::PracticeClinicianTakenAgain, practice, detail).await?)
}
