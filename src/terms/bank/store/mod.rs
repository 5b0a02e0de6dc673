//! SQL of banks and of the data every slice reads.

pub mod bands;
pub mod boards;
pub mod holidays;
pub mod needs;

use chrono::NaiveDate;
use sqlx::types::Json;

use super::calendar::BankHoliday;
use super::holidays::{HolidayRule, known_until, of_bank};
use super::{BandHours, Bank, Catalogue, Competency, InUse as _, Role};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::BankId;

/// The bank of that id.
pub async fn find_bank(tx: &mut Tx, id: BankId) -> Result<Option<Bank>, DbError> {
    let row: Option<(BankId, String, String, bool)> =
        sqlx::query_as("select id, name, time_zone, invented from bank where id = $1")
            .bind(id)
            .fetch_optional(tx.connection())
            .await
            .map_err(failed("finding a bank"))?;
    Ok(row.map(to_bank))
}

/// The bank of an integrated care board; it may have others.
pub async fn find_bank_by_icb(tx: &mut Tx, icb_code: &str) -> Result<Option<Bank>, DbError> {
    let row: Option<(BankId, String, String, bool)> = sqlx::query_as(
        "select b.id, b.name, b.time_zone, b.invented
               from bank_board c
               join bank b on b.id = c.bank_id and b.removed_at is null
              where c.board_code = $1",
    )
    .bind(icb_code)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the bank of an integrated care board"))?;
    Ok(row.map(to_bank))
}

/// Every bank that was not removed, by name.
pub async fn list_banks(tx: &mut Tx) -> Result<Vec<Bank>, DbError> {
    let rows: Vec<(BankId, String, String, bool)> = sqlx::query_as(
        "select id, name, time_zone, invented from bank where removed_at is null order by name, id",
    )
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing banks"))?;
    Ok(rows.into_iter().map(to_bank).collect())
}

fn to_bank((id, name, time_zone, invented): (BankId, String, String, bool)) -> Bank {
    Bank { id, name, time_zone: time_zone.parse().unwrap_or(chrono_tz::Europe::London), invented }
}

/// Adds a bank.
pub async fn insert_bank(tx: &mut Tx, bank: &Bank, icb_code: Option<&str>) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query("insert into bank (id, name, icb_code, time_zone, invented, created_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(bank.id)
        .bind(&bank.name)
        .bind(icb_code)
        .bind(bank.time_zone.name())
        .bind(bank.invented)
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("adding a bank"))?;
    Ok(())
}

/// Adds a row to a bank's table of bands.
pub async fn insert_band_hours(tx: &mut Tx, row: &BandHours) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("insert into band_hours (bank_id, day_kind, from_time, band) values ($1, $2, $3, $4)")
        .bind(bank)
        .bind(row.day_kind)
        .bind(row.from_time)
        .bind(row.band)
        .execute(tx.connection())
        .await
        .map_err(failed("adding a row to the table of bands"))?;
    Ok(())
}

/// Lists as one statement gives them: roles, competencies, bands, bank holidays, those the bank has added, and how it counts them.
type ReadCatalogue = (
    Json<Vec<Role>>,
    Json<Vec<Competency>>,
    Json<Vec<BandHours>>,
    Json<Vec<BankHoliday>>,
    Json<Vec<BankHoliday>>,
    Json<Vec<HolidayRule>>,
);

/// Reads the roles, competencies, bands and bank holidays of a bank, in one statement: nearly every page asks for them.
pub async fn load_catalogue(tx: &mut Tx) -> Result<Catalogue, DbError> {
    let bank = tx.bank();
    let read: ReadCatalogue = sqlx::query_as(
        "select (select coalesce(jsonb_agg(r order by r.name), '[]') from role_of_bank r where r.bank_id = $1),
                (select coalesce(jsonb_agg(c order by c.kind, c.name), '[]')
                   from competency_of_bank c where c.bank_id = $1),
                (select coalesce(jsonb_agg(h order by h.day_kind, h.from_time), '[]')
                   from band_hours h where h.bank_id = $1),
                (select coalesce(jsonb_agg(d order by d.date), '[]') from bank_holiday d),
                (select coalesce(jsonb_agg(w order by w.date), '[]')
                   from (select date, title from bank_own_holiday where bank_id = $1) w),
                (select coalesce(jsonb_agg(u order by u.valid_from), '[]')
                   from bank_holiday_rule u where u.bank_id = $1)",
    )
    .bind(bank)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("reading the roles, competencies, bands and bank holidays"))?;
    let (roles, competencies, band_hours, published, own, rules) = read;
    Ok(Catalogue {
        roles: roles.0,
        competencies: competencies.0,
        band_hours: band_hours.0,
        bank_holidays: of_bank(&published.0, &own.0, &rules.0),
        holidays_known_until: known_until(&published.0),
    })
}

/// The roles of the bank, by name, with those that it uses no more.
pub async fn list_roles(tx: &mut Tx) -> Result<Vec<Role>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select code, name, plural, regulator, register_pattern, register_example, used_until, needs_supervisor
           from role_of_bank where bank_id = $1 order by name, code",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing roles"))
}

/// The roles that the bank uses on a day, by name: those to choose from.
pub async fn list_roles_in_use(tx: &mut Tx, on: NaiveDate) -> Result<Vec<Role>, DbError> {
    Ok(list_roles(tx).await?.into_iter().filter(|role| role.is_used_on(on)).collect())
}

/// The competencies that the bank uses on a day, by kind and name: those to choose from.
pub async fn list_competencies_in_use(tx: &mut Tx, on: NaiveDate) -> Result<Vec<Competency>, DbError> {
    Ok(list_competencies(tx).await?.into_iter().filter(|it| it.is_used_on(on)).collect())
}

/// The competencies of the bank, by kind and name, with those that it uses no more.
pub async fn list_competencies(tx: &mut Tx) -> Result<Vec<Competency>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select code, name, kind, used_until from competency_of_bank where bank_id = $1 order by kind, name, code",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing competencies"))
}

/// Marks everything in a bank as invented, for demonstration.
pub async fn mark_invented(tx: &mut Tx) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("update bank set invented = true where id = $1")
        .bind(bank)
        .execute(tx.connection())
        .await
        .map_err(failed("marking a bank as invented"))?;
    Ok(())
}

/// Marks a bank as removed; its board may have another.
pub async fn mark_removed(tx: &mut Tx) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "with gone as (delete from bank_board where bank_id = $1)
         update bank set removed_at = $2, icb_code = null where id = $1",
    )
    .bind(bank)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("marking a bank as removed"))?;
    Ok(())
}
