//! SQL of how clinicians stand.

pub mod directory;
pub mod needs;
pub mod waiting;

use chrono::{DateTime, Utc};

use super::missing::AskedFor;
use crate::ground::db::{DbError, Tx, failed};

/// The most that are listed of what sessions ask for.
const MOST_ASKED_FOR: i64 = 20;

/// What sessions of a role since an instant asked for, the most frequent first.
pub async fn list_asked_for(tx: &mut Tx, role: &str, since: DateTime<Utc>) -> Result<Vec<AskedFor>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select k.code, k.name, k.kind, count(*) as sessions
           from session s
           join session_role r on r.bank_id = s.bank_id and r.session_id = s.id and r.role = $2
           join session_competency n on n.bank_id = s.bank_id and n.session_id = s.id
           join competency_of_bank k on k.bank_id = n.bank_id and k.code = n.competency
          where s.bank_id = $1 and s.starts_at >= $3 and s.state <> 'withdrawn'
          group by k.code, k.name, k.kind
          order by count(*) desc, k.name
          limit $4",
    )
    .bind(bank)
    .bind(role)
    .bind(since)
    .bind(MOST_ASKED_FOR)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what sessions ask for"))
}
