//! A person changes the address they sign in with. Both mailboxes confirm it: the present one, so that nobody who finds a
//! browser left signed in takes an account over; and the new one, so that a slip of the finger locks nobody out.

use serde_json::json;

use crate::ground::actor::Actor;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::AddressChangeId;
use crate::ground::mail::links::{LinkKey, address_token};
use crate::ground::mail::{self, Letterhead};
use crate::ground::sign_in::TokenHash;
use crate::people::account::messages::{address_changed, address_link};
use crate::people::account::store::{address as store, password};
use crate::people::account::{ADDRESS_LINKS_LAST, Holder, Mailbox};

/// Why an address was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// The link was used, replaced, or is too old.
    #[error("the link of a change of address has ended")]
    LinkEnded,
    /// Somebody has the address.
    #[error("the address has an account")]
    Taken,
    /// A mail can't be written.
    #[error("a mail about a change of address can't be written: {0}")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] DbError),
}

impl From<DbError> for AddressError {
    fn from(error: DbError) -> Self {
        if error.constraint() == Some("account_email_key") { Self::Taken } else { Self::Database(error) }
    }
}

/// How far a change of address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// The other mailbox has still to confirm it.
    ByOne,
    /// It is done.
    ByBoth,
}

/// Asks for another address, and writes to both mailboxes; a change that was asked for before ends. Whether somebody has the
/// address is told to nobody but whoever reads its mail, when it is to be changed.
pub async fn ask_for_address(
    tx: &mut Tx,
    key: &LinkKey,
    holder: &Holder,
    new_email: &str,
) -> Result<(), AddressError> {
    store::mark_changes_withdrawn(tx, holder.account).await?;
    let (id, expires_at) = (AddressChangeId::new(), tx.now() + ADDRESS_LINKS_LAST);
    let token = |mailbox: Mailbox| TokenHash::of(&address_token(key, id, mailbox == Mailbox::New));
    let tokens = (&token(Mailbox::Old), &token(Mailbox::New));
    store::insert_change(tx, (id, holder.account), new_email, tokens, expires_at).await?;
    audit::record(tx, Action::AddressChangeAsked, holder.account, json!({})).await?;
    let written =
        Mailbox::BOTH.map(|mailbox| address_link::mail(holder, (id, new_email), mailbox, expires_at));
    let mails = written.into_iter().collect::<Result<Vec<_>, _>>()?;
    tx.go_to_bank(holder.bank).await?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(())
}

/// Confirms a change from the mailbox whose link it is. Once both have, the address is changed, links to a new password end,
/// and both mailboxes are told.
pub async fn confirm_address(
    tx: &mut Tx,
    letterhead: &Letterhead,
    token: &TokenHash,
) -> Result<Confirmed, AddressError> {
    let change = store::find_change(tx, token).await?.ok_or(AddressError::LinkEnded)?;
    let holder = password::find_holder(tx, change.account_id).await?.ok_or(AddressError::LinkEnded)?;
    let is_by_both = store::mark_confirmed(tx, change.id, change.mailbox()).await?;
    if !is_by_both.ok_or(AddressError::LinkEnded)? {
        return Ok(Confirmed::ByOne);
    }
    store::set_email(tx, holder.account, &change.new_email).await?;
    store::mark_done(tx, change.id).await?;
    password::mark_links_withdrawn(tx, holder.account).await?;
    // Whoever held the link acts for its account from here on, in the log too.
    tx.go_on_as(Actor::LinkHolder { bank: holder.bank, account: Some(holder.account) });
    tx.go_to_bank(holder.bank).await?;
    audit::record(tx, Action::AddressChanged, holder.account, json!({})).await?;
    let new = Holder { email: change.new_email.clone(), ..holder.clone() };
    let written =
        [&holder, &new].map(|to| address_changed::mail(to, &change.new_email, tx.now(), letterhead));
    let mails = written.into_iter().collect::<Result<Vec<_>, _>>()?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(Confirmed::ByBoth)
}
