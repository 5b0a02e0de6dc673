//! A clinician makes an address for their calendar, or ends it; and what is given to whoever fetches it.

use chrono::TimeDelta;
use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{CalendarFeedId, PracticeId, SessionId};
use crate::ground::not_done::NotDone;
use crate::people::clinician::actions::find_own;
use crate::people::practice::store::guide::list_guides;
use crate::work::booking::feed::Feed;
use crate::work::booking::store::facts::list_sessions;
use crate::work::booking::store::feed;

/// Calendars keep what lies further back by themselves.
const SHOWN_AFTERWARDS: TimeDelta = TimeDelta::days(90);

/// Makes an address for the calendar of whoever acts; where they have one it stays.
pub async fn make_feed(tx: &mut Tx) -> Result<(), NotDone> {
    let own = find_own(tx).await?;
    if feed::insert_feed(tx, CalendarFeedId::new(), own).await? {
        audit::record(tx, Action::CalendarFeedMade, own, json!({})).await?;
    }
    Ok(())
}

/// Ends the address of whoever acts: it opens nothing from now on. Doing it twice does it once.
pub async fn end_feed(tx: &mut Tx) -> Result<(), NotDone> {
    let own = find_own(tx).await?;
    if feed::mark_feed_ended(tx, own).await? {
        audit::record(tx, Action::CalendarFeedEnded, own, json!({})).await?;
    }
    Ok(())
}

/// What an address of the transaction's bank gives; none where it has ended. Five statements.
pub async fn load_feed(tx: &mut Tx, id: CalendarFeedId) -> Result<Option<Feed>, DbError> {
    let Some((clinician, role)) = feed::find_feed(tx, id).await? else { return Ok(None) };
    let bookings = feed::list_bookings_since(tx, clinician, tx.now() - SHOWN_AFTERWARDS).await?;
    let offers = feed::list_answerable_of(tx, clinician).await?;
    let booked = bookings.iter().map(|booking| booking.session);
    let sessions: Vec<SessionId> = booked.chain(offers.iter().map(|offer| offer.session)).collect();
    let sessions = list_sessions(tx, &sessions).await?;
    let practices: Vec<PracticeId> = sessions.iter().map(|session| session.practice).collect();
    let guides = list_guides(tx, &practices).await?;
    Ok(Some(Feed { role, bookings, offers, sessions, guides }))
}
