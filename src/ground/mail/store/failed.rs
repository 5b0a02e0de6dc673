//! SQL of mail that was given up, and that a person sends again.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::MailId;

/// Puts a mail that was given up back into the outbox, with all its tries before it. False where there is none of that
/// id, or it would come too late.
pub async fn mark_put_back(tx: &mut Tx, id: MailId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update mail
            set state = case when uncertain_times > 0 then 'uncertain' else 'pending' end, finished_at = null,
                attempts = 0, next_attempt_at = $3
          where bank_id = $1 and id = $2 and state = 'failed' and (not_after is null or not_after > $3)",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("putting a mail back that was given up"))?;
    Ok(done.rows_affected() == 1)
}

/// Forgets that the relay refused recipients of a mail, so that they are tried again with it.
pub async fn mark_recipients_open(tx: &mut Tx, id: MailId) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("update mail_recipient set refusal = null where bank_id = $1 and mail_id = $2")
        .bind(bank)
        .bind(id)
        .execute(tx.connection())
        .await
        .map_err(failed("forgetting refusals of a mail"))?;
    Ok(())
}
