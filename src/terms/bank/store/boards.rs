//! SQL of the boards of banks, and of banks that became part of another.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::BankId;

/// The codes of a bank's boards, in order.
pub async fn list_boards(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select board_code from bank_board where bank_id = $1 order by board_code")
        .bind(bank)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing the boards of a bank"))
}

/// The banks that became part of the bank, also by way of another.
pub async fn list_merged(tx: &mut Tx) -> Result<Vec<BankId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "with recursive merged as (
             select id, closed_on from bank where closed_into = $1
             union
             select b.id, b.closed_on from bank b join merged m on b.closed_into = m.id)
         select id from merged where id <> $1 order by closed_on, id",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the banks that became part of another"))
}

/// Adds a board to the bank. False where another bank has it.
pub async fn insert_board(tx: &mut Tx, board: &str) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let kept: Option<BankId> = sqlx::query_scalar(
        "insert into bank_board (board_code, bank_id, added_at) values ($1, $2, $3)
             on conflict (board_code) do update set board_code = excluded.board_code
          where bank_board.bank_id = excluded.bank_id
          returning bank_id",
    )
    .bind(board)
    .bind(bank)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("adding a board to a bank"))?;
    Ok(kept.is_some())
}

/// Gives another name to the bank.
pub async fn rename_bank(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("update bank set name = $2 where id = $1")
        .bind(bank)
        .bind(name)
        .execute(tx.connection())
        .await
        .map_err(failed("renaming a bank"))?;
    Ok(())
}

/// From when the bank demands a second factor; none where it demands none.
pub async fn find_second_factor_from(tx: &mut Tx) -> Result<Option<NaiveDate>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select second_factor_from from bank where id = $1")
        .bind(bank)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("asking from when a second factor is demanded"))
}

/// Has the bank demand a second factor from a date on, or of nobody.
pub async fn set_second_factor_from(tx: &mut Tx, from: Option<NaiveDate>) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("update bank set second_factor_from = $2 where id = $1")
        .bind(bank)
        .bind(from)
        .execute(tx.connection())
        .await
        .map_err(failed("demanding a second factor"))?;
    Ok(())
}

/// Closes the bank into another, which takes its boards.
pub async fn close_bank(tx: &mut Tx, into: BankId, last_day: NaiveDate) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "with moved as (update bank_board set bank_id = $2 where bank_id = $1)
         update bank set closed_on = $3, closed_into = $2, icb_code = null where id = $1",
    )
    .bind(bank)
    .bind(into)
    .bind(last_day)
    .execute(tx.connection())
    .await
    .map_err(failed("closing a bank into another"))?;
    Ok(())
}
