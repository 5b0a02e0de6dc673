//! A booking is cancelled with a reason: both sides are told, calendars too, and the session wants somebody again.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::eligibility::facts::SessionFacts;
use crate::ground::actor::Actor;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::facts::{Diary, Means};
use crate::ground::id::BookingId;
use crate::ground::mail::store::overtaken::mark_overtaken_of_booking;
use crate::ground::mail::{self, NewMail};
use crate::ground::sign_in::PersonKind;
use crate::work::booking::desk::{Desk, settle_diary};
use crate::work::booking::error::DeskError;
use crate::work::booking::fee::Fees;
use crate::work::booking::messages::booking_cancelled_bank::{self, Said};
use crate::work::booking::messages::told::{Told, booking_cancelled};
use crate::work::booking::messages::{BOOKING_REMINDER_CLINICIAN, BOOKING_REMINDER_PRACTICE, Hope, Person};
use crate::work::booking::reason::Reason;
use crate::work::booking::refusal::Refusal;
use crate::work::booking::store::lists::find_own_booking;
use crate::work::booking::store::not_again::upsert_not_again;
use crate::work::booking::store::reliance::delete_flags;
use crate::work::booking::store::{bookings, facts, lock, offers};
use crate::work::booking::{Booking, BookingState, Side, people};

/// A wish to cancel.
#[derive(Debug, Clone)]
pub struct Cancellation {
    /// The booking.
    pub booking: BookingId,
    /// For which side.
    pub side: Side,
    /// Why, in a line that both sides read.
    pub reason: String,
    /// What the bank alone reads, in the words of whoever cancels; empty where they wrote none.
    pub note: String,
    /// The most that whoever cancels has seen it costs, in pence; none where nobody is asked.
    pub seen_fee_pence: Option<i32>,
}

/// The side that whoever acts is of.
pub fn own_side(tx: &Tx) -> Result<Side, DeskError> {
    match tx.actor() {
        Actor::Member { kind: PersonKind::PracticeManager, .. } => Ok(Side::Practice),
        Actor::Member { .. } => Ok(Side::Clinician),
        _ => Err(DeskError::NotFound),
    }
}

/// Cancels a booking of whoever acts, as a practice or as a clinician, with what both sides read of it and what the bank
/// alone does; for no more than they have seen it costs, in pence.
pub async fn cancel_own_booking(
    tx: &mut Tx,
    desk: &Desk,
    booking: BookingId,
    (reason, note): (Reason, &str),
    seen_fee_pence: i32,
) -> Result<(), DeskError> {
    let (membership, side) = (tx.membership().ok_or(DeskError::NotFound)?, own_side(tx)?);
    find_own_booking(tx, membership, booking).await?.ok_or(DeskError::NotFound)?;
    let (reason, note) = (reason.text().to_owned(), note.to_owned());
    cancel(tx, desk, &Cancellation { booking, side, reason, note, seen_fee_pence: Some(seen_fee_pence) })
        .await
}

/// An administrator cancels a booking of the bank for whichever side gives it up: one that telephoned, or the bank itself.
pub async fn cancel_for_side(
    tx: &mut Tx,
    desk: &Desk,
    booking: BookingId,
    (side, reason): (Side, Reason),
    seen_fee_pence: i32,
) -> Result<(), DeskError> {
    let reason = reason.text().to_owned();
    let (note, seen_fee_pence) = (String::new(), Some(seen_fee_pence));
    cancel(tx, desk, &Cancellation { booking, side, reason, note, seen_fee_pence }).await
}

/// Cancels a booking that has not begun, in the caller's transaction; what else its person is booked for or offered is
/// judged anew.
pub async fn cancel(tx: &mut Tx, desk: &Desk, wish: &Cancellation) -> Result<(), DeskError> {
    let ended = cancel_locked(tx, &desk.reliants.means, wish).await?;
    settle_diary(tx, &desk.reliants, ended).await
}

/// The same, where the caller judges the rest anew. Gives the diary that has changed.
pub(crate) async fn cancel_locked(
    tx: &mut Tx,
    means: &Means,
    wish: &Cancellation,
) -> Result<Diary, DeskError> {
    let ended = end_locked(tx, wish).await?;
    let mails = ended.mails(tx, means, wish).await?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(ended.diary)
}

/// A booking that has been cancelled, with everybody who is to be told.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    /// The diary that has changed.
    pub(crate) diary: Diary,
    booking: Booking,
    session: SessionFacts,
    clinician: Person,
    practice: Vec<Person>,
}

