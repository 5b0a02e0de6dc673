//! SQL of mail that is held back: written in an earlier epoch of the database, before a backup was restored.
//!
//! Nobody knows whether such a mail left before the loss, so a person decides.

use super::MailLine;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, MailId};

/// Begins a new epoch and gives its number. Mail of the epochs before is held back from now on.
pub async fn mark_epoch_begun(tx: &mut Tx) -> Result<i32, DbError> {
    sqlx::query_scalar("update environment set epoch = epoch + 1 returning epoch")
        .fetch_one(tx.connection())
        .await
        .map_err(failed("beginning an epoch"))
}

/// How many mails of the bank, or of all, are held back.
pub async fn count_held(tx: &mut Tx, bank: Option<BankId>) -> Result<i64, DbError> {
    sqlx::query_scalar(
        "select count(*)
           from mail m join environment e on (m.environment_id, m.epoch) <> (e.id, e.epoch)
          where m.state in ('pending', 'sending', 'uncertain') and ($1::uuid is null or m.bank_id = $1)",
    )
    .bind(bank)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the mails held back"))
}

/// The bank's mails that are held back, oldest first; at most `limit`.
pub async fn list_held(tx: &mut Tx, limit: i64) -> Result<Vec<MailLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select m.id, m.subject, m.state, m.attempts, m.created_at,
                (select coalesce(string_agg(r.address, ', ' order by r.address), '')
                   from mail_recipient r where r.bank_id = m.bank_id and r.mail_id = m.id) as recipients
           from mail m join environment e on (m.environment_id, m.epoch) <> (e.id, e.epoch)
          where m.state in ('pending', 'sending', 'uncertain') and m.bank_id = $1
          order by m.created_at, m.id
          limit $2",
    )
    .bind(bank)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the mails held back"))
}

/// Lets a mail that is held back go out. False where none of that id is held back.
pub async fn mark_released(tx: &mut Tx, id: MailId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update mail m
            set environment_id = e.id, epoch = e.epoch, next_attempt_at = $3, sending_since = null,
                state = case m.state when 'sending' then 'uncertain' else m.state end
           from environment e
          where m.bank_id = $1 and m.id = $2 and m.state in ('pending', 'sending', 'uncertain')
            and (m.environment_id, m.epoch) <> (e.id, e.epoch)",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("letting a held mail go out"))?;
    Ok(done.rows_affected() == 1)
}

/// Gives up a mail that is held back. False where none of that id is held back.
pub async fn mark_held_dropped(tx: &mut Tx, id: MailId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update mail m
            set state = 'dropped', sending_since = null, finished_at = $3,
                last_error = 'not sent, as was decided after a backup was restored'
           from environment e
          where m.bank_id = $1 and m.id = $2 and m.state in ('pending', 'sending', 'uncertain')
            and (m.environment_id, m.epoch) <> (e.id, e.epoch)",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("giving up a held mail"))?;
    Ok(done.rows_affected() == 1)
}
