//! SQL of the documents that roles need.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::terms::bank::needs::Need;

/// Notes that a role needs a document from a date on, in the place of the date known before.
pub async fn upsert_need(
    tx: &mut Tx,
    (role, document): (&str, &str),
    valid_from: NaiveDate,
) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into role_requirement (bank_id, role, competency, valid_from, decided_by, decided_at)
         values ($1, $2, $3, $4, $5, $6)
             on conflict (bank_id, role, competency) do update
            set valid_from = excluded.valid_from, decided_by = excluded.decided_by, decided_at = excluded.decided_at",
    )
    .bind(bank)
    .bind(role)
    .bind(document)
    .bind(valid_from)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting what a role needs"))?;
    Ok(())
}

/// Forgets that a role needs a document; whether it did.
pub async fn delete_need(tx: &mut Tx, (role, document): (&str, &str)) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done =
        sqlx::query("delete from role_requirement where bank_id = $1 and role = $2 and competency = $3")
            .bind(bank)
            .bind(role)
            .bind(document)
            .execute(tx.connection())
            .await
            .map_err(failed("forgetting what a role needs"))?;
    Ok(done.rows_affected() == 1)
}

/// What the roles of a bank need, by role and document.
pub async fn list_needs(tx: &mut Tx) -> Result<Vec<Need>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select n.role, r.name as role_name, n.competency as document, k.name as document_name, n.valid_from
           from role_requirement n
           join role_of_bank r on r.bank_id = n.bank_id and r.code = n.role
           join competency_of_bank k on k.bank_id = n.bank_id and k.code = n.competency
          where n.bank_id = $1
          order by r.name, k.name",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what roles need"))
}

/// Whether there is a role and a document of these codes.
pub async fn is_known(tx: &mut Tx, (role, document): (&str, &str)) -> Result<bool, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select exists (select from role_of_bank where bank_id = $3 and code = $1)
            and exists (select from competency_of_bank where bank_id = $3 and code = $2 and kind = 'document')",
    )
    .bind(role)
    .bind(document)
    .bind(bank)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("looking for a role and a document"))
}
