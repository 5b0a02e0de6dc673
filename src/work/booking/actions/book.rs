//! The one function that books, whatever the way in.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::withdraw::{drop_overtaken, withdraw_overtaken};
use crate::eligibility::facts::{PairFacts, RangeFacts};
use crate::eligibility::judge::judge;
use crate::eligibility::not_again::Cause;
use crate::eligibility::obstacle::Obstacle;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::facts::Diary;
use crate::ground::id::BookingId;
use crate::ground::idempotency;
use crate::ground::mail;
use crate::people::practice::store::guide::find_guide;
use crate::terms::rules::WorkHours;
use crate::terms::rules::store::load_cancelling;
use crate::work::booking::desk::{Desk, settle_diary};
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::told::{Told, booking_confirmed};
use crate::work::booking::offer::{Offer, OfferState, free_places};
use crate::work::booking::refusal::{Refusal, refuse_closed};
use crate::work::booking::store::bookings::{self, NewBooking};
use crate::work::booking::store::lock;
use crate::work::booking::store::not_again::delete_not_again;
use crate::work::booking::store::{facts, offers};
use crate::work::booking::{Booking, BookingState, Organiser, WayIn, Wish, pay_pence, people};

/// What asking to book led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// The booking.
    pub booking: BookingId,
    /// Whether it was made just now, rather than by the same wish before.
    pub is_new: bool,
}

/// Books, in the caller's transaction: locks the session, then the clinician, then the offer; judges the facts;
/// writes the booking, its event, the mails to both sides, the audit log and the idempotency record; and takes back
/// the offers it leaves without purpose. The same wish again gives the same booking, and is refused once that
/// is cancelled.
pub async fn book(tx: &mut Tx, desk: &Desk, wish: &Wish) -> Result<Booked, DeskError> {
    let now = tx.now();
    if lock::lock_sessions(tx, &[wish.session]).await?.is_empty()
        || lock::lock_clinicians(tx, &[wish.clinician]).await?.is_empty()
    {
        return Err(DeskError::NotFound);
    }
    if let Some(booking) = booked_before(tx, wish).await? {
        let stands = bookings::find_booking(tx, booking).await?;
        let is_live = stands.is_some_and(|booking| booking.state == BookingState::Live);
        return if is_live {
            Ok(Booked { booking, is_new: false })
        } else {
            Err(Refusal::BookingCancelled.into())
        };
    }
    let offer = open_offer(tx, wish).await?;
    let facts = load_facts(tx, wish).await?;
    refuse_closed(&facts.session, now)?;
    let (place_no, is_filled) = choose_place(tx, &facts, offer.as_ref()).await?;
    let rate = agreed_rate(wish.way_in, offer.as_ref(), &facts)?;
    judge(&facts, wish.way_in.wishes(), rate).map_err(DeskError::Unjudged)??;
    let booking = insert(tx, (desk, wish), &facts, (place_no, rate)).await?;
    delete_not_again(tx, (wish.session, wish.clinician), &Cause::ALL).await?;
    if let Some(offer) = &offer {
        offers::mark_answered(tx, offer.id, true, None).await?;
        drop_overtaken(tx, &[offer.id]).await?;
    }
    if is_filled {
        let others = offers::lock_open_offers_of_session(tx, wish.session).await?;
        withdraw_overtaken(tx, &others, "The session has been filled.").await?;
    }
    let diary = Diary {
        account: facts.clinician.person.account,
        from: facts.session.starts_at,
        until: facts.session.ends_at,
        judged: Some(booking.id),
    };
    settle_diary(tx, &desk.reliants, diary).await?;
    record(tx, wish, &booking).await?;
    confirm(tx, desk, &booking, &facts).await?;
    Ok(Booked { booking: booking.id, is_new: true })
}

/// The booking that the same wish led to before.
async fn booked_before(tx: &mut Tx, wish: &Wish) -> Result<Option<BookingId>, DbError> {
    let result = idempotency::store::find_result(tx, &wish.key).await?;
    Ok(result.and_then(|value| value.get("booking")?.as_str()?.parse().ok()))
}

/// The offer of a wish that comes by one, locked, if it can still be accepted.
async fn open_offer(tx: &mut Tx, wish: &Wish) -> Result<Option<Offer>, DeskError> {
    let now = tx.now();
    let WayIn::Offer(id) = wish.way_in else { return Ok(None) };
    let offer = lock::lock_offer(tx, id).await?;
    let offer = offer
        .filter(|offer| (offer.session, offer.clinician) == (wish.session, wish.clinician))
        .ok_or(DeskError::NotFound)?;
    refuse_unless_open(&offer, now)?;
    Ok(Some(offer))
}

/// Why an offer can't be answered any more.
pub(crate) fn refuse_unless_open(offer: &Offer, now: DateTime<Utc>) -> Result<(), Refusal> {
    match &offer.state {
        OfferState::Open if now < offer.expires_at => Ok(()),
        OfferState::Open | OfferState::Lapsed { .. } => Err(Refusal::OfferLapsed(offer.expires_at)),
        OfferState::Accepted { .. } => Err(Refusal::OfferAccepted),
        OfferState::Declined { .. } => Err(Refusal::OfferDeclined),
        OfferState::Withdrawn { reason, .. } => Err(Refusal::OfferWithdrawn(reason.clone())),
    }
}

async fn load_facts(tx: &mut Tx, wish: &Wish) -> Result<PairFacts, DeskError> {
    let now = tx.now();
    let found = facts::list_pairs(tx, &[(wish.session, wish.clinician)], now).await?.pop();
    found.ok_or(DeskError::NotFound)
}

