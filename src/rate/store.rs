//! SQL of rate ranges.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::{RateRange, RateTable};
use crate::bank::Band;
use crate::db::{DbError, failed};
use crate::id::{AccountId, BankId, RateRangeId};

/// Every range a bank ever published, as a table to ask. A bank has tens of them, a few hundred in years.
pub async fn load_rate_table(connection: &mut PgConnection, bank: BankId) -> Result<RateTable, DbError> {
    let ranges = sqlx::query_as(
        "select id, role, band, valid_from, floor_pence_per_hour, ceiling_pence_per_hour, position
           from rate_range
          where bank_id = $1
          order by role, band, valid_from, position",
    )
    .bind(bank)
    .fetch_all(connection)
    .await
    .map_err(failed("listing the rate ranges of a bank"))?;
    Ok(RateTable::new(ranges))
}

/// The range in force for a role and band on a date, as [`RateTable::in_force`] gives it.
pub async fn find_range_in_force(
    connection: &mut PgConnection,
    bank: BankId,
    role: &str,
    band: Band,
    date: NaiveDate,
) -> Result<Option<RateRange>, DbError> {
    sqlx::query_as(
        "select id, role, band, valid_from, floor_pence_per_hour, ceiling_pence_per_hour, position
           from rate_range
          where bank_id = $1 and role = $2 and band = $3 and valid_from <= $4
          order by valid_from desc, position desc
          limit 1",
    )
    .bind(bank)
    .bind(role)
    .bind(band)
    .bind(date)
    .fetch_optional(connection)
    .await
    .map_err(failed("finding the rate range in force"))
}

/// A range to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRange {
    /// Its id.
    pub id: RateRangeId,
    /// The role it is for.
    pub role: String,
    /// The band it is for.
    pub band: Band,
    /// The first day on which it counts.
    pub valid_from: NaiveDate,
    /// The least an hour pays, in pence.
    pub floor_pence_per_hour: i32,
    /// The most an hour pays, in pence.
    pub ceiling_pence_per_hour: i32,
}

/// Publishes a range, unless one of that id was published already. Gives whether it was added.
pub async fn insert_range(
    connection: &mut PgConnection,
    bank: BankId,
    range: &NewRange,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let done = sqlx::query(
        "insert into rate_range (bank_id, id, role, band, valid_from, floor_pence_per_hour, ceiling_pence_per_hour,
                published_by, published_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (bank_id, id) do nothing",
    )
    .bind(bank)
    .bind(range.id)
    .bind(&range.role)
    .bind(range.band)
    .bind(range.valid_from)
    .bind(range.floor_pence_per_hour)
    .bind(range.ceiling_pence_per_hour)
    .bind(by)
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("publishing a rate range"))?;
    Ok(done.rows_affected() == 1)
}
