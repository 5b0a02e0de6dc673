//! The key under which the service keeps what a copy of the database must not show. What is sealed can be opened by the
//! same key and for the same purpose alone (XChaCha20-Poly1305).

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};

/// The fewest bytes a key may have.
const LEAST_KEY_BYTES: usize = 32;
/// Bytes of chance that each sealing takes; by chance alone none comes twice.
pub const NONCE: usize = 24;

/// The key.
#[derive(Debug, Clone)]
pub struct DataKey(Arc<SecretBox<[u8; 32]>>);

/// The key in the settings can't be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "secrets.data_key must be at least 32 bytes in hexadecimal (64 characters), or empty; make one with: openssl rand -hex 32"
)]
pub struct DataKeyError;

/// Something could not be sealed, which happens to no data of ours.
#[derive(Debug, thiserror::Error)]
#[error("data could not be sealed")]
pub struct SealError;

impl DataKey {
    /// The key that `text` spells in hexadecimal; `instead` where it is empty.
    pub fn of(text: &SecretString, instead: [u8; 32]) -> Result<Self, DataKeyError> {
        let text = text.expose_secret();
        let key = if text.is_empty() {
            instead
        } else {
            let bytes = hex::decode(text).map_err(|_not_hex| DataKeyError)?;
            if bytes.len() < LEAST_KEY_BYTES {
                return Err(DataKeyError);
            }
            Sha256::digest(&bytes).into()
        };
        Ok(Self(Arc::new(SecretBox::new(Box::new(key)))))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.expose_secret().into())
    }

    /// Seals data for a purpose, which whoever opens it has to name.
    pub fn seal(&self, purpose: &[u8], plain: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>, SealError> {
        let payload = Payload { msg: plain, aad: purpose };
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_too_long| SealError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this purpose by this key; none where it was not, or was changed since.
    #[must_use]
    pub fn open(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.cipher().decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: purpose }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{DataKey, NONCE};

    fn key(own: &str, instead: u8) -> DataKey {
        DataKey::of(&own.repeat(32).into(), [instead; 32]).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_by_its_key_for_its_purpose_and_unchanged() {
        let sealed = key("", 1).seal(b"one", b"secret", [7; NONCE]).unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(key("", 1).open(b"one", &sealed).as_deref(), Some(b"secret".as_slice()));
        assert_eq!(key("", 1).open(b"other", &sealed), None);
        assert_eq!(key("", 2).open(b"one", &sealed), None, "made of another");
        assert_eq!(key("cd", 1).open(b"one", &sealed), None, "a key of its own is another");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key("", 1).open(b"one", &changed), None, "changed at {at}");
        }
        for short in [&sealed[..0], &sealed[..NONCE], &sealed[..NONCE + 5]] {
            assert_eq!(key("", 1).open(b"one", short), None);
        }
    }

    #[test]
    fn a_key_of_its_own_does_not_hang_on_the_key_of_links() {
        let sealed = key("cd", 1).seal(b"one", b"secret", [7; NONCE]).unwrap();
        assert!(key("cd", 2).open(b"one", &sealed).is_some());
        for wrong in ["ab", "no hexadecimal"] {
            assert!(DataKey::of(&wrong.into(), [1; 32]).is_err(), "{wrong}");
        }
    }
}
