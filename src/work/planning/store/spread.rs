//! SQL of how a plan's work is spread over people.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::PlanId;

/// How many people have so many sessions of a plan, its bookings among them; the most first.
pub async fn list_spread(tx: &mut Tx, plan: PlanId) -> Result<Vec<(i64, i64)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select n.sessions, count(*)
           from (select count(*) as sessions from plan_pair
                  where bank_id = $1 and plan_id = $2 and not left_out group by clinician_id) n
          group by n.sessions
          order by n.sessions desc",
    )
    .bind(bank)
    .bind(plan)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("counting how the sessions of a plan are spread"))
}
