//! A session changes in which people are booked: each can still work it by every rule, is told of it, and has the entry
//! in their calendar updated.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use crate::eligibility::facts::{PairFacts, SessionFacts};
use crate::eligibility::judge::judge_agreed;
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::wishes::Wishes;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::facts::Diary;
use crate::ground::id::SessionId;
use crate::ground::mail;
use crate::ground::mail::store::overtaken::mark_overtaken_of_booking;
use crate::work::booking::changed::Changed;
use crate::work::booking::desk::{Desk, settle_diary};
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::told::{Told, booking_changed};
use crate::work::booking::messages::{BOOKING_REMINDER_CLINICIAN, BOOKING_REMINDER_PRACTICE};
use crate::work::booking::refusal::Refusal;
use crate::work::booking::store::lock;
use crate::work::booking::store::{bookings, facts};
use crate::work::booking::{Booking, pay_pence, people};

/// Why a session could not be changed in which people are booked.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Somebody who is booked can't work the session as it would be: their name, and what stands in the way.
    #[error("changing a session that somebody could not work then")]
    Hinders(String, Obstacle),
    /// The desk could not do it.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<DbError> for ChangeError {
    fn from(error: DbError) -> Self {
        Self::Desk(error.into())
    }
}

/// Locks the clinicians who are booked in a session that the caller has locked, and gives their bookings.
pub async fn lock_booked(tx: &mut Tx, session: SessionId) -> Result<Vec<Booking>, DbError> {
    let booked = bookings::list_live_bookings_of_session(tx, session).await?;
    let clinicians: Vec<_> = booked.iter().map(|booking| booking.clinician).collect();
    lock::lock_clinicians(tx, &clinicians).await?;
    Ok(booked)
}

/// When a session is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTime {
    /// When it is to begin.
    pub starts_at: DateTime<Utc>,
    /// When it is to end.
    pub ends_at: DateTime<Utc>,
    /// The local date of what is to be its last minute.
    pub last_date: NaiveDate,
}

/// Refuses a time at which somebody who is booked could not work, by the rules that bind whoever asks. Their own
/// wishes do not count: they have agreed, as the practice says, and are told how to cancel where they have not.
pub async fn refuse_what_hinders(tx: &mut Tx, booked: &[Booking], time: NewTime) -> Result<(), ChangeError> {
    for booking in booked {
        let mut facts = load_facts(tx, booking).await?;
        let session = SessionFacts {
            starts_at: time.starts_at,
            ends_at: time.ends_at,
            last_date: time.last_date,
            ..facts.session
        };
        facts.session = session;
        let judged = judge_agreed(&facts, Wishes::None);
        if let Err(obstacle) = judged.map_err(DeskError::Unjudged)? {
            return Err(ChangeError::Hinders(facts.clinician.person.name, obstacle));
        }
    }
    Ok(())
}

/// Who of those who are booked in a session, which has been moved to another practice, could not work there by the rules or
/// has said that they will not, with what stands in the way.
pub async fn find_hindered(tx: &mut Tx, booked: &[Booking]) -> Result<Option<(String, Obstacle)>, DeskError> {
    for booking in booked {
        let facts = load_facts(tx, booking).await?;
        if let Err(obstacle) = judge_agreed(&facts, Wishes::Refusals).map_err(DeskError::Unjudged)? {
            return Ok(Some((facts.clinician.person.name, obstacle)));
        }
    }
    Ok(None)
}

/// Carries a change of a session, which has been written, to those who are booked in it: what they are paid is worked
/// out anew at the agreed rate, they are told, and what else they are booked for or offered is judged anew; so is the practice
/// where the time or the place has changed. The caller has locked the session and `booked`.
pub async fn carry(tx: &mut Tx, desk: &Desk, booked: &[Booking], changed: &Changed) -> Result<(), DeskError> {
    for booking in booked {
        let facts = load_facts(tx, booking).await?;
        let pay_pence = pay_pence(booking.rate_pence_per_hour, facts.session.minutes());
        let sequence = bookings::mark_changed(tx, booking.id, pay_pence).await?;
        let sequence = sequence.ok_or(Refusal::JustChanged)?;
        let booking = Booking { calendar_sequence: sequence, pay_pence, ..booking.clone() };
        record(tx, &booking, changed).await?;
        tell(tx, desk, (&booking, &facts), changed).await?;
        if changed.is_of_diary() {
            let (account, session) = (facts.clinician.person.account, &facts.session);
            let (mut from, mut until) = (session.starts_at, session.ends_at);
            if let Changed::Time { from: before, until: before_until } = changed {
                (from, until) = (from.min(*before), until.max(*before_until));
            }
            // It is judged with the rest: where it may be flagged, the flag goes or comes.
            settle_diary(tx, &desk.reliants, Diary { account, from, until, judged: None }).await?;
        }
    }
    Ok(())
}

/// The session as it is kept, who is booked in it, and what else they are booked for.
async fn load_facts(tx: &mut Tx, booking: &Booking) -> Result<PairFacts, DeskError> {
    let pair = (booking.session, booking.clinician);
    let found = facts::list_pairs(tx, &[pair], booking.made_at).await?.pop();
    let mut found = found.ok_or(DeskError::NotFound)?;
    found.neighbours.retain(|other| other.booking != booking.id);
    Ok(found)
}

async fn record(tx: &mut Tx, booking: &Booking, changed: &Changed) -> Result<(), DbError> {
    let detail = match changed {
        Changed::Notes | Changed::Supervisor { .. } | Changed::Place { .. } => {
            json!({ "session": booking.session })
        }
        Changed::Time { from, until } => json!({ "session": booking.session, "from": from, "until": until }),
    };
    let happened = match changed {
        Changed::Notes | Changed::Supervisor { .. } | Changed::Place { .. } => {
            Happened::BookingChanged(booking.as_subject())
        }
        Changed::Time { from, until } => Happened::BookingMoved(booking.as_subject(), (*from, *until)),
    };
    events::record(tx, &[happened]).await?;
    let action = if changed.is_of_time() { Action::BookingMoved } else { Action::BookingChanged };
    audit::record(tx, action, booking.id, detail).await
}

async fn tell(
    tx: &mut Tx,
    desk: &Desk,
    (booking, facts): (&Booking, &PairFacts),
    changed: &Changed,
) -> Result<(), DeskError> {
    let now = tx.now();
    let session = &facts.session;
    if changed.is_of_diary() {
        // A reminder that waits names the time or the place before.
        let reminders = [&BOOKING_REMINDER_CLINICIAN, &BOOKING_REMINDER_PRACTICE];
        mark_overtaken_of_booking(tx, booking.id, &reminders).await?;
    }
    let clinician = people::of_clinician(&facts.clinician);
    let practice = people::list_of_practice(tx, session.practice).await?;
    let told = Told { booking, session, clinician: &clinician, practice: &practice };
    let mails = booking_changed(&told, &desk.letterhead, changed, now).map_err(DeskError::Unwritten)?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(())
}
