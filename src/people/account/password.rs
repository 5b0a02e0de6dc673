//! Passwords: what a new one must be, and Argon2id, in a thread of its own so that a page never waits behind a hash.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use zxcvbn::{Score, zxcvbn};

/// The fewest characters of a new password. Kinds of characters are not asked for: they make people write `Passw0rd!`
/// (NIST SP 800-63B, OWASP ASVS 5.0, 6.2).
pub const FEWEST_CHARACTERS: usize = 12;
/// The most characters of a new password.
pub const MOST_CHARACTERS: usize = 128;
/// Own words shorter than this many characters are in every other password by chance.
const SHORTEST_OWN_WORD: usize = 3;

/// It stands 10¹⁰ guesses. At 10⁸, where zxcvbn draws its usual line, `Winter2026!!` and a name with a year would pass; what
/// a password manager makes, and three words, are far above either.
const STRONG_ENOUGH: Score = Score::Four;

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// Why a password can't be chosen. The sentence says what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// None was entered.
    #[error("Enter a new password")]
    Missing,
    /// Fewer than [`FEWEST_CHARACTERS`].
    #[error("Your new password must have 12 characters or more")]
    TooShort,
    /// More than [`MOST_CHARACTERS`].
    #[error("Your new password must have 128 characters or fewer")]
    TooLong,
    /// The person's own words make it easier to guess, and too easy.
    #[error(
        "Your new password is easy to guess for somebody who knows you. Leave out your name, your email address and your bank"
    )]
    OwnWords,
    /// Common passwords, words, names, dates, rows of keys and repeats make up too much of it.
    #[error(
        "Your new password is easy to guess. Use three or more words that do not belong together, or let your browser or password manager make one"
    )]
    Guessable,
}

/// The words that somebody who guesses a person's password would try first: their name, their address, their bank.
#[derive(Debug, Clone, Default)]
pub struct OwnWords(Vec<String>);

impl OwnWords {
    /// The words of these texts, each whole and taken apart at whatever is no letter or digit.
    #[must_use]
    pub fn of(texts: &[&str]) -> Self {
        let parts = texts.iter().flat_map(|text| {
            std::iter::once(*text).chain(text.split(|character: char| !character.is_alphanumeric()))
        });
        let long_enough = parts.filter(|part| part.chars().count() >= SHORTEST_OWN_WORD);
        Self(long_enough.map(str::to_owned).collect())
    }
}

/// A password that may be chosen.
#[derive(Debug, Clone)]
pub struct NewPassword(SecretString);

impl NewPassword {
    /// Judges what was entered, for a person with these words of their own. Takes a few milliseconds.
    pub fn parse(entered: &str, own_words: &OwnWords) -> Result<Self, PasswordRefusal> {
        match entered.chars().count() {
            0 => return Err(PasswordRefusal::Missing),
            count if count < FEWEST_CHARACTERS => return Err(PasswordRefusal::TooShort),
            count if count > MOST_CHARACTERS => return Err(PasswordRefusal::TooLong),
            _ => {}
        }
        let words: Vec<&str> = own_words.0.iter().map(String::as_str).chain(["locumbank"]).collect();
        let judged = zxcvbn(entered, &words);
        if judged.score() >= STRONG_ENOUGH {
            return Ok(Self(entered.into()));
        }
        let is_made_of_own_words = judged.guesses_log10() < zxcvbn(entered, &[]).guesses_log10();
        Err(if is_made_of_own_words { PasswordRefusal::OwnWords } else { PasswordRefusal::Guessable })
    }

    /// Its Argon2id hash with `memory_kib` KiB, as a PHC string.
    pub async fn hash(self, memory_kib: u32) -> Result<String, HashError> {
        let hashed = tokio::task::spawn_blocking(move || hash(&self.0, memory_kib)).await;
        hashed.unwrap_or(Err(HashError))
    }
}

fn hasher(memory_kib: u32) -> Result<Argon2<'static>, HashError> {
    let params = Params::new(memory_kib, 1, 1, None).map_err(|_invalid| HashError)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The Argon2id hash of `password` with `memory_kib` KiB, one pass and one lane, as a PHC string.
