//! Links in mails are capabilities: 256 bits derived from a key that only the service holds, stored hashed, scoped to
//! one offer. They never sign anyone in.
//!
//! In the outbox a link is a placeholder; the token is put in when the mail leaves, so that a copy of the database
//! opens nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use super::link_key::{LinkKey, LinkKeyError};
use super::sealed_link::{Purpose, SealedLink};
use crate::ground::id::{
    AddressChangeId, AlertId, ApplicationLinkId, BankId, InvitationLinkId, OfferId, PasswordLinkId,
};
use crate::ground::sign_in::meant_for::MeantFor;

const OPENS: &str = "[[offer-link:";
const RENEW_OPENS: &str = "[[renew-link:";
const PASSWORD_OPENS: &str = "[[password-link:";
const ADDRESS_OPENS: &str = "[[address-link:";
const INVITATION_OPENS: &str = "[[invitation-link:";
const APPLICATION_OPENS: &str = "[[application-link:";
const CLOSES: &str = "]]";

/// What stands for the link of an offer in the bodies of a mail.
#[must_use]
pub fn offer_link(offer: OfferId) -> String {
    format!("{OPENS}{offer}{CLOSES}")
}

/// What stands for the link that renews an alert.
#[must_use]
pub fn renew_link(bank: BankId, alert: AlertId) -> String {
    format!("{RENEW_OPENS}{bank}:{alert}{CLOSES}")
}

/// The path of the link that renews an alert.
#[must_use]
pub fn renew_path(key: &LinkKey, bank: BankId, alert: AlertId) -> String {
    let link = SealedLink { bank, id: alert.0, kind: String::new() };
    format!("/renew-alert/{}", link.token(key, Purpose::Renew))
}

/// What stands for the link to a new password.
#[must_use]
pub fn password_link(link: PasswordLinkId) -> String {
    format!("{PASSWORD_OPENS}{link}{CLOSES}")
}

/// The token of a link to a new password: an HMAC of its id, in base64url.
#[must_use]
pub fn password_token(key: &LinkKey, link: PasswordLinkId) -> String {
    URL_SAFE_NO_PAD.encode(key.seal(&[b"password:", link.0.as_bytes()]))
}

/// What stands for the link by which one mailbox confirms a change of address: that of the new address, or of the old.
#[must_use]
pub fn address_link(change: AddressChangeId, is_new: bool) -> String {
    format!("{ADDRESS_OPENS}{}:{change}{CLOSES}", if is_new { "new" } else { "old" })
}

/// The token of that link: an HMAC of the change and of the mailbox, in base64url.
#[must_use]
pub fn address_token(key: &LinkKey, change: AddressChangeId, is_new: bool) -> String {
    URL_SAFE_NO_PAD.encode(key.seal(&[b"address:", &[u8::from(is_new)], change.0.as_bytes()]))
}

/// What stands for the link of an invitation.
#[must_use]
pub fn invitation_link(link: InvitationLinkId) -> String {
    format!("{INVITATION_OPENS}{link}{CLOSES}")
}

/// The token of an invitation's link: an HMAC of what this sending of it is known by, in base64url.
#[must_use]
pub fn invitation_token(key: &LinkKey, link: InvitationLinkId) -> String {
    URL_SAFE_NO_PAD.encode(key.seal(&[b"invitation:", link.0.as_bytes()]))
}

/// What stands for the link of an application.
#[must_use]
pub fn application_link(link: ApplicationLinkId) -> String {
    format!("{APPLICATION_OPENS}{link}{CLOSES}")
}

/// The token of an application's link: an HMAC of what its mails alone bear, in base64url.
#[must_use]
pub fn application_token(key: &LinkKey, link: ApplicationLinkId) -> String {
    URL_SAFE_NO_PAD.encode(key.seal(&[b"application:", link.0.as_bytes()]))
}

/// A line of a text without the links that let whoever reads it act in its reader's place.
#[must_use]
pub fn without_links(line: &str) -> &str {
    let cut = [OPENS, PASSWORD_OPENS, ADDRESS_OPENS, INVITATION_OPENS, APPLICATION_OPENS]
        .iter()
        .filter_map(|opens| line.find(opens))
        .min();
    line.get(..cut.unwrap_or(line.len())).unwrap_or_default().trim()
}

/// The first link of a text, or what stands for it until the mail leaves.
#[must_use]
pub fn first_link(text: &str) -> Option<&str> {
    text.split_whitespace().find(|word| {
        let is_mark =
            [OPENS, RENEW_OPENS, PASSWORD_OPENS, ADDRESS_OPENS].iter().any(|opens| word.starts_with(opens));
        (is_mark && word.ends_with(CLOSES)) || word.starts_with("https://") || word.starts_with("http://")
    })
}

/// The token of an offer's link: an HMAC of its id, in base64url.
#[must_use]
pub fn offer_token(key: &LinkKey, offer: OfferId) -> String {
    URL_SAFE_NO_PAD.encode(key.seal(&[b"offer:", offer.0.as_bytes()]))
}

