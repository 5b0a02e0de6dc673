//! A person ends sign-ins of theirs in other browsers.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{AccountId, SignInId};
use crate::ground::sign_in::{self, TokenHash};

/// Which sign-ins are to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One.
    One(SignInId),
    /// All but the one it is asked from.
    Others,
}

/// Ends sign-ins of this account, never that of `kept` with others, and says how many there were. Whoever names a sign-in
/// of somebody else ends none.
pub async fn end_sign_ins(
    tx: &mut Tx,
    account: AccountId,
    which: Which,
    kept: &TokenHash,
) -> Result<u64, DbError> {
    let ended = match which {
        Which::One(id) => u64::from(sign_in::store::mark_own_sign_in_ended(tx, account, id).await?),
        Which::Others => sign_in::store::mark_others_ended(tx, account, Some(kept)).await?,
    };
    if ended > 0 {
        audit::record(tx, Action::SignInEnded, account, json!({ "ended_sign_ins": ended })).await?;
    }
    Ok(ended)
}
