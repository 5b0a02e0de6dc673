//! What can be done about an address that takes no mail.

use serde_json::json;

use super::store;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::AccountId;
use crate::ground::not_done::NotDone;
use crate::people::account::store::find_email;

/// Sends to an address of the bank again, as whoever acts says that it works.
pub async fn clear_address(tx: &mut Tx, address: &str) -> Result<(), NotDone> {
    let account = tx.account().ok_or(NotDone::NotFound)?;
    NotDone::unless(clear(tx, address, account).await?)
}

/// Sends to the address of whoever acts again. Nothing happens where it was not stopped.
pub async fn clear_own_address(tx: &mut Tx) -> Result<(), NotDone> {
    let account = tx.account().ok_or(NotDone::NotFound)?;
    let address = find_email(tx, account).await?.ok_or(NotDone::NotFound)?;
    clear(tx, &address, account).await?;
    Ok(())
}

async fn clear(tx: &mut Tx, address: &str, account: AccountId) -> Result<bool, DbError> {
    let is_cleared = store::mark_cleared(tx, address, account).await?;
    if is_cleared {
        audit::record(tx, Action::MailAddressCleared, account, json!({ "address": address })).await?;
    }
    Ok(is_cleared)
}
