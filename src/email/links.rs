//! Links in mails are capabilities: 256 bits derived from a key that only the service holds, stored hashed, scoped to
//! one offer. They never sign anyone in.
//!
//! In the outbox a link is a placeholder; the token is put in when the mail leaves, so that a copy of the database
//! opens nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

use crate::id::OfferId;

const OPENS: &str = "[[offer-link:";
const CLOSES: &str = "]]";
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
}

/// What stands for the link of an offer in the bodies of a mail.
#[must_use]
pub fn offer_link(offer: OfferId) -> String {
    format!("{OPENS}{offer}{CLOSES}")
}

/// The token of an offer's link: an HMAC of its id, in base64url.
#[must_use]
pub fn offer_token(key: &LinkKey, offer: OfferId) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.0.expose_secret());
    let mac =
        mac.map(|mac| mac.chain_update(b"offer:").chain_update(offer.0.as_bytes()).finalize().into_bytes());
    mac.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default()
}

/// `body` with each placeholder replaced by its link under `base_url`.
#[must_use]
pub fn fill_in(body: &str, key: &LinkKey, base_url: &str) -> String {
    let mut filled = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(OPENS) {
        filled.push_str(before);
        let placeholder = after.split_once(CLOSES);
        if let Some((offer, after)) =
            placeholder.and_then(|(id, after)| Some((id.parse::<OfferId>().ok()?, after)))
        {
            filled.push_str(base_url);
            filled.push_str("/offer-link/");
            filled.push_str(&offer_token(key, offer));
            rest = after;
        } else {
            filled.push_str(OPENS);
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::{LinkKey, fill_in, offer_link, offer_token};
    use crate::id::OfferId;

    fn key(byte: &str) -> LinkKey {
        LinkKey::from_hex(&byte.repeat(32).into()).unwrap()
    }

    #[test]
    fn a_link_is_filled_in_when_the_mail_leaves() {
        let offer = OfferId::new();
        let body = format!("Answer: {} [[offer-link:nonsense]] end", offer_link(offer));
        let token = offer_token(&key("ab"), offer);
        assert_eq!(
            fill_in(&body, &key("ab"), "https://bank.example"),
            format!("Answer: https://bank.example/offer-link/{token} [[offer-link:nonsense]] end")
        );
    }

    #[test]
    fn tokens_differ_by_offer_and_by_key_and_hold_256_bits() {
        let (one, other) = (OfferId::new(), OfferId::new());
        assert_ne!(offer_token(&key("ab"), one), offer_token(&key("ab"), other));
        assert_ne!(offer_token(&key("ab"), one), offer_token(&key("cd"), one));
        assert_eq!(offer_token(&key("ab"), one).len(), 43);
    }

    #[test]
    fn short_keys_are_refused() {
        assert!(LinkKey::from_hex(&"ab".repeat(31).into()).is_err());
        assert!(LinkKey::from_hex(&"not hexadecimal".into()).is_err());
    }
}
