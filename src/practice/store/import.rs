//! SQL of importing practices: everything in bulk, since England has six thousand.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::bank::places::Place;
use crate::db::{DbError, failed};
use crate::id::{BankId, PracticeId};
use crate::practice::PlacedBy;

/// A practice as the register says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The bank.
    pub bank: BankId,
    /// Its id.
    pub id: PracticeId,
    /// Its ODS code.
    pub ods_code: String,
    /// Its name, as people read it.
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
pub async fn lock_practices(connection: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query("lock table practice in share row exclusive mode")
        .execute(connection)
        .await
        .map_err(failed("locking practices for an import"))?;
    Ok(())
}

/// Every practice of a bank, by ODS code.
pub async fn list_existing(connection: &mut PgConnection, bank: BankId) -> Result<Vec<Existing>, DbError> {
    sqlx::query_as(
        "select id, ods_code, name, address, postcode, latitude_microdegrees, longitude_microdegrees, placed_by,
                pcn_code, pcn_name, clinical_system, opened_on, closed_on
           from practice
          where bank_id = $1
          order by ods_code",
    )
    .bind(bank)
    .fetch_all(connection)
    .await
    .map_err(failed("listing the practices of a bank"))
}

/// The columns of rows, for `unnest`.
struct Columns {
    banks: Vec<Uuid>,
    ids: Vec<Uuid>,
    latitudes: Vec<i32>,
    longitudes: Vec<i32>,
    placed_by: Vec<&'static str>,
}

impl Columns {
    fn of(rows: &[Row]) -> Self {
        let placed_by = |row: &Row| match row.placed_by {
            PlacedBy::PostcodeDistrict => "postcode_district",
            PlacedBy::Postcode => "postcode",
            PlacedBy::Given => "given",
        };
        Self {
            banks: rows.iter().map(|row| row.bank.0).collect(),
            ids: rows.iter().map(|row| row.id.0).collect(),
            latitudes: rows.iter().map(|row| row.place.latitude_microdegrees).collect(),
            longitudes: rows.iter().map(|row| row.place.longitude_microdegrees).collect(),
            placed_by: rows.iter().map(placed_by).collect(),
        }
    }
}

/// One column of rows.
fn column<T>(rows: &[Row], of: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// Adds practices in one statement.
pub async fn insert_rows(
    connection: &mut PgConnection,
    rows: &[Row],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let columns = Columns::of(rows);
    sqlx::query(
        "insert into practice (bank_id, id, ods_code, name, address, postcode, latitude_microdegrees,
                longitude_microdegrees, placed_by, pcn_code, pcn_name, clinical_system, opened_on, closed_on,
                created_at, changed_at)
         select n.bank_id, n.id, n.ods_code, n.name, n.address, n.postcode, n.latitude, n.longitude, n.placed_by,
                n.pcn_code, n.pcn_name, n.clinical_system, n.opened_on, n.closed_on, $15, $15
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[],
                $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[], $13::date[], $14::date[])
             as n (bank_id, id, ods_code, name, address, postcode, latitude, longitude, placed_by, pcn_code, pcn_name,
                clinical_system, opened_on, closed_on)",
    )
    .bind(columns.banks)
    .bind(columns.ids)
    .bind(column(rows, |row| row.ods_code.clone()))
    .bind(column(rows, |row| row.name.clone()))
    .bind(column(rows, |row| row.address.clone()))
    .bind(column(rows, |row| row.postcode.clone()))
    .bind(columns.latitudes)
    .bind(columns.longitudes)
    .bind(columns.placed_by)
    .bind(column(rows, |row| row.pcn_code.clone()))
    .bind(column(rows, |row| row.pcn_name.clone()))
    .bind(column(rows, |row| row.clinical_system.clone()))
    .bind(column(rows, |row| row.opened_on))
    .bind(column(rows, |row| row.closed_on))
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("adding practices"))?;
    Ok(())
}

/// Brings practices up to date in one statement, found by bank and id.
pub async fn update_rows(
    connection: &mut PgConnection,
    rows: &[Row],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let columns = Columns::of(rows);
    sqlx::query(
        "update practice p
            set name = n.name, address = n.address, postcode = n.postcode, latitude_microdegrees = n.latitude,
                longitude_microdegrees = n.longitude, placed_by = n.placed_by, pcn_code = n.pcn_code,
                pcn_name = n.pcn_name, clinical_system = n.clinical_system, opened_on = n.opened_on,
                closed_on = n.closed_on, changed_at = $14
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[],
                $8::text[], $9::text[], $10::text[], $11::text[], $12::date[], $13::date[])
             as n (bank_id, id, name, address, postcode, latitude, longitude, placed_by, pcn_code, pcn_name,
                clinical_system, opened_on, closed_on)
          where p.bank_id = n.bank_id and p.id = n.id",
    )
    .bind(columns.banks)
    .bind(columns.ids)
    .bind(column(rows, |row| row.name.clone()))
    .bind(column(rows, |row| row.address.clone()))
    .bind(column(rows, |row| row.postcode.clone()))
    .bind(columns.latitudes)
    .bind(columns.longitudes)
    .bind(columns.placed_by)
    .bind(column(rows, |row| row.pcn_code.clone()))
    .bind(column(rows, |row| row.pcn_name.clone()))
    .bind(column(rows, |row| row.clinical_system.clone()))
    .bind(column(rows, |row| row.opened_on))
    .bind(column(rows, |row| row.closed_on))
    .bind(now)
    .execute(connection)
    .await
    .map_err(failed("bringing practices up to date"))?;
    Ok(())
}
