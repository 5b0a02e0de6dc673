//! SQL of whom practices book at once when they ask.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PracticeId};
use crate::people::practice::Trust;

/// Somebody, or a role, whom a practice books at once.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Trusted {
    /// The clinician; none where it is a role.
    pub clinician_id: Option<ClinicianId>,
    /// The role; none where it is somebody.
    pub role: Option<String>,
    /// What they are called: "Dr Ann Example, GP", "Everybody who is a GP".
    pub name: String,
}

/// Whom a practice books at once: roles first, then people by name.
pub async fn list_trusted(tx: &mut Tx, practice: PracticeId) -> Result<Vec<Trusted>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select t.clinician_id, t.role,
                case when t.role is not null then 'All of the role ' || r.name else c.name || ', ' || k.name end as name
           from practice_trust t
           left join role_of_bank r on r.bank_id = t.bank_id and r.code = t.role
           left join clinician_by_name c on c.bank_id = t.bank_id and c.id = t.clinician_id
           left join role_of_bank k on k.bank_id = c.bank_id and k.code = c.role
          where t.bank_id = $1 and t.practice_id = $2
          order by t.role is null, name, t.clinician_id",
    )
    .bind(bank)
    .bind(practice)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing whom a practice books at once"))
}

/// Whether a practice books a clinician at once: them, or everybody of their role.
pub async fn is_trusted(
    tx: &mut Tx,
    practice: PracticeId,
    (clinician, role): (ClinicianId, &str),
) -> Result<bool, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select exists (select from practice_trust
                         where bank_id = $1 and practice_id = $2 and (clinician_id = $3 or role = $4))",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .bind(role)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("asking whom a practice books at once"))
}

/// Keeps that a practice books them at once. False where it did already.
pub async fn insert_trust(tx: &mut Tx, practice: PracticeId, trust: &Trust) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let (clinician, role) = trust.parts();
    let done = sqlx::query(
        "insert into practice_trust (bank_id, practice_id, clinician_id, role, trusted_by, trusted_at)
         values ($1, $2, $3, $4, $5, $6) on conflict on constraint practice_trust_once do nothing",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .bind(role)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping whom a practice books at once"))?;
    Ok(done.rows_affected() == 1)
}

/// Ends that a practice books them at once. False where it did not.
pub async fn delete_trust(tx: &mut Tx, practice: PracticeId, trust: &Trust) -> Result<bool, DbError> {
    let bank = tx.bank();
    let (clinician, role) = trust.parts();
    let done = sqlx::query(
        "delete from practice_trust
          where bank_id = $1 and practice_id = $2
            and clinician_id is not distinct from $3 and role is not distinct from $4",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician)
    .bind(role)
    .execute(tx.connection())
    .await
    .map_err(failed("ending that a practice books somebody at once"))?;
    Ok(done.rows_affected() == 1)
}
