//! SQL of sending: one mail in one sender's hand.
//!
//! A sender *takes* a mail: nobody else may until the lease has run out, which is what `next_attempt_at` then says.
//! It marks the mail `sending` when the relay waits for the text. The fence, which grows with each taking, keeps a
//! sender that was away for longer than its lease from ending what another has taken.
//!
//! `now` is none where the database's own clock counts ([`crate::ground::clock::Clock::by_hand`]).

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, MailId, OfferId};
use crate::ground::mail::{CalendarMethod, MailState};

/// A mail that this process has in hand.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MailInHand {
    /// The bank.
    pub bank_id: BankId,
    /// The mail.
    pub id: MailId,
    /// Which message it is.
    pub kind: String,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// Its subject.
    pub subject: String,
    /// Its text part, with placeholders for links.
    pub text_body: String,
    /// Its HTML part, with placeholders for links.
    pub html_body: String,
    /// Its calendar entry.
    pub calendar_body: Option<String>,
    /// What the calendar does with it.
    pub calendar_method: Option<CalendarMethod>,
    /// The offers it carries: its own, and those of the mails that stand in it, which may be several mails in one themselves.
    pub offers: Vec<OfferId>,
    /// Whether one of its readers has several memberships, so that its links have to say for which they are.
    pub is_to_several: bool,
    /// When it is of no use any more.
    pub not_after: Option<DateTime<Utc>>,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// How often nobody knew afterwards whether it had arrived.
    pub uncertain_times: i32,
    /// Proves that this process has it in hand.
    pub sender_fence: i64,
}

/// Whether any mail is due, so that a connection to the relay is worth making.
pub async fn is_any_due(tx: &mut Tx, now: Option<DateTime<Utc>>) -> Result<bool, DbError> {
    sqlx::query_scalar(
        "select exists (select 1
                          from mail m join environment e on e.id = m.environment_id and e.epoch = m.epoch
                         where m.state in ('pending', 'uncertain') and m.next_attempt_at <= coalesce($1, now())
                           and (m.not_after is null or m.not_after > coalesce($1, now())))",
    )
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("looking for mail that is due"))
}

/// Takes the next mail that is due into hand for `lease_seconds`; other senders pass it over. Mail of an earlier
/// epoch, before a backup was restored, is left for a person.
pub async fn take_next(
    tx: &mut Tx,
    now: Option<DateTime<Utc>>,
    lease_seconds: i64,
) -> Result<Option<MailInHand>, DbError> {
    sqlx::query_as(
        "update mail m
            set next_attempt_at = coalesce($1, now()) + make_interval(secs => $2::bigint), attempts = m.attempts + 1,
                sender_fence = m.sender_fence + 1
           from (select d.bank_id, d.id
                   from mail d join environment e on e.id = d.environment_id and e.epoch = d.epoch
                  where d.state in ('pending', 'uncertain') and d.next_attempt_at <= coalesce($1, now())
                    and (d.not_after is null or d.not_after > coalesce($1, now()))
                  order by d.priority, d.next_attempt_at
                  limit 1
                    for update of d skip locked) due
          where m.bank_id = due.bank_id and m.id = due.id
         returning m.bank_id, m.id, m.kind, m.message_id, m.subject, m.text_body, m.html_body, m.calendar_body,
                   m.calendar_method, m.not_after, m.attempts, m.uncertain_times, m.sender_fence,
                   array(select m.offer_id where m.offer_id is not null
                          union select t.offer_id from mail t
                                 where t.bank_id = m.bank_id and t.digest_id = m.id and t.offer_id is not null
                          union select t.offer_id from mail o join mail t on t.bank_id = o.bank_id and t.digest_id = o.id
                                 where o.bank_id = m.bank_id and o.digest_id = m.id and t.offer_id is not null) as offers,
                   exists (select from mail_recipient r
                             join membership n on n.account_id = r.account_id and n.ended_at is null
                            where r.bank_id = m.bank_id and r.mail_id = m.id
                            group by r.account_id having count(*) > 1) as is_to_several",
    )
    .bind(now)
    .bind(lease_seconds)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("taking the next mail into hand"))
}

