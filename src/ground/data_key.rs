//! The key under which the service keeps what a copy of the database must not show. What is sealed can be opened by the
//! same key and for the same purpose alone (XChaCha20-Poly1305).

use std::sync::Arc;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};

/// The fewest bytes a key may have.
const LEAST_KEY_BYTES: usize = 32;
/// Bytes of chance that each sealing takes; by chance alone none comes twice.
pub const NONCE: usize = 24;

/// A key that seals and opens: the one place where anything is.
#[derive(Debug)]
pub struct SealingKey(SecretBox<[u8; 32]>);

impl SealingKey {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0.expose_secret()))
    }

    /// Seals `bytes` for a purpose, which whoever opens them has to name, in their own memory.
    pub fn seal(&self, purpose: &[u8], bytes: &mut Vec<u8>, nonce: [u8; NONCE]) -> Result<(), SealError> {
        self.cipher().encrypt_in_place(&XNonce::from(nonce), purpose, bytes).map_err(|_too_long| SealError)
    }

    /// Opens what was sealed for this purpose by this key, in its own memory; whether it was, and is unchanged since.
    #[must_use]
    pub fn open(&self, purpose: &[u8], bytes: &mut Vec<u8>, nonce: [u8; NONCE]) -> bool {
        self.cipher().decrypt_in_place(&XNonce::from(nonce), purpose, bytes).is_ok()
    }
}

/// The keys: the first seals, every one opens what it sealed.
#[derive(Debug, Clone)]
pub struct DataKey(Arc<Vec<SealingKey>>);

/// What stands in a list of keys for the one that is made of the key of links.
const MADE_OF_LINKS: &str = "link_key";

/// The key in the settings can't be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "secrets.data_key must be at least 32 bytes in hexadecimal (64 characters), or several with a comma between, the newest \
     first, of which one can be the word link_key; or empty. Make one with: openssl rand -hex 32"
)]
pub struct DataKeyError;

/// Something could not be sealed, which happens to no data of ours.
#[derive(Debug, thiserror::Error)]
#[error("data could not be sealed")]
pub struct SealError;

impl DataKey {
    /// The keys that `text` lists in hexadecimal, the newest first; `of_links` where it is empty, or says so.
    pub fn of(text: &SecretString, of_links: [u8; 32]) -> Result<Self, DataKeyError> {
        let text = text.expose_secret();
        let listed = text.split(',').map(str::trim).filter(|key| !key.is_empty());
        let key = |listed: &str| {
            if listed == MADE_OF_LINKS {
                return Ok(SealingKey::new(of_links));
            }
            let bytes = hex::decode(listed).map_err(|_not_hex| DataKeyError)?;
            if bytes.len() < LEAST_KEY_BYTES {
                return Err(DataKeyError);
            }
            Ok(SealingKey::new(Sha256::digest(&bytes).into()))
        };
        let mut keys = listed.map(key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            keys.push(SealingKey::new(of_links));
        }
        Ok(Self(Arc::new(keys)))
    }

    /// Seals data for a purpose, which whoever opens it has to name.
    pub fn seal(&self, purpose: &[u8], plain: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>, SealError> {
        let newest = self.0.first().ok_or(SealError)?;
        let mut bytes = plain.to_vec();
        newest.seal(purpose, &mut bytes, nonce)?;
        Ok([nonce.as_slice(), &bytes].concat())
    }

    /// Opens what was sealed for this purpose by one of these keys; none where it was not, or was changed since.
    #[must_use]
    pub fn open(&self, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.0.iter().find_map(|key| opened(key, purpose, sealed))
    }

    /// Whether the newest key has sealed it.
    #[must_use]
    pub fn is_of_newest(&self, purpose: &[u8], sealed: &[u8]) -> bool {
        self.0.first().and_then(|newest| opened(newest, purpose, sealed)).is_some()
    }
}

fn opened(key: &SealingKey, purpose: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let (nonce, mut bytes) = (nonce.try_into().ok()?, sealed.to_vec());
    key.open(purpose, &mut bytes, nonce).then_some(bytes)
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

    #[test]
    fn a_new_key_seals_and_the_older_go_on_opening_until_they_are_taken_away() {
        let (old, new) = ("ab".repeat(32), "cd".repeat(32));
        let keys = |text: &str| DataKey::of(&text.into(), [1; 32]).unwrap();
        let sealed = keys(&old).seal(b"one", b"secret", [7; NONCE]).unwrap();
        let both = keys(&format!("{new}, {old}"));
        assert!(both.open(b"one", &sealed).is_some() && !both.is_of_newest(b"one", &sealed));
        let again = both.seal(b"one", b"secret", [8; NONCE]).unwrap();
        assert!(both.is_of_newest(b"one", &again) && keys(&new).open(b"one", &again).is_some());
        assert_eq!(keys(&new).open(b"one", &sealed), None);
        let of_links = key("", 1).seal(b"one", b"secret", [7; NONCE]).unwrap();
        assert!(keys(&format!("{new},link_key")).open(b"one", &of_links).is_some());
    }
}
