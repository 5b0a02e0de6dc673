//! Invitations: how a person comes into a bank. A bank administrator invites anybody, a practice manager a colleague for
//! their own practices, an operator the first administrator.
//!
//! ```text
//! open ──▶ accepted    its link was used: there is a membership now
//!   │ └──▶ withdrawn   by whoever may see it
//!   └────▶ open        sent again: a new link, and the one before is dead
//! ```
//!
//! An open one whose time is over has lapsed; sending it again is all that helps. The link is a capability to join as one
//! kind of person under one address. It is used by one acceptance, in whose transaction it ends.
//!
//! A clinician can also ask for one on the bank's public page, where nobody invites them: what they write there
//! ([`Said`]) is kept with it, and the link confirms their address and leads on from where they were.

pub mod actions;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::ground::id::{BankId, InvitationId, PracticeId};
use crate::ground::sign_in::PersonKind;

/// How long a link can be used.
pub const LASTS: TimeDelta = TimeDelta::days(7);

/// A link that somebody asked for themselves is not replaced while it is younger than this: whoever asks on and on for
/// somebody else's address does not fill their mailbox.
pub const LINK_STAYS: TimeDelta = TimeDelta::minutes(5);

/// What was begun on the public page is forgotten so long after its link has lapsed.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(28);

/// How many people one form invites at most.
pub const MOST_AT_ONCE: usize = 100;

/// Where an invitation stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum InvitationState {
    /// Its link can be used until it lapses.
    Open,
    /// The person has joined.
    Accepted,
    /// It was taken back.
    Withdrawn,
}

/// Where an invitation stands for whoever reads of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its link can be used.
    Waiting,
    /// Its time is over.
    Lapsed,
    /// The person has joined.
    Joined,
    /// It was taken back.
    Withdrawn,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Invitation {
    /// The bank.
    pub bank_id: BankId,
    /// Its id.
    pub id: InvitationId,
    /// Where it was sent, in lower case.
    pub email: String,
    /// The person's name as the inviter wrote it; may be empty.
    pub name: String,
    /// What they are to do.
    pub kind: PersonKind,
    /// The practices they are to act for, as a practice manager.
    pub practices: Vec<PracticeId>,
    /// Where it stands.
    pub state: InvitationState,
    /// When it was sent last.
    pub sent_at: DateTime<Utc>,
    /// How often it was sent.
    pub times_sent: i32,
    /// Until when its link can be used.
    pub expires_at: DateTime<Utc>,
    /// What the person has written who asked for it themselves; none where somebody invites them.
    #[sqlx(json(nullable))]
    pub said: Option<Said>,
}

/// What somebody who joins from the public page has written so far, as they typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Their name.
    pub name: String,
    /// Their role, by code.
    pub role: String,
    /// Their number on the role's register.
    pub registration: String,
    /// On what terms they work, by code.
    pub engagement: String,
    /// The postcode district of their home.
    pub home: String,
    /// How far they travel, in miles.
    pub travel: String,
}

impl InvitationState {
    /// How it stands at `now`, for one whose link can be used until `expires_at`.
    #[must_use]
    pub fn standing(self, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Standing {
        match self {
            Self::Open if now < expires_at => Standing::Waiting,
            Self::Open => Standing::Lapsed,
            Self::Accepted => Standing::Joined,
            Self::Withdrawn => Standing::Withdrawn,
        }
    }
}

/// Somebody to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitee {
    /// Their address, in lower case.
    pub email: String,
    /// Their name as the inviter wrote it; may be empty.
    pub name: String,
}

/// People to be invited, all as the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// What they are to do.
    pub kind: PersonKind,
    /// The practices they are to act for; at least one for practice managers, none for others.
    pub practices: Vec<PracticeId>,
    /// Who.
    pub people: Vec<Invitee>,
}

/// Why somebody on a list is not invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotInvited {
    /// They are here already, as what they would be invited for.
    Member,
    /// An invitation is open, or has lapsed: it can be sent again.
    Invited(InvitationId),
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{InvitationState, LASTS, Standing};

    #[test]
    fn an_invitation_lapses_at_the_end_of_its_seventh_day() {
        let sent = DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        let standing = |state: InvitationState, after| state.standing(sent + LASTS, sent + after);
        let week = TimeDelta::days(7);
        assert_eq!(standing(InvitationState::Open, week - TimeDelta::seconds(1)), Standing::Waiting);
        assert_eq!(standing(InvitationState::Open, week), Standing::Lapsed);
        assert_eq!(standing(InvitationState::Accepted, week), Standing::Joined);
        assert_eq!(standing(InvitationState::Withdrawn, TimeDelta::zero()), Standing::Withdrawn);
    }
}
