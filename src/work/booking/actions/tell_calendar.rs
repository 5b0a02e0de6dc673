//! The calendar has changed under bookings that stay as they were agreed: both sides are told.

use crate::ground::db::Tx;
use crate::ground::id::SessionId;
use crate::ground::mail::{Letterhead, store::insert_mails};
use crate::terms::bank::Band;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::told::Told;
use crate::work::booking::messages::{calendar_changed_clinician, calendar_changed_practice};
use crate::work::booking::people;
use crate::work::booking::store::bookings::list_live_bookings_of_session;
use crate::work::booking::store::facts::list_sessions;
use crate::work::booking::store::offers::list_holders;

/// A session that falls in another band than was agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The session.
    pub session: SessionId,
    /// As it was agreed.
    pub from: Band,
    /// As the calendar has it now.
    pub to: Band,
}

/// Tells both sides of the live bookings of these sessions.
pub async fn tell_of_calendar(
    tx: &mut Tx,
    letterhead: &Letterhead,
    moved: &[Moved],
) -> Result<(), DeskError> {
    let mut mails = Vec::new();
    for one in moved {
        let session = list_sessions(tx, &[one.session]).await?.pop().ok_or(DeskError::NotFound)?;
        let practice = people::list_of_practice(tx, session.practice).await?;
        for booking in list_live_bookings_of_session(tx, one.session).await? {
            let holder = list_holders(tx, &[booking.clinician]).await?.pop().ok_or(DeskError::NotFound)?;
            let clinician = people::of_holder(&holder);
            let told =
                Told { booking: &booking, session: &session, clinician: &clinician, practice: &practice };
            let bands = (one.from, one.to);
            mails.push(
                calendar_changed_clinician::mail(&told, bands, letterhead).map_err(DeskError::Unwritten)?,
            );
            if !practice.is_empty() {
                mails.push(
                    calendar_changed_practice::mail(&told, bands, letterhead)
                        .map_err(DeskError::Unwritten)?,
                );
            }
        }
    }
    insert_mails(tx, &mails).await?;
    Ok(())
}
