//! The bank's clinicians as a bank administrator looks for them.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::ClinicianId;
use crate::people::lookup::store::lookup_json;
use crate::people::lookup::{Lookup, stale_before};
use crate::terms::rules::LookUps;
use crate::work::standing::wanted::Wanted;

/// One clinician in the list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DirectoryRow {
    /// Their id.
    pub id: ClinicianId,
    /// Their name.
    pub name: String,
    /// The name of their role.
    pub role_name: String,
    /// Their number on the register.
    pub registration_number: Option<String>,
    /// The last day on which they may work, by the decision in force and the documents that their role needs; none where
    /// nothing has been decided.
    pub works_until: Option<NaiveDate>,
    /// The name of the document that ends before the decision does, or is not recorded.
    pub document: Option<String>,
    /// Its last day, where it is recorded.
    pub document_ends: Option<NaiveDate>,
    /// Whether that was decided on the number that they have now.
    pub is_of_number: bool,
    /// What their register said of their number last.
    #[sqlx(json(nullable))]
    pub lookup: Option<Lookup>,
    /// The name of the document that ends first.
    pub first_document: Option<String>,
    /// Its last day.
    pub first_document_ends: Option<NaiveDate>,
}

/// One page of the clinicians that are wanted, by name.
pub async fn list_directory(
    tx: &mut Tx,
    (wanted, look_ups): (&Wanted, LookUps),
    (limit, offset): (i64, i64),
) -> Result<Vec<DirectoryRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(concat!(
        "select c.id, c.name, r.name as role_name, c.registration_number, l.works_until, l.document,
                l.document_ends,
                coalesce((select k.decided_on_number in ('', coalesce(c.registration_number, '')) from clearance k
                           where k.bank_id = l.bank_id and k.id = l.id), true) as is_of_number,
                case when k.bank_id is not null then ",
        lookup_json!(),
        "          end as lookup,
                d.name as first_document, d.valid_through as first_document_ends
           from clinicians_found($1, $2) found
           join clinician_by_name c on c.bank_id = $1 and c.id = found.id
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
           left join clearance_in_force l on l.bank_id = c.bank_id and l.clinician_id = c.id
           left join newest_lookup k on k.bank_id = c.bank_id and k.clinician_id = c.id
           left join account q on q.id = k.looked_up_by
           left join lateral (
                select k.name, h.valid_through
                  from clinician_competency h
                    join competency_of_bank k on k.bank_id = h.bank_id and k.code = h.competency and k.kind = 'document'
                 where h.bank_id = c.bank_id and h.clinician_id = c.id and h.valid_through is not null
                 order by h.valid_through, k.name limit 1) d on true
          where c.acts
            and ($3 = '' or c.role = $3)
            and ($4 <> 'none' or l.works_until is null)
            and ($4 <> 'ended' or l.works_until < $5)
            and ($4 <> 'soon' or l.works_until between $5 and $6)
            and ($4 <> 'cleared' or l.works_until >= $5)
            and ($4 <> 'register' or c.registration_number is not null and r.regulator is not null
                                     and (k.outcome is null or k.outcome <> 'found' or k.name_on_register is not null
                                          or k.looked_up_on < $7))
          order by c.name, c.id
          limit $8 offset $9",
    ))
    .bind(bank)
    .bind(&wanted.search)
    .bind(&wanted.role)
    .bind(wanted.state.code())
    .bind(wanted.today)
    .bind(wanted.soon())
    .bind(stale_before(look_ups, wanted.today))
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the clinicians of a bank"))
}

/// How many clinicians are wanted.
pub async fn count_directory(tx: &mut Tx, (wanted, look_ups): (&Wanted, LookUps)) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select count(*)
           from clinicians_found($1, $2) found
           join clinician_by_name c on c.bank_id = $1 and c.id = found.id
           join role r on r.code = c.role
           left join clearance_in_force l on l.bank_id = c.bank_id and l.clinician_id = c.id
           left join newest_lookup k on k.bank_id = c.bank_id and k.clinician_id = c.id
          where c.acts
            and ($3 = '' or c.role = $3)
            and ($4 <> 'none' or l.works_until is null)
            and ($4 <> 'ended' or l.works_until < $5)
            and ($4 <> 'soon' or l.works_until between $5 and $6)
            and ($4 <> 'cleared' or l.works_until >= $5)
            and ($4 <> 'register' or c.registration_number is not null and r.regulator is not null
                                     and (k.outcome is null or k.outcome <> 'found' or k.name_on_register is not null
                                          or k.looked_up_on < $7))",
    )
    .bind(bank)
    .bind(&wanted.search)
    .bind(&wanted.role)
    .bind(wanted.state.code())
    .bind(wanted.today)
    .bind(wanted.soon())
    .bind(stale_before(look_ups, wanted.today))
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting the clinicians of a bank"))
}
