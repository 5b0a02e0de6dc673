//! A clinician says what they worked, before the practice signs it off.

use serde_json::json;

use super::sign_off::subject_of;
use super::{NotSaid, own_work};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened, OfWork};
use crate::ground::id::BookingId;
use crate::ground::sign_in::PersonKind;
use crate::pay::worked::store::keep::insert_said;
use crate::pay::worked::{Hours, Taken};

/// Keeps what whoever acts says of a booking of theirs; the newest counts. It fills the practice's form and signs nothing off.
pub async fn say_worked(
    tx: &mut Tx,
    booking: BookingId,
    (hours, extras): (Hours, &[Taken]),
    note: &str,
) -> Result<(), NotSaid> {
    let work = own_work(tx, PersonKind::Clinician, booking).await?;
    if !work.is_over(tx.now()) {
        return Err(NotSaid::NotOver);
    }
    if work.newest().is_some() {
        return Err(NotSaid::SignedOff);
    }
    if !extras.iter().all(|taken| work.agreed.contains(&taken.extra)) {
        return Err(NotSaid::NotAgreed);
    }
    insert_said(tx, booking, (hours, extras), note).await?;
    let minutes = hours.paid_minutes();
    events::record(tx, &[Happened::Work(subject_of(&work), OfWork::Said(minutes))]).await?;
    Ok(audit::record(tx, Action::WorkSaid, booking, json!({ "minutes": minutes })).await?)
}
