//! That somebody has just given the right password, while they are asked for their second factor: sealed, so that the form
//! carries it and nothing is kept. It opens nothing by itself, and ends with the password that was given.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ground::data_key::{DataKey, NONCE, SealError};
use crate::ground::id::AccountId;

/// The code has to follow within this.
const LASTS: TimeDelta = TimeDelta::minutes(10);
const PURPOSE: &[u8] = b"password proof";
const ID: usize = 16;
const INSTANT: usize = 8;

/// Whose password was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordProof {
    /// The account.
    pub account: AccountId,
    of_hash: [u8; 32],
}

impl PasswordProof {
    /// Of the account whose password, with this hash, was given.
    #[must_use]
    pub fn new(account: AccountId, password_hash: &str) -> Self {
        Self { account, of_hash: Sha256::digest(password_hash.as_bytes()).into() }
    }

    /// What the form carries.
    pub fn seal(&self, key: &DataKey, now: DateTime<Utc>, nonce: [u8; NONCE]) -> Result<String, SealError> {
        let plain = [self.account.0.as_bytes().as_slice(), &now.timestamp().to_be_bytes(), &self.of_hash];
        Ok(URL_SAFE_NO_PAD.encode(key.seal(PURPOSE, &plain.concat(), nonce)?))
    }

    /// What a form carried; none where it is too old, or nothing of ours.
    #[must_use]
    pub fn open(key: &DataKey, text: &str, now: DateTime<Utc>) -> Option<Self> {
        let plain = key.open(PURPOSE, &URL_SAFE_NO_PAD.decode(text).ok()?)?;
        let (account, rest) = plain.split_at_checked(ID)?;
        let (instant, of_hash) = rest.split_at_checked(INSTANT)?;
        let made_at = DateTime::from_timestamp(i64::from_be_bytes(instant.try_into().ok()?), 0)?;
        let account = AccountId(uuid::Uuid::from_slice(account).ok()?);
        (now < made_at + LASTS).then_some(Self { account, of_hash: of_hash.try_into().ok()? })
    }

    /// Whether the account still has the password that was given.
    #[must_use]
    pub fn is_of(&self, password_hash: &str) -> bool {
        let present: [u8; 32] = Sha256::digest(password_hash.as_bytes()).into();
        bool::from(present.ct_eq(&self.of_hash))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::PasswordProof;
    use crate::ground::data_key::{DataKey, NONCE};
    use crate::ground::id::AccountId;

    #[test]
    fn a_proof_lasts_ten_minutes_and_as_long_as_its_password() {
        let key = DataKey::of(&String::new().into(), [1; 32]).unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let proof = PasswordProof::new(AccountId::new(), "hash");
        let text = proof.seal(&key, now, [1; NONCE]).unwrap();
        let open = |later| PasswordProof::open(&key, &text, now + later);
        assert_eq!(open(TimeDelta::minutes(9)), Some(proof.clone()));
        assert_eq!(open(TimeDelta::minutes(10)), None);
        assert!(proof.is_of("hash") && !proof.is_of("another hash"));
        for nonsense in ["", "AAAA", "💥"] {
            assert_eq!(PasswordProof::open(&key, nonsense, now), None);
        }
    }
}
