//! Facts on which decisions rest, and what becomes of these when a fact changes.
//!
//! A slice that keeps a fact does not know who relies on it. It announces the change before it writes ([`Reliants::announce`]),
//! so that what relies on the fact is locked, and settles it after ([`Reliants::settle`]), in the same transaction: whoever
//! relies judges anew what the change concerns, ends what can no longer stand or puts it on a list for people, and tells
//! those it concerns. A change that would end something is not made until whoever makes it has seen that
//! ([`Consent`]). Who relies is registered by the site.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::db::{Asked, BoxFuture, DbError, Tx};
use super::id::{AccountId, BookingId, ClinicianId, PracticeId};
use super::mail::Letterhead;

/// A fact that changes, with whom it concerns. The list is closed: whoever relies on facts says of each what it means to
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactChange {
    /// What somebody says of themselves: their number on a register, their terms, their home, their limits.
    Details(ClinicianId),
    /// What somebody says of a practice.
    Preference(ClinicianId),
    /// Which skills and systems somebody says they know.
    Skills(ClinicianId),
    /// What somebody can show.
    Document(ClinicianId),
    /// The decision that somebody may work.
    Clearance(ClinicianId),
    /// What a professional register says of somebody.
    Registration(ClinicianId),
    /// Somebody acts in the bank no more, or again.
    Membership(ClinicianId),
    /// Somebody is away from one local date to another.
    Away(ClinicianId, NaiveDate, NaiveDate),
    /// A practice takes somebody no more, or again.
    Refusal(PracticeId, ClinicianId),
    /// These practices are open or where they were no more.
    Practices(Vec<PracticeId>),
    /// Which documents a role needs, by its code.
    Needs(String),
    /// The rest and hours of those whom the bank employs.
    Hours,
    /// What may be paid to a role in a band, each by its code, for work from a date on.
    Range(String, String, NaiveDate),
    /// What a person is booked for has changed.
    Diary(Diary),
}

/// What a person is booked for, in whatever bank, from an instant until another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diary {
    /// Whose it is.
    pub account: AccountId,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// The booking that changed it, where that has been judged with the rest of it and stands.
    pub judged: Option<BookingId>,
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is explained with its change")]
pub enum FactKind {
    Details,
    Preference,
    Skills,
    Document,
    Clearance,
    Registration,
    Membership,
    Away,
    Refusal,
    Practices,
    Needs,
    Hours,
    Range,
    Diary,
}

impl FactKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Details,
        Self::Preference,
        Self::Skills,
        Self::Document,
        Self::Clearance,
        Self::Registration,
        Self::Membership,
        Self::Away,
        Self::Refusal,
        Self::Practices,
        Self::Needs,
        Self::Hours,
        Self::Range,
        Self::Diary,
    ];
}

impl FactChange {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> FactKind {
        match self {
            Self::Details(_) => FactKind::Details,
            Self::Preference(_) => FactKind::Preference,
            Self::Skills(_) => FactKind::Skills,
            Self::Document(_) => FactKind::Document,
            Self::Clearance(_) => FactKind::Clearance,
            Self::Registration(_) => FactKind::Registration,
            Self::Membership(_) => FactKind::Membership,
            Self::Away(..) => FactKind::Away,
            Self::Refusal(..) => FactKind::Refusal,
            Self::Practices(_) => FactKind::Practices,
            Self::Needs(_) => FactKind::Needs,
            Self::Hours => FactKind::Hours,
            Self::Range(..) => FactKind::Range,
            Self::Diary(..) => FactKind::Diary,
        }
    }
}

/// Something that relied on a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallen {
    /// The offer or the booking.
    pub id: Uuid,
    /// Whose it is.
    pub clinician: String,
    /// The name of the practice.
    pub practice: String,
    /// When its session begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Why it can't stand, in a sentence without a full stop.
    pub why: String,
}

/// What became of that which relied on a fact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fallout {
    /// Offers that were taken back.
    pub offers: Vec<Fallen>,
    /// Bookings that were cancelled.
    pub cancelled: Vec<Fallen>,
    /// Bookings that stand, and that an administrator has to look at.
    pub flagged: Vec<Fallen>,
}

impl Fallout {
    /// Adds what else became of it.
    pub fn add(&mut self, more: Self) {
        self.offers.extend(more.offers);
        self.cancelled.extend(more.cancelled);
        self.flagged.extend(more.flagged);
    }

    /// Whether nothing did.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.offers.is_empty() && self.cancelled.is_empty() && self.flagged.is_empty()
    }

    /// A name for exactly this: what somebody who has seen it agrees to.
    #[must_use]
    pub fn name(&self) -> String {
        let mut hash = Sha256::new();
        for (kind, list) in [("offer", &self.offers), ("end", &self.cancelled), ("flag", &self.flagged)] {
            let mut ids: Vec<Uuid> = list.iter().map(|fallen| fallen.id).collect();
            ids.sort_unstable();
            hash.update(kind);
            for id in &ids {
                hash.update(id.as_bytes());
            }
        }
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }
}

