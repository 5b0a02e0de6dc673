//! SQL of the daily email.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::db::{DbError, failed};
use crate::id::{AccountId, BankId, ClinicianId, MailId};

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
pub async fn list_readers(
    connection: &mut PgConnection,
    bank: BankId,
    date: NaiveDate,
) -> Result<Vec<Reader>, DbError> {
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
    .fetch_all(connection)
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

/// The messages of a bank that wait for a daily email, or stood in one that never left, the oldest first.
pub async fn list_waiting(
    connection: &mut PgConnection,
    bank: BankId,
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, DbError> {
    sqlx::query_as(
        "select m.id as mail_id, r.account_id, m.subject, m.text_body
           from mail m
           join mail_recipient r on r.bank_id = m.bank_id and r.mail_id = m.id and r.account_id is not null
           left join mail d on d.bank_id = m.bank_id and d.id = m.digest_id
          where m.bank_id = $1
            and (m.state = 'for_digest' or (m.state = 'digested' and d.state in ('dropped', 'failed')
                                            and d.created_at > $2::timestamptz - interval '7 days'))
            and (m.not_after is null or m.not_after > $2)
          order by m.created_at, m.id",
    )
    .bind(bank)
    .bind(now)
    .fetch_all(connection)
    .await
    .map_err(failed("listing what waits for a daily email"))
}
