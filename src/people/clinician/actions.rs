//! What clinicians can do about their own record. Whose it is says the transaction, never a form.

use serde_json::json;

use super::{Details, PreferenceKind, Rates, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::ground::id::{ClinicianId, PracticeId};
use crate::ground::not_done::NotDone;

/// The record of whoever acts. Nobody else's can be changed by what goes through here.
pub async fn find_own(tx: &mut Tx) -> Result<ClinicianId, NotDone> {
    let membership = tx.membership().ok_or(NotDone::NotFound)?;
    let own = store::find_clinician_of_membership(tx, membership).await?;
    Ok(own.ok_or(NotDone::NotFound)?.id)
}

/// The same, locked until the transaction ends.
pub async fn lock_own(tx: &mut Tx) -> Result<ClinicianId, NotDone> {
    let id = find_own(tx).await?;
    store::lock_clinician(tx, id).await?;
    Ok(id)
}

/// Keeps what somebody says of themselves. What is as it was is not written. With another number on the register or other
/// terms, what they are offered and booked for is judged anew.
pub async fn change_details(tx: &mut Tx, reliants: &Reliants, details: &Details) -> Result<(), FactError> {
    let id = find_own(tx).await?;
    let announced = reliants.announce(tx, FactChange::Details(id)).await?;
    let mut person = store::find_clinician(tx, id).await?.ok_or(NotDone::NotFound)?;
    let changed = details.put_into(&mut person);
    if changed.is_empty() {
        return Ok(());
    }
    store::update_details(tx, &person).await?;
    reliants.settle(tx, announced).await?;
    Ok(audit::record(tx, Action::ClinicianDetailsChanged, id, json!({ "changed": changed })).await?)
}

/// Keeps what somebody works for, instead of what they worked for before.
pub async fn change_rates(tx: &mut Tx, rates: &Rates) -> Result<(), NotDone> {
    let id = lock_own(tx).await?;
    let before = store::replace_rates(tx, id, rates).await?;
    let kept = |rates: &Rates| json!({ "rates_pence_per_hour": rates });
    let detail = audit::changed(kept(&before), kept(rates));
    Ok(audit::record(tx, Action::ClinicianRatesChanged, id, detail).await?)
}

/// Keeps what somebody says of a practice; with no kind, they take back what they said. Where they will not work, what they
/// are offered ends.
pub async fn change_preference(
    tx: &mut Tx,
    reliants: &Reliants,
    (practice, kind): (PracticeId, Option<PreferenceKind>),
) -> Result<(), FactError> {
    let id = find_own(tx).await?;
    let announced = reliants.announce(tx, FactChange::Preference(id)).await?;
    let is_known = match kind {
        Some(kind) => store::upsert_preference(tx, id, practice, kind).await?,
        None => store::delete_preference(tx, id, practice).await?,
    };
    NotDone::unless(is_known)?;
    reliants.settle(tx, announced).await?;
    let detail = json!({ "practice": practice, "kind": kind.map(PreferenceKind::code) });
    Ok(audit::record(tx, Action::ClinicianPreferenceChanged, id, detail).await?)
}
