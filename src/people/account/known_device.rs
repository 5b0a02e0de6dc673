//! Browsers in which somebody has signed in before, known by a sealed cookie, as OWASP's "device cookies" are.
//!
//! It opens nothing: it says by which count a try to sign in is slowed. One browser may be several people's, as the
//! reception's is, so it knows the last few.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::ground::id::AccountId;
use crate::ground::mail::links::LinkKey;

/// People whom one browser knows at the most.
const MOST_PEOPLE: usize = 5;
/// Bytes of an account's id, of a browser's own number, and of a seal.
const ID: usize = 16;
const NUMBER: usize = 16;
const SEAL: usize = 32;

/// One person's browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceId([u8; NUMBER]);

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Whom a browser knows, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownDevices(Vec<(AccountId, DeviceId)>);

impl KnownDevices {
    /// Reads a cookie's value. What this key did not seal is left out.
    #[must_use]
    pub fn read(key: &LinkKey, cookie: &str) -> Self {
        Self(cookie.split('.').take(MOST_PEOPLE).filter_map(|token| read_one(key, token)).collect())
    }

    /// The browser of this account, where it is known.
    #[must_use]
    pub fn of(&self, account: AccountId) -> Option<DeviceId> {
        self.0.iter().find(|(known, _)| *known == account).map(|(_, device)| *device)
    }

    /// With this account first: by the number it has, or by `number` where it is new.
    #[must_use]
    pub fn with(mut self, account: AccountId, number: [u8; NUMBER]) -> Self {
        let device = self.of(account).unwrap_or(DeviceId(number));
        self.0.retain(|(known, _)| *known != account);
        self.0.insert(0, (account, device));
        self.0.truncate(MOST_PEOPLE);
        self
    }

    /// The cookie's value.
    #[must_use]
    pub fn cookie(&self, key: &LinkKey) -> String {
        let tokens = self.0.iter().map(|(account, device)| {
            let seal = seal(key, *account, *device);
            URL_SAFE_NO_PAD.encode([account.0.as_bytes().as_slice(), &device.0, &seal].concat())
        });
        tokens.collect::<Vec<_>>().join(".")
    }
}

fn read_one(key: &LinkKey, token: &str) -> Option<(AccountId, DeviceId)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (account, rest) = bytes.split_at_checked(ID)?;
    let (number, sealed) = rest.split_at_checked(NUMBER)?;
    let account = AccountId(uuid::Uuid::from_slice(account).ok()?);
    let device = DeviceId(number.try_into().ok()?);
    bool::from(seal(key, account, device).as_slice().ct_eq(sealed)).then_some((account, device))
}

fn seal(key: &LinkKey, account: AccountId, device: DeviceId) -> [u8; SEAL] {
    key.seal(&[b"device:", account.0.as_bytes(), &device.0])
}

#[cfg(test)]
mod tests {
    use super::{KnownDevices, MOST_PEOPLE};
    use crate::ground::id::AccountId;
    use crate::ground::mail::links::LinkKey;

    fn key(byte: &str) -> LinkKey {
        LinkKey::from_hex(&byte.repeat(32).into()).unwrap()
    }

    #[test]
    fn a_browser_knows_whom_it_was_sealed_for() {
        let (ann, ben) = (AccountId::new(), AccountId::new());
        let known = KnownDevices::default().with(ann, [1; 16]).with(ben, [2; 16]);
        let cookie = known.cookie(&key("ab"));
        let read = KnownDevices::read(&key("ab"), &cookie);
        assert_eq!(read, known);
        assert_eq!(read.clone().with(ann, [3; 16]).of(ann), known.of(ann), "a browser keeps its number");
        assert_eq!(read.of(AccountId::new()), None);
        assert_eq!(KnownDevices::read(&key("cd"), &cookie), KnownDevices::default(), "another key");
    }

    #[test]
    fn a_cookie_that_was_changed_anywhere_knows_nobody() {
        let cookie = KnownDevices::default().with(AccountId::new(), [1; 16]).cookie(&key("ab"));
        for at in 0..cookie.len() {
            let other = if cookie.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &cookie[..at], &cookie[at + 1..]);
            assert_eq!(KnownDevices::read(&key("ab"), &changed), KnownDevices::default(), "changed at {at}");
        }
        for nonsense in ["", ".", "....", "AAAA", "💥"] {
            assert_eq!(KnownDevices::read(&key("ab"), nonsense), KnownDevices::default());
        }
    }

    #[test]
    fn a_browser_of_many_knows_the_last_few() {
        let people: Vec<AccountId> = (0..=MOST_PEOPLE).map(|_| AccountId::new()).collect();
        let known = people.iter().fold(KnownDevices::default(), |known, person| known.with(*person, [1; 16]));
        assert_eq!(known.of(people[0]), None);
        assert!(people[1..].iter().all(|person| known.of(*person).is_some()));
    }
}
