//! Links that carry what they are for, sealed by the key of links: nothing need be kept for them, the link of an old
//! mail works, and a copy of the database opens nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::link_key::LinkKey;
use crate::ground::id::BankId;

/// What a link lets its holder do. A link for one thing is none for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// End a kind of message for one account (RFC 8058).
    Stop,
    /// Renew an alert.
    Renew,
    /// Fetch what a clinician is booked for, as a calendar.
    Calendar,
}

impl Purpose {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Stop => b"stop:",
            Self::Renew => b"renew:",
            Self::Calendar => b"calendar:",
        }
    }
}

/// What a link is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLink {
    /// The bank.
    pub bank: BankId,
    /// The account whose mails end, the alert that is renewed, or the feed of a calendar.
    pub id: Uuid,
    /// The kind of message that ends; "" for an alert.
    pub kind: String,
}

/// Bytes of an id, and of a seal.
const ID: usize = 16;
const SEAL: usize = 32;

impl SealedLink {
    /// The token: bank, id, seal and kind, in base64url.
    #[must_use]
    pub fn token(&self, key: &LinkKey, purpose: Purpose) -> String {
        let seal = self.seal(key, purpose);
        let parts = [self.bank.0.as_bytes().as_slice(), self.id.as_bytes(), &seal, self.kind.as_bytes()];
        URL_SAFE_NO_PAD.encode(parts.concat())
    }

    /// What a token is about; none where its seal is not ours, or is for another purpose.
    #[must_use]
    pub fn read(key: &LinkKey, purpose: Purpose, token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (bank, rest) = bytes.split_at_checked(ID)?;
        let (id, rest) = rest.split_at_checked(ID)?;
        let (seal, kind) = rest.split_at_checked(SEAL)?;
        let link = Self {
            bank: BankId(Uuid::from_slice(bank).ok()?),
            id: Uuid::from_slice(id).ok()?,
            kind: std::str::from_utf8(kind).ok()?.to_owned(),
        };
        bool::from(link.seal(key, purpose).as_slice().ct_eq(seal)).then_some(link)
    }

    fn seal(&self, key: &LinkKey, purpose: Purpose) -> [u8; SEAL] {
        key.seal(&[purpose.name(), self.bank.0.as_bytes(), self.id.as_bytes(), self.kind.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::{Purpose, SealedLink};
    use crate::ground::id::{AccountId, BankId};
    use crate::ground::mail::links::LinkKey;

    fn key(byte: &str) -> LinkKey {
        LinkKey::from_hex(&byte.repeat(32).into()).unwrap()
    }

    fn link() -> SealedLink {
        SealedLink { bank: BankId::new(), id: AccountId::new().0, kind: "digest".to_owned() }
    }

    #[test]
    fn a_token_gives_back_what_it_is_about_for_its_own_purpose_and_key_alone() {
        let link = link();
        let token = link.token(&key("ab"), Purpose::Stop);
        assert_eq!(SealedLink::read(&key("ab"), Purpose::Stop, &token), Some(link));
        assert_eq!(SealedLink::read(&key("cd"), Purpose::Stop, &token), None);
        assert_eq!(SealedLink::read(&key("ab"), Purpose::Renew, &token), None);
    }

    #[test]
    fn a_token_that_was_changed_anywhere_opens_nothing() {
        let token = link().token(&key("ab"), Purpose::Stop);
        let opened = |token: &str| SealedLink::read(&key("ab"), Purpose::Stop, token);
        for at in 0..token.len() {
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert_eq!(opened(&changed), None, "changed at {at}");
        }
        for short in ["", "A", &token[..80], &token[..20]] {
            assert_eq!(opened(short), None);
        }
    }
}
