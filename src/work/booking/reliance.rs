//! The bookings and offers that rely on facts about people: which they are, and how they end when a fact changes.

use std::collections::BTreeSet;

use super::Side;
use super::actions::answer::withdraw;
use super::actions::cancel::{Cancellation, cancel};
use super::desk::Desk;
use super::error::DeskError;
use super::store::lock::{lock_clinicians, lock_offer, lock_sessions};
use super::store::reliance;
use crate::eligibility::words::Audience;
use crate::ground::app::App;
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Reliance, ReliantBooking};
use crate::ground::id::{ClinicianId, OfferId, SessionId};

/// What a clinician reads whose offer ends with their clearance.
const CLEARANCE_ENDS_OFFER: &str = "Your clearance does not cover this session any more.";
/// What both sides of a booking read that ends with a clearance: the administrator's own reason is not for practices.
const CLEARANCE_ENDS_BOOKING: &str = "The clinician’s clearance does not cover this session any more.";
/// What a clinician reads whose offer ends because a practice refused them: no word of who refused whom.
const REFUSAL_ENDS_OFFER: &str = "Other sessions are offered to you as before.";

/// What relies on the fact now, for a page that shows it.
pub async fn who_relies(tx: &mut Tx, change: &FactChange) -> Result<Reliance, DbError> {
    let (bookings, offers) = list(tx, change).await?;
    Ok(Reliance { bookings, offers: offers.into_iter().map(|(offer, _)| offer).collect() })
}

/// What relies on the fact. Sessions and clinician are locked first, in the order that holds everywhere, so that what is
/// found stays until the transaction ends. An offer that came meanwhile is left out: accepting it is refused.
pub async fn lock_reliance(tx: &mut Tx, change: &FactChange) -> Result<Reliance, DbError> {
    let (bookings, offers) = list(tx, change).await?;
    let booked = bookings.iter().map(|booking| booking.session);
    let locked: BTreeSet<SessionId> = booked.chain(offers.iter().map(|(_, session)| *session)).collect();
    let in_order: Vec<SessionId> = locked.iter().copied().collect();
    lock_sessions(tx, &in_order).await?;
    lock_clinicians(tx, &[clinician_of(change)]).await?;
    let (bookings, offers) = list(tx, change).await?;
    let offers = offers.into_iter().filter(|(_, session)| locked.contains(session));
    Ok(Reliance { bookings, offers: offers.map(|(offer, _)| offer).collect() })
}

/// Ends it, and tells both sides.
pub async fn end(tx: &mut Tx, app: &App, change: &FactChange, reliance: &Reliance) -> Result<(), FactError> {
    let now = tx.now();
    end_all(tx, &Desk::of(app), change, reliance).await.map_err(|error| match error {
        DeskError::Refused(refusal) => {
            let audience = Audience::Administrator;
            FactError::Refused { title: refusal.sentence(audience, now), advice: refusal.next_step(audience) }
        }
        DeskError::NotFound => FactError::NotFound,
        DeskError::Database(error) => error.into(),
        other @ (DeskError::Unjudged(_) | DeskError::Unwritten(_)) => FactError::Failed(Box::new(other)),
    })
}

async fn end_all(
    tx: &mut Tx,
    desk: &Desk,
    change: &FactChange,
    reliance: &Reliance,
) -> Result<(), DeskError> {
    for booking in &reliance.bookings {
        let reason = CLEARANCE_ENDS_BOOKING.to_owned();
        let wish = Cancellation { booking: booking.id, side: Side::Bank, reason, note: String::new() };
        cancel(tx, desk, &wish).await?;
    }
    for offer in &reliance.offers {
        lock_offer(tx, *offer).await?;
    }
    let told = match change {
        FactChange::ClearedUntil { .. } => CLEARANCE_ENDS_OFFER,
        FactChange::RefusedByPractice { .. } => REFUSAL_ENDS_OFFER,
    };
    withdraw(tx, &reliance.offers, told).await?;
    Ok(())
}

fn clinician_of(change: &FactChange) -> ClinicianId {
    match change {
        FactChange::ClearedUntil { clinician, .. } | FactChange::RefusedByPractice { clinician, .. } => {
            *clinician
        }
    }
}

async fn list(
    tx: &mut Tx,
    change: &FactChange,
) -> Result<(Vec<ReliantBooking>, Vec<(OfferId, SessionId)>), DbError> {
    match change {
        FactChange::ClearedUntil { clinician, role, until } => Ok((
            reliance::list_uncovered_bookings(tx, *clinician, role, *until).await?,
            reliance::list_uncovered_offers(tx, *clinician, *until).await?,
        )),
        // Bookings were agreed by the practice itself: it cancels them one by one, where it wants to.
        FactChange::RefusedByPractice { practice, clinician } => {
            Ok((Vec::new(), reliance::list_open_offers(tx, *practice, *clinician).await?))
        }
    }
}
