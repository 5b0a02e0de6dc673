//! SQL of sessions that are posted already.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::SessionId;
use crate::work::session::AskedSession;

/// Those of these sessions that stand already: an open one of the same practice begins and ends when it does, and asks for
/// one of the same roles.
pub async fn list_same(tx: &mut Tx, sessions: &[AskedSession]) -> Result<Vec<SessionId>, DbError> {
    let bank = tx.bank();
    let pairs = sessions.iter().flat_map(|session| session.roles.iter().map(move |role| (session, role)));
    let pairs: Vec<_> = pairs.collect();
    sqlx::query_scalar(
        "select distinct n.id
           from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[])
             as n (id, practice, starts, ends, role)
           join session s on s.bank_id = $1 and s.practice_id = n.practice and s.starts_at = n.starts
                         and s.ends_at = n.ends and s.state = 'open'
           join session_role r on r.bank_id = s.bank_id and r.session_id = s.id and r.role = n.role
          order by n.id",
    )
    .bind(bank)
    .bind(pairs.iter().map(|(session, _)| session.id.0).collect::<Vec<_>>())
    .bind(pairs.iter().map(|(session, _)| session.practice.0).collect::<Vec<_>>())
    .bind(pairs.iter().map(|(session, _)| session.times.starts_at).collect::<Vec<_>>())
    .bind(pairs.iter().map(|(session, _)| session.times.ends_at).collect::<Vec<_>>())
    .bind(pairs.iter().map(|(_, role)| role.as_str()).collect::<Vec<_>>())
    .fetch_all(tx.connection())
    .await
    .map_err(failed("looking for sessions that are posted already"))
}
