//! SQL of held competencies and of clearances.

pub mod endings;
pub mod record;
pub mod refusal;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Clearance, DocumentEnd, Held, LastDecision};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClearanceId, ClinicianId};

#[derive(sqlx::FromRow)]
struct ClearanceRow {
    id: ClearanceId,
    clinician_id: ClinicianId,
    role: String,
    cleared_until: NaiveDate,
    works_until: NaiveDate,
    document: Option<String>,
    document_ends: Option<NaiveDate>,
    reason: String,
    decided_by: AccountId,
    decided_at: DateTime<Utc>,
    decided_by_name: String,
    is_of_number: bool,
}

impl From<ClearanceRow> for Clearance {
    fn from(row: ClearanceRow) -> Self {
        Self {
            id: row.id,
            clinician: row.clinician_id,
            role: row.role,
            cleared_until: row.cleared_until,
            works_until: row.works_until,
            document: row.document.map(|name| DocumentEnd { name, ends: row.document_ends }),
            reason: row.reason,
            decided_by: row.decided_by,
            decided_by_name: row.decided_by_name,
            is_of_number: row.is_of_number,
            decided_at: row.decided_at,
        }
    }
}

/// Every decision about one clinician, newest first.
pub async fn list_clearances(tx: &mut Tx, clinician: ClinicianId) -> Result<Vec<Clearance>, DbError> {
    let bank = tx.bank();
    let rows: Vec<ClearanceRow> = sqlx::query_as(
        "select l.id, l.clinician_id, l.role, l.cleared_until, l.cleared_until as works_until, null as document,
                null::date as document_ends, l.reason, l.decided_by, l.decided_at, a.name as decided_by_name,
                l.decided_on_number in ('', coalesce(c.registration_number, '')) as is_of_number
           from clearance l
           join clinician c on c.bank_id = l.bank_id and c.id = l.clinician_id
           join account a on a.id = l.decided_by
          where l.bank_id = $1 and l.clinician_id = $2
          order by l.position desc",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the decisions about a clinician"))?;
    Ok(rows.into_iter().map(Clearance::from).collect())
}

/// What was decided last about a clinician.
pub async fn find_last_decision(tx: &mut Tx, clinician: ClinicianId) -> Result<LastDecision, DbError> {
    let bank = tx.bank();
    let (clearance, refusal) = sqlx::query_as(
        "select (select l.id from clearance l where l.bank_id = $1 and l.clinician_id = $2
                  order by l.position desc limit 1),
                (select r.id from clearance_refusal r where r.bank_id = $1 and r.clinician_id = $2
                  order by r.refused_at desc, r.id desc limit 1)",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("finding the newest decision about a clinician"))?;
    Ok(LastDecision { clearance, refusal })
}

/// Adds a decision, which is the one in force from now on. At commit the database refuses it with
/// `clearance_leaves_no_booking_uncovered` where a live booking would be left without clearance.
pub async fn insert_clearance(tx: &mut Tx, clearance: &Clearance) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into clearance (bank_id, id, clinician_id, role, cleared_until, reason, decided_by, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(bank)
    .bind(clearance.id)
    .bind(clearance.clinician)
    .bind(&clearance.role)
    .bind(clearance.cleared_until)
    .bind(&clearance.reason)
    .bind(clearance.decided_by)
    .bind(clearance.decided_at)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a clearance"))?;
    Ok(())
}

/// Writes that a clinician holds a competency, with its last valid date in the place of the one known before.
pub async fn upsert_held(tx: &mut Tx, clinician: ClinicianId, held: &Held) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into clinician_competency (bank_id, clinician_id, competency, valid_through)
         values ($1, $2, $3, $4)
         on conflict (bank_id, clinician_id, competency) do update set valid_through = excluded.valid_through",
    )
    .bind(bank)
    .bind(clinician)
    .bind(&held.competency)
    .bind(held.valid_through)
    .execute(tx.connection())
    .await
    .map_err(failed("writing what a clinician holds"))?;
    Ok(())
}

/// Takes a competency from a clinician; whether they held it.
pub async fn delete_held(tx: &mut Tx, clinician: ClinicianId, competency: &str) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "delete from clinician_competency where bank_id = $1 and clinician_id = $2 and competency = $3",
    )
    .bind(bank)
    .bind(clinician)
    .bind(competency)
    .execute(tx.connection())
    .await
    .map_err(failed("taking a competency from a clinician"))?;
    Ok(done.rows_affected() == 1)
}

/// Takes the skills and systems from a clinician that they have put down themselves and that are not in `codes`.
/// What a bank administrator has dated stays.
pub async fn delete_self_declared_except(
    tx: &mut Tx,
    clinician: ClinicianId,
    codes: &[String],
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "delete from clinician_competency h using competency k
          where h.bank_id = $1 and h.clinician_id = $2 and k.code = h.competency and k.kind in ('skill', 'system')
            and h.valid_through is null and h.competency <> all($3)",
    )
    .bind(bank)
    .bind(clinician)
    .bind(codes)
    .execute(tx.connection())
    .await
    .map_err(failed("taking skills and systems from a clinician"))?;
    Ok(())
}

/// Adds those of `codes` that are skills or systems to what a clinician holds, without a date.
pub async fn insert_self_declared(
    tx: &mut Tx,
    clinician: ClinicianId,
    codes: &[String],
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into clinician_competency (bank_id, clinician_id, competency)
         select $1, $2, k.code from competency_of_bank k
          where k.bank_id = $1 and k.code = any($3) and k.kind in ('skill', 'system')
         on conflict (bank_id, clinician_id, competency) do nothing",
    )
    .bind(bank)
    .bind(clinician)
    .bind(codes)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a clinician's skills and systems"))?;
    Ok(())
}
