//! Takes back a bank that an import made and nobody has used: its practices go, and it is listed nowhere any more. Its
//! row stays, because the log tells of it.

use super::rows;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::terms::bank::store::{find_bank_by_icb, mark_removed};

/// A bank that was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Its name.
    pub name: String,
    /// How many practices went with it.
    pub practices: u64,
}

/// Why a bank stays.
#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    /// No bank has this board's code.
    #[error("no bank has the code {0}: check the code")]
    NoBank(String),
    /// People were added to it, so what they did is on record.
    #[error("{name} has people ({members}): only a bank that nobody was ever added to can be removed")]
    InUse {
        /// The bank's name.
        name: String,
        /// How many people act or acted in it.
        members: i64,
    },
    /// The database refused.
    #[error("removing a bank")]
    Db(#[from] DbError),
}

/// Removes the bank of the board of code `icb`, in the caller's transaction.
pub async fn remove_bank(tx: &mut Tx, icb: &str) -> Result<Removed, RemovalError> {
    // Whoever imports at this moment would write practices into it again.
    rows::lock_practices(tx).await?;
    let bank = find_bank_by_icb(tx, icb).await?;
    let bank = bank.ok_or_else(|| RemovalError::NoBank(icb.to_owned()))?;
    tx.go_to_bank(bank.id).await?;
    // Whatever else a bank holds, a member of it has put there.
    let members = rows::count_members_ever(tx).await?;
    if members > 0 {
        return Err(RemovalError::InUse { name: bank.name, members });
    }
    let practices = rows::delete_practices(tx).await?;
    mark_removed(tx).await?;
    let detail = serde_json::json!({ "board": icb, "practices": practices });
    audit::record(tx, Action::BankRemoved, bank.id, detail).await?;
    Ok(Removed { name: bank.name, practices })
}
