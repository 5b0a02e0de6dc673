//! SQL of importing practices: everything in bulk, since England has six thousand.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, PracticeId};
use crate::people::practice::PlacedBy;
use crate::terms::bank::places::Place;

/// A practice as the register says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The bank.
    pub bank: BankId,
    /// Its id.
    pub id: PracticeId,
    /// Its ODS code.
    pub ods_code: String,
    /// Its name as the register has it, in the letters that people read.
    pub name: String,
    /// Its address in one line.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// Where it is.
    pub place: Place,
    /// How that is known.
    pub placed_by: PlacedBy,
    /// The code of its primary care network.
    pub pcn_code: Option<String>,
    /// The name of its primary care network.
    pub pcn_name: Option<String>,
    /// The competency of its clinical system.
    pub clinical_system: Option<String>,
    /// The day it opened.
    pub opened_on: Option<NaiveDate>,
    /// The day it closed.
    pub closed_on: Option<NaiveDate>,
}

/// A practice as the database has it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Existing {
    id: PracticeId,
    /// Its ODS code.
    pub ods_code: String,
    name: String,
    address: String,
    postcode: String,
    latitude_microdegrees: i32,
    longitude_microdegrees: i32,
    placed_by: PlacedBy,
    pcn_code: Option<String>,
    pcn_name: Option<String>,
    clinical_system: Option<String>,
    opened_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
}

impl Existing {
    /// As a row of `bank`, to be compared with what the register says.
    #[must_use]
    pub fn into_row(self, bank: BankId) -> Row {
        Row {
            bank,
            id: self.id,
            ods_code: self.ods_code,
            name: self.name,
            address: self.address,
            postcode: self.postcode,
            place: Place {
                latitude_microdegrees: self.latitude_microdegrees,
                longitude_microdegrees: self.longitude_microdegrees,
            },
            placed_by: self.placed_by,
            pcn_code: self.pcn_code,
            pcn_name: self.pcn_name,
            clinical_system: self.clinical_system,
            opened_on: self.opened_on,
            closed_on: self.closed_on,
        }
    }
}

/// Keeps other writers of practices out until the transaction ends. Readers and those who post sessions go on.
pub async fn lock_practices(tx: &mut Tx) -> Result<(), DbError> {
    sqlx::query("lock table practice in share row exclusive mode")
        .execute(tx.connection())
        .await
        .map_err(failed("locking practices for an import"))?;
    Ok(())
}

/// Every practice of a bank, by ODS code.
pub async fn list_existing(tx: &mut Tx) -> Result<Vec<Existing>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, ods_code, register_name as name, address, postcode, latitude_microdegrees, longitude_microdegrees, placed_by,
                pcn_code, pcn_name, clinical_system, opened_on, closed_on
           from practice
          where bank_id = $1
          order by ods_code",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the practices of a bank"))
}

/// One column of rows.
fn column<T>(rows: &[Row], of: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// Adds practices, and brings those up to date that are there by bank and id, in one statement.
pub async fn write_rows(tx: &mut Tx, rows: &[Row]) -> Result<(), DbError> {
    let now = tx.now();
    let placed_by = |row: &Row| match row.placed_by {
        PlacedBy::PostcodeDistrict => "postcode_district",
        PlacedBy::Postcode => "postcode",
        PlacedBy::Given => "given",
    };
    sqlx::query(
        "insert into practice (bank_id, id, ods_code, name, address, postcode, latitude_microdegrees,
                longitude_microdegrees, placed_by, pcn_code, pcn_name, clinical_system, opened_on, closed_on,
                created_at, changed_at)
         select n.bank_id, n.id, n.ods_code, n.name, n.address, n.postcode, n.latitude, n.longitude, n.placed_by,
                n.pcn_code, n.pcn_name, n.clinical_system, n.opened_on, n.closed_on, $15, $15
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[],
                $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[], $13::date[], $14::date[])
             as n (bank_id, id, ods_code, name, address, postcode, latitude, longitude, placed_by, pcn_code, pcn_name,
                clinical_system, opened_on, closed_on)
             on conflict (bank_id, id) do update
            set name = excluded.name, address = excluded.address, postcode = excluded.postcode,
                latitude_microdegrees = excluded.latitude_microdegrees,
                longitude_microdegrees = excluded.longitude_microdegrees, placed_by = excluded.placed_by,
                pcn_code = excluded.pcn_code, pcn_name = excluded.pcn_name,
                clinical_system = excluded.clinical_system, opened_on = excluded.opened_on,
                closed_on = excluded.closed_on, changed_at = excluded.changed_at",
    )
    .bind(column(rows, |row| row.bank.0))
    .bind(column(rows, |row| row.id.0))
    .bind(column(rows, |row| row.ods_code.clone()))
    .bind(column(rows, |row| row.name.clone()))
    .bind(column(rows, |row| row.address.clone()))
    .bind(column(rows, |row| row.postcode.clone()))
    .bind(column(rows, |row| row.place.latitude_microdegrees))
    .bind(column(rows, |row| row.place.longitude_microdegrees))
    .bind(column(rows, placed_by))
    .bind(column(rows, |row| row.pcn_code.clone()))
    .bind(column(rows, |row| row.pcn_name.clone()))
    .bind(column(rows, |row| row.clinical_system.clone()))
    .bind(column(rows, |row| row.opened_on))
    .bind(column(rows, |row| row.closed_on))
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("writing practices of the register"))?;
    Ok(())
}

/// How many people act or ever acted in a bank.
pub async fn count_members_ever(tx: &mut Tx) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select count(*) from membership where bank_id = $1")
        .bind(bank)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("counting whoever acted in a bank"))
}

/// Removes every practice of a bank in which nobody ever acted. Gives how many there were.
pub async fn delete_practices(tx: &mut Tx) -> Result<u64, DbError> {
    let bank = tx.bank();
    let deleted = sqlx::query("delete from practice where bank_id = $1")
        .bind(bank)
        .execute(tx.connection())
        .await
        .map_err(failed("removing the practices of a bank"))?;
    Ok(deleted.rows_affected())
}
