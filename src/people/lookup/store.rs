//! SQL of look-ups.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::actions::NewLookup;
use super::{Lookup, Outcome};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, LookupId};

/// A look-up as JSON, for a statement that calls the view `newest_lookup` `k` and the account of whoever looked `q`.
macro_rules! lookup_json {
    () => {
        "jsonb_build_object('register', k.register, 'outcome', k.outcome, 'name_on_register', k.name_on_register,
                            'looked_up_on', k.looked_up_on, 'source', k.source, 'by', coalesce(q.name, 'The operator'),
                            'recorded_at', k.recorded_at)"
    };
}
pub(crate) use lookup_json;

#[derive(sqlx::FromRow)]
struct LookupRow {
    register: String,
    outcome: Outcome,
    name_on_register: Option<String>,
    looked_up_on: NaiveDate,
    source: String,
    by_name: String,
    recorded_at: DateTime<Utc>,
}

impl From<LookupRow> for Lookup {
    fn from(row: LookupRow) -> Self {
        Self {
            register: row.register,
            outcome: row.outcome,
            name_on_register: row.name_on_register,
            looked_up_on: row.looked_up_on,
            source: row.source,
            by: row.by_name,
            recorded_at: row.recorded_at,
        }
    }
}

/// The newest look-up of the number that a clinician has.
pub async fn find_newest(tx: &mut Tx, clinician: ClinicianId) -> Result<Option<Lookup>, DbError> {
    let bank = tx.bank();
    let row: Option<LookupRow> = sqlx::query_as(
        "select k.register, k.outcome, k.name_on_register, k.looked_up_on, k.source,
                coalesce(q.name, 'The operator') as by_name, k.recorded_at
           from newest_lookup k left join account q on q.id = k.looked_up_by
          where k.bank_id = $1 and k.clinician_id = $2",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding what a register said of a clinician"))?;
    Ok(row.map(Lookup::from))
}

/// Adds a look-up by whoever acts.
pub async fn insert_lookup(tx: &mut Tx, id: LookupId, new: &NewLookup) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into register_lookup (bank_id, id, clinician_id, register, number, outcome, name_on_register,
                                      looked_up_on, source, looked_up_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(bank)
    .bind(id)
    .bind(new.clinician)
    .bind(&new.register)
    .bind(&new.number)
    .bind(new.outcome)
    .bind(&new.name_on_register)
    .bind(new.looked_up_on)
    .bind(&new.source)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("recording a look-up"))?;
    Ok(())
}

/// Somebody with a number on a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Who.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
    /// Their number.
    pub number: String,
    /// What the register said of it last.
    pub newest: Option<Lookup>,
}

#[derive(sqlx::FromRow)]
struct RegisteredRow {
    id: ClinicianId,
    name: String,
    registration_number: String,
    newest: Option<Json<Lookup>>,
}

/// Who acts in the bank with a number on this register, by name.
pub async fn list_registered(tx: &mut Tx, register: &str) -> Result<Vec<Registered>, DbError> {
    let bank = tx.bank();
    let rows: Vec<RegisteredRow> = sqlx::query_as(concat!(
        "select c.id, c.name, c.registration_number,
                (select ",
        lookup_json!(),
        "          from newest_lookup k left join account q on q.id = k.looked_up_by
                  where k.bank_id = c.bank_id and k.clinician_id = c.id) as newest
           from clinician_by_name c join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
          where c.bank_id = $1 and c.acts and c.registration_number is not null and upper(r.regulator) = upper($2)
          order by c.name, c.id",
    ))
    .bind(bank)
    .bind(register)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who has a number on a register"))?;
    let registered = |row: RegisteredRow| Registered {
        clinician: row.id,
        name: row.name,
        number: row.registration_number,
        newest: row.newest.map(|newest| newest.0),
    };
    Ok(rows.into_iter().map(registered).collect())
}
