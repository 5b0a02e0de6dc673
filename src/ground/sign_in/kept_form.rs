//! A form that comes when its person's sign-in has run out is kept, sealed, and offered to them again once they have signed
//! in: who needs longer loses nothing (WCAG 2.2.1, 2.2.6).

use chrono::{DateTime, TimeDelta, Utc};

use super::SignInRow;
use super::store::kept_form as store;
use crate::ground::data_key::{DataKey, NONCE, SealError};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{AccountId, MembershipId};

/// So long it is kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// The names of fields that nobody keeps. A form that has one is not kept at all.
const NEVER_KEPT: [&str; 4] = ["password", "old_password", "new_password", "code"];

/// The field that proves where a form comes from, which is another after signing in again.
pub const TOKEN: &str = "csrf_token";

/// A form that waits for its person.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptForm {
    /// Whose it is.
    pub account_id: AccountId,
    /// In which of their memberships they sent it.
    pub membership_id: MembershipId,
    /// Where it was sent.
    pub path: String,
    /// What it said, sealed.
    pub sealed_fields: Vec<u8>,
    /// Until when it is kept.
    pub expires_at: DateTime<Utc>,
}

/// Why a form was not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// It could not be sealed.
    #[error("sealing a form that is kept")]
    Unsealed(#[from] SealError),
    /// The database failed.
    #[error("keeping a form")]
    Database(#[from] DbError),
}

fn purpose(account: AccountId) -> Vec<u8> {
    [b"kept form:".as_slice(), account.0.as_bytes()].concat()
}

/// Whether a form may be kept: one that carries no secret.
#[must_use]
pub fn may_be_kept(fields: &[(String, String)]) -> bool {
    !fields.iter().any(|(name, _)| NEVER_KEPT.contains(&name.as_str()))
}

/// Keeps a form for the person of this sign-in in its bank, in place of an earlier one; without the field that proves where
/// it comes from.
pub async fn keep_form(
    tx: &mut Tx,
    (key, nonce): (&DataKey, [u8; NONCE]),
    sign_in: &SignInRow,
    (path, fields): (&str, &[(String, String)]),
) -> Result<(), NotKept> {
    let plain = serde_html_form::to_string(fields).unwrap_or_default();
    let sealed = key.seal(&purpose(sign_in.account_id), plain.as_bytes(), nonce)?;
    Ok(store::upsert_form(tx, sign_in, (path, &sealed), tx.now() + KEPT).await?)
}

impl KeptForm {
    /// What it said, in order; none where it was sealed by another key.
    #[must_use]
    pub fn fields(&self, key: &DataKey) -> Option<Vec<(String, String)>> {
        let plain = key.open(&purpose(self.account_id), &self.sealed_fields)?;
        serde_html_form::from_bytes(&plain).ok()
    }
}

/// Lets the form go that is kept for whoever acts: it is being sent, or they do not want it. `false` where there is none.
pub async fn let_form_go(tx: &mut Tx) -> Result<bool, DbError> {
    match tx.account() {
        Some(account) => store::delete_form(tx, account).await,
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_kept;

    #[test]
    fn a_form_with_a_secret_is_not_kept() {
        let form =
            |name: &str| vec![("notes".to_owned(), "Ring".to_owned()), (name.to_owned(), String::new())];
        assert!(may_be_kept(&form("starts")));
        for secret in ["password", "old_password", "new_password", "code"] {
            assert!(!may_be_kept(&form(secret)), "{secret}");
        }
    }
}
