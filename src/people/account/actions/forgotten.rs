//! A forgotten password is replaced by way of its person's mailbox.
//!
//! Asking writes the same row for every address, so that neither the answer nor its time says whether somebody has an
//! account; who it is, is looked up in the background.

use serde::{Deserialize, Serialize};

use super::change::{self, ChangeError};
use crate::ground::actor::Actor;
use crate::ground::db::{DbError, Tx};
use crate::ground::id::PasswordLinkId;
use crate::ground::mail::links::{LinkKey, password_token};
use crate::ground::mail::{self, Letterhead};
use crate::ground::queue::store::insert_job;
use crate::ground::queue::{JobError, NewJob};
use crate::ground::sign_in::TokenHash;
use crate::people::account::messages::password_link;
use crate::people::account::store::password as store;
use crate::people::account::{LINK_LASTS, LINK_STAYS};

/// The kind of the job that sends a link.
pub const SEND_LINK: &str = "send_password_link";

/// Somebody asked for a link to a new password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The address they gave, in lower case. Nobody need have it.
    pub email: String,
}

/// Asks for a link to a new password for whoever has the address.
pub async fn ask_for_link(tx: &mut Tx, asked: &Asked) -> Result<(), DbError> {
    let job = NewJob {
        bank: None,
        kind: SEND_LINK,
        unique_key: Some(hex::encode(TokenHash::of(&asked.email).0)),
        payload: serde_json::json!(asked),
        priority: 1,
        run_at: tx.now(),
    };
    insert_job(tx, &job).await?;
    Ok(())
}

/// Puts the link into the outbox that was asked for, in place of an older one; nothing where nobody has the address, or
/// where they have a link of a few minutes ago.
pub async fn send_link(tx: &mut Tx, key: &LinkKey, asked: &Asked) -> Result<(), JobError> {
    let Some(holder) = store::lock_holder_of_address(tx, &asked.email).await? else { return Ok(()) };
    let now = tx.now();
    if store::has_link_since(tx, holder.account, now - LINK_STAYS).await? {
        return Ok(());
    }
    store::mark_links_withdrawn(tx, holder.account).await?;
    let (link, expires_at) = (PasswordLinkId::new(), now + LINK_LASTS);
    let token = TokenHash::of(&password_token(key, link));
    store::insert_link(tx, link, holder.account, &token, expires_at).await?;
    tx.go_to_bank(holder.bank).await?;
    let mail = password_link::mail(&holder, link, expires_at);
    let mail = mail.map_err(|error| JobError::Failed(error.to_string()))?;
    mail::store::insert_mail(tx, &mail).await?;
    Ok(())
}

/// Gives the account of a link this password hash, and uses the link up. Every sign-in of theirs ends.
pub async fn choose_by_link(
    tx: &mut Tx,
    letterhead: &Letterhead,
    token: &TokenHash,
    password_hash: &str,
) -> Result<(), ChangeError> {
    let account = store::mark_link_used(tx, token).await?.ok_or(ChangeError::LinkEnded)?;
    let holder = store::find_holder(tx, account).await?.ok_or(ChangeError::LinkEnded)?;
    if !store::set_password_hash(tx, account, None, password_hash).await? {
        return Err(ChangeError::LinkEnded);
    }
    // Whoever held the link acts for its account from here on, in the log too.
    tx.go_on_as(Actor::LinkHolder { bank: holder.bank, account: Some(account) });
    change::finish(tx, letterhead, &holder, None).await
}
