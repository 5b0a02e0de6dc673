//! SQL of what an operator watches. It reads what other slices write, and writes nothing.
//!
//! `now` is none where the database's own clock counts.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::mail::MailState;
use crate::letters::stopped_address::ReportKind;

/// How many jobs of a kind are in a state: `ready`, `running` or `dead`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct JobCount {
    /// The kind.
    pub kind: String,
    /// The state.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// Jobs that are not done, by kind and state.
pub async fn count_jobs(tx: &mut Tx) -> Result<Vec<JobCount>, DbError> {
    sqlx::query_as(
        "select kind, state, count(*) as count
           from (select kind, state from job where state in ('ready', 'running')
                 union all
                 select kind, state from job where state = 'dead') open
          group by kind, state
          order by kind, state",
    )
    .fetch_all(tx.connection())
    .await
    .map_err(failed("counting jobs"))
}

/// Mails that wait, are being sent, are uncertain or were given up, by state.
pub async fn count_mails(tx: &mut Tx) -> Result<Vec<(MailState, i64)>, DbError> {
    sqlx::query_as(
        "select state, count(*)
           from (select state from mail where state in ('pending', 'uncertain')
                 union all
                 select state from mail where state = 'sending'
                 union all
                 select state from mail where state = 'failed') open
          group by state
          order by state",
    )
    .fetch_all(tx.connection())
    .await
    .map_err(failed("counting mails"))
}

/// What came back of the mails sent: how many reports of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReportCount {
    /// What they say.
    pub kind: ReportKind,
    /// How many came since the service began.
    pub total: i64,
    /// How many of these came in the last seven days.
    pub in_seven_days: i64,
}

/// Bounces and complaints, by kind. They come through a program of the mail server's, so no process of the service
/// could count them by itself. Reports are kept for good, so the count never falls.
pub async fn count_reports(tx: &mut Tx, now: Option<DateTime<Utc>>) -> Result<Vec<ReportCount>, DbError> {
    sqlx::query_as(
        "select k.kind, count(r.id) as total,
                count(r.id) filter (where r.received_at > coalesce($1, now()) - interval '7 days') as in_seven_days
           from (values ('hard'), ('soft'), ('complaint')) as k (kind)
           left join mail_report r on r.kind = k.kind
          group by k.kind
          order by k.kind",
    )
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("counting what came back of the mails sent"))
}

/// How many addresses take no mail until somebody says that they work again.
pub async fn count_stopped_addresses(tx: &mut Tx) -> Result<i64, DbError> {
    sqlx::query_scalar(
        "select count(*) from stopped_address where stopped_at is not null and cleared_at is null",
    )
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the addresses that take no mail"))
}

/// For how many seconds the job and the mail have been due that have been due longest; zero where none is.
pub async fn find_longest_waits(tx: &mut Tx, now: Option<DateTime<Utc>>) -> Result<(i64, i64), DbError> {
    sqlx::query_as(
        "select (select coalesce(extract(epoch from coalesce($1, now()) - min(run_at)), 0)::bigint
                   from job where state in ('ready', 'running') and run_at <= coalesce($1, now())),
                (select coalesce(extract(epoch from coalesce($1, now()) - min(m.next_attempt_at)), 0)::bigint
                   from mail m join environment e on e.id = m.environment_id and e.epoch = m.epoch
                  where m.state in ('pending', 'uncertain') and m.next_attempt_at <= coalesce($1, now()))",
    )
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("finding how long work has waited"))
}
