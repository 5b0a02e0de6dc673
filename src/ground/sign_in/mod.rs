//! Who is signed in: a person's authenticated browser state, acting in one of their memberships.

pub mod store;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::ground::actor::Actor;
pub use crate::ground::actor::PersonKind;
use crate::ground::id::{AccountId, BankId, MembershipId};

/// A person who is signed in, and the membership they act in. Every request of theirs carries one.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Their account.
    pub account: AccountId,
    /// The bank they act in.
    pub bank: BankId,
    /// Their membership in it.
    pub membership: MembershipId,
    /// What they came to do.
    pub kind: PersonKind,
    /// Their name, for the page header.
    pub name: String,
    /// The bank's name, for the page header.
    pub bank_name: String,
    /// The bank's time zone.
    pub time_zone: Tz,
    /// Whether the bank is invented, for demonstration.
    pub invented: bool,
    /// The hash of their sign-in's token, by which it can be ended.
    pub token_hash: TokenHash,
    /// The token every form of theirs carries.
    pub form_token: String,
}

impl From<&SignedIn> for Actor {
    fn from(who: &SignedIn) -> Self {
        Self::Member { account: who.account, bank: who.bank, membership: who.membership, kind: who.kind }
    }
}

/// The SHA-256 of a secret token. The token itself is never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The hash of `token` as it came from a cookie or a link.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

/// A sign-in's times, by which it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInTimes {
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// When their last request came, to the minute.
    pub last_seen_at: DateTime<Utc>,
}

impl SignInTimes {
    /// Whether the sign-in still counts at `now` (OWASP ASVS 5.0, 7.3).
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>, idle: TimeDelta, absolute: TimeDelta) -> bool {
        now < self.last_seen_at + idle && now < self.created_at + absolute
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::SignInTimes;

    #[test]
    fn a_sign_in_ends_when_idle_and_in_any_case() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (idle, absolute) = (TimeDelta::minutes(30), TimeDelta::hours(12));
        let seen = |after| SignInTimes { created_at: start, last_seen_at: start + after };
        assert!(seen(TimeDelta::zero()).is_live(start + TimeDelta::minutes(29), idle, absolute));
        assert!(!seen(TimeDelta::zero()).is_live(start + TimeDelta::minutes(30), idle, absolute));
        let busy = seen(TimeDelta::minutes(719));
        assert!(busy.is_live(start + TimeDelta::minutes(719), idle, absolute));
        assert!(!busy.is_live(start + TimeDelta::minutes(720), idle, absolute));
    }
}
