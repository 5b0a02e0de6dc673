//! SQL of the outbox.

pub mod emptied;
pub mod failed;
pub mod held;
pub mod overtaken;
pub mod sending;
pub mod settle;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{MailState, NewMail, Recipient};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, MailId};

/// Puts a mail into the outbox, in the caller's transaction. `None` where a mail of that kind and deduplication key
/// is there already.
pub async fn insert_mail(tx: &mut Tx, mail: &NewMail) -> Result<Option<MailId>, DbError> {
    Ok(insert_mails(tx, std::slice::from_ref(mail)).await?.pop())
}

/// Puts mails into the outbox in one statement, and gives the ids of those that were not there already.
pub async fn insert_mails(tx: &mut Tx, mails: &[NewMail]) -> Result<Vec<MailId>, DbError> {
    if mails.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let ids: Vec<Uuid> = mails.iter().map(|_| MailId::new().0).collect();
    let texts = |of: fn(&NewMail) -> &str| mails.iter().map(of).map(str::to_owned).collect::<Vec<String>>();
    let readers: Vec<(Uuid, &Recipient)> =
        mails.iter().zip(&ids).flat_map(|(mail, id)| mail.to.iter().map(|to| (*id, to))).collect();
    sqlx::query_scalar(
        "with written as (
             insert into mail (bank_id, id, kind, dedup_key, message_id, environment_id, epoch, subject, text_body,
                               html_body, calendar_body, calendar_method, booking_id, offer_id, priority, not_after,
                               next_attempt_at, created_at)
             select n.bank_id, n.id, n.kind, n.dedup_key, n.id || '.' || e.id || '@locumbank', e.id, e.epoch, n.subject,
                    n.text_body, n.html_body, n.calendar_body, n.calendar_method, n.booking_id, n.offer_id, n.priority,
                    n.not_after, coalesce(n.not_before, $15), $15
               from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                           $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::smallint[], $13::timestamptz[],
                           $14::timestamptz[])
                    as n (bank_id, id, kind, dedup_key, subject, text_body, html_body, calendar_body, calendar_method,
                          booking_id, offer_id, priority, not_after, not_before)
              cross join environment e
                 on conflict on constraint mail_dedup_key do nothing
             returning bank_id, id),
         addressed as (
             insert into mail_recipient (bank_id, mail_id, address, name, account_id)
             select w.bank_id, w.id, r.address, r.name, r.account_id
               from unnest($16::uuid[], $17::text[], $18::text[], $19::uuid[]) as r (mail_id, address, name, account_id)
               join written w on w.id = r.mail_id
                 on conflict do nothing)
         select id from written",
    )
    .bind(mails.iter().map(|mail| mail.bank.0).collect::<Vec<_>>())
    .bind(&ids)
    .bind(texts(|mail| mail.kind.name))
    .bind(texts(|mail| &mail.dedup_key))
    .bind(mails.iter().map(|mail| one_line(&mail.subject)).collect::<Vec<_>>())
    .bind(texts(|mail| &mail.text))
    .bind(texts(|mail| &mail.html))
    .bind(mails.iter().map(|mail| mail.calendar.as_ref().map(|it| it.body.clone())).collect::<Vec<_>>())
    .bind(mails.iter().map(|mail| mail.calendar.as_ref().map(|it| it.method.name())).collect::<Vec<_>>())
    .bind(mails.iter().map(|mail| mail.booking.map(|id| id.0)).collect::<Vec<_>>())
    .bind(mails.iter().map(|mail| mail.only_offer().map(|id| id.0)).collect::<Vec<_>>())
    .bind(mails.iter().map(|mail| mail.kind.priority).collect::<Vec<_>>())
    .bind(mails.iter().map(|mail| mail.not_after).collect::<Vec<_>>())
    .bind(mails.iter().map(|mail| mail.not_before).collect::<Vec<_>>())
    .bind(now)
    .bind(readers.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind(readers.iter().map(|(_, to)| to.address.clone()).collect::<Vec<_>>())
    .bind(readers.iter().map(|(_, to)| one_line(&to.name)).collect::<Vec<_>>())
    .bind(readers.iter().map(|(_, to)| to.account.map(|account: AccountId| account.0)).collect::<Vec<_>>())
    .fetch_all(tx.connection())
    .await
    .map_err(failed("putting mails into the outbox"))
}

/// A header is one line: whatever breaks it becomes a space. What looks like an encoded word (RFC 2047) would be
/// decoded by whoever reads the mail, line breaks and all, so its opening is broken too.
fn one_line(text: &str) -> String {
    text.split(|character: char| character.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace("=?", "= ?")
}

/// The addresses and names a mail goes to.
pub async fn list_recipients(tx: &mut Tx, mail: MailId) -> Result<Vec<(String, String)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select address, name from mail_recipient where bank_id = $1 and mail_id = $2 order by address",
    )
    .bind(bank)
    .bind(mail)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a mail's recipients"))
}

/// How many mails of a bank are in each state.
pub async fn count_by_state(tx: &mut Tx) -> Result<Vec<(MailState, i64)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as("select state, count(*) from mail where bank_id = $1 group by state")
        .bind(bank)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("counting mails by state"))
}

/// A line of the list of mails.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MailLine {
    /// The mail.
    pub id: MailId,
    /// Its subject.
    pub subject: String,
    /// Whom it goes to.
    pub recipients: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A bank's mails in one state or in all, newest first; at most `limit` after the first `offset`.
pub async fn list_mails(
    tx: &mut Tx,
    state: Option<MailState>,
    offset: i64,
    limit: i64,
) -> Result<Vec<MailLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select m.id, m.subject, m.state, m.attempts, m.created_at,
                (select coalesce(string_agg(r.address, ', ' order by r.address), '')
                   from mail_recipient r where r.bank_id = m.bank_id and r.mail_id = m.id) as recipients
           from mail m
          where m.bank_id = $1 and ($2::text is null or m.state = $2)
          order by m.created_at desc, m.id desc
         offset $3 limit $4",
    )
    .bind(bank)
    .bind(state)
    .bind(offset)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing mails"))
}

/// One mail as an administrator reads it: links are not filled in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MailDetail {
    /// Its subject.
    pub subject: String,
    /// Its text part.
    pub text_body: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i32,
    /// How often nobody knew whether it had arrived.
    pub uncertain_times: i32,
    /// Its Message-ID.
    pub message_id: String,
    /// What the mail server said last.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was sent, refused or dropped.
    pub finished_at: Option<DateTime<Utc>>,
}

/// The mail of that id, of that bank.
pub async fn find_mail(tx: &mut Tx, id: MailId) -> Result<Option<MailDetail>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select subject, text_body, state, attempts, uncertain_times, message_id, last_error, created_at, finished_at
           from mail where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a mail"))
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_header_is_one_line() {
        assert_eq!(one_line("Dr Llŷr\r\nBcc: all@example.org"), "Dr Llŷr Bcc: all@example.org");
        assert_eq!(one_line("plain"), "plain");
        assert_eq!(one_line("=?utf-8?b?QmNj?="), "= ?utf-8?b?QmNj?=");
    }
}
