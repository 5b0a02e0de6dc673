//! SQL of what applicants write, send and take back: of the application of whoever acts, and of no other.

use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::VacancyId;
use crate::hiring::application::Answers;
use crate::hiring::application::cv::NewCv;

/// Keeps the fields of the form.
pub async fn update_typed(tx: &mut Tx, typed: &[(String, String)]) -> Result<(), DbError> {
    let (bank, own, now) = (tx.bank(), tx.application(), tx.now());
    sqlx::query(
        "with changed as (update application set changed_at = $4 where bank_id = $1 and id = $2)
         update applicant set typed = $3 where bank_id = $1 and application_id = $2",
    )
    .bind(bank)
    .bind(own)
    .bind(Json(typed))
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping what an applicant writes"))?;
    Ok(())
}

/// Keeps a CV in the place of the one before.
pub async fn replace_cv(tx: &mut Tx, cv: &NewCv) -> Result<(), DbError> {
    let (bank, own) = (tx.bank(), tx.application());
    sqlx::query(
        "insert into application_file (bank_id, application_id, kind, file_name, bytes, virus_checked, key_id, nonce, sealed)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (bank_id, application_id) do update
            set kind = excluded.kind, file_name = excluded.file_name, bytes = excluded.bytes,
                virus_checked = excluded.virus_checked, key_id = excluded.key_id, nonce = excluded.nonce,
                sealed = excluded.sealed",
    )
    .bind(bank)
    .bind(own)
    .bind(cv.kind)
    .bind(&cv.file_name)
    .bind(cv.bytes)
    .bind(cv.is_virus_checked)
    .bind(&cv.sealed.key_id)
    .bind(&cv.sealed.nonce)
    .bind(&cv.sealed.bytes)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping a CV"))?;
    Ok(())
}

/// Sends the application: what is kept of it from now on is what was read. What was typed goes, and with it what was said
/// for equal opportunities.
pub async fn mark_sent(tx: &mut Tx, answers: &Answers, is_late: bool) -> Result<(), DbError> {
    let (bank, own, now) = (tx.bank(), tx.application(), tx.now());
    sqlx::query(
        "update application
            set state = 'received', sent_at = $3, moved_at = $3, changed_at = $3, is_late = $4, statements = $5, starts_on = $6,
                right_to_work = $7, wants_interview = $8, on_record = $9
          where bank_id = $1 and id = $2 and state = 'begun'",
    )
    .bind(bank)
    .bind(own)
    .bind(now)
    .bind(is_late)
    .bind(Json(&answers.statements))
    .bind(answers.starts_on)
    .bind(answers.right_to_work)
    .bind(answers.wants_interview)
    .bind(&answers.on_record)
    .execute(tx.connection())
    .await
    .map_err(failed("sending an application"))?;
    sqlx::query(
        "update applicant set name = $3, phone = $4, registration = $5, typed = '[]'
          where bank_id = $1 and application_id = $2",
    )
    .bind(bank)
    .bind(own)
    .bind(&answers.name)
    .bind(&answers.phone)
    .bind(&answers.registration)
    .execute(tx.connection())
    .await
    .map_err(failed("noting who sends an application"))?;
    Ok(())
}

/// Adds to the counts of a vacancy what an applicant said of themselves.
pub async fn count_opportunities(
    tx: &mut Tx,
    vacancy: VacancyId,
    said: &[(&str, &str)],
) -> Result<(), DbError> {
    if said.is_empty() {
        return Ok(());
    }
    let bank = tx.bank();
    sqlx::query("select count_equal_opportunities($1, $2, $3)")
        .bind(bank)
        .bind(vacancy)
        .bind(Json(said))
        .execute(tx.connection())
        .await
        .map_err(failed("counting what applicants say of themselves"))?;
    Ok(())
}

/// Deletes an application that was not sent, with all that was written.
pub async fn delete_own(tx: &mut Tx) -> Result<(), DbError> {
    let (bank, own) = (tx.bank(), tx.application());
    sqlx::query("delete from application where bank_id = $1 and id = $2 and state = 'begun'")
        .bind(bank)
        .bind(own)
        .execute(tx.connection())
        .await
        .map_err(failed("deleting an application that was not sent"))?;
    Ok(())
}
