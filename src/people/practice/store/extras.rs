//! SQL of what practices pay beside the rate.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{PracticeExtraId, PracticeId};
use crate::people::practice::extras::{Extra, ExtraUnit};

/// What a practice pays beside the rate, as it stood at `at`: what counts for a booking made then. By name.
pub async fn list_extras_at(
    tx: &mut Tx,
    practice: PracticeId,
    at: DateTime<Utc>,
) -> Result<Vec<Extra>, DbError> {
    let bank = tx.bank();
    sqlx::query_as("select name, unit, pence_per_unit from practice_extras_at($1, $2, $3)")
        .bind(bank)
        .bind(practice)
        .bind(at)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing what a practice pays beside the rate"))
}

/// A decision about an extra, for the practice's own list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DecidedExtra {
    /// What it is called.
    pub name: String,
    /// What it is counted in.
    pub unit: ExtraUnit,
    /// The price of one in pence; none where it is paid no more.
    pub pence_per_unit: Option<i32>,
    /// The first day on which it counts.
    pub valid_from: NaiveDate,
    /// Whether it counts on the day asked about.
    pub is_in_force: bool,
}

/// What a practice has decided that counts on `today` or will count, by name and day.
pub async fn list_decided_extras(
    tx: &mut Tx,
    practice: PracticeId,
    today: NaiveDate,
) -> Result<Vec<DecidedExtra>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select name, unit, pence_per_unit, valid_from, valid_from <= $3 as is_in_force
           from (select distinct on (lower(e.name), greatest(e.valid_from, $3)) e.name, e.unit, e.pence_per_unit,
                        e.valid_from
                   from practice_extra e
                  where e.bank_id = $1 and e.practice_id = $2
                  order by lower(e.name), greatest(e.valid_from, $3), e.valid_from desc, e.decided_at desc, e.id desc) d
          where d.pence_per_unit is not null or d.valid_from > $3
          order by lower(d.name), d.valid_from",
    )
    .bind(bank)
    .bind(practice)
    .bind(today)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a practice has decided to pay beside the rate"))
}

/// Keeps a decision: what it pays for an extra from a day on; no price ends it.
pub async fn insert_extra(
    tx: &mut Tx,
    practice: PracticeId,
    (name, unit): (&str, ExtraUnit),
    pence_per_unit: Option<i32>,
    valid_from: NaiveDate,
) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into practice_extra (bank_id, id, practice_id, name, unit, pence_per_unit, valid_from, decided_by, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(bank)
    .bind(PracticeExtraId::new())
    .bind(practice)
    .bind(name)
    .bind(unit)
    .bind(pence_per_unit)
    .bind(valid_from)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping what a practice pays beside the rate"))?;
    Ok(())
}
