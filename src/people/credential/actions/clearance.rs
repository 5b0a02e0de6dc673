//! The one function that decides about a clearance, longer or shorter, in the caller's transaction.
//!
//! A decision never leaves a live booking without clearance: what relies on more than it gives is shown to the
//! administrator first and ended with it ([`FactChange::Clearance`]).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events;
use crate::ground::facts::{FactChange, FactError, Fallen, Reliants};
use crate::ground::id::{BookingId, ClearanceId, ClinicianId};
use crate::ground::mail::{self, Letterhead};
use crate::ground::words::london_date;
use crate::people::credential::messages::clearance_ended;
use crate::people::credential::store::endings::list_clearances_ending;
use crate::people::credential::{Clearance, LastDecision, store};

/// A decision to be made.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Whom it is about.
    pub clinician: ClinicianId,
    /// Their role.
    pub role: String,
    /// The last day on which they may work; in the past, to end a clearance at once.
    pub cleared_until: NaiveDate,
    /// Why.
    pub reason: String,
    /// The name of who decides.
    pub by_name: String,
    /// The bookings the administrator has agreed to cancel.
    pub cancels: Vec<BookingId>,
    /// After which decision it is made.
    pub after: After,
}

/// After which decision another is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Whichever came last.
    Whichever,
    /// What whoever decides has seen last: where another has come since, nothing is decided.
    Seen(LastDecision),
}

/// What became of a decision that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in force.
    Decided {
        /// How many bookings were cancelled with it.
        cancelled: usize,
    },
}

/// Why a decision could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// Nothing was changed: it would leave these bookings uncovered, which are not the ones that were agreed to.
    #[error("deciding about a clearance that {} other bookings rest on", .0.len())]
    WouldUncover(Vec<Fallen>),
    /// Nothing was changed: somebody has decided since.
    #[error("deciding about a clearance that was decided about meanwhile")]
    Overtaken,
    /// What relied on the clearance could not be ended.
    #[error("deciding about a clearance")]
    Reliance(#[from] FactError),
    /// A mail could not be written.
    #[error("writing a mail about a clearance")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("deciding about a clearance")]
    Database(#[from] DbError),
}

/// Makes a decision, unless it would end other bookings than those that were agreed to.
pub async fn decide(tx: &mut Tx, reliants: &Reliants, decision: &Decision) -> Result<Outcome, DecisionError> {
    let clinician = decision.clinician;
    let decided_by = tx.account().ok_or(FactError::NotFound)?;
    let announced = reliants.announce(tx, FactChange::Clearance(clinician)).await?;
    if let After::Seen(seen) = decision.after
        && store::find_last_decision(tx, clinician).await? != seen
    {
        return Err(DecisionError::Overtaken);
    }
    let decided_before = store::list_clearances(tx, clinician).await?;
    let before = decided_before.iter().find(|before| before.role == decision.role);
    let before = before.map(|before| before.cleared_until);
    let clearance = Clearance {
        id: ClearanceId::new(),
        clinician,
        role: decision.role.clone(),
        cleared_until: decision.cleared_until,
        works_until: decision.cleared_until,
        document: None,
        reason: decision.reason.clone(),
        decided_by,
        decided_by_name: decision.by_name.clone(),
        decided_at: tx.now(),
        is_of_number: true,
    };
    store::insert_clearance(tx, &clearance).await?;
    events::record(tx, &[clearance.as_decided()]).await?;
    let fallout = reliants.settle(tx, announced).await?;
    let agreed: BTreeSet<Uuid> = decision.cancels.iter().map(|booking| booking.0).collect();
    let cancelled: BTreeSet<Uuid> = fallout.cancelled.iter().map(|fallen| fallen.id).collect();
    if agreed != cancelled {
        return Err(DecisionError::WouldUncover(fallout.cancelled));
    }
    tell_where_ended(tx, &reliants.means.letterhead, decision).await?;
    let offers: Vec<Uuid> = fallout.offers.iter().map(|fallen| fallen.id).collect();
    let now = json!({
        "role": decision.role,
        "cleared_until": decision.cleared_until,
        "cancelled_bookings": cancelled,
        "withdrawn_offers": offers,
    });
    let detail = audit::changed(json!({ "cleared_until": before }), now);
    audit::record(tx, Action::ClearanceDecided, clinician, detail).await?;
    Ok(Outcome::Decided { cancelled: cancelled.len() })
}

/// Tells the clinician of a decision by which they may work no more from now on. One that ends later is told of when
/// its end comes near.
async fn tell_where_ended(
    tx: &mut Tx,
    letterhead: &Letterhead,
    decision: &Decision,
) -> Result<(), DecisionError> {
    let now = tx.now();
    let until = decision.cleared_until;
    if until >= london_date(now) {
        return Ok(());
    }
    let of = Some(decision.clinician);
    let ended = list_clearances_ending(tx, (until, until), of).await?;
    let mails: Result<Vec<_>, _> =
        ended.iter().map(|(facts, _)| clearance_ended::mail(facts, letterhead)).collect();
    mail::store::insert_mails(tx, &mails?).await?;
    Ok(())
}
