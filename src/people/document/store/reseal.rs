//! SQL of files that are sealed again by another key.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, ClinicianId, DocumentId};
use crate::people::document::FileKind;
use crate::people::document::seal::{Sealed, Whose};

/// A file of any bank that one of these keys has sealed, locked; those that somebody else seals again just now are left to
/// them.
pub async fn find_sealed_by(tx: &mut Tx, keys: &[String]) -> Result<Option<Whose>, DbError> {
    let row: Option<(BankId, ClinicianId, DocumentId, FileKind)> = sqlx::query_as(
        "select d.bank_id, d.clinician_id, d.id, d.kind
           from document_file f join document d on d.bank_id = f.bank_id and d.id = f.document_id
          where f.key_id = any($1)
          order by d.bank_id, d.id
          limit 1
            for update of f skip locked",
    )
    .bind(keys)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a file that an older key has sealed"))?;
    Ok(row.map(|(bank, clinician, document, kind)| Whose { bank, clinician, document, kind }))
}

/// Puts a file that was sealed again in the place of what it was.
pub async fn replace_file(tx: &mut Tx, document: DocumentId, sealed: &Sealed) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("delete from document_file_part where bank_id = $1 and document_id = $2")
        .bind(bank)
        .bind(document)
        .execute(tx.connection())
        .await
        .map_err(failed("taking away what an older key has sealed"))?;
    sqlx::query("update document_file set key_id = $3, nonce = $4 where bank_id = $1 and document_id = $2")
        .bind(bank)
        .bind(document)
        .bind(&sealed.key_id)
        .bind(&sealed.nonce)
        .execute(tx.connection())
        .await
        .map_err(failed("noting which key has sealed a file"))?;
    super::insert_parts(tx, document, sealed).await
}
