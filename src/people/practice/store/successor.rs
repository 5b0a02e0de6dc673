//! SQL of which practice takes another's place, and of what it gets from it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PracticeId};
use crate::people::practice::Practice;
use crate::people::practice::successor::Successor;

/// Who takes a practice's place, or is proposed to.
pub async fn find_successor(tx: &mut Tx, practice: PracticeId) -> Result<Option<Successor>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select s.practice_id, s.successor_id, p.name as successor_name, p.ods_code as successor_code, s.named_at
           from practice_successor s
           join practice p on p.bank_id = s.bank_id and p.id = s.successor_id
          where s.bank_id = $1 and s.practice_id = $2",
    )
    .bind(bank)
    .bind(practice)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding who takes a practice's place"))
}

/// The practices whose place a practice has taken, and theirs, and so on.
pub async fn list_predecessors(tx: &mut Tx, practice: PracticeId) -> Result<Vec<PracticeId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "with recursive before as (
             select s.practice_id from practice_successor s
              where s.bank_id = $1 and s.successor_id = $2 and s.named_at is not null
              union
             select s.practice_id from practice_successor s
               join before b on b.practice_id = s.successor_id
              where s.bank_id = $1 and s.named_at is not null)
         select practice_id from before order by practice_id",
    )
    .bind(bank)
    .bind(practice)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing whose place a practice has taken"))
}

/// The practices that close on `today` or later, or at which sessions are left beyond their last day, and whose successor
/// nobody has named, the first to close first. What they are is `practice_closes` (`migrations/0102_practice_successor.sql`).
pub async fn list_closing(tx: &mut Tx, today: NaiveDate) -> Result<Vec<Practice>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select p.id, p.ods_code, p.name, p.kind, p.address, p.postcode, p.latitude_microdegrees,
                p.longitude_microdegrees, p.placed_by, p.pcn_code, p.pcn_name, p.clinical_system, p.status, p.opened_on,
                p.closed_on, p.email
           from practices_closing($1, $2, $3) closing
           join practice p on p.bank_id = $1 and p.id = closing.id
          order by p.closed_on, p.name, p.id",
    )
    .bind(bank)
    .bind(today)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing practices that close"))
}

/// Locks these practices until the transaction ends, in the order of their ids, so that two who decide about one wait for
/// each other.
pub async fn lock_practices(tx: &mut Tx, practices: &[PracticeId]) -> Result<Vec<PracticeId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select id from practice where bank_id = $1 and id = any($2) order by id for update")
        .bind(bank)
        .bind(practices)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("locking practices"))
}

/// Keeps who takes a practice's place. False where somebody was named before.
pub async fn mark_named(tx: &mut Tx, practice: PracticeId, successor: PracticeId) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into practice_successor as s (bank_id, practice_id, successor_id, named_by, named_at)
         values ($1, $2, $3, $4, $5)
             on conflict (bank_id, practice_id) do update
            set successor_id = excluded.successor_id, named_by = excluded.named_by, named_at = excluded.named_at
          where s.named_at is null",
    )
    .bind(bank)
    .bind(practice)
    .bind(successor)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping who takes a practice's place"))?;
    Ok(done.rows_affected() == 1)
}

/// Lets everybody who manages a practice manage its successor too. Gives the names of those who did not, by name.
pub async fn carry_managers(
    tx: &mut Tx,
    (practice, successor): (PracticeId, PracticeId),
) -> Result<Vec<String>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "with carried as (
             insert into practice_manager (bank_id, membership_id, practice_id)
             select m.bank_id, m.membership_id, $3
               from practice_manager m
               join membership s on s.bank_id = m.bank_id and s.id = m.membership_id and s.ended_at is null
              where m.bank_id = $1 and m.practice_id = $2
                 on conflict do nothing
             returning bank_id, membership_id)
         select a.name
           from carried c
           join membership s on s.bank_id = c.bank_id and s.id = c.membership_id
           join account a on a.id = s.account_id
          order by a.name, a.id",
    )
    .bind(bank)
    .bind(practice)
    .bind(successor)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("carrying over who manages a practice"))
}

/// Lets a successor not take whom the practice did not take, with the practice's reasons. Gives those whom it took until
/// now.
pub async fn carry_refusals(
    tx: &mut Tx,
    (practice, successor): (PracticeId, PracticeId),
) -> Result<Vec<ClinicianId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
         select r.bank_id, $3, r.clinician_id, r.reason, r.refused_at
           from practice_refusal r
          where r.bank_id = $1 and r.practice_id = $2
             on conflict (bank_id, practice_id, clinician_id) do nothing
         returning clinician_id",
    )
    .bind(bank)
    .bind(practice)
    .bind(successor)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("carrying over whom a practice does not take"))
}

/// Proposes successors, by ODS code, each with the code of the practice whose place it takes, for practices of the bank that close, where both are of the bank and nobody
/// has named one. Gives how many are proposed anew or otherwise than before.
pub async fn propose_successors(tx: &mut Tx, successors: &BTreeMap<String, String>) -> Result<u64, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let (codes, successors): (Vec<&str>, Vec<&str>) =
        successors.iter().map(|(code, successor)| (code.as_str(), successor.as_str())).unzip();
    let done = sqlx::query(
        "insert into practice_successor as s (bank_id, practice_id, successor_id, proposed_at)
         select o.bank_id, o.id, n.id, $4
           from unnest($2::text[], $3::text[]) as said (code, successor)
           join practice o on o.bank_id = $1 and o.ods_code = said.code and o.closed_on is not null
           join practice n on n.bank_id = $1 and n.ods_code = said.successor and n.id <> o.id
             on conflict (bank_id, practice_id) do update
            set successor_id = excluded.successor_id, proposed_at = excluded.proposed_at
          where s.named_at is null and s.successor_id <> excluded.successor_id",
    )
    .bind(bank)
    .bind(codes)
    .bind(successors)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("proposing who takes the place of practices"))?;
    Ok(done.rows_affected())
}
