//! SQL of vacancies, as their practices keep them.

pub mod deciding;
pub mod own;
pub mod reference;

use sqlx::types::Json;

use super::advert::NewAdvert;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{PracticeId, VacancyId};

/// A draft, as its form has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The practice that posts it.
    pub practice: PracticeId,
    /// What it is called; may be empty.
    pub title: String,
    /// Its fields.
    pub typed: Vec<(String, String)>,
}

/// Keeps a new draft.
pub async fn insert_draft(tx: &mut Tx, draft: &Draft) -> Result<VacancyId, DbError> {
    let (bank, by, now, id) = (tx.bank(), tx.account(), tx.now(), VacancyId::new());
    sqlx::query(
        "insert into vacancy (bank_id, id, practice_id, version, typed, title, created_by, created_at, changed_at)
         values ($1, $2, $3, 1, $4, $5, $6, $7, $7)",
    )
    .bind(bank)
    .bind(id)
    .bind(draft.practice)
    .bind(Json(&draft.typed))
    .bind(&draft.title)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping a draft of a vacancy"))?;
    Ok(id)
}

/// Keeps a draft in the place of the version that it was made from. False where another was kept since.
pub async fn update_draft(
    tx: &mut Tx,
    (id, version): (VacancyId, i32),
    draft: &Draft,
) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "update vacancy
            set practice_id = $4, title = $5, typed = $6, version = version + 1, changed_at = $7
          where bank_id = $1 and id = $2 and version = $3 and published_at is null",
    )
    .bind(bank)
    .bind(id)
    .bind(version)
    .bind(draft.practice)
    .bind(&draft.title)
    .bind(Json(&draft.typed))
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("changing a draft of a vacancy"))?;
    Ok(done.rows_affected() == 1)
}

/// Removes a draft. False where it is none.
pub async fn delete_draft(tx: &mut Tx, id: VacancyId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query("delete from vacancy where bank_id = $1 and id = $2 and published_at is null")
        .bind(bank)
        .bind(id)
        .execute(tx.connection())
        .await
        .map_err(failed("removing a draft of a vacancy"))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps what is advertised, under the next version. The fields it was read from are kept with it.
pub async fn update_advert(
    tx: &mut Tx,
    id: VacancyId,
    typed: &[(String, String)],
    new: &NewAdvert,
) -> Result<(), DbError> {
    let (bank, now, advert) = (tx.bank(), tx.now(), &new.advert);
    let ((least_minutes, most_minutes), (least_pence, most_pence)) =
        (advert.hours.minutes(), advert.pay.pence_per_year());
    sqlx::query(
        "update vacancy
            set version = version + 1, changed_at = $3, typed = $4, advert = $5, title = $6, role = $7, staff_group = $8,
                contract = $9, least_minutes_a_week = $10, most_minutes_a_week = $11, least_pence_per_year = $12,
                most_pence_per_year = $13, words = $14, closes_at = $15,
                published_at = coalesce(published_at, $3), opens_at = coalesce(opens_at, $3)
          where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .bind(Json(typed))
    .bind(Json(advert))
    .bind(&advert.title)
    .bind(&advert.role)
    .bind(&advert.staff_group)
    .bind(advert.contract)
    .bind(least_minutes)
    .bind(most_minutes)
    .bind(least_pence)
    .bind(most_pence)
    .bind(advert.words())
    .bind(advert.closes_at)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping what a vacancy says"))?;
    replace_places(tx, id, &new.places).await
}

async fn replace_places(tx: &mut Tx, id: VacancyId, places: &[PracticeId]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("delete from vacancy_place where bank_id = $1 and vacancy_id = $2")
        .bind(bank)
        .bind(id)
        .execute(tx.connection())
        .await
        .map_err(failed("replacing the places of a vacancy"))?;
    sqlx::query(
        "insert into vacancy_place (bank_id, vacancy_id, position, practice_id)
         select $1, $2, n.position, n.practice_id
           from unnest($3::uuid[]) with ordinality as n (practice_id, position)",
    )
    .bind(bank)
    .bind(id)
    .bind(places)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping the places of a vacancy"))?;
    Ok(())
}

/// Keeps what was changed in an advertised vacancy, with the version that has it.
pub async fn insert_change(tx: &mut Tx, id: VacancyId, what: &[&str]) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into vacancy_change (bank_id, vacancy_id, version, changed_by, changed_at, what)
         select v.bank_id, v.id, v.version, $3, $4, $5 from vacancy v where v.bank_id = $1 and v.id = $2",
    )
    .bind(bank)
    .bind(id)
    .bind(by)
    .bind(now)
    .bind(what)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping what was changed in a vacancy"))?;
    Ok(())
}
