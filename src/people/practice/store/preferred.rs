//! SQL of the lists of people whom practices would rather have.

use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PracticeId, PreferredListId};
use crate::people::practice::{Preferred, PreferredList};

/// The lists of a practice by name, each with its people by name.
pub async fn list_lists(tx: &mut Tx, practice: PracticeId) -> Result<Vec<PreferredList>, DbError> {
    let bank = tx.bank();
    let rows: Vec<(PreferredListId, String, Json<Vec<Preferred>>)> = sqlx::query_as(
        "select l.id, l.name,
                (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'role_name', k.name)
                                           order by c.name, c.id), '[]')
                   from preferred_person p
                   join clinician_by_name c on c.bank_id = p.bank_id and c.id = p.clinician_id
                   join role_of_bank k on k.bank_id = c.bank_id and k.code = c.role
                  where p.bank_id = l.bank_id and p.list_id = l.id and c.acts) as people
           from preferred_list l
          where l.bank_id = $1 and l.practice_id = $2
          order by l.name, l.id",
    )
    .bind(bank)
    .bind(practice)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing whom a practice would rather have"))?;
    Ok(rows.into_iter().map(|(id, name, people)| PreferredList { id, name, people: people.0 }).collect())
}

/// Begins a list, and gives its id; none where there is one of that name.
pub async fn insert_list(
    tx: &mut Tx,
    practice: PracticeId,
    name: &str,
) -> Result<Option<PreferredListId>, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query_scalar(
        "insert into preferred_list (bank_id, id, practice_id, name, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6) on conflict on constraint preferred_list_name_once do nothing
         returning id",
    )
    .bind(bank)
    .bind(PreferredListId::new())
    .bind(practice)
    .bind(name)
    .bind(by)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("beginning a list of preferred people"))
}

/// Removes a list of a practice with who is on it. False where it is not there.
pub async fn delete_list(tx: &mut Tx, practice: PracticeId, list: PreferredListId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query("delete from preferred_list where bank_id = $1 and practice_id = $2 and id = $3")
        .bind(bank)
        .bind(practice)
        .bind(list)
        .execute(tx.connection())
        .await
        .map_err(failed("removing a list of preferred people"))?;
    Ok(done.rows_affected() == 1)
}

/// Puts somebody on a list. False where they are on it.
pub async fn insert_person(
    tx: &mut Tx,
    (list, clinician): (PreferredListId, ClinicianId),
) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into preferred_person (bank_id, list_id, clinician_id, named_by, named_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(bank)
    .bind(list)
    .bind(clinician)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("putting somebody on a list of preferred people"))?;
    Ok(done.rows_affected() == 1)
}

/// Takes somebody off a list of a practice. False where they are not on it.
pub async fn delete_person(
    tx: &mut Tx,
    practice: PracticeId,
    (list, clinician): (PreferredListId, ClinicianId),
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "delete from preferred_person p using preferred_list l
          where p.bank_id = $1 and p.list_id = $3 and p.clinician_id = $4
            and l.bank_id = p.bank_id and l.id = p.list_id and l.practice_id = $2",
    )
    .bind(bank)
    .bind(practice)
    .bind(list)
    .bind(clinician)
    .execute(tx.connection())
    .await
    .map_err(failed("taking somebody off a list of preferred people"))?;
    Ok(done.rows_affected() == 1)
}
