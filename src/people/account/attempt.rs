//! Tries, to sign in and to ask for links, are counted, so that nobody guesses on and nobody floods a mailbox.
//!
//! A stranger must not be able to lock a person out. So a try counts against the pair of the address it names and the
//! network it comes from; and one from a browser in which that person has signed in before counts against that browser
//! alone, whatever strangers do meanwhile.

use super::known_device::DeviceId;
use crate::ground::app::App;
use crate::ground::id::AccountId;
use crate::ground::sign_in::TokenHash;

/// A quarter of an hour, over which tries are counted.
const WINDOW_SECONDS: u32 = 900;
/// So many times the tries of one pair may come from one network: a practice's people share an address.
const FOR_A_NETWORK: u64 = 10;
/// So many times the tries of one pair may come for one address, from wherever: many networks that guess together.
const FOR_AN_ADDRESS: u64 = 100;
/// So many times the tries of one pair may come from a known browser: nobody types a hundred.
const FOR_A_DEVICE: u64 = 10;

/// One try: under which keys it counts, and how many times the tries of the settings each may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt(Vec<(String, u64)>);

impl Attempt {
    /// A try to sign in with this address (in lower case) from this network, and from the browser known for it.
    #[must_use]
    pub fn to_sign_in(email: &str, network: &str, device: Option<&DeviceId>) -> Self {
        match device {
            Some(device) => Self(vec![(format!("sign-in:device:{device}"), FOR_A_DEVICE)]),
            None => Self::by_address_and_network("sign-in", email, network),
        }
    }

    /// A code of the second factor of this account, from the browser known for it where there is one. Whoever gives one
    /// has the password, so it counts for the account wherever it comes from: codes are short.
    #[must_use]
    pub fn to_give_a_code(account: AccountId, device: Option<&DeviceId>) -> Self {
        match device {
            Some(device) => Self(vec![(format!("code:device:{device}"), 1)]),
            None => Self(vec![(format!("code:account:{account}"), 1)]),
        }
    }

    /// A request for a link to a new password.
    #[must_use]
    pub fn to_get_a_link(email: &str, network: &str) -> Self {
        Self::by_network("password-link", email, network)
    }

    /// A request for a link with which somebody joins a bank.
    #[must_use]
    pub fn to_join(email: &str, network: &str) -> Self {
        Self::by_network("joining-link", email, network)
    }

    /// A request for a link with which somebody applies for a post.
    #[must_use]
    pub fn to_apply(email: &str, network: &str) -> Self {
        Self::by_network("application-link", email, network)
    }

    /// A try to name the old password, in a sign-in of this account.
    #[must_use]
    pub fn to_change_password(account: &str) -> Self {
        Self(vec![(format!("password-change:account:{account}"), 1)])
    }

    /// By the address alone a link itself is slowed (`LINK_STAYS`); its owner is never refused for others' asking.
    fn by_network(what: &str, email: &str, network: &str) -> Self {
        let Self(keys) = Self::by_address_and_network(what, email, network);
        Self(keys.into_iter().filter(|(_, times)| *times != FOR_AN_ADDRESS).collect())
    }

    fn by_address_and_network(what: &str, email: &str, network: &str) -> Self {
        let email = hex::encode(TokenHash::of(email).0);
        Self(vec![
            (format!("{what}:pair:{email}:{network}"), 1),
            (format!("{what}:network:{network}"), FOR_A_NETWORK),
            (format!("{what}:email:{email}"), FOR_AN_ADDRESS),
        ])
    }

    /// Counts it before it is known whether it is right, so that many at once count too, and says whether there have been
    /// too many. What is refused for one of its keys does not count under those after it.
    pub async fn is_one_too_many(&self, app: &App) -> bool {
        let (now, most) = (app.clock.now(), u64::from(app.settings.sign_in.attempts_per_quarter_hour));
        for (key, times) in &self.0 {
            if app.cache.count(key, WINDOW_SECONDS, now).await > most * times {
                return true;
            }
        }
        false
    }

    /// Takes it back: it turned out to be right.
    pub async fn take_back(&self, app: &App) {
        for (key, _) in &self.0 {
            app.cache.take_back(key).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Attempt;

    #[test]
    fn tries_count_for_the_pair_and_keep_no_address() {
        let attempt = Attempt::to_sign_in("ann@example.org", "192.0.2.1", None);
        assert_ne!(attempt, Attempt::to_sign_in("ann@example.org", "192.0.2.2", None));
        assert_ne!(attempt, Attempt::to_sign_in("ben@example.org", "192.0.2.1", None));
        assert!(!format!("{attempt:?}").contains("example.org"));
    }

    #[test]
    fn nobody_is_refused_a_link_for_what_others_ask_elsewhere() {
        let Attempt(keys) = Attempt::to_get_a_link("ann@example.org", "192.0.2.1");
        assert!(keys.iter().all(|(key, _)| key.ends_with(":192.0.2.1")), "{keys:?}");
    }
}
