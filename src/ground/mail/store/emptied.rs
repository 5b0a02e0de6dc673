//! SQL of mails that lose their text: when their time is over, and when somebody they tell of was erased.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};

/// Empties mails of the bank that were done with before an instant, and says how many.
pub async fn empty_finished_before(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update mail set subject = 'Erased', text_body = '', html_body = '', calendar_body = null, calendar_method = null,
                         last_error = null
          where bank_id = $1 and finished_at < $2 and text_body <> ''",
    )
    .bind(bank)
    .bind(before)
    .execute(tx.connection())
    .await;
    Ok(done.map_err(failed("emptying old mails"))?.rows_affected())
}

/// Empties mails of the bank that have left since somebody they tell of was erased, with the addresses of whoever that was.
pub async fn empty_left(tx: &mut Tx) -> Result<u64, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "with emptied as (
             update mail set subject = 'Erased', text_body = '', html_body = '', calendar_body = null,
                             calendar_method = null, last_error = null, empty_when_done = false
              where bank_id = $1 and empty_when_done and finished_at is not null
             returning id)
         update mail_recipient r
            set address = 'erased-' || gen_random_uuid() || '@erased.invalid', name = '', refusal = null,
                empty_when_done = false
           from emptied e
          where r.bank_id = $1 and r.mail_id = e.id and r.empty_when_done",
    )
    .bind(bank)
    .execute(tx.connection())
    .await;
    Ok(done.map_err(failed("emptying mails of whoever was erased"))?.rows_affected())
}