///
/// This takes tens of milliseconds: call it where waiting harms nobody.
pub fn hash(password: &SecretString, memory_kib: u32) -> Result<String, HashError> {
    let hash = hasher(memory_kib)?
        .hash_password(password.expose_secret().as_bytes())
        .map_err(|_failed| HashError)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one of `stored`. Where there is no account, `stored` is `None` and the same work is
/// done in vain, so that the time taken tells nobody which addresses have accounts.
pub async fn verify(password: SecretString, stored: Option<String>, memory_kib: u32) -> bool {
    let check = move || match stored {
        Some(stored) => PasswordHash::new(&stored).is_ok_and(|parsed| {
            hasher(memory_kib).is_ok_and(|hasher| {
                hasher.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok()
            })
        }),
        None => hash(&password, memory_kib).is_err(),
    };
    tokio::task::spawn_blocking(check).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::{NewPassword, OwnWords, PasswordRefusal, hash, verify};

    #[tokio::test]
    async fn only_the_right_password_passes() {
        let stored = hash(&"correct horse".into(), 64).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".into(), Some(stored.clone()), 64).await);
        assert!(!verify("Correct horse".into(), Some(stored), 64).await);
        assert!(!verify("anything".into(), None, 64).await);
    }

    #[test]
    fn a_new_password_is_long_and_hard_to_guess() {
        let own =
            OwnWords::of(&["Philippa Gainsborough", "p.gainsborough@orchid-surgery.example", "Orchid bank"]);
        let refused = |entered: &str| NewPassword::parse(entered, &own).err();
        for (entered, why) in [
            ("", PasswordRefusal::Missing),
            ("kT9#vq2!mZx", PasswordRefusal::TooShort),
            (&"lantern osprey ".repeat(9), PasswordRefusal::TooLong),
            ("password1234", PasswordRefusal::Guessable),
            ("Passw0rd1234", PasswordRefusal::Guessable),
            ("qwertyuiop123", PasswordRefusal::Guessable),
            ("aaaaaaaaaaaaaaaa", PasswordRefusal::Guessable),
            ("123456789012345", PasswordRefusal::Guessable),
            ("iloveyou1234", PasswordRefusal::Guessable),
            ("Winter2026!!", PasswordRefusal::Guessable),
            ("gainsborough1", PasswordRefusal::OwnWords),
            ("gainsborough2026!", PasswordRefusal::OwnWords),
            ("philippa.gainsborough", PasswordRefusal::OwnWords),
            ("OrchidSurgery2026", PasswordRefusal::OwnWords),
            ("PhilippaGainsborough", PasswordRefusal::OwnWords),
            ("p.gainsborough@orchid-surgery.example", PasswordRefusal::OwnWords),
            ("locumbanklocumbank", PasswordRefusal::OwnWords),
        ] {
            assert_eq!(refused(entered), Some(why), "{entered:?}");
        }
        for fine in
            ["lantern osprey gravel", "kT9#vq2!mZx4", "Zwölf Möwen im Regen", "🦉🪨🫖🧵🪗🧭🪁🧊🪵🫎🪺🪞"]
        {
            assert_eq!(refused(fine), None, "{fine:?}");
        }
    }

    /// Everybody's password must be refused, whoever has which name.
    #[test]
    fn the_commonest_long_passwords_are_refused_without_a_list_of_ours() {
        for common in [
            "1q2w3e4r5t6y",
            "123qweasdzxc",
            "qazwsxedcrfv",
            "passwordpassword",
            "password12345",
            "1qaz2wsx3edc",
            "qwerty123456",
            "123456qwerty",
            "abcdefghijkl",
            "administrator",
            "unbelievable1",
            "letmeinletmein",
            "welcome12345",
            "liverpool123",
            "manchester12",
            "changeme1234",
            "summer2026summer",
            "111111111111",
            "zxcvbnm12345",
            "asdfghjkl123",
            "football1234",
            "sunshine1234",
            "princess1234",
            "charlie12345",
        ] {
            assert!(NewPassword::parse(common, &OwnWords::default()).is_err(), "{common}");
        }
    }

    #[tokio::test]
    async fn a_new_password_is_hashed_as_it_was_entered() {
        let chosen = NewPassword::parse("lantern osprey gravel", &OwnWords::default()).unwrap();
        assert!(!format!("{chosen:?}").contains("osprey"), "secrets don't print");
        let stored = chosen.hash(64).await.unwrap();
        assert!(verify("lantern osprey gravel".into(), Some(stored), 64).await);
    }
}
