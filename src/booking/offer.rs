//! An offer: a session held for one clinician until a time.

use chrono::{DateTime, Utc};

use super::desk::Desk;
use crate::id::{BankId, ClinicianId, OfferId, PlanId, SessionId};

/// Where an offer stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferState {
    /// Waits for an answer until it expires.
    Open,
    /// The clinician said yes.
    Accepted {
        /// When.
        at: DateTime<Utc>,
    },
    /// The clinician said no.
    Declined {
        /// When.
        at: DateTime<Utc>,
        /// Why, where they said so.
        reason: Option<String>,
    },
    /// It was taken back.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
        /// Why, in a sentence for the clinician.
        reason: String,
    },
    /// Nobody answered in time.
    Lapsed {
        /// When that was noted.
        at: DateTime<Utc>,
    },
}

/// A session held for one clinician until a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its bank.
    pub bank: BankId,
    /// Its id.
    pub id: OfferId,
    /// The session.
    pub session: SessionId,
    /// Which of the session's places it holds, from 1.
    pub place_no: i16,
    /// Whom it is held for.
    pub clinician: ClinicianId,
    /// The rate offered.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// Road metres from the clinician's home.
    pub road_metres: i32,
    /// When it was made.
    pub offered_at: DateTime<Utc>,
    /// Until when it can be answered.
    pub expires_at: DateTime<Utc>,
    /// Where it stands.
    pub state: OfferState,
}

impl Offer {
    /// Whether it can still be answered at `now`.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state == OfferState::Open && now < self.expires_at
    }
}

/// An offer to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferToMake {
    /// The session.
    pub session: SessionId,
    /// Whom it will be held for.
    pub clinician: ClinicianId,
    /// The rate offered.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// Road metres from the clinician's home.
    pub road_metres: i32,
    /// The plan that proposed it.
    pub plan: Option<PlanId>,
}

/// Until when an offer made at `now` can be answered: the bank's time to answer, but no later than its least time
/// before the session starts. `None` where that is past already.
#[must_use]
pub fn expiry(desk: &Desk, starts_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let latest = starts_at - desk.latest_before_start;
    let expires = (now + desk.answer_within).min(latest);
    (expires > now).then_some(expires)
}

/// Which places of a session can be offered: those with neither a live booking nor an open offer, lowest first.
#[must_use]
pub fn free_places(places: i16, booked: &[i16], offered: &[i16]) -> Vec<i16> {
    (1..=places).filter(|place| !booked.contains(place) && !offered.contains(place)).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{expiry, free_places};
    use crate::booking::desk::Desk;

    #[test]
    fn an_offer_ends_well_before_its_session_starts() {
        let desk = Desk::for_tests();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let after = |hours| now + TimeDelta::hours(hours);
        assert_eq!(expiry(&desk, after(72), now), Some(after(24)));
        assert_eq!(expiry(&desk, after(10), now), Some(after(8)));
        assert_eq!(expiry(&desk, after(2), now), None);
    }

    #[test]
    fn a_place_is_free_when_nobody_has_it_or_is_asked() {
        assert_eq!(free_places(4, &[2], &[3]), [1, 4]);
        assert!(free_places(1, &[1], &[]).is_empty());
    }
}
