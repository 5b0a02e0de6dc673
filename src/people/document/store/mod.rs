//! SQL of the documents that clinicians hand in.

pub mod endings;
pub mod reseal;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt as _;

use super::seal::Sealed;
use super::{Document, FileKind, State};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, DocumentId};
use crate::people::document::actions::NewDocument;

/// So many bytes of a file are in a row, at most.
const PART_BYTES: usize = 1024 * 1024;

#[derive(sqlx::FromRow)]
struct DocumentRow {
    id: DocumentId,
    clinician_id: ClinicianId,
    clinician_name: String,
    competency: String,
    name: String,
    kind: FileKind,
    file_name: String,
    bytes: i32,
    virus_checked: bool,
    said_valid_through: Option<NaiveDate>,
    handed_in_at: DateTime<Utc>,
    state: String,
    ended_at: Option<DateTime<Utc>>,
    ended_by_name: Option<String>,
    valid_through: Option<NaiveDate>,
    reason: Option<String>,
}

impl From<DocumentRow> for Document {
    fn from(row: DocumentRow) -> Self {
        let at = row.ended_at.unwrap_or(row.handed_in_at);
        let by = row.ended_by_name.unwrap_or_default();
        Self {
            id: row.id,
            clinician: row.clinician_id,
            clinician_name: row.clinician_name,
            competency: row.competency,
            name: row.name,
            kind: row.kind,
            file_name: row.file_name,
            bytes: row.bytes,
            is_virus_checked: row.virus_checked,
            said_valid_through: row.said_valid_through,
            handed_in_at: row.handed_in_at,
            state: match row.state.as_str() {
                "verified" => State::Verified { at, by, valid_through: row.valid_through },
                "sent_back" => State::SentBack { at, by, reason: row.reason.unwrap_or_default() },
                "replaced" => State::Replaced,
                _ => State::Waiting,
            },
        }
    }
}

/// The columns of a [`DocumentRow`], and where they come from.
macro_rules! documents {
    () => {
        "select d.id, d.clinician_id, c.name as clinician_name, d.competency, k.name, d.kind, d.file_name, d.bytes,
                d.virus_checked, d.said_valid_through, d.handed_in_at, d.state, d.ended_at, a.name as ended_by_name,
                d.valid_through, d.reason
           from document d
           join clinician_by_name c on c.bank_id = d.bank_id and c.id = d.clinician_id
           join competency_of_bank k on k.bank_id = d.bank_id and k.code = d.competency
           left join account a on a.id = d.ended_by"
    };
}

/// One document of a clinician.
pub async fn find_document(
    tx: &mut Tx,
    clinician: ClinicianId,
    id: DocumentId,
) -> Result<Option<Document>, DbError> {
    let bank = tx.bank();
    let row: Option<DocumentRow> = sqlx::query_as(concat!(
        documents!(),
        " where d.bank_id = $1 and d.clinician_id = $2
            and d.id = $3",
    ))
    .bind(bank)
    .bind(clinician)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a document"))?;
    Ok(row.map(Document::from))
}

/// What a clinician has handed in, the newest first.
pub async fn list_of_clinician(tx: &mut Tx, clinician: ClinicianId) -> Result<Vec<Document>, DbError> {
    let bank = tx.bank();
    let rows: Vec<DocumentRow> = sqlx::query_as(concat!(
        documents!(),
        " where d.bank_id = $1 and d.clinician_id = $2 order by d.handed_in_at desc, d.id desc",
    ))
    .bind(bank)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a clinician has handed in"))?;
    Ok(rows.into_iter().map(Document::from).collect())
}

/// What waits to be looked at, of people who still work with the bank, the oldest first.
pub async fn list_waiting(tx: &mut Tx, limit: i64, offset: i64) -> Result<Vec<Document>, DbError> {
    let bank = tx.bank();
    let rows: Vec<DocumentRow> = sqlx::query_as(concat!(
        documents!(),
        " where d.bank_id = $1 and d.state = 'waiting' and c.acts order by d.handed_in_at, d.id limit $2 offset $3",
    ))
    .bind(bank)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the documents that wait"))?;
    Ok(rows.into_iter().map(Document::from).collect())
}

/// How many wait to be looked at.
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select count(*)
           from document d join clinician_by_name c on c.bank_id = d.bank_id and c.id = d.clinician_id
          where d.bank_id = $1 and d.state = 'waiting' and c.acts",
    )
    .bind(bank)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the documents that wait"))
}

/// How many documents a clinician has handed in since an instant.
pub async fn count_since(tx: &mut Tx, clinician: ClinicianId, since: DateTime<Utc>) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select count(*) from document where bank_id = $1 and clinician_id = $2 and handed_in_at > $3",
    )
    .bind(bank)
    .bind(clinician)
    .bind(since)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting what a clinician has handed in"))
}

/// Notes that what waits of this kind is replaced by a newer one; the document that was, where there was one.
pub async fn mark_replaced(
    tx: &mut Tx,
    clinician: ClinicianId,
    competency: &str,
) -> Result<Option<DocumentId>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_scalar(
        "update document set state = 'replaced', ended_at = $4
          where bank_id = $1 and clinician_id = $2 and competency = $3 and state = 'waiting'
        returning id",
    )
    .bind(bank)
    .bind(clinician)
    .bind(competency)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("replacing a document that waits"))
}

