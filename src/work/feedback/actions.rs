//! What can be done about how bookings went: say it.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Said, store};
use crate::ground::actor::{Actor, PersonKind};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::BookingId;
use crate::ground::not_done::NotDone;
use crate::work::booking::Side;
use crate::work::booking::store::lists::{BookingLine, find_own_booking};

/// What came of saying how a booking went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is kept.
    Kept,
    /// Both sides have spoken, and what they said stands.
    Stands,
    /// It has not ended, or it was cancelled.
    NotWorked,
}

/// The side of a booking that somebody of this kind is of.
#[must_use]
pub fn side_of(kind: PersonKind) -> Side {
    if kind == PersonKind::PracticeManager { Side::Practice } else { Side::Clinician }
}

/// Whether there is something to say of a booking: it counted, and it is over.
#[must_use]
pub fn is_over(line: &BookingLine, now: DateTime<Utc>) -> bool {
    line.cancelled_at.is_none() && line.ends_at <= now
}

/// Whoever acts says how a booking of theirs went, for their side of it.
pub async fn give_feedback(tx: &mut Tx, booking: BookingId, said: &Said) -> Result<Kept, NotDone> {
    let Actor::Member { membership, kind, .. } = tx.actor() else { return Err(NotDone::NotFound) };
    let line = find_own_booking(tx, membership, booking).await?.ok_or(NotDone::NotFound)?;
    if !is_over(&line, tx.now()) {
        return Ok(Kept::NotWorked);
    }
    let side = side_of(kind);
    if store::load_feedback(tx, booking).await?.of(side).is_some_and(|given| given.said == *said) {
        return Ok(Kept::Kept);
    }
    if !store::write_feedback(tx, (booking, side), said).await? {
        return Ok(Kept::Stands);
    }
    audit::record(tx, Action::FeedbackGiven, booking, json!({ "side": side.code() })).await?;
    Ok(Kept::Kept)
}
