//! Asking for a copy, and fetching it.

use serde_json::json;

use super::{Export, KIND, purpose, store};
use crate::ground::audit::{self, Action};
use crate::ground::data_key::DataKey;
use crate::ground::db::Tx;
use crate::ground::id::{AccountId, ExportId};
use crate::ground::not_done::NotDone;
use crate::ground::queue::NewJob;
use crate::ground::queue::store::insert_job;
use crate::people::membership::store::list_memberships_here;

/// A copy takes its turn after what people wait for on a page.
const PRIORITY: i16 = 6;

/// Asks for a copy for whoever acts of what is held about somebody: about themselves, all of it; about another person of
/// their bank, what the bank holds. Whether it is a new one: while one is made, no other is.
pub async fn ask_for_copy(tx: &mut Tx, account: AccountId) -> Result<bool, NotDone> {
    let whole_account = tx.account() == Some(account);
    NotDone::unless(whole_account || !list_memberships_here(tx, account).await?.is_empty())?;
    let id = ExportId::new();
    if !store::insert_export(tx, id, account, whole_account).await? {
        return Ok(false);
    }
    let bank = tx.bank();
    let job = NewJob {
        bank: Some(bank),
        kind: KIND,
        unique_key: Some(id.to_string()),
        payload: json!({ "bank": bank, "export": id }),
        priority: PRIORITY,
        run_at: tx.now(),
    };
    insert_job(tx, &job).await?;
    audit::record(tx, Action::DataExportAsked, account, json!({ "whole_account": whole_account })).await?;
    Ok(true)
}

/// Opens the newest copy about somebody that whoever acts asked for. Nobody else's is there for them.
pub async fn fetch_copy(tx: &mut Tx, key: &DataKey, account: AccountId) -> Result<Vec<u8>, NotDone> {
    let Export { id, bytes, .. } = store::find_newest(tx, account).await?.ok_or(NotDone::NotFound)?;
    let mut file = Vec::new();
    for (number, sealed) in store::list_parts(tx, id).await? {
        // What was changed since, or sealed by another key, is no copy any more.
        file.extend(key.open(&purpose(id, number), &sealed).ok_or(NotDone::NotFound)?);
    }
    audit::record(tx, Action::DataExportFetched, account, json!({ "bytes": bytes })).await?;
    Ok(file)
}
