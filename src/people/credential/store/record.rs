//! One person with what the bank has on record, in one statement.

use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClearanceId, ClearanceRefusalId, ClinicianId, MembershipId};
use crate::people::clinician::store::{ClinicianRow, clinician_columns};
use crate::people::clinician::{Clinician, Rates};
use crate::people::credential::{Clearance, HeldCompetency, LastDecision, Record};
use crate::people::lookup::Lookup;
use crate::people::lookup::store::lookup_json;
use crate::terms::bank::Role;
use crate::terms::rules::LookUps;

/// Which clinician is meant.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// The one that this membership is for: the person who is signed in.
    Membership(MembershipId),
    /// The one of this id.
    Clinician(ClinicianId),
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    #[sqlx(flatten)]
    clinician: ClinicianRow,
    role_name: String,
    role_plural: String,
    regulator: Option<String>,
    register_pattern: Option<String>,
    register_example: Option<String>,
    rates: Json<Rates>,
    held: Json<Vec<HeldCompetency>>,
    needs: Vec<String>,
    clearance: Option<Json<Clearance>>,
    newest_clearance: Option<ClearanceId>,
    newest_refusal: Option<ClearanceRefusalId>,
    lookup: Option<Json<Lookup>>,
    look_ups: Option<Json<LookUps>>,
    same_number: Vec<String>,
}

impl From<RecordRow> for Record {
    fn from(row: RecordRow) -> Self {
        let clinician = Clinician::from(row.clinician);
        Self {
            role: Role {
                code: clinician.role.clone(),
                name: row.role_name,
                plural: row.role_plural,
                regulator: row.regulator,
                register_pattern: row.register_pattern,
                register_example: row.register_example,
                used_until: None,
                needs_supervisor: false,
            },
            rates: row.rates.0,
            held: row.held.0,
            needs: row.needs,
            clearance: row.clearance.map(|clearance| clearance.0),
            last_decision: LastDecision { clearance: row.newest_clearance, refusal: row.newest_refusal },
            lookup: row.lookup.map(|lookup| lookup.0),
            look_ups: row.look_ups.map_or(LookUps::UNDECIDED, |rule| rule.0),
            same_number: row.same_number,
            clinician,
        }
    }
}

/// The record of a person of the bank.
pub async fn find_record(tx: &mut Tx, whose: Whose) -> Result<Option<Record>, DbError> {
    let bank = tx.bank();
    let (membership, id) = match whose {
        Whose::Membership(membership) => (Some(membership), None),
        Whose::Clinician(id) => (None, Some(id)),
    };
    let row: Option<RecordRow> = sqlx::query_as(concat!(
        "select ",
        clinician_columns!(),
        "     , r.name as role_name, r.plural as role_plural, r.regulator, r.register_pattern, r.register_example,
                (select coalesce(jsonb_object_agg(t.band, t.rate_pence_per_hour), '{}')
                   from clinician_rate t where t.bank_id = c.bank_id and t.clinician_id = c.id) as rates,
                (select coalesce(jsonb_agg(jsonb_build_object('code', k.code, 'name', k.name, 'kind', k.kind,
                                                              'valid_through', h.valid_through)
                                           order by k.kind, k.name), '[]')
                   from clinician_competency h
                     join competency_of_bank k on k.bank_id = h.bank_id and k.code = h.competency
                  where h.bank_id = c.bank_id and h.clinician_id = c.id) as held,
                same_number(c.bank_id, c.id) as same_number,
                array(select n.competency from role_requirement n
                       where n.bank_id = c.bank_id and n.role = c.role order by n.competency) as needs,
                (select jsonb_build_object('id', l.id, 'clinician', l.clinician_id, 'role', l.role,
                                           'cleared_until', l.cleared_until, 'works_until', l.works_until,
                                           'document', case when l.document is not null then
                                               jsonb_build_object('name', l.document, 'ends', l.document_ends) end,
                                           'reason', l.reason,
                                           'decided_by', l.decided_by, 'decided_by_name', d.name,
                                           'decided_at', l.decided_at,
                                           'is_of_number', k.decided_on_number in ('', coalesce(c.registration_number, '')))
                   from clearance_in_force l
                   join clearance k on k.bank_id = l.bank_id and k.id = l.id
                   join account d on d.id = l.decided_by
                  where l.bank_id = c.bank_id and l.clinician_id = c.id) as clearance,
                (select l.id from clearance l where l.bank_id = c.bank_id and l.clinician_id = c.id
                  order by l.position desc limit 1) as newest_clearance,
                (select f.id from clearance_refusal f where f.bank_id = c.bank_id and f.clinician_id = c.id
                  order by f.refused_at desc, f.id desc limit 1) as newest_refusal,
                (select ",
        lookup_json!(),
        "          from newest_lookup k left join account q on q.id = k.looked_up_by
                  where k.bank_id = c.bank_id and k.clinician_id = c.id) as lookup,
                (select g.value from bank_rule_in_force g
                  where g.bank_id = c.bank_id and g.section = 'registers') as look_ups
           from clinician_by_name c
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
          where c.bank_id = $1
            and c.id = (select w.id from clinician w where w.bank_id = $1 and (w.membership_id = $2 or w.id = $3))",
    ))
    .bind(bank)
    .bind(membership)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a clinician with what they ask and hold"))?;
    Ok(row.map(Record::from))
}
