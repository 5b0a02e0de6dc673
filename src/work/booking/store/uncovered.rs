//! SQL of bookings that the documents of their clinicians no longer cover: they stand, and people settle them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};

/// A live booking of somebody whose documents do not reach as far.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Uncovered {
    /// The bank's name.
    pub bank: String,
    /// Who.
    pub clinician: String,
    /// Where.
    pub practice: String,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The document's name.
    pub document: String,
    /// Its last day; none where it is not recorded.
    pub document_ends: Option<NaiveDate>,
}

/// The live bookings still to begin, in every bank that the transaction sees, that end later than the documents which the
/// role needs; in order of time.
pub async fn list_uncovered(tx: &mut Tx) -> Result<Vec<Uncovered>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select k.name as bank, a.name as clinician, p.name as practice, b.starts_at, b.ends_at, l.document,
                l.document_ends
           from live_booking b
           join session s on s.bank_id = b.bank_id and s.id = b.session_id
           join clearance_in_force l on l.bank_id = b.bank_id and l.clinician_id = b.clinician_id
           join bank k on k.id = b.bank_id
           join account a on a.id = b.account_id
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
          where b.starts_at > $1 and l.document is not null and l.works_until < s.last_date
          order by b.starts_at, a.name, b.id",
    )
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what documents do not cover"))
}
