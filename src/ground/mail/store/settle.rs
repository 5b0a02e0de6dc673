//! SQL that puts a mail in hand elsewhere, because of what its readers want.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sending::MailInHand;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, MailId};

/// Gives some of a mail's recipients a mail of their own, due at once and decided by itself. It is not the mail of the
/// booking or offer, which has one of each kind.
pub async fn split_off(tx: &mut Tx, mail: &MailInHand, addresses: &[&str]) -> Result<(), DbError> {
    let now = tx.now();
    let own = MailId::new();
    sqlx::query(
        "insert into mail (bank_id, id, kind, dedup_key, message_id, environment_id, epoch, subject, text_body,
                           html_body, calendar_body, calendar_method, priority, not_after, next_attempt_at, created_at)
         select bank_id, $3, kind, dedup_key || ' apart ' || $3::text, $3::text || '.' || environment_id || '@locumbank',
                environment_id, epoch, subject, text_body, html_body, calendar_body, calendar_method, priority, not_after,
                $4, created_at
           from mail where bank_id = $1 and id = $2",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(own)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("splitting a mail"))?;
    move_recipients(tx, mail, own, addresses).await
}

async fn move_recipients(
    tx: &mut Tx,
    mail: &MailInHand,
    to: MailId,
    addresses: &[&str],
) -> Result<(), DbError> {
    sqlx::query(
        "update mail_recipient set mail_id = $3 where bank_id = $1 and mail_id = $2 and address = any($4)",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(to)
    .bind(addresses)
    .execute(tx.connection())
    .await
    .map_err(failed("moving recipients to a mail of their own"))?;
    Ok(())
}

/// Puts a mail in hand off until `then`. It was not tried.
pub async fn mark_put_off(tx: &mut Tx, mail: &MailInHand, then: DateTime<Utc>) -> Result<(), DbError> {
    sqlx::query(
        "update mail
            set state = 'pending', sending_since = null, next_attempt_at = $4, attempts = greatest(attempts - 1, 0)
          where bank_id = $1 and id = $2 and sender_fence = $3 and state in ('pending', 'sending')",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(mail.sender_fence)
    .bind(then)
    .execute(tx.connection())
    .await
    .map_err(failed("putting a mail off"))?;
    Ok(())
}

/// Has a mail in hand wait for the daily email.
pub async fn mark_for_digest(tx: &mut Tx, mail: &MailInHand) -> Result<(), DbError> {
    sqlx::query(
        "update mail set state = 'for_digest', sending_since = null, attempts = greatest(attempts - 1, 0)
          where bank_id = $1 and id = $2 and sender_fence = $3 and state in ('pending', 'sending')",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(mail.sender_fence)
    .execute(tx.connection())
    .await
    .map_err(failed("having a mail wait for the daily email"))?;
    Ok(())
}

/// Ends a mail in hand without sending it.
pub async fn mark_not_sent(tx: &mut Tx, mail: &MailInHand, why: &str) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "update mail set state = 'dropped', sending_since = null, finished_at = $4, last_error = $5
          where bank_id = $1 and id = $2 and sender_fence = $3 and state in ('pending', 'sending')",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(mail.sender_fence)
    .bind(now)
    .bind(why)
    .execute(tx.connection())
    .await
    .map_err(failed("ending a mail without sending it"))?;
    Ok(())
}

/// Which of these sessions still want somebody whom nobody else holds an offer for, and whom `reader` could be: they
/// are not booked at that time; which of these offers can be answered; which of these bookings are still to come; which of these reminders are
/// of what is not signed off.
pub async fn list_still_true(
    tx: &mut Tx,
    records: &[Uuid],
    reader: Option<AccountId>,
) -> Result<Vec<Uuid>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_scalar(
        "select s.id
           from session s
          where s.bank_id = $1 and s.id = any($2) and s.state = 'open' and s.starts_at > $4
            and s.places > (select count(*) from live_booking b
                             where b.bank_id = s.bank_id and b.session_id = s.id)
                         + (select count(*) from open_offer o
                             where o.bank_id = s.bank_id and o.session_id = s.id)
            and not exists (select 1 from live_booking own
                             where own.account_id = $3 and own.during && tstzrange(s.starts_at, s.ends_at))
         union all
         select o.id from open_offer o where o.bank_id = $1 and o.id = any($2) and o.expires_at > $4
         union all
         select b.id from live_booking b where b.bank_id = $1 and b.id = any($2) and b.starts_at > $4
         union all
         select r.id from sign_off_reminder r
          where r.bank_id = $1 and r.id = any($2)
            and not exists (select 1 from work_sign_off w where w.bank_id = r.bank_id and w.booking_id = r.booking_id)",
    )
    .bind(bank)
    .bind(records)
    .bind(reader)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("asking what of a mail is still true"))
}

/// Notes that messages stand in the emails that have just been written to the same people. Those whose person got none go on
/// waiting.
pub async fn mark_digested(tx: &mut Tx, told: &[MailId], digests: &[MailId]) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "update mail m
            set state = 'digested', digest_id = d.mail_id, finished_at = $4
           from mail_recipient r
           join mail_recipient d on d.bank_id = r.bank_id and d.account_id = r.account_id and d.mail_id = any($3)
          where m.bank_id = $1 and m.id = any($2) and m.state in ('pending', 'for_digest', 'digested')
            and r.bank_id = m.bank_id and r.mail_id = m.id",
    )
    .bind(bank)
    .bind(told)
    .bind(digests)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting what the daily emails tell"))?;
    Ok(())
}
