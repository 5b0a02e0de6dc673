//! Sessions are withdrawn, with their offers and their bookings: one, or several of a practice by one act.

use serde_json::json;

use super::lock_own_session;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::SessionId;
use crate::work::booking::actions::call_off::{Seen, call_off};
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::reason::Reason;
use crate::work::booking::refusal::Refusal;
use crate::work::booking::store::lock::lock_sessions;
use crate::work::session::store;

/// Takes back a session of whoever acts that has not begun, its offers and its bookings, and tells of it, for no more than
/// they have seen it costs, in pence. Doing it twice does it once.
pub async fn withdraw_session(
    tx: &mut Tx,
    desk: &Desk,
    id: SessionId,
    (reason, fee_pence): (Reason, i32),
) -> Result<(), DeskError> {
    withdraw_sessions(tx, desk, &[id], (reason, Seen { fee_pence, booked: None })).await?;
    Ok(())
}

/// Takes back sessions of one practice of whoever acts, all or none: refused where one has begun, where it costs more than
/// they have seen, or where somebody was booked since. Everybody concerned is told by one email. Gives how many were
/// withdrawn now; doing it twice does it once.
pub async fn withdraw_sessions(
    tx: &mut Tx,
    desk: &Desk,
    ids: &[SessionId],
    (reason, seen): (Reason, Seen),
) -> Result<usize, DeskError> {
    let reason = reason.text();
    let locked = lock_sessions(tx, ids).await?;
    let mut withdrawn = Vec::with_capacity(locked.len());
    let mut practice = None;
    for id in locked {
        let session = lock_own_session(tx, id).await?;
        if session.asked.times.starts_at <= tx.now() {
            return Err(Refusal::SessionStarted.into());
        }
        if *practice.get_or_insert(session.asked.practice) != session.asked.practice {
            return Err(DeskError::NotFound);
        }
        if store::mark_session_withdrawn(tx, id, reason).await? {
            withdrawn.push(id);
        }
    }
    if practice.is_none() {
        return Err(DeskError::NotFound);
    }
    call_off(tx, desk, &withdrawn, (reason, seen)).await?;
    let happened: Vec<Happened> = withdrawn.iter().map(|id| Happened::SessionWithdrawn(*id)).collect();
    events::record(tx, &happened).await?;
    for id in &withdrawn {
        audit::record(tx, Action::SessionWithdrawn, *id, json!({ "reason": reason })).await?;
    }
    Ok(withdrawn.len())
}
