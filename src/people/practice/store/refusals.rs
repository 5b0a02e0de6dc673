//! SQL of the clinicians that practices do not take.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PracticeId};

/// A clinician a practice does not take.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RefusedClinician {
    /// The practice.
    pub practice_id: PracticeId,
    /// The clinician.
    pub clinician_id: ClinicianId,
    /// Their name.
    pub name: String,
    /// The name of their role.
    pub role_name: String,
    /// Why, in the practice's words: for the practice itself and for bank administrators.
    pub reason: String,
    /// When the practice said so.
    pub refused_at: DateTime<Utc>,
}

/// The clinicians these practices do not take, by practice and name.
pub async fn list_refused_clinicians(
    tx: &mut Tx,
    practices: &[PracticeId],
) -> Result<Vec<RefusedClinician>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select r.practice_id, r.clinician_id, c.name, k.name as role_name, r.reason, r.refused_at
           from practice_refusal r
           join clinician_by_name c on c.bank_id = r.bank_id and c.id = r.clinician_id
           join role_of_bank k on k.bank_id = c.bank_id and k.code = c.role
          where r.bank_id = $1 and r.practice_id = any($2)
          order by r.practice_id, c.name, r.clinician_id",
    )
    .bind(bank)
    .bind(practices)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the clinicians practices do not take"))
}

/// Somebody of the bank, as a practice that looks for them knows them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Colleague {
    /// The clinician.
    pub id: ClinicianId,
    /// Their name.
    pub name: String,
    /// The name of their role.
    pub role_name: String,
}

/// Clinicians of the bank who are named `search`, or a part of it, and whom the practice takes so far, by name, `most` of them.
pub async fn list_colleagues(
    tx: &mut Tx,
    practice: PracticeId,
    search: &str,
    most: i64,
) -> Result<Vec<Colleague>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select c.id, c.name, k.name as role_name
           from clinicians_named($1, $3) found
           join clinician_by_name c on c.bank_id = $1 and c.id = found.id
           join role_of_bank k on k.bank_id = c.bank_id and k.code = c.role
          where c.acts
            and not exists (select from practice_refusal r
                             where r.bank_id = c.bank_id and r.practice_id = $2 and r.clinician_id = c.id)
          order by c.name, c.id
          limit $4",
    )
    .bind(bank)
    .bind(practice)
    .bind(search)
    .bind(most)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("looking for clinicians by name"))
}

/// The clinician of that id in a bank.
pub async fn find_colleague(tx: &mut Tx, clinician: ClinicianId) -> Result<Option<Colleague>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select c.id, c.name, k.name as role_name
           from clinician_by_name c
           join role_of_bank k on k.bank_id = c.bank_id and k.code = c.role
          where c.bank_id = $1 and c.id = $2 and c.acts",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a clinician for a practice"))
}

/// How many bookings of a clinician at a practice are still to come.
pub async fn count_bookings_to_come(
    tx: &mut Tx,
    practice: PracticeId,
    clinician: ClinicianId,
) -> Result<i64, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query_scalar(
        "select count(*) from live_booking
          where bank_id = $1 and practice_id = $2 and clinician_id = $3 and starts_at > $4",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the bookings of a clinician at a practice"))
}

/// How many open offers a clinician holds of a practice's sessions.
pub async fn count_open_offers(
    tx: &mut Tx,
    practice: PracticeId,
    clinician: ClinicianId,
) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select count(*)
           from open_offer o
           join session s on s.bank_id = o.bank_id and s.id = o.session_id
          where o.bank_id = $1 and s.practice_id = $2 and o.clinician_id = $3",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the offers a clinician holds of a practice"))
}

/// Notes that a practice does not take a clinician. False where that is noted already; the first reason stays.
pub async fn insert_refusal(
    tx: &mut Tx,
    (practice, clinician): (PracticeId, ClinicianId),
    reason: &str,
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
         values ($1, $2, $3, $4, $5)
             on conflict (bank_id, practice_id, clinician_id) do nothing",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .bind(reason)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting that a practice does not take a clinician"))?;
    Ok(done.rows_affected() == 1)
}

/// Forgets that a practice does not take a clinician. False where nothing of the kind was noted.
pub async fn delete_refusal(
    tx: &mut Tx,
    practice: PracticeId,
    clinician: ClinicianId,
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "delete from practice_refusal where bank_id = $1 and practice_id = $2 and clinician_id = $3",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .execute(tx.connection())
    .await
    .map_err(failed("forgetting that a practice does not take a clinician"))?;
    Ok(done.rows_affected() == 1)
}