/// What whoever changes a fact has agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Whatever falls with it: nobody can be asked, or they were told otherwise.
    ToAll,
    /// The fallout of that name, which they have seen; of an empty name nothing.
    To(String),
}

impl Consent {
    fn covers(&self, fallout: &Fallout) -> bool {
        match self {
            Self::ToAll => true,
            Self::To(name) => fallout.is_empty() || *name == fallout.name(),
        }
    }
}

/// Why what relied on a fact could not be settled.
#[derive(Debug, thiserror::Error)]
pub enum FactError {
    /// Nothing was changed: whoever changes it has not seen all that would fall with it.
    #[error("changing a fact that more relies on than was seen")]
    AskFirst(Box<Fallout>),
    /// It was refused, in words for a person.
    #[error("settling what relied on a fact was refused: {title}")]
    Refused {
        /// What happened, in a sentence.
        title: String,
        /// What to do next.
        advice: String,
    },
    /// What it is about is not there.
    #[error("changing a fact of what is not there")]
    NotFound,
    /// The database failed.
    #[error("settling what relied on a fact")]
    Database(#[from] DbError),
    /// Something else of ours failed.
    #[error("settling what relied on a fact")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Somebody who relies on facts that others keep.
#[derive(Debug, Clone, Copy)]
pub struct Reliant {
    /// Locks what of theirs the change concerns.
    pub lock: for<'c> fn(&'c mut Tx, &'c FactChange) -> Asked<'c, ()>,
    /// Judges it anew, ends or lists what can no longer stand, and tells those it concerns.
    pub settle: Settle,
}

/// Settles what relied on a fact.
pub type Settle =
    for<'c> fn(&'c mut Tx, &'c Means, &'c FactChange) -> BoxFuture<'c, Result<Fallout, FactError>>;

/// A change that was announced and has to be settled once it is written.
#[derive(Debug)]
#[must_use = "settle it once the change is written"]
pub struct Announced(FactChange);

/// What those who rely on facts need of the settings.
#[derive(Debug, Clone)]
pub struct Means {
    /// What stands on their mails.
    pub letterhead: Letterhead,
    /// No offer of a session can be answered later than this long before it starts.
    pub latest_before_start: TimeDelta,
}

/// Everybody who relies on facts that others keep.
#[derive(Debug, Clone)]
pub struct Reliants {
    /// Those who do.
    pub all: &'static [Reliant],
    /// What they need of the settings.
    pub means: Means,
    /// What whoever changes a fact has agreed to.
    pub consent: Consent,
}

impl Reliants {
    /// The same, for somebody who has agreed to the fallout of that name, which they have seen; of an empty name nothing.
    #[must_use]
    pub fn with_consent_to(mut self, seen: &str) -> Self {
        self.consent = Consent::To(seen.to_owned());
        self
    }

    /// Announces a change that is about to be written: what relies on the fact is locked until the transaction ends,
    /// sessions before clinicians, as everywhere.
    pub async fn announce(&self, tx: &mut Tx, change: FactChange) -> Result<Announced, DbError> {
        for reliant in self.all {
            (reliant.lock)(tx, &change).await?;
        }
        Ok(Announced(change))
    }

    /// Settles a change that has been written, in its transaction. Fails with [`FactError::AskFirst`], so that the caller
    /// rolls back, where something falls with it that the consent does not cover.
    pub async fn settle(&self, tx: &mut Tx, Announced(change): Announced) -> Result<Fallout, FactError> {
        let mut all = Fallout::default();
        for reliant in self.all {
            all.add((reliant.settle)(tx, &self.means, &change).await?);
        }
        if self.consent.covers(&all) { Ok(all) } else { Err(FactError::AskFirst(Box::new(all))) }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::{Consent, Fallen, Fallout};

    fn fallen(id: u128) -> Fallen {
        Fallen {
            id: Uuid::from_u128(id),
            clinician: "Ann Example".to_owned(),
            practice: "Orchid House Surgery".to_owned(),
            starts_at: DateTime::UNIX_EPOCH,
            ends_at: DateTime::UNIX_EPOCH,
            why: String::new(),
        }
    }

    #[test]
    fn consent_is_to_what_was_seen_and_to_no_more_and_no_less() {
        let seen = Fallout { offers: vec![fallen(1), fallen(2)], ..Fallout::default() };
        let consent = Consent::To(seen.name());
        assert!(consent.covers(&seen));
        let in_another_order = Fallout { offers: vec![fallen(2), fallen(1)], ..Fallout::default() };
        assert!(consent.covers(&in_another_order));
        let less = Fallout { offers: vec![fallen(1)], ..Fallout::default() };
        let otherwise = Fallout { cancelled: seen.offers.clone(), ..Fallout::default() };
        let more = Fallout { flagged: vec![fallen(3)], ..seen.clone() };
        for other in [less, otherwise, more] {
            assert!(!consent.covers(&other) && Consent::ToAll.covers(&other));
        }
        assert!(
            !Consent::To(String::new()).covers(&seen)
                && Consent::To(String::new()).covers(&Fallout::default())
        );
    }
}
