//! The one function that decides about a clearance, longer or shorter, in the caller's transaction.
//!
//! A decision never leaves a live booking without clearance: bookings it would not cover are cancelled with it, when
//! the administrator has seen them, and open offers it would not cover are withdrawn. Locks are taken in the order
//! that holds everywhere: sessions, then the clinician, then offers.

use crate::ground::db::Tx;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::json;

use super::messages::clearance_ended;
use super::store::endings::list_clearances_ending;
use super::{Clearance, UncoveredBooking, store};
use crate::ground::audit::{self, AuditEvent};
use crate::ground::id::{AccountId, BankId, BookingId, ClearanceId, ClinicianId, OfferId, SessionId};
use crate::ground::mail;
use crate::ground::words::london_date;
use crate::work::booking::Side;
use crate::work::booking::actions::answer::withdraw;
use crate::work::booking::actions::cancel::{Cancellation, cancel};
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::store::lock::{lock_clinicians, lock_offer, lock_sessions};

/// What both sides of a booking read when it is cancelled: the administrator's own reason is not for practices.
const TOLD_BOTH_SIDES: &str = "The clinician’s clearance does not cover this session any more.";

/// What a clinician reads when an offer is withdrawn.
const TOLD_CLINICIAN: &str = "Your clearance does not cover this session any more.";

/// A decision to be made.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The bank.
    pub bank: BankId,
    /// Whom it is about.
    pub clinician: ClinicianId,
    /// Their role.
    pub role: String,
    /// The last day on which they may work; in the past, to end a clearance at once.
    pub cleared_until: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who decides.
    pub by: AccountId,
    /// Their name.
    pub by_name: String,
    /// The bookings the administrator has agreed to cancel.
    pub cancels: Vec<BookingId>,
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in force.
    Decided {
        /// How many bookings were cancelled with it.
        cancelled: usize,
    },
    /// Nothing was changed: it would leave these bookings uncovered, which are not the ones that were agreed to.
    WouldUncover(Vec<UncoveredBooking>),
}

/// Makes a decision.
pub async fn decide(tx: &mut Tx, desk: &Desk, decision: &Decision) -> Result<Outcome, DeskError> {
    let now = tx.now();
    let (bank, clinician) = (decision.bank, decision.clinician);
    let locked = lock(tx, decision).await?;
    let (bookings, offers) = uncovered(tx, decision).await?;
    let agreed: BTreeSet<BookingId> = decision.cancels.iter().copied().collect();
    let wanted: BTreeSet<BookingId> = bookings.iter().map(|booking| booking.id).collect();
    // A booking made while we waited for the locks is not agreed to, so the sessions of the agreed ones are locked.
    if agreed != wanted {
        return Ok(Outcome::WouldUncover(bookings));
    }
    for booking in &wanted {
        let reason = TOLD_BOTH_SIDES.to_owned();
        let wish = Cancellation { bank, booking: *booking, by: decision.by, side: Side::Bank, reason };
        cancel(tx, desk, &wish).await?;
    }
    // An offer that came meanwhile stays; accepting it is refused for want of clearance.
    let offers: Vec<OfferId> =
        offers.into_iter().filter(|(_, session)| locked.contains(session)).map(|(offer, _)| offer).collect();
    for offer in &offers {
        lock_offer(tx, *offer).await?;
    }
    withdraw(tx, &offers, TOLD_CLINICIAN, Some(decision.by)).await?;
    let clearance = Clearance {
        id: ClearanceId::new(),
        clinician,
        role: decision.role.clone(),
        cleared_until: decision.cleared_until,
        reason: decision.reason.clone(),
        decided_by: decision.by,
        decided_by_name: decision.by_name.clone(),
        decided_at: now,
    };
    store::insert_clearance(tx, &clearance).await?;
    tell_where_ended(tx, desk, decision).await?;
    let event = AuditEvent {
        bank,
        by: Some(decision.by),
        action: "clearance.decided",
        subject_kind: "clinician",
        subject: clinician.0,
        detail: json!({
            "role": decision.role,
            "cleared_until": decision.cleared_until,
            "cancelled_bookings": wanted,
            "withdrawn_offers": offers,
        }),
    };
    audit::store::insert_event(tx, &event).await?;
    Ok(Outcome::Decided { cancelled: wanted.len() })
}

/// Tells the clinician of a decision by which they may work no more from now on. One that ends later is told of when
/// its end comes near.
async fn tell_where_ended(tx: &mut Tx, desk: &Desk, decision: &Decision) -> Result<(), DeskError> {
    let now = tx.now();
    let until = decision.cleared_until;
    if until >= london_date(now) {
        return Ok(());
    }
    let of = Some(decision.clinician);
    let ended = list_clearances_ending(tx, (until, until), of).await?;
    let mails: Result<Vec<_>, _> =
        ended.iter().map(|(facts, _)| clearance_ended::mail(facts, &desk.letterhead)).collect();
    mail::store::insert_mails(tx, &mails.map_err(DeskError::Unwritten)?).await?;
    Ok(())
}

/// Locks the sessions that the decision would uncover, then the clinician; gives the sessions.
async fn lock(tx: &mut Tx, decision: &Decision) -> Result<BTreeSet<SessionId>, DeskError> {
    let (bookings, offers) = uncovered(tx, decision).await?;
    let booked = bookings.iter().map(|booking| booking.session);
    let sessions: BTreeSet<SessionId> = booked.chain(offers.iter().map(|(_, session)| *session)).collect();
    let in_order: Vec<SessionId> = sessions.iter().copied().collect();
    lock_sessions(tx, &in_order).await?;
    lock_clinicians(tx, &[decision.clinician]).await?;
    Ok(sessions)
}

async fn uncovered(
    tx: &mut Tx,
    decision: &Decision,
) -> Result<(Vec<UncoveredBooking>, Vec<(OfferId, SessionId)>), DeskError> {
    let (clinician, until) = (decision.clinician, decision.cleared_until);
    let bookings = store::list_uncovered_bookings(tx, clinician, &decision.role, until).await?;
    let offers = store::list_uncovered_offers(tx, clinician, until).await?;
    Ok((bookings, offers))
}
