//! SQL of the daily email.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClinicianId, MailId, SessionId};
use crate::letters::digest::messages::DIGEST;

/// Somebody who can have a daily email.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Reader {
    /// Their account.
    pub account_id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their record, where they can be booked.
    pub clinician_id: Option<ClinicianId>,
}

/// Everybody who acts in a bank, wants the daily email, can be reached, and has not had the one of that date yet.
pub async fn list_readers(tx: &mut Tx, date: NaiveDate) -> Result<Vec<Reader>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select a.id as account_id, a.name, a.email, c.id as clinician_id
           from account a
           left join clinician c on c.bank_id = $1 and c.account_id = a.id
          where a.disabled_at is null
            and exists (select 1 from membership m
                         where m.bank_id = $1 and m.account_id = a.id and m.ended_at is null)
            and not exists (select 1 from mail_choice d
                             where d.bank_id = $1 and d.account_id = a.id and d.kind = 'digest' and d.delivery = 'never')
            and not exists (select 1 from stopped_address s
                             where s.bank_id = $1 and s.address = a.email and s.stopped_at is not null
                               and s.cleared_at is null)
            and not exists (select 1 from mail had
                             where had.bank_id = $1 and had.kind = 'digest' and had.dedup_key = a.id::text || ' ' || $2::text)
          order by a.id",
    )
    .bind(bank)
    .bind(date.to_string())
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who can have a daily email"))
}

/// A message that waits for somebody's daily email.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// The message.
    pub mail_id: MailId,
    /// For whom.
    pub account_id: AccountId,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text_body: String,
}

/// The messages of a bank that wait for a daily email, or stood in one that never left, the oldest first. What stood with
/// others in a mail that its reader did not want, or that came too late, is not told after all.
pub async fn list_waiting(tx: &mut Tx) -> Result<Vec<Waiting>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_as(
        "select m.id as mail_id, r.account_id, m.subject, m.text_body
           from mail m
           join mail_recipient r on r.bank_id = m.bank_id and r.mail_id = m.id and r.account_id is not null
           left join mail d on d.bank_id = m.bank_id and d.id = m.digest_id
          where m.bank_id = $1
            and (m.state = 'for_digest' or (m.state = 'digested' and d.created_at > $2::timestamptz - interval '7 days'
                                            and (d.state = 'failed' or (d.state = 'dropped' and d.kind = $3))))
            and (m.not_after is null or m.not_after > $2)
          order by m.created_at, m.id",
    )
    .bind(bank)
    .bind(now)
    .bind(DIGEST.name)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what waits for a daily email"))
}

/// Which sessions of a bank clinicians were told of in a daily email that left or is about to. A session that lost
/// somebody since then is news again.
pub async fn list_told(tx: &mut Tx) -> Result<Vec<(ClinicianId, SessionId)>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_as(
        "select c.id, t.session_id
           from digest_told t
           join clinician c on c.bank_id = t.bank_id and c.account_id = t.account_id
           join session s on s.bank_id = t.bank_id and s.id = t.session_id and s.starts_at > $2
           join mail m on m.bank_id = t.bank_id and m.id = t.mail_id
          where t.bank_id = $1
            and (m.state in ('sending', 'uncertain', 'sent') or (m.state = 'pending' and m.not_after > $2))
            and not exists (select 1 from booking b
                             where b.bank_id = t.bank_id and b.session_id = t.session_id and b.cancelled_at > t.told_at)",
    )
    .bind(bank)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the sessions that daily emails told of"))
}

/// Notes which sessions the daily emails that have just been written tell whom of.
pub async fn upsert_told(
    tx: &mut Tx,
    told: &[(AccountId, SessionId)],
    digests: &[MailId],
) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "insert into digest_told (bank_id, account_id, session_id, mail_id, told_at)
         select $1, t.account_id, t.session_id, r.mail_id, $5
           from unnest($2::uuid[], $3::uuid[]) as t (account_id, session_id)
           join mail_recipient r on r.bank_id = $1 and r.account_id = t.account_id and r.mail_id = any($4)
             on conflict (bank_id, account_id, session_id) do update
            set mail_id = excluded.mail_id, told_at = excluded.told_at",
    )
    .bind(bank)
    .bind(told.iter().map(|(account, _)| account.0).collect::<Vec<_>>())
    .bind(told.iter().map(|(_, session)| session.0).collect::<Vec<_>>())
    .bind(digests)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting the sessions that daily emails tell of"))?;
    Ok(())
}

/// Forgets what was told of sessions that have begun.
pub async fn delete_begun(tx: &mut Tx) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "delete from digest_told t using session s
          where t.bank_id = $1 and s.bank_id = t.bank_id and s.id = t.session_id and s.starts_at <= $2",
    )
    .bind(bank)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("forgetting what was told of sessions that have begun"))?;
    Ok(())
}
