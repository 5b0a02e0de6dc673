//! SQL of recorded documents that end soon, for those whose they are.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClinicianId};
use crate::ground::mail::Recipient;
use crate::people::document::messages::Ending;

#[derive(sqlx::FromRow)]
struct EndingRow {
    bank_name: String,
    clinician_id: ClinicianId,
    account_id: AccountId,
    name: String,
    email: String,
    competency: String,
    document: String,
    valid_through: NaiveDate,
    is_needed: bool,
    is_told_with_clearance: bool,
}

/// The documents recorded of people who work with the bank whose last day lies in a span of dates, in order of that day,
/// each with whether the mails about their clearance, which ends with it or about then, name it too. Without those for
/// which a newer one waits to be looked at.
pub async fn list_documents_ending(
    tx: &mut Tx,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<(Ending, bool)>, DbError> {
    let bank = tx.bank();
    let rows: Vec<EndingRow> = sqlx::query_as(
        "select b.name as bank_name, c.id as clinician_id, c.account_id, c.name, c.email, h.competency,
                k.name as document, h.valid_through,
                exists (select from role_requirement n
                         where n.bank_id = c.bank_id and n.role = c.role and n.competency = h.competency) as is_needed,
                coalesce(l.works_until between h.valid_through - 30 and h.valid_through + 7, false)
                    as is_told_with_clearance
           from clinician_competency h
           join competency_of_bank k on k.bank_id = h.bank_id and k.code = h.competency and k.kind = 'document'
           join clinician_by_name c on c.bank_id = h.bank_id and c.id = h.clinician_id
           join bank b on b.id = c.bank_id
           left join clearance_in_force l on l.bank_id = c.bank_id and l.clinician_id = c.id
          where h.bank_id = $1 and c.acts and h.valid_through between $2 and $3
            and not exists (select from document d
                             where d.bank_id = h.bank_id and d.clinician_id = h.clinician_id
                               and d.competency = h.competency and d.state = 'waiting'
                               and (d.said_valid_through is null or d.said_valid_through > h.valid_through))
          order by h.valid_through, c.name, c.id, k.name",
    )
    .bind(bank)
    .bind(first)
    .bind(last)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the documents that end"))?;
    let ending = |row: EndingRow| {
        let to = Recipient { address: row.email, name: row.name, account: Some(row.account_id) };
        let ending = Ending {
            bank,
            bank_name: row.bank_name,
            clinician: row.clinician_id,
            to,
            competency: row.competency,
            document: row.document,
            valid_through: row.valid_through,
            is_needed: row.is_needed,
        };
        (ending, row.is_told_with_clearance)
    };
    Ok(rows.into_iter().map(ending).collect())
}
