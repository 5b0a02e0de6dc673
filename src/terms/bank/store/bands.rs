//! SQL of the times of a bank's bands.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::terms::bank::BandHours;

/// A version of the times of a bank's bands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BandDecision {
    /// Its number, from 1.
    pub number: i32,
    /// The rows.
    pub value: Json<Vec<BandHours>>,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Who decided.
    pub by_name: String,
    /// Why.
    pub why: String,
}

/// Adds the version after `seen`. False where another has been added since.
pub async fn insert_decision(
    tx: &mut Tx,
    rows: &[BandHours],
    (seen, why): (i32, &str),
) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into band_decision (bank_id, number, value, why, decided_by, decided_at)
         select $1, $2 + 1, $3, $4, $5, $6
          where $2 = (select coalesce(max(number), 0) from band_decision where bank_id = $1)
             on conflict (bank_id, number) do nothing",
    )
    .bind(bank)
    .bind(seen)
    .bind(Json(rows))
    .bind(why)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a version of the times of bands"))?;
    Ok(done.rows_affected() == 1)
}

/// Removes every row of the bank's table of bands.
pub async fn delete_band_hours(tx: &mut Tx) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("delete from band_hours where bank_id = $1")
        .bind(bank)
        .execute(tx.connection())
        .await
        .map_err(failed("removing the table of bands"))?;
    Ok(())
}

/// The newest fifty versions of the times of the bank's bands, the newest first.
pub async fn list_decisions(tx: &mut Tx) -> Result<Vec<BandDecision>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select d.number, d.value, d.decided_at, coalesce(a.name, 'The operator') as by_name, d.why
           from band_decision d
           left join account a on a.id = d.decided_by
          where d.bank_id = $1
          order by d.number desc
          limit 50",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the versions of the times of bands"))
}
