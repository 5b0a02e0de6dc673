//! Passwords: Argon2id, checked in a thread of its own so that a page never waits behind a hash.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};

/// A password could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

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
    use super::{hash, verify};

    #[tokio::test]
    async fn only_the_right_password_passes() {
        let stored = hash(&"correct horse".into(), 64).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".into(), Some(stored.clone()), 64).await);
        assert!(!verify("Correct horse".into(), Some(stored), 64).await);
        assert!(!verify("anything".into(), None, 64).await);
    }
}
