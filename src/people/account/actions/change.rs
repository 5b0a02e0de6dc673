//! A password is changed by somebody who knows it.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::mail::{self, Letterhead};
use crate::ground::sign_in::{self, TokenHash};
use crate::people::account::Holder;
use crate::people::account::messages::password_changed;
use crate::people::account::store::password as store;

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The link was used, replaced, or is too old.
    #[error("the link to a new password has ended")]
    LinkEnded,
    /// It was changed by another hand since its old one was checked.
    #[error("the password has been changed meanwhile")]
    ChangedMeanwhile,
    /// The mail about it can't be written.
    #[error("the mail about a changed password can't be written: {0}")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbError),
}

/// Changes the password of `holder`, whose old one was checked, and ends every sign-in of theirs but that of `kept`.
pub async fn change_password(
    tx: &mut Tx,
    letterhead: &Letterhead,
    holder: &Holder,
    password_hash: &str,
    kept: &TokenHash,
) -> Result<(), ChangeError> {
    let known = holder.password_hash.as_deref().ok_or(ChangeError::ChangedMeanwhile)?;
    if !store::set_password_hash(tx, holder.account, Some(known), password_hash).await? {
        return Err(ChangeError::ChangedMeanwhile);
    }
    finish(tx, letterhead, holder, Some(kept)).await
}

/// What follows every change: links to a new password and other sign-ins end, their person is told, and it is logged.
pub(super) async fn finish(
    tx: &mut Tx,
    letterhead: &Letterhead,
    holder: &Holder,
    kept: Option<&TokenHash>,
) -> Result<(), ChangeError> {
    store::mark_links_withdrawn(tx, holder.account).await?;
    let ended = sign_in::store::mark_others_ended(tx, holder.account, kept).await?;
    tx.go_to_bank(holder.bank).await?;
    let mail = password_changed::mail(holder, tx.now(), letterhead)?;
    mail::store::insert_mail(tx, &mail).await?;
    let action = if kept.is_some() { Action::PasswordChanged } else { Action::PasswordReplacedByLink };
    audit::record(tx, action, holder.account, json!({ "ended_sign_ins": ended })).await?;
    Ok(())
}
