//! SQL of what a bank has on record of a clinician who applies with it.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};

/// A clinician's record.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OnRecord {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their number on the register.
    pub registration_number: Option<String>,
    /// The name of their role.
    pub role: String,
    /// The bank's name.
    pub bank: String,
    /// Until when the bank lets them work; none where it does not.
    pub works_until: Option<NaiveDate>,
}

/// The record of whoever acts, as a clinician of their bank.
pub async fn find_own_record(tx: &mut Tx) -> Result<Option<OnRecord>, DbError> {
    let (bank, membership, today) = (tx.bank(), tx.membership(), crate::ground::words::london_date(tx.now()));
    sqlx::query_as(
        "select c.name, c.email, c.registration_number, r.name as role, b.name as bank,
                case when l.works_until >= $3 then l.works_until end as works_until
           from clinician_by_name c
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
           join bank b on b.id = c.bank_id
           left join clearance_in_force l on l.bank_id = c.bank_id and l.clinician_id = c.id
          where c.bank_id = $1 and c.membership_id = $2",
    )
    .bind(bank)
    .bind(membership)
    .bind(today)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the record of a clinician who applies"))
}
