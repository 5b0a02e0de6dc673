//! Who is signed in: a person's authenticated browser state, acting in one of their memberships.

pub mod kept_form;
pub mod meant_for;
pub mod store;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

pub use self::store::SignInRow;
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
    /// Whether they have other memberships, in this bank or in others.
    pub has_others: bool,
    /// Their second factor.
    pub second_factor: SecondFactorState,
    /// Whether they have not accepted the bank's terms of use that were in force when they signed in.
    pub owes_terms: bool,
    /// The hash of their sign-in's token, by which it can be ended.
    pub token_hash: TokenHash,
    /// The token every form of theirs carries.
    pub form_token: String,
}

/// Whether a bank demands a second factor of somebody, and whether they have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactorState {
    /// What they do in the bank is open only to people with one.
    pub is_demanded: bool,
    /// They have one, and gave it when they signed in.
    pub is_set_up: bool,
}

impl SecondFactorState {
    /// How it stands on `today` for somebody who acts as `kind` in a bank that demands one from a date on. Of clinicians
    /// none is demanded: they see their own data alone.
    #[must_use]
    pub fn of(kind: PersonKind, demanded_from: Option<NaiveDate>, today: NaiveDate, is_set_up: bool) -> Self {
        let sees_others = kind != PersonKind::Clinician;
        Self { is_demanded: sees_others && demanded_from.is_some_and(|from| from <= today), is_set_up }
    }

    /// Whether they have to set one up before they do anything else.
    #[must_use]
    pub fn is_missing(self) -> bool {
        self.is_demanded && !self.is_set_up
    }
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

    use super::{PersonKind, SecondFactorState, SignInTimes};

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

    #[test]
    fn a_second_factor_is_demanded_from_its_date_on_and_not_of_clinicians() {
        let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        for kind in PersonKind::ALL {
            let missing = |from, today, has| SecondFactorState::of(kind, from, today, has).is_missing();
            assert!(!missing(None, day(2), false));
            assert!(!missing(Some(day(2)), day(1), false));
            assert_eq!(missing(Some(day(2)), day(2), false), kind != PersonKind::Clinician);
            assert!(!missing(Some(day(2)), day(2), true));
        }
    }
}
