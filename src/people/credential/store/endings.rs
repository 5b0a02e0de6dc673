//! SQL of clearances that end soon or ended lately, for those who are told.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClearanceId, ClinicianId};
use crate::ground::mail::Recipient;
use crate::people::credential::messages::ClearanceFacts;

#[derive(sqlx::FromRow)]
struct EndingRow {
    bank_name: String,
    id: ClearanceId,
    account_id: AccountId,
    name: String,
    email: String,
    role_name: String,
    cleared_until: NaiveDate,
    decided_at: DateTime<Utc>,
    documents: Vec<String>,
    document_dates: Vec<NaiveDate>,
}

/// The clearances in force of a bank whose last day lies in a span of dates, in order of that day, each with the
/// instant at which it was decided; of one clinician, or of everybody who still works with the bank.
pub async fn list_clearances_ending(
    tx: &mut Tx,
    (first, last): (NaiveDate, NaiveDate),
    of: Option<ClinicianId>,
) -> Result<Vec<(ClearanceFacts, DateTime<Utc>)>, DbError> {
    let bank = tx.bank();
    let rows: Vec<EndingRow> = sqlx::query_as(
        "select b.name as bank_name, l.id, c.account_id, c.name, c.email, r.name as role_name, l.works_until as cleared_until,
                l.decided_at,
                array(select k.name from clinician_competency h
                        join competency_of_bank k on k.bank_id = h.bank_id and k.code = h.competency
                       where h.bank_id = c.bank_id and h.clinician_id = c.id and k.kind = 'document'
                         and h.valid_through <= l.works_until + 30
                       order by h.valid_through, k.name) as documents,
                array(select h.valid_through from clinician_competency h
                        join competency_of_bank k on k.bank_id = h.bank_id and k.code = h.competency
                       where h.bank_id = c.bank_id and h.clinician_id = c.id and k.kind = 'document'
                         and h.valid_through <= l.works_until + 30
                       order by h.valid_through, k.name) as document_dates
           from clinician_by_name c
           join bank b on b.id = c.bank_id
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
           join clearance_in_force l on l.bank_id = c.bank_id and l.clinician_id = c.id
          where c.bank_id = $1 and c.acts and l.works_until between $2 and $3 and ($4::uuid is null or c.id = $4)
          order by l.works_until, c.name, c.id",
    )
    .bind(bank)
    .bind(first)
    .bind(last)
    .bind(of)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the clearances that end"))?;
    let facts = |row: EndingRow| {
        let to = Recipient { address: row.email, name: row.name.clone(), account: Some(row.account_id) };
        let facts = ClearanceFacts {
            bank,
            bank_name: row.bank_name,
            clearance: row.id,
            name: row.name,
            to,
            role: row.role_name,
            cleared_until: row.cleared_until,
            documents: row.documents.into_iter().zip(row.document_dates).collect(),
        };
        (facts, row.decided_at)
    };
    Ok(rows.into_iter().map(facts).collect())
}
