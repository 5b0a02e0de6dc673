//! SQL of copies.

use chrono::{DateTime, Utc};

use super::Export;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, ClinicianId, DocumentId, ExportId};
use crate::people::document::FileKind;

/// Adds one that is asked for by whoever acts; false where one of theirs waits already.
pub async fn insert_export(
    tx: &mut Tx,
    id: ExportId,
    account: AccountId,
    whole_account: bool,
) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into data_export (bank_id, id, account_id, whole_account, asked_by, asked_at)
         values ($1, $2, $3, $4, $5, $6)
             on conflict (bank_id, account_id, asked_by) where ready_at is null do nothing",
    )
    .bind(bank)
    .bind(id)
    .bind(account)
    .bind(whole_account)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("asking for a copy of what is held"))?;
    Ok(done.rows_affected() == 1)
}

/// The newest about somebody that can be fetched by whoever acts; none where there is none.
pub async fn find_newest(tx: &mut Tx, account: AccountId) -> Result<Option<Export>, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query_as(
        "select bank_id, id, account_id, whole_account, asked_by, asked_at, ready_at, expires_at, bytes
           from data_export
          where bank_id = $1 and account_id = $2 and asked_by = $3 and expires_at > $4
          order by ready_at desc
          limit 1",
    )
    .bind(bank)
    .bind(account)
    .bind(by)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the newest copy of what is held"))
}

/// One of the bank.
pub async fn find_export(tx: &mut Tx, id: ExportId) -> Result<Option<Export>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select bank_id, id, account_id, whole_account, asked_by, asked_at, ready_at, expires_at, bytes
           from data_export where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a copy of what is held"))
}

/// What was asked for about somebody by somebody in the bank and is not over, the newest first.
pub async fn list_exports(tx: &mut Tx, account: AccountId, by: AccountId) -> Result<Vec<Export>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select bank_id, id, account_id, whole_account, asked_by, asked_at, ready_at, expires_at, bytes
           from data_export
          where bank_id = $1 and account_id = $2 and asked_by = $3 and (expires_at is null or expires_at > $4)
          order by asked_at desc",
    )
    .bind(bank)
    .bind(account)
    .bind(by)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing copies of what is held"))
}

/// Notes that it is made, and until when it can be fetched; false where it was noted before, or is gone.
pub async fn mark_ready(
    tx: &mut Tx,
    id: ExportId,
    (expires_at, bytes): (DateTime<Utc>, i32),
) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "update data_export set ready_at = $3, expires_at = $4, bytes = $5
          where bank_id = $1 and id = $2 and ready_at is null",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .bind(expires_at)
    .bind(bytes)
    .execute(tx.connection())
    .await
    .map_err(failed("noting that a copy is made"))?;
    Ok(done.rows_affected() == 1)
}

/// Adds a sealed part of the file.
pub async fn insert_part(tx: &mut Tx, id: ExportId, (number, sealed): (i32, &[u8])) -> Result<(), DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "insert into data_export_part (bank_id, export_id, number, sealed) values ($1, $2, $3, $4)",
    )
    .bind(bank)
    .bind(id)
    .bind(number)
    .bind(sealed)
    .execute(tx.connection())
    .await;
    done.map(drop).map_err(failed("keeping a part of a copy"))
}

/// The sealed parts of the file, in order.
pub async fn list_parts(tx: &mut Tx, id: ExportId) -> Result<Vec<(i32, Vec<u8>)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select number, sealed from data_export_part where bank_id = $1 and export_id = $2 order by number",
    )
    .bind(bank)
    .bind(id)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading a copy of what is held"))
}

/// Takes away those of the bank whose week is over, and says how many.
pub async fn delete_expired(tx: &mut Tx) -> Result<u64, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query("delete from data_export where bank_id = $1 and expires_at <= $2")
        .bind(bank)
        .bind(now)
        .execute(tx.connection())
        .await;
    Ok(done.map_err(failed("taking copies away whose week is over"))?.rows_affected())
}

/// A file that somebody handed in.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct HandedIn {
    /// The bank.
    pub bank_id: BankId,
    /// Their record there.
    pub clinician_id: ClinicianId,
    /// The document.
    pub id: DocumentId,
    /// What it is.
    pub kind: FileKind,
}

/// The files that somebody handed in to these banks.
pub async fn list_handed_in(
    tx: &mut Tx,
    account: AccountId,
    banks: &[BankId],
) -> Result<Vec<HandedIn>, DbError> {
    sqlx::query_as(
        "select d.bank_id, d.clinician_id, d.id, d.kind
           from document d join clinician c on c.bank_id = d.bank_id and c.id = d.clinician_id
          where c.account_id = $1 and d.bank_id = any($2)
          order by d.handed_in_at",
    )
    .bind(account)
    .bind(banks.iter().map(|bank| bank.0).collect::<Vec<_>>())
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the files that somebody handed in"))
}