impl Ended {
    /// The booking and everybody who is told about it.
    pub(crate) fn told(&self) -> Told<'_> {
        let (clinician, practice) = (&self.clinician, &self.practice);
        Told { booking: &self.booking, session: &self.session, clinician, practice }
    }

    /// The mails that tell of it: to both sides, and to the bank where it did not cancel itself and somebody is wanted.
    pub(crate) async fn mails(
        &self,
        tx: &mut Tx,
        means: &Means,
        wish: &Cancellation,
    ) -> Result<Vec<NewMail>, DeskError> {
        let (told, now, reason) = (self.told(), tx.now(), wish.reason.as_str());
        let hope = hope_for(means, &self.session, now);
        let mails = booking_cancelled(&told, &means.letterhead, (wish.side, reason), hope, now);
        let mut mails = Vec::from(mails.map_err(DeskError::Unwritten)?);
        if let Some(hope) = hope.filter(|_| wish.side != Side::Bank && !is_of_the_bank(tx)) {
            let bank = people::list_of_bank(tx).await?;
            let said = Said { side: wish.side, reason, note: &wish.note, hope };
            let mail = booking_cancelled_bank::mail(&told, &bank, &said, &means.letterhead);
            mails.push(mail.map_err(DeskError::Unwritten)?);
        }
        Ok(mails)
    }
}

/// Cancels a booking and leaves the telling to the caller.
pub(crate) async fn end_locked(tx: &mut Tx, wish: &Cancellation) -> Result<Ended, DeskError> {
    let now = tx.now();
    let found = bookings::find_booking(tx, wish.booking).await?;
    let found = found.ok_or(DeskError::NotFound)?;
    lock::lock_sessions(tx, &[found.session]).await?;
    lock::lock_clinicians(tx, &[found.clinician]).await?;
    let session = facts::list_sessions(tx, &[found.session]).await?.pop();
    let session = session.ok_or(DeskError::NotFound)?;
    if session.starts_at <= now {
        return Err(Refusal::SessionStarted.into());
    }
    // What it pays may have changed before the locks were there.
    let found = bookings::find_booking(tx, wish.booking).await?.ok_or(DeskError::NotFound)?;
    let reason = wish.reason.as_str();
    let fee_pence = Fees::of(&found, &session).due(wish.side, now);
    if found.state == BookingState::Live && wish.seen_fee_pence.is_some_and(|seen| fee_pence > seen) {
        return Err(Refusal::FeeHasRisen(fee_pence).into());
    }
    if !bookings::mark_cancelled(tx, wish.booking, (wish.side, reason, fee_pence)).await? {
        return Err(Refusal::BookingCancelled.into());
    }
    upsert_not_again(tx, &[(found.session, found.clinician)], wish.side.cause()).await?;
    let detail = json!({ "side": wish.side.code(), "session": found.session, "fee_pence": fee_pence });
    let happened = Happened::BookingCancelled { of: found.as_subject(), side: wish.side.code(), fee_pence };
    events::record(tx, &[happened]).await?;
    audit::record(tx, Action::BookingCancelled, wish.booking, detail).await?;
    delete_flags(tx, &[wish.booking.0]).await?;
    let holder = offers::list_holders(tx, &[found.clinician]).await?.pop().ok_or(DeskError::NotFound)?;
    let clinician = people::of_holder(&holder);
    let practice = people::list_of_practice(tx, session.practice).await?;
    let booking = Booking {
        state: BookingState::Cancelled { at: now, side: wish.side, reason: wish.reason.clone(), fee_pence },
        calendar_sequence: found.calendar_sequence + 1,
        ..found
    };
    let reminders = [&BOOKING_REMINDER_CLINICIAN, &BOOKING_REMINDER_PRACTICE];
    mark_overtaken_of_booking(tx, wish.booking, &reminders).await?;
    let (account, from, until) = (holder.account_id, session.starts_at, session.ends_at);
    let diary = Diary { account, from, until, judged: None };
    Ok(Ended { diary, booking, session, clinician, practice })
}

/// Whether the bank itself acts: it need not be told.
fn is_of_the_bank(tx: &Tx) -> bool {
    matches!(tx.actor(), Actor::Member { kind: PersonKind::BankAdministrator, .. })
}

/// What can be hoped for a session that has lost somebody; none where it wants nobody any more.
fn hope_for(means: &Means, session: &SessionFacts, now: DateTime<Utc>) -> Option<Hope> {
    if session.is_withdrawn || session.starts_at <= now {
        return None;
    }
    let can_be_offered = session.starts_at - means.latest_before_start > now;
    Some(if can_be_offered { Hope::Offers } else { Hope::ByHandAlone })
}
