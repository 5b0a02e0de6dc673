//! SQL of whom a need of their role would keep from work.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::ClinicianId;

/// Somebody who is cleared on a day, as far as a document goes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Reached {
    /// Who.
    pub id: ClinicianId,
    /// Their name.
    pub name: String,
    /// Whether the document is recorded of them.
    pub is_recorded: bool,
    /// Its last day; none where it does not end, or is not recorded.
    pub valid_through: Option<NaiveDate>,
}

impl Reached {
    /// Whether they would work no more from `from` on, were it needed.
    #[must_use]
    pub fn would_not_work(&self, from: NaiveDate) -> bool {
        !self.is_recorded || self.valid_through.is_some_and(|last| last < from)
    }
}

/// Everybody of a role who works with the bank and is cleared on a day, by name, each with what is recorded of a document.
pub async fn list_reached(
    tx: &mut Tx,
    (role, document): (&str, &str),
    from: NaiveDate,
) -> Result<Vec<Reached>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select c.id, c.name, h.competency is not null as is_recorded, h.valid_through
           from clinician_by_name c
           join clearance_in_force l on l.bank_id = c.bank_id and l.clinician_id = c.id and l.works_until >= $4
           left join clinician_competency h
             on h.bank_id = c.bank_id and h.clinician_id = c.id and h.competency = $3
          where c.bank_id = $1 and c.acts and c.role = $2
          order by c.name, c.id",
    )
    .bind(bank)
    .bind(role)
    .bind(document)
    .bind(from)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing whom a need of their role reaches"))
}
