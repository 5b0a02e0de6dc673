//! SQL of rate ranges.

use chrono::{DateTime, NaiveDate, Utc};

use super::{RateRange, RateTable};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::events::Happened;
use crate::ground::id::RateRangeId;
use crate::terms::bank::Band;

/// Every range a bank ever published, as a table to ask. A bank has tens of them, a few hundred in years.
pub async fn load_rate_table(tx: &mut Tx) -> Result<RateTable, DbError> {
    let bank = tx.bank();
    let ranges = sqlx::query_as(
        "select id, role, band, valid_from, floor_pence_per_hour, ceiling_pence_per_hour, position
           from rate_range
          where bank_id = $1
          order by role, band, valid_from, position",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the rate ranges of a bank"))?;
    Ok(RateTable::new(ranges))
}

/// The range in force for a role and band on a date, as [`RateTable::in_force`] gives it.
pub async fn find_range_in_force(
    tx: &mut Tx,
    role: &str,
    band: Band,
    date: NaiveDate,
) -> Result<Option<RateRange>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, role, band, valid_from, floor_pence_per_hour, ceiling_pence_per_hour, position
           from range_in_force($1, $2, $3, $4)",
    )
    .bind(bank)
    .bind(role)
    .bind(band)
    .bind(date)
    .fetch_optional(tx.connection())
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

impl NewRange {
    /// That it was published.
    #[must_use]
    pub fn as_published(&self) -> Happened {
        Happened::RangePublished {
            range: self.id,
            role: self.role.clone(),
            band: self.band.code(),
            valid_from: self.valid_from,
            rate_pence_per_hour: (self.floor_pence_per_hour, self.ceiling_pence_per_hour),
        }
    }
}

/// Publishes a range, unless one of that id was published already. Gives whether it was added.
pub async fn insert_range(tx: &mut Tx, range: &NewRange) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
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
    .execute(tx.connection())
    .await
    .map_err(failed("publishing a rate range"))?;
    Ok(done.rows_affected() == 1)
}

/// A range as it was published.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Publication {
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
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it; none for a range the bank began with.
    pub published_by: Option<String>,
}

/// The ranges a bank published, newest first.
pub async fn list_publications(tx: &mut Tx, limit: i64, offset: i64) -> Result<Vec<Publication>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select r.role, r.band, r.valid_from, r.floor_pence_per_hour, r.ceiling_pence_per_hour, r.published_at,
                a.name as published_by
           from rate_range r
           left join account a on a.id = r.published_by
          where r.bank_id = $1
          order by r.position desc
          limit $2 offset $3",
    )
    .bind(bank)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the ranges published"))
}

/// How many ranges a bank published in all.
pub async fn count_publications(tx: &mut Tx) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select count(*) from rate_range where bank_id = $1")
        .bind(bank)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("counting the ranges published"))
}

/// What a new range would touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Effects {
    /// Open sessions to come of the role and band, while the range counts.
    pub open_sessions: i64,
    /// Those of them whose rate goes above the ceiling or below the floor.
    pub sessions_outside: i64,
    /// Clinicians of the role who have a rate for the band.
    pub clinicians: i64,
    /// Those of them who ask more than the ceiling.
    pub asking_above: i64,
    /// Those of them who ask less than the floor, and would be paid the floor.
    pub asking_below: i64,
}

/// What `range` would touch while it counts: from its first day until the day before `until`, where another range
/// of the same role and band follows.
pub async fn find_effects(
    tx: &mut Tx,
    range: &NewRange,
    until: Option<NaiveDate>,
) -> Result<Effects, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select s.open_sessions, s.sessions_outside, c.clinicians, c.asking_above, c.asking_below
           from (select count(*) as open_sessions,
                        count(*) filter (where s.rate_min_pence_per_hour < $6 or s.rate_max_pence_per_hour > $7)
                          as sessions_outside
                   from session s
                   join session_role r on r.bank_id = s.bank_id and r.session_id = s.id
                  where s.bank_id = $1 and r.role = $2 and s.band = $3 and s.state = 'open'
                    and s.local_date >= $4 and ($5::date is null or s.local_date < $5)) s,
                (select count(*) as clinicians,
                        count(*) filter (where r.rate_pence_per_hour > $7) as asking_above,
                        count(*) filter (where r.rate_pence_per_hour < $6) as asking_below
                   from clinician c
                   join clinician_rate r on r.bank_id = c.bank_id and r.clinician_id = c.id
                  where c.bank_id = $1 and c.role = $2 and r.band = $3) c",
    )
    .bind(bank)
    .bind(&range.role)
    .bind(range.band)
    .bind(range.valid_from)
    .bind(until)
    .bind(range.floor_pence_per_hour)
    .bind(range.ceiling_pence_per_hour)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting what a rate range would touch"))
}
