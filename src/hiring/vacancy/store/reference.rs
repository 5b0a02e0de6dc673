//! SQL of what vacancies are described by: staff groups and the bands of Agenda for Change.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};

/// A staff group of the National Workforce Data Set.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StaffGroup {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A band of Agenda for Change, with what a year of full time earns.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PayBand {
    /// "5", "8a".
    pub band: String,
    /// What it pays at its entry, in pence.
    pub entry_pence_per_year: i64,
    /// What it pays at its top.
    pub top_pence_per_year: i64,
}

/// The staff groups that count on that day, by code.
pub async fn list_staff_groups(tx: &mut Tx, on: NaiveDate) -> Result<Vec<StaffGroup>, DbError> {
    sqlx::query_as(
        "select code, name from staff_group
          where valid_from <= $1 and (valid_until is null or valid_until >= $1) order by code",
    )
    .bind(on)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing staff groups"))
}

/// The bands in force on that day, the lowest first.
pub async fn list_pay_bands(tx: &mut Tx, on: NaiveDate) -> Result<Vec<PayBand>, DbError> {
    sqlx::query_as(
        "select band, entry_pence_per_year, top_pence_per_year from pay_band
          where $1 between valid_from and valid_until order by entry_pence_per_year",
    )
    .bind(on)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing bands of pay"))
}