/// Marks a mail as being sent. False where it is no longer in this process's hand, or has become stale: then its
/// text must not go out.
pub async fn mark_sending(
    tx: &mut Tx,
    mail: &MailInHand,
    now: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update mail set state = 'sending', sending_since = coalesce($4, now())
          where bank_id = $1 and id = $2 and sender_fence = $3 and state in ('pending', 'uncertain')
            and (not_after is null or not_after > coalesce($4, now()))",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(mail.sender_fence)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("marking a mail as being sent"))?;
    Ok(done.rows_affected() == 1)
}

/// Notes which recipients the relay refused for good, and its words.
pub async fn mark_recipients_refused(
    tx: &mut Tx,
    mail: &MailInHand,
    refusals: &[(String, String)],
) -> Result<(), DbError> {
    sqlx::query(
        "update mail_recipient r set refusal = refused.words
           from unnest($3::text[], $4::text[]) as refused (address, words)
          where r.bank_id = $1 and r.mail_id = $2 and r.address = refused.address",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(refusals.iter().map(|(address, _)| address.clone()).collect::<Vec<_>>())
    .bind(refusals.iter().map(|(_, words)| words.clone()).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("noting refused recipients"))?;
    Ok(())
}

/// Notes the end of a mail: sent, or given up. False where it is no longer in this process's hand.
pub async fn mark_finished(
    tx: &mut Tx,
    mail: &MailInHand,
    state: MailState,
    uncertain: bool,
    error: Option<&str>,
    now: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update mail
            set state = $4, sending_since = null, finished_at = coalesce($7, now()), last_error = $6,
                uncertain_times = uncertain_times + $5::boolean::integer
          where bank_id = $1 and id = $2 and sender_fence = $3 and finished_at is null",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(mail.sender_fence)
    .bind(state)
    .bind(uncertain)
    .bind(error)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting the end of a mail"))?;
    Ok(done.rows_affected() == 1)
}

/// Puts a mail back, to be tried again after `pause_seconds`. It is uncertain where this send or one before left a
/// doubt. False where it is no longer in this process's hand.
pub async fn mark_for_another_try(
    tx: &mut Tx,
    mail: &MailInHand,
    uncertain: bool,
    error: &str,
    pause_seconds: i64,
    now: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "update mail
            set state = case when uncertain_times + $4::boolean::integer > 0 then 'uncertain' else 'pending' end,
                sending_since = null, next_attempt_at = coalesce($7, now()) + make_interval(secs => $6::bigint),
                last_error = $5, uncertain_times = uncertain_times + $4::boolean::integer
          where bank_id = $1 and id = $2 and sender_fence = $3 and finished_at is null",
    )
    .bind(mail.bank_id)
    .bind(mail.id)
    .bind(mail.sender_fence)
    .bind(uncertain)
    .bind(error)
    .bind(pause_seconds)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("putting a mail back"))?;
    Ok(done.rows_affected() == 1)
}

/// Marks mails as uncertain that have been `sending` for `lease_seconds`: their sender died. One that was uncertain
/// `most_times` is given up for a person to see, because each try may be a copy. Gives how many there were.
pub async fn mark_abandoned_uncertain(
    tx: &mut Tx,
    lease_seconds: i64,
    most_times: i32,
    now: Option<DateTime<Utc>>,
) -> Result<u64, DbError> {
    let done = sqlx::query(
        "update mail
            set state = case when uncertain_times + 1 >= $3 then 'failed' else 'uncertain' end,
                finished_at = case when uncertain_times + 1 >= $3 then coalesce($1, now()) end,
                sending_since = null, next_attempt_at = coalesce($1, now()), uncertain_times = uncertain_times + 1,
                last_error = 'the sender stopped before the mail relay answered'
          where state = 'sending' and sending_since < coalesce($1, now()) - make_interval(secs => $2::bigint)",
    )
    .bind(now)
    .bind(lease_seconds)
    .bind(most_times)
    .execute(tx.connection())
    .await
    .map_err(failed("marking abandoned mails uncertain"))?;
    Ok(done.rows_affected())
}

/// Drops mails that would come too late, and gives how many.
pub async fn mark_stale_dropped(tx: &mut Tx, now: Option<DateTime<Utc>>) -> Result<u64, DbError> {
    let done = sqlx::query(
        "update mail set state = 'dropped', finished_at = coalesce($1, now())
          where state in ('pending', 'uncertain', 'for_digest') and not_after <= coalesce($1, now())",
    )
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("dropping stale mails"))?;
    Ok(done.rows_affected())
}