/// Adds a document with its file.
pub async fn insert_document(tx: &mut Tx, new: &NewDocument) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "insert into document (bank_id, id, clinician_id, competency, kind, file_name, bytes, virus_checked,
                               said_valid_through, handed_in_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(bank)
    .bind(new.whose.document)
    .bind(new.whose.clinician)
    .bind(&new.competency)
    .bind(new.whose.kind)
    .bind(&new.file_name)
    .bind(new.bytes)
    .bind(new.is_virus_checked)
    .bind(new.said_valid_through)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a document"))?;
    insert_file(tx, new.whose.document, &new.sealed).await
}

/// Adds the sealed file of a document, part by part.
async fn insert_file(tx: &mut Tx, document: DocumentId, sealed: &Sealed) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("insert into document_file (bank_id, document_id, key_id, nonce) values ($1, $2, $3, $4)")
        .bind(bank)
        .bind(document)
        .bind(&sealed.key_id)
        .bind(&sealed.nonce)
        .execute(tx.connection())
        .await
        .map_err(failed("adding the file of a document"))?;
    insert_parts(tx, document, sealed).await
}

async fn insert_parts(tx: &mut Tx, document: DocumentId, sealed: &Sealed) -> Result<(), DbError> {
    let bank = tx.bank();
    for (number, part) in (1_i16..).zip(sealed.bytes.chunks(PART_BYTES)) {
        sqlx::query(
            "insert into document_file_part (bank_id, document_id, number, sealed) values ($1, $2, $3, $4)",
        )
        .bind(bank)
        .bind(document)
        .bind(number)
        .bind(part)
        .execute(tx.connection())
        .await
        .map_err(failed("adding a part of a file"))?;
    }
    Ok(())
}

/// The sealed file of a document.
pub async fn find_file(tx: &mut Tx, id: DocumentId) -> Result<Option<Sealed>, DbError> {
    let bank = tx.bank();
    let row: Option<(String, Vec<u8>, i64)> = sqlx::query_as(
        "select f.key_id, f.nonce,
                (select coalesce(sum(length(p.sealed)), 0) from document_file_part p
                  where p.bank_id = f.bank_id and p.document_id = f.document_id)
           from document_file f where f.bank_id = $1 and f.document_id = $2",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the file of a document"))?;
    let Some((key_id, nonce, length)) = row else { return Ok(None) };
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    let mut parts = sqlx::query_scalar::<_, Vec<u8>>(
        "select sealed from document_file_part where bank_id = $1 and document_id = $2 order by number",
    )
    .bind(bank)
    .bind(id)
    .fetch(tx.connection());
    while let Some(part) = parts.try_next().await.map_err(failed("reading a part of a file"))? {
        bytes.extend_from_slice(&part);
    }
    Ok(Some(Sealed { key_id, nonce, bytes }))
}

/// The names of the keys that files are sealed by, in every bank that the transaction sees, each with how many it sealed.
pub async fn list_key_ids(tx: &mut Tx) -> Result<Vec<(String, i64)>, DbError> {
    sqlx::query_as("select key_id, count(*) from document_file group by key_id order by key_id")
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing the keys of documents"))
}

/// Notes that whoever acts has verified a document that waited, with its last day; whether it waited.
pub async fn mark_verified(
    tx: &mut Tx,
    id: DocumentId,
    valid_through: Option<NaiveDate>,
) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "update document set state = 'verified', ended_at = $3, ended_by = $4, valid_through = $5
          where bank_id = $1 and id = $2 and state = 'waiting'",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(valid_through)
    .execute(tx.connection())
    .await
    .map_err(failed("verifying a document"))?;
    Ok(done.rows_affected() == 1)
}

/// Notes that whoever acts has sent back a document that waited; whether it waited.
pub async fn mark_sent_back(tx: &mut Tx, id: DocumentId, reason: &str) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "update document set state = 'sent_back', ended_at = $3, ended_by = $4, reason = $5
          where bank_id = $1 and id = $2 and state = 'waiting'",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(reason)
    .execute(tx.connection())
    .await
    .map_err(failed("sending a document back"))?;
    Ok(done.rows_affected() == 1)
}

/// Deletes the files of documents that were replaced, sent back, or ended before a date, and says of how many. The documents
/// themselves stay, with what became of them.
pub async fn delete_files_before(tx: &mut Tx, before: NaiveDate) -> Result<u64, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "with over as (
             select d.id from document d join document_file f on f.bank_id = d.bank_id and f.document_id = d.id
              where d.bank_id = $1
                and (d.state in ('replaced', 'sent_back') and d.ended_at < $2::date
                     or d.state = 'verified' and d.valid_through < $2)),
         parts as (delete from document_file_part p using over o where p.bank_id = $1 and p.document_id = o.id)
         delete from document_file f using over o where f.bank_id = $1 and f.document_id = o.id",
    )
    .bind(bank)
    .bind(before)
    .execute(tx.connection())
    .await;
    Ok(done.map_err(failed("deleting files whose time is over"))?.rows_affected())
}