/// What the placeholders of one mail become.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    /// The key of links.
    pub key: &'a LinkKey,
    /// The address people's browsers use, without a slash at the end.
    pub base_url: &'a str,
    /// The offers whose links the mail's readers may have: its own. People can type a placeholder into what a mail
    /// quotes, so one of any other offer stays text.
    pub offers: &'a [OfferId],
    /// For which membership of its reader the mail is, where that has to be said.
    pub meant_for: Option<MeantFor>,
}

/// `body` with each placeholder replaced by its link. Whoever knows an alert's id may renew it, and nobody knows what links
/// to a new password, of a new address, of invitations and of applications are made of but their own mails, so their placeholders need no list.
#[must_use]
pub fn fill_in(body: &str, links: &Links<'_>) -> String {
    let Links { key, base_url, offers, meant_for } = *links;
    let body = meant_for.map_or_else(|| body.to_owned(), |meant| meant.said_in(body, base_url));
    let filled = fill_in_each(&body, OPENS, base_url, |id| {
        let offer = id.parse().ok().filter(|offer| offers.contains(offer))?;
        Some(format!("/offer-link/{}", offer_token(key, offer)))
    });
    let filled = fill_in_each(&filled, RENEW_OPENS, base_url, |ids| {
        let (bank, alert) = ids.split_once(':')?;
        Some(renew_path(key, bank.parse().ok()?, alert.parse().ok()?))
    });
    let filled = fill_in_each(&filled, PASSWORD_OPENS, base_url, |id| {
        Some(format!("/new-password/{}", password_token(key, id.parse().ok()?)))
    });
    let filled = fill_in_each(&filled, ADDRESS_OPENS, base_url, |which| {
        let (side, change) = which.split_once(':')?;
        Some(format!("/new-address/{}", address_token(key, change.parse().ok()?, side == "new")))
    });
    let filled = fill_in_each(&filled, INVITATION_OPENS, base_url, |id| {
        Some(format!("/invitation/{}", invitation_token(key, id.parse().ok()?)))
    });
    fill_in_each(&filled, APPLICATION_OPENS, base_url, |id| {
        Some(format!("/application/{}", application_token(key, id.parse().ok()?)))
    })
}

/// `body` with each placeholder that `opens` begins replaced by its path under `base_url`; what is none stays.
fn fill_in_each(body: &str, opens: &str, base_url: &str, path: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(opens) {
        filled.push_str(before);
        let placeholder = after.split_once(CLOSES);
        if let Some((path, after)) = placeholder.and_then(|(ids, after)| Some((path(ids)?, after))) {
            filled.push_str(base_url);
            filled.push_str(&path);
            rest = after;
        } else {
            filled.push_str(opens);
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::{LinkKey, Links, fill_in, first_link, offer_link, offer_token};
    use crate::ground::id::OfferId;

    fn key(byte: &str) -> LinkKey {
        LinkKey::from_hex(&byte.repeat(32).into()).unwrap()
    }

    fn links<'a>(key: &'a LinkKey, base_url: &'a str, offers: &'a [OfferId]) -> Links<'a> {
        Links { key, base_url, offers, meant_for: None }
    }

    #[test]
    fn a_link_is_filled_in_when_the_mail_leaves() {
        let offer = OfferId::new();
        let body = format!("Answer: {} [[offer-link:nonsense]] end", offer_link(offer));
        let key = key("ab");
        let token = offer_token(&key, offer);
        assert_eq!(
            fill_in(&body, &links(&key, "https://bank.example", &[offer])),
            format!("Answer: https://bank.example/offer-link/{token} [[offer-link:nonsense]] end")
        );
    }

    #[test]
    fn a_placeholder_of_an_offer_that_is_not_the_mails_own_stays_text() {
        let (own, other) = (OfferId::new(), OfferId::new());
        let body = format!("{} {} {}", offer_link(other), offer_link(own), offer_link(other));
        let key = key("ab");
        let filled = fill_in(&body, &links(&key, "", &[own]));
        let typed = offer_link(other);
        assert_eq!(filled, format!("{typed} /offer-link/{} {typed}", offer_token(&key, own)));
    }

    #[test]
    fn tokens_differ_by_offer_and_by_key_and_hold_256_bits() {
        let (one, other) = (OfferId::new(), OfferId::new());
        assert_ne!(offer_token(&key("ab"), one), offer_token(&key("ab"), other));
        assert_ne!(offer_token(&key("ab"), one), offer_token(&key("cd"), one));
        assert_eq!(offer_token(&key("ab"), one).len(), 43);
    }

    #[test]
    fn the_first_link_of_a_text_is_found() {
        let offer = offer_link(OfferId::new());
        assert_eq!(
            first_link(&format!("Answer here:\n{offer}\nhttps://bank.example/x")),
            Some(offer.as_str())
        );
        assert_eq!(
            first_link("See https://bank.example/bookings/1 today"),
            Some("https://bank.example/bookings/1")
        );
        assert_eq!(first_link("nothing here"), None);
    }

    #[test]
    fn short_keys_are_refused() {
        assert!(LinkKey::from_hex(&"ab".repeat(31).into()).is_err());
        assert!(LinkKey::from_hex(&"not hexadecimal".into()).is_err());
    }
}
