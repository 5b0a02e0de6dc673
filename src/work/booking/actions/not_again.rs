//! Somebody is proposed again for a session that they gave back, lost or were left out of.

use serde_json::json;

use crate::eligibility::not_again::Cause;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::{ClinicianId, SessionId};
use crate::ground::not_done::NotDone;
use crate::people::clinician::actions::find_own;
use crate::work::booking::store::not_again::{delete_not_again, wants_somebody};

/// Whoever acts asks for a session again that they declined, or whose booking they cancelled. Whether it still wants
/// somebody.
pub async fn ask_again(tx: &mut Tx, session: SessionId) -> Result<bool, NotDone> {
    let own = find_own(tx).await?;
    let theirs: Vec<Cause> = Cause::ALL.into_iter().filter(|cause| cause.is_their_own()).collect();
    NotDone::unless(delete_not_again(tx, (session, own), &theirs).await?)?;
    audit::record(tx, Action::SessionAskedForAgain, session, json!({ "clinician": own })).await?;
    Ok(wants_somebody(tx, session).await?)
}

/// An administrator lets plans propose somebody for a session again, whatever stood against it. Whether it still wants
/// somebody.
pub async fn propose_again(tx: &mut Tx, session: SessionId, clinician: ClinicianId) -> Result<bool, NotDone> {
    NotDone::unless(delete_not_again(tx, (session, clinician), &Cause::ALL).await?)?;
    let detail = json!({ "clinician": clinician });
    audit::record(tx, Action::SessionProposedAgain, session, detail).await?;
    Ok(wants_somebody(tx, session).await?)
}
