//! Boards merge and are renamed, and banks with them. A bank keeps its id under any name and any number of board codes. Of
//! two banks that become one, one goes on with both boards; the other ends, with its history, and nothing is re-keyed.

use chrono::NaiveDate;

use super::rows;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::PracticeId;
use crate::terms::bank::store::boards::{close_bank, insert_board, list_boards, rename_bank};
use crate::terms::bank::store::find_bank_by_icb;
use crate::terms::bank::{Bank, calendar};

/// Why banks stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// No bank has this board's code.
    #[error("no bank has the code {0}: check the code")]
    NoBank(String),
    /// Another bank has the board.
    #[error(
        "{board} belongs to {bank}; if that bank is to become part of this one: locumbank admin close-bank --icb {board} --into …"
    )]
    BoardTaken {
        /// The board's code.
        board: String,
        /// The bank that has it.
        bank: String,
    },
    /// The two are one bank.
    #[error("both codes belong to {0}: name two banks")]
    SameBank(String),
    /// The last day lies in the past.
    #[error("{0} lies in the past: the last day of a bank is today or later")]
    Past(NaiveDate),
    /// The database refused.
    #[error("changing banks")]
    Db(#[from] DbError),
}

async fn find(tx: &mut Tx, icb: &str) -> Result<Bank, MergeError> {
    find_bank_by_icb(tx, icb).await?.ok_or_else(|| MergeError::NoBank(icb.to_owned()))
}

/// Gives the bank of a board another name. Gives the one it had.
pub async fn rename(tx: &mut Tx, icb: &str, name: &str) -> Result<String, MergeError> {
    let bank = find(tx, icb).await?;
    tx.go_to_bank(bank.id).await?;
    rename_bank(tx, name).await?;
    let detail = serde_json::json!({ "from": bank.name, "to": name });
    audit::record(tx, Action::BankRenamed, bank.id, detail).await?;
    Ok(bank.name)
}

/// Adds a board to the bank of another. Gives the bank, and every board it has now. Done twice it is done once.
pub async fn add_board(tx: &mut Tx, icb: &str, board: &str) -> Result<(Bank, Vec<String>), MergeError> {
    let bank = find(tx, icb).await?;
    tx.go_to_bank(bank.id).await?;
    if !insert_board(tx, board).await? {
        let other = find_bank_by_icb(tx, board).await?.map_or_else(String::new, |other| other.name);
        return Err(MergeError::BoardTaken { board: board.to_owned(), bank: other });
    }
    audit::record(tx, Action::BankBoardAdded, bank.id, serde_json::json!({ "board": board })).await?;
    Ok((bank, list_boards(tx).await?))
}

/// A bank that became part of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The bank that ends.
    pub ends: Bank,
    /// The one that goes on.
    pub goes_on: Bank,
    /// Every board that the latter has now.
    pub boards: Vec<String>,
    /// The practices that end with the former.
    pub practices: Vec<PracticeId>,
}

/// Ends the bank of one board with `last_day`, into the bank of another, which takes its boards. Its practices are open
/// there no longer; the next import opens them in the other bank on the day after. People, sessions and bookings stay
/// where they are.
pub async fn close_into(
    tx: &mut Tx,
    icb: &str,
    into: &str,
    last_day: NaiveDate,
) -> Result<Merged, MergeError> {
    rows::lock_practices(tx).await?;
    let (ends, goes_on) = (find(tx, icb).await?, find(tx, into).await?);
    if ends.id == goes_on.id {
        return Err(MergeError::SameBank(ends.name));
    }
    if last_day < calendar::local_date(ends.time_zone, tx.now()) {
        return Err(MergeError::Past(last_day));
    }
    tx.go_to_bank(ends.id).await?;
    let practices = rows::close_all(tx, last_day).await?;
    close_bank(tx, goes_on.id, last_day).await?;
    let detail =
        serde_json::json!({ "into": goes_on.id, "last_day": last_day, "practices": practices.len() });
    audit::record(tx, Action::BankClosed, ends.id, detail).await?;
    tx.go_to_bank(goes_on.id).await?;
    let boards = list_boards(tx).await?;
    audit::record(tx, Action::BankBoardAdded, goes_on.id, serde_json::json!({ "from": ends.id })).await?;
    tx.go_to_bank(ends.id).await?;
    Ok(Merged { ends, goes_on, boards, practices })
}
