//! SQL of importing practices: everything in bulk, since England has six thousand.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, PracticeId};
use crate::people::practice::{PlacedBy, RegisterStatus};
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
    /// What the register says of it.
    pub status: RegisterStatus,
    /// The first day on which it is open.
    pub opened_on: Option<NaiveDate>,
    /// The last day on which it is open.
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
    status: RegisterStatus,
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
            status: self.status,
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
                pcn_code, pcn_name, clinical_system, status, opened_on, closed_on
           from practice
          where bank_id = $1
          order by ods_code",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the practices of a bank"))
}

/// Ends practices of these codes in every other bank, on `today` or the day on which they open there. Gives the bank and
/// id of each that was open. Those of a bank that closes into this one end with it, on its own last day.
pub async fn close_elsewhere(
    tx: &mut Tx,
    ods_codes: &[String],
    today: NaiveDate,
) -> Result<Vec<(BankId, PracticeId)>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "update practice set closed_on = greatest($3, opened_on), changed_at = $4
          where bank_id <> $1 and ods_code = any($2) and (closed_on is null or closed_on > greatest($3, opened_on))
            and not exists (select from bank b where b.id = practice.bank_id and b.closed_into = $1)
          returning bank_id, id",
    )
    .bind(bank)
    .bind(ods_codes)
    .bind(today)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("ending practices that moved to another bank"))
}

/// Ends every practice of the bank with `last_day`, or with the day on which it opens. Gives those that were open longer.
pub async fn close_all(tx: &mut Tx, last_day: NaiveDate) -> Result<Vec<PracticeId>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_scalar(
        "update practice set closed_on = greatest($2, opened_on), changed_at = $3
          where bank_id = $1 and (closed_on is null or closed_on > greatest($2, opened_on))
          returning id",
    )
    .bind(bank)
    .bind(last_day)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("ending the practices of a bank"))
}

/// For each practice of these codes that another bank has, the last day on which it is open there.
pub async fn list_last_days_elsewhere(
    tx: &mut Tx,
    ods_codes: &[String],
) -> Result<Vec<(String, NaiveDate)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select ods_code, max(closed_on) from practice
          where bank_id <> $1 and ods_code = any($2) and closed_on is not null
          group by ods_code",
    )
    .bind(bank)
    .bind(ods_codes)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("asking until when other banks have practices"))
}

/// How many of the practices of these codes each bank has open, the most first, with its name and a code of its boards.
pub async fn count_open_by_bank(
    tx: &mut Tx,
    ods_codes: &[String],
) -> Result<Vec<(String, Option<String>, i64)>, DbError> {
    sqlx::query_as(
        "select b.name, (select min(c.board_code) from bank_board c where c.bank_id = b.id), count(*)
           from practice p
           join bank b on b.id = p.bank_id and b.removed_at is null and b.closed_on is null
          where p.ods_code = any($1) and p.closed_on is null
          group by b.id, b.name
          order by count(*) desc, b.name",
    )
    .bind(ods_codes)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("asking which banks have practices"))
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
                status, created_at, changed_at)
         select n.bank_id, n.id, n.ods_code, n.name, n.address, n.postcode, n.latitude, n.longitude, n.placed_by,
                n.pcn_code, n.pcn_name, n.clinical_system, n.opened_on, n.closed_on, n.status, $16, $16
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[],
                $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[], $13::date[], $14::date[], $15::text[])
             as n (bank_id, id, ods_code, name, address, postcode, latitude, longitude, placed_by, pcn_code, pcn_name,
                clinical_system, opened_on, closed_on, status)
             on conflict (bank_id, id) do update
            set name = excluded.name, address = excluded.address, postcode = excluded.postcode,
                latitude_microdegrees = excluded.latitude_microdegrees,
                longitude_microdegrees = excluded.longitude_microdegrees, placed_by = excluded.placed_by,
                pcn_code = excluded.pcn_code, pcn_name = excluded.pcn_name,
                clinical_system = excluded.clinical_system, opened_on = excluded.opened_on,
                closed_on = excluded.closed_on, status = excluded.status, changed_at = excluded.changed_at",
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
    .bind(column(rows, |row| row.status.code()))
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
