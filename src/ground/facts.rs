//! Facts on which decisions rest, and what becomes of these when a fact changes.
//!
//! A slice that keeps a fact does not know who relies on it. It announces the change: before, to show what would fall with
//! it; after, in the same transaction, so that what can no longer stand is ended and its people are told. Who relies on
//! what is registered by the site ([`Reliant`](crate::ground::app::site::Reliant)).

use chrono::{DateTime, NaiveDate, Utc};

use super::db::DbError;
use super::id::{BookingId, ClinicianId, OfferId, PracticeId, SessionId};

/// A fact that changes. The list is closed: whoever relies on facts says of each what it means to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactChange {
    /// A clearance reaches that far and no farther.
    ClearedUntil {
        /// Whose.
        clinician: ClinicianId,
        /// In which role.
        role: String,
        /// The last local day it covers.
        until: NaiveDate,
    },
    /// A practice takes a clinician no more.
    RefusedByPractice {
        /// The practice.
        practice: PracticeId,
        /// The clinician.
        clinician: ClinicianId,
    },
}

/// A live booking that relies on a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReliantBooking {
    /// The booking.
    pub id: BookingId,
    /// Its session.
    pub session: SessionId,
    /// The name of the practice.
    pub practice_name: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// What relies on a fact, and cannot stand once it has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reliance {
    /// Live bookings, by start.
    pub bookings: Vec<ReliantBooking>,
    /// Open offers.
    pub offers: Vec<OfferId>,
}

impl Reliance {
    /// Adds what else relies on it.
    pub fn add(&mut self, more: Self) {
        self.bookings.extend(more.bookings);
        self.offers.extend(more.offers);
    }
}

/// Why what relied on a fact could not be ended.
#[derive(Debug, thiserror::Error)]
pub enum FactError {
    /// It was refused, in words for a person.
    #[error("ending what relied on a fact was refused: {title}")]
    Refused {
        /// What happened, in a sentence.
        title: String,
        /// What to do next.
        advice: String,
    },
    /// What relied on it is not there.
    #[error("ending what relied on a fact: it is not there")]
    NotFound,
    /// The database failed.
    #[error("ending what relied on a fact")]
    Database(#[from] DbError),
    /// Something else of ours failed.
    #[error("ending what relied on a fact")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