/// The place to be booked, and whether it is the last. An offer's own place is kept for it; the places that other
/// open offers hold are kept for those.
async fn choose_place(
    tx: &mut Tx,
    facts: &PairFacts,
    offer: Option<&Offer>,
) -> Result<(i16, bool), DeskError> {
    let session = &facts.session;
    let taken = offers::list_taken_places(tx, &[session.id]).await?;
    let of = |is_booked| {
        let places = taken.iter().filter(move |(_, _, booked)| *booked == is_booked);
        places.map(|(_, place, _)| *place).collect::<Vec<i16>>()
    };
    let (booked, offered) = (of(true), of(false));
    let unbooked = free_places(session.places, &booked, &[]);
    let own = offer.map(|offer| offer.place_no).filter(|place| unbooked.contains(place));
    let place = own.or_else(|| free_places(session.places, &booked, &offered).first().copied());
    match place {
        Some(place) => Ok((place, unbooked.len() == 1)),
        None if unbooked.is_empty() => Err(Refusal::SessionFilled.into()),
        None => Err(Refusal::PlacesHeld.into()),
    }
}

fn agreed_rate(way_in: WayIn, offer: Option<&Offer>, facts: &PairFacts) -> Result<i32, Refusal> {
    match (way_in, offer) {
        (WayIn::Offer(_), Some(offer)) => Ok(offer.rate_pence_per_hour),
        (WayIn::Administrator { rate_pence_per_hour }, _) => Ok(rate_pence_per_hour),
        (WayIn::Request | WayIn::Offer(_), _) => {
            let own = facts.clinician.own_rate_pence_per_hour.ok_or(Obstacle::Asks(None))?;
            let range = facts.range.as_ref().ok_or(Obstacle::NoRateRange)?;
            Ok(own.max(range.payable(&facts.session).0))
        }
    }
}

async fn insert(
    tx: &mut Tx,
    (desk, wish): (&Desk, &Wish),
    facts: &PairFacts,
    (place_no, rate_pence_per_hour): (i16, i32),
) -> Result<Booking, DeskError> {
    let now = tx.now();
    let range = facts.range.as_ref().ok_or(Obstacle::NoRateRange)?;
    let clearance = facts.clinician.clearance.ok_or(Obstacle::NotCleared)?;
    let cancelling = load_cancelling(tx).await?;
    let new = NewBooking {
        id: BookingId::new(),
        facts,
        range,
        clearance,
        place_no,
        way_in: wish.way_in,
        rate_pence_per_hour,
        pay_pence: pay_pence(rate_pence_per_hour, facts.session.minutes()),
        fee_steps: cancelling.steps_for(facts.session.starts_at, now).clone(),
        organiser: Organiser::of(&desk.letterhead),
    };
    let inserted = bookings::insert_booking(tx, &new).await;
    inserted.map_err(|error| refused_by_database(error, range, rate_pence_per_hour))?;
    Ok(Booking {
        bank: tx.bank(),
        id: new.id,
        session: wish.session,
        clinician: wish.clinician,
        rate_pence_per_hour,
        pay_pence: new.pay_pence,
        fee_steps: new.fee_steps,
        made_at: now,
        state: BookingState::Live,
        calendar_sequence: 0,
        organiser: Some(new.organiser),
    })
}

/// The database has the last word. What it refuses by name gets the same words as what the desk refuses itself.
fn refused_by_database(error: DbError, range: &RangeFacts, rate: i32) -> DeskError {
    let refusal = match error.constraint() {
        Some("booking_place_once" | "booking_place_exists") => Refusal::SessionFilled,
        Some("booking_clinician_once_at_a_time") => Obstacle::DoubleBooked(None).into(),
        Some("booking_clearance_covers") => Obstacle::NotCleared.into(),
        Some("booking_number_was_decided_on") => Obstacle::NumberChanged.into(),
        Some("booking_leaves_rest") => Obstacle::TooLittleRest(WorkHours::LAW.least_rest_hours).into(),
        Some("booking_rate_above_floor" | "booking_rate_within_range") => {
            Obstacle::RateOutside(rate, range.floor_pence_per_hour, range.ceiling_pence_per_hour).into()
        }
        Some("booking_rate_range_in_force" | "booking_offer_once" | "booking_practice_is_open") => {
            Refusal::JustChanged
        }
        _ => return error.into(),
    };
    refusal.into()
}

async fn record(tx: &mut Tx, wish: &Wish, booking: &Booking) -> Result<(), DbError> {
    let detail = json!({
        "session": wish.session, "clinician": wish.clinician, "way_in": wish.way_in.code(),
        "rate_pence_per_hour": booking.rate_pence_per_hour,
    });
    let made = Happened::BookingMade {
        of: booking.as_subject(),
        way_in: wish.way_in.code(),
        rate_pence_per_hour: booking.rate_pence_per_hour,
    };
    events::record(tx, &[made]).await?;
    audit::record(tx, Action::BookingMade, booking.id, detail).await?;
    let result = json!({ "booking": booking.id });
    idempotency::store::insert_result(tx, &wish.key, &result).await
}

async fn confirm(tx: &mut Tx, desk: &Desk, booking: &Booking, facts: &PairFacts) -> Result<(), DeskError> {
    let now = tx.now();
    let clinician = people::of_clinician(&facts.clinician);
    let practice = people::list_of_practice(tx, facts.session.practice).await?;
    let guide = find_guide(tx, facts.session.practice).await?;
    let told = Told { booking, session: &facts.session, clinician: &clinician, practice: &practice };
    let mails = booking_confirmed(&told, &guide, &desk.letterhead, now).map_err(DeskError::Unwritten)?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(())
}
