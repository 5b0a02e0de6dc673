//! SQL of the audit log.

pub mod seal;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Action, Subject};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClinicianId, PracticeId, SessionId};

/// Adds a line, in the transaction's bank and at its time. The database puts the detail beside the line, in which its
/// salted hash is left.
pub(super) async fn insert_event(
    tx: &mut Tx,
    by: Option<AccountId>,
    action: Action,
    subject: Subject,
    detail: &Value,
) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "insert into audit_event (bank_id, at, account_id, action, subject_kind, subject_id, detail)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(bank)
    .bind(now)
    .bind(by)
    .bind(action.code())
    .bind(subject.kind)
    .bind(subject.id)
    .bind(detail)
    .execute(tx.connection())
    .await
    .map_err(failed("writing to the audit log"))?;
    Ok(())
}

/// What is looked for in the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// A person who did something or to whom it was done, a practice, or a part of a change's title; "" for everything.
    pub words: String,
    /// The changes whose titles have these words.
    pub codes: Vec<&'static str>,
    /// One kind of change.
    pub action: Option<&'static str>,
    /// The first date, by the clocks of England.
    pub from: Option<NaiveDate>,
    /// The last.
    pub until: Option<NaiveDate>,
}

/// A line of the log as an administrator reads it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditLine {
    /// Its place in the log.
    pub position: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the service itself.
    pub by: Option<String>,
    /// What was done: `session.posted`.
    pub action: String,
    /// The kind of record.
    pub subject_kind: String,
    /// The record.
    pub subject_id: Uuid,
    /// The clinician it is about.
    pub clinician_id: Option<ClinicianId>,
    /// Their name.
    pub clinician: Option<String>,
    /// Another person it is about.
    pub account_id: Option<AccountId>,
    /// Their name.
    pub person: Option<String>,
    /// The session it is about.
    pub session_id: Option<SessionId>,
    /// When that starts.
    pub starts_at: Option<DateTime<Utc>>,
    /// The practice it is about, or whose session it is.
    pub practice_id: Option<PracticeId>,
    /// The practice's name.
    pub practice: Option<String>,
    /// What changed, as far as it was not erased.
    pub detail: Value,
    /// Whether it was, with a person it was about.
    pub is_erased: bool,
}

/// What is looked for in a bank's log before `before`, newest first, at most `limit` lines.
pub async fn list_events(
    tx: &mut Tx,
    sought: &Sought,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "with people as materialized (
              select found.id from clinicians_found($1, $4) found where $4 <> ''),
         places as materialized (
              select found.id from practices_found($1, $4) found where $4 <> ''),
         members as materialized (
              select w.account_id from people_found($1, $4) found
                join membership w on w.bank_id = $1 and w.id = found.membership_id where $4 <> '')
         select e.position, e.at, a.name as by, e.action, e.subject_kind, e.subject_id, c.id as clinician_id,
                c.name as clinician, h.id as account_id, h.name as person, s.id as session_id, s.starts_at,
                f.id as practice_id, f.name as practice, e.detail, e.is_erased
           from audit_line e
           left join account a on a.id = e.account_id
           left join booking b on e.subject_kind = 'booking' and b.bank_id = e.bank_id and b.id = e.subject_id
           left join offer o on e.subject_kind = 'offer' and o.bank_id = e.bank_id and o.id = e.subject_id
           left join request q on e.subject_kind = 'request' and q.bank_id = e.bank_id and q.id = e.subject_id
           left join clinician_by_name c
             on c.bank_id = e.bank_id
            and c.id = coalesce(b.clinician_id, o.clinician_id, q.clinician_id,
                                case when e.subject_kind = 'clinician' then e.subject_id
                                     when e.subject_kind = 'session' then (e.detail ->> 'clinician')::uuid end)
           left join session s
             on s.bank_id = e.bank_id
            and s.id = coalesce(b.session_id, o.session_id, q.session_id,
                                case when e.subject_kind = 'session' then e.subject_id end)
           left join practice f
             on f.bank_id = e.bank_id
            and f.id = coalesce(s.practice_id, case when e.subject_kind = 'practice' then e.subject_id end)
           left join membership w on e.subject_kind = 'membership' and w.bank_id = e.bank_id and w.id = e.subject_id
           left join account h
             on h.id = coalesce(w.account_id, case when e.subject_kind = 'account' then e.subject_id end)
          where e.bank_id = $1 and ($2::bigint is null or e.position < $2)
            and ($5::text is null or e.action = $5)
            and ($6::date is null or e.at >= $6::date::timestamp at time zone 'Europe/London')
            and ($7::date is null or e.at < ($7::date + 1)::timestamp at time zone 'Europe/London')
            and ($4 = '' or e.action = any($8) or c.id in (select id from people) or f.id in (select id from places)
                 or a.id in (select account_id from members) or h.id in (select account_id from members))
          order by e.position desc
          limit $3",
    )
    .bind(bank)
    .bind(before)
    .bind(limit)
    .bind(&sought.words)
    .bind(sought.action)
    .bind(sought.from)
    .bind(sought.until)
    .bind(&sought.codes)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the audit log"))
}
