//! A practice closes or merges, and another takes its place: what was posted and said of the one goes over to the other by
//! one decision.
//!
//! Sessions beyond the last day move with those who are booked in them, and what its closing had withdrawn is open again.
//! Who manages the one manages the other, whom it does not take is not taken there, and what clinicians say of it holds of
//! the other. What stood before is never lost: sessions that somebody could not work there stay, with the reason, and
//! whoever says something of the successor already keeps it. A guide, templates and whom a practice books at once are the
//! practice's own, and are not carried over.

pub mod actions;
pub mod forms;
pub mod messages;
pub mod pages;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::ground::facts::Fallout;
use crate::ground::id::{ClinicianId, PracticeId};
use crate::people::clinician::PreferenceKind;
use crate::work::session::store::closing::Beyond;

/// What an administrator decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The practice that closes.
    pub practice: PracticeId,
    /// The one that takes its place.
    pub successor: PracticeId,
    /// The name of what they have seen of it; "" where they have seen nothing.
    pub seen: String,
}

/// A session that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The session, as it was.
    pub session: Beyond,
    /// How many are booked in it.
    pub booked: usize,
}

/// A session that stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stays {
    /// The session.
    pub session: Beyond,
    /// Why, in a sentence without a full stop.
    pub why: String,
}

/// What goes over to a successor, and what does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedOver {
    /// The first day of the successor.
    pub first_day: NaiveDate,
    /// The sessions that move, by start.
    pub sessions: Vec<Carried>,
    /// Those that stay, by start.
    pub stays: Vec<Stays>,
    /// Who manages the successor from now on and did not before, by name.
    pub managers: Vec<String>,
    /// Whom the successor does not take any more.
    pub refusals: Vec<ClinicianId>,
    /// What clinicians say of the successor from now on.
    pub preferences: Vec<(ClinicianId, PreferenceKind)>,
    /// How many clinicians say something else of the successor, which stays.
    pub said_otherwise: i64,
    /// What becomes of offers and bookings that relied on it.
    pub fallout: Fallout,
}

impl CarriedOver {
    /// How many people are booked in the sessions that move.
    #[must_use]
    pub fn booked(&self) -> usize {
        self.sessions.iter().map(|carried| carried.booked).sum()
    }

    /// How many of what clinicians say is of this kind.
    #[must_use]
    pub fn count_preferences(&self, kind: PreferenceKind) -> usize {
        self.preferences.iter().filter(|(_, said)| *said == kind).count()
    }

    /// A name for exactly this: what somebody who has seen it agrees to.
    #[must_use]
    pub fn name(&self) -> String {
        let mut hash = Sha256::new();
        for carried in &self.sessions {
            hash.update(carried.session.id.0.as_bytes());
            hash.update(carried.booked.to_be_bytes());
        }
        for stays in &self.stays {
            hash.update(b"stays");
            hash.update(stays.session.id.0.as_bytes());
        }
        for manager in &self.managers {
            hash.update(manager);
        }
        for clinician in self.refusals.iter().chain(self.preferences.iter().map(|(id, _)| id)) {
            hash.update(clinician.0.as_bytes());
        }
        hash.update(self.fallout.name());
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }
}
