//! SQL of who waits to be cleared.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::ClinicianId;
use crate::people::lookup::Lookup;
use crate::people::lookup::store::lookup_json;
use crate::terms::bank::Role;
use crate::work::standing::waiting::{Cause, Recorded, Waiting, WaitingDocument};

#[derive(sqlx::FromRow)]
struct WaitingRow {
    clinician_id: ClinicianId,
    name: String,
    role: String,
    role_name: String,
    plural: String,
    regulator: Option<String>,
    register_pattern: Option<String>,
    register_example: Option<String>,
    registration_number: Option<String>,
    home_postcode: String,
    cause: Cause,
    since: DateTime<Utc>,
    recorded: Json<Vec<Recorded>>,
    missing: Vec<String>,
    same_number: Vec<String>,
    documents: Json<Vec<WaitingDocument>>,
    lookup: Option<Json<Lookup>>,
}

impl From<WaitingRow> for Waiting {
    fn from(row: WaitingRow) -> Self {
        Self {
            clinician: row.clinician_id,
            name: row.name,
            role: Role {
                code: row.role,
                name: row.role_name,
                plural: row.plural,
                regulator: row.regulator,
                register_pattern: row.register_pattern,
                register_example: row.register_example,
                used_until: None,
                needs_supervisor: false,
            },
            registration_number: row.registration_number,
            home_district: row.home_postcode,
            cause: row.cause,
            since: row.since,
            recorded: row.recorded.0,
            missing: row.missing,
            same_number: row.same_number,
            documents: row.documents.0,
            lookup: row.lookup.map(|lookup| lookup.0),
        }
    }
}

/// Who waits to be cleared, with what decides about them on `today`; whoever waits the longest first.
pub async fn list_waiting(
    tx: &mut Tx,
    today: NaiveDate,
    (limit, offset): (i64, i64),
) -> Result<Vec<Waiting>, DbError> {
    let bank = tx.bank();
    let rows: Vec<WaitingRow> = sqlx::query_as(concat!(
        "select w.clinician_id, c.name, c.role, r.name as role_name, r.plural, r.regulator, r.register_pattern,
                r.register_example, c.registration_number, c.home_postcode, w.cause, w.since,
                (select coalesce(jsonb_agg(jsonb_build_object('name', k.name, 'valid_through', h.valid_through)
                                           order by k.name), '[]')
                   from clinician_competency h
                     join competency_of_bank k on k.bank_id = h.bank_id and k.code = h.competency and k.kind = 'document'
                  where h.bank_id = c.bank_id and h.clinician_id = c.id) as recorded,
                array(select k.name from role_requirement n
                        join competency_of_bank k on k.bank_id = n.bank_id and k.code = n.competency
                       where n.bank_id = c.bank_id and n.role = c.role
                         and not exists (select from clinician_competency h
                                          where h.bank_id = n.bank_id and h.clinician_id = c.id
                                            and h.competency = n.competency
                                            and (h.valid_through is null or h.valid_through >= $2))
                       order by k.name) as missing,
                same_number(c.bank_id, c.id) as same_number,
                (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'name', k.name) order by k.name), '[]')
                   from document d join competency_of_bank k on k.bank_id = d.bank_id and k.code = d.competency
                  where d.bank_id = c.bank_id and d.clinician_id = c.id and d.state = 'waiting') as documents,
                (select ",
        lookup_json!(),
        "          from newest_lookup k left join account q on q.id = k.looked_up_by
                  where k.bank_id = c.bank_id and k.clinician_id = c.id) as lookup
           from waits_to_be_cleared w
           join clinician_by_name c on c.bank_id = w.bank_id and c.id = w.clinician_id
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
          where w.bank_id = $1
          order by w.since, c.name, c.id
          limit $3 offset $4",
    ))
    .bind(bank)
    .bind(today)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who waits to be cleared"))?;
    Ok(rows.into_iter().map(Waiting::from).collect())
}

/// How many wait to be cleared.
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select count(*) from waits_to_be_cleared where bank_id = $1")
        .bind(bank)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("counting who waits to be cleared"))
}
