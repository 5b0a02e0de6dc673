//! A session is withdrawn, with its offers and its bookings.

use serde_json::json;

use super::lock_own_session;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::SessionId;
use crate::work::booking::Side;
use crate::work::booking::actions::cancel::cancel_bookings_of_session;
use crate::work::booking::actions::withdraw::withdraw_offers_of_session;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::reason::Reason;
use crate::work::booking::refusal::Refusal;
use crate::work::session::store;

/// What clinicians read whose offers are taken back with the session.
const NO_LONGER_NEEDED: &str = "The practice no longer needs this session.";

/// Takes back a session of whoever acts that has not begun, its offers and its bookings, and tells of it, for no more than
/// they have seen it costs, in pence. Doing it twice does it once.
pub async fn withdraw_session(
    tx: &mut Tx,
    desk: &Desk,
    id: SessionId,
    (reason, seen_fee_pence): (Reason, i32),
) -> Result<(), DeskError> {
    let reason = reason.text();
    let session = lock_own_session(tx, id).await?;
    if session.asked.times.starts_at <= tx.now() {
        return Err(Refusal::SessionStarted.into());
    }
    if !store::mark_session_withdrawn(tx, id, reason).await? {
        return Ok(());
    }
    withdraw_offers_of_session(tx, id, NO_LONGER_NEEDED).await?;
    cancel_bookings_of_session(tx, desk, id, (Side::Practice, reason, seen_fee_pence)).await?;
    events::record(tx, &[Happened::SessionWithdrawn(id)]).await?;
    Ok(audit::record(tx, Action::SessionWithdrawn, id, json!({ "reason": reason })).await?)
}
