//! SQL of what nights erase.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::Counts;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, RetentionRunId};

/// People whose last membership of the bank ended before an instant and who were not erased since, at most `limit`.
pub async fn list_left_before(
    tx: &mut Tx,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<AccountId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select m.account_id
           from membership m
          where m.bank_id = $1
          group by m.account_id
         having bool_and(m.ended_at is not null) and max(m.ended_at) < $2
            and not exists (select from erasure e where e.bank_id = $1 and e.account_id = m.account_id
                               and e.erased_at >= max(m.ended_at))
          order by max(m.ended_at), m.account_id
          limit $3",
    )
    .bind(bank)
    .bind(before)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who left long ago"))
}

/// The rule's version that the bank's last night went by; none where there was none.
pub async fn find_last_rule(tx: &mut Tx) -> Result<Option<i32>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select rule_number from retention_run where bank_id = $1 order by at desc limit 1")
        .bind(bank)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding the last night's work"))
}

/// Notes what a night erased, or would have.
pub async fn insert_run(
    tx: &mut Tx,
    (only_counts, rule_number): (bool, i32),
    counts: &Counts,
) -> Result<RetentionRunId, DbError> {
    let (bank, now, id) = (tx.bank(), tx.now(), RetentionRunId::new());
    let done = sqlx::query(
        "insert into retention_run (bank_id, id, at, only_counts, rule_number, counts) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .bind(only_counts)
    .bind(rule_number)
    .bind(Json(counts))
    .execute(tx.connection())
    .await;
    done.map_err(failed("noting a night's work"))?;
    Ok(id)
}

/// A night's work.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Run {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it only counted.
    pub only_counts: bool,
    /// What.
    #[sqlx(json)]
    pub counts: Counts,
}

/// The bank's last nights, newest first, at most `limit`.
pub async fn list_runs(tx: &mut Tx, limit: i64) -> Result<Vec<Run>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select at, only_counts, counts from retention_run where bank_id = $1 order by at desc, id desc limit $2",
    )
    .bind(bank)
    .bind(limit)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what nights erased"))
}
