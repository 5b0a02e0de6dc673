//! The key from which the links in mails are derived.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

use crate::ground::data_key::{DataKey, DataKeyError};

/// The fewest bytes a key may have.
const LEAST_KEY_BYTES: usize = 32;

/// The key from which links are derived.
#[derive(Debug, Clone)]
pub struct LinkKey(std::sync::Arc<SecretBox<Vec<u8>>>);

/// The key in the settings can't be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "secrets.link_key must be at least 32 bytes in hexadecimal (64 characters); make one with: openssl rand -hex 32"
)]
pub struct LinkKeyError;

impl LinkKey {
    /// The key that `text` spells in hexadecimal.
    pub fn from_hex(text: &SecretString) -> Result<Self, LinkKeyError> {
        let bytes = hex::decode(text.expose_secret()).map_err(|_not_hex| LinkKeyError)?;
        if bytes.len() < LEAST_KEY_BYTES {
            return Err(LinkKeyError);
        }
        Ok(Self(std::sync::Arc::new(SecretBox::new(Box::new(bytes)))))
    }

    /// The key of data that `text` spells in hexadecimal; made of this one where it is empty.
    pub fn data_key(&self, text: &SecretString) -> Result<DataKey, DataKeyError> {
        DataKey::of(text, self.seal(&[b"data key"]))
    }

    /// An HMAC of these parts, one after the other.
    pub(crate) fn seal(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret());
        let sealed = mac.map(|mac| parts.iter().fold(mac, Mac::chain_update).finalize());
        sealed.map(|sealed| sealed.into_bytes().into()).unwrap_or_default()
    }
}
