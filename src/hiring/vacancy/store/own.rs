//! SQL of a manager's own vacancies.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{PracticeId, VacancyId};
use crate::hiring::vacancy::advert::Advert;
use crate::hiring::vacancy::{NotFilled, Outcome, Times, Vacancy};

#[derive(sqlx::FromRow)]
struct Row {
    id: VacancyId,
    practice_id: PracticeId,
    version: i32,
    typed: Json<Vec<(String, String)>>,
    advert: Option<Json<Advert>>,
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    outcome: Option<Outcome>,
    outcome_reason: Option<NotFilled>,
    unanswered: i64,
}

fn times(
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
) -> Option<Times> {
    Some(Times { opens_at: opens_at?, closes_at: closes_at?, closed_at })
}

impl From<Row> for Vacancy {
    fn from(row: Row) -> Self {
        let times = times(row.opens_at, row.closes_at, row.closed_at);
        Self {
            id: row.id,
            practice: row.practice_id,
            version: row.version,
            typed: row.typed.0,
            published: row.advert.map(|advert| advert.0).zip(times),
            outcome: row.outcome,
            not_filled: row.outcome_reason,
            unanswered: row.unanswered,
        }
    }
}

/// The vacancy of that id, where whoever acts manages the practice that posted it.
pub async fn find_own_vacancy(tx: &mut Tx, id: VacancyId) -> Result<Option<Vacancy>, DbError> {
    let (bank, membership) = (tx.bank(), tx.membership());
    let row: Option<Row> = sqlx::query_as(
        "select v.id, v.practice_id, v.version, v.typed, v.advert, v.opens_at, v.closes_at, v.closed_at, v.outcome,
                v.outcome_reason,
                (select count(*) from application a
                  where a.bank_id = v.bank_id and a.vacancy_id = v.id
                    and a.state in ('received', 'shortlisted', 'interview', 'offered', 'reserve')) as unanswered
           from vacancy v
           join practice_manager m on m.bank_id = v.bank_id and m.practice_id = v.practice_id
          where v.bank_id = $1 and v.id = $2 and m.membership_id = $3",
    )
    .bind(bank)
    .bind(id)
    .bind(membership)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a vacancy of a manager"))?;
    Ok(row.map(Vacancy::from))
}

/// The same, locked until the transaction ends.
pub async fn lock_own_vacancy(tx: &mut Tx, id: VacancyId) -> Result<Option<Vacancy>, DbError> {
    let bank = tx.bank();
    sqlx::query("select from vacancy where bank_id = $1 and id = $2 for update")
        .bind(bank)
        .bind(id)
        .execute(tx.connection())
        .await
        .map_err(failed("locking a vacancy"))?;
    find_own_vacancy(tx, id).await
}

/// A line of a manager's list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnVacancy {
    /// The vacancy.
    pub id: VacancyId,
    /// What the post is called; may be empty in a draft.
    pub title: String,
    /// The practice that posted it.
    pub practice: String,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// How many the whole list has.
    pub total: i64,
}

impl OwnVacancy {
    /// When it is open; none while it is a draft.
    #[must_use]
    pub fn times(&self) -> Option<Times> {
        times(self.opens_at, self.closes_at, self.closed_at)
    }
}

/// The vacancies of a manager's practices: those that wait to have their outcome said, then drafts, then those that are
/// or will be open, then the rest, each the newest first.
pub async fn list_own_vacancies(tx: &mut Tx, limit: i64, offset: i64) -> Result<Vec<OwnVacancy>, DbError> {
    let (bank, membership, now) = (tx.bank(), tx.membership(), tx.now());
    sqlx::query_as(
        "select v.id, v.title, p.name as practice, v.changed_at, v.opens_at, v.closes_at, v.closed_at, v.outcome,
                count(*) over () as total
           from practice_manager m
           join vacancy v on v.bank_id = m.bank_id and v.practice_id = m.practice_id
           join practice p on p.bank_id = v.bank_id and p.id = v.practice_id
          where m.bank_id = $1 and m.membership_id = $2
          order by case when v.outcome is not null then 3
                        when v.published_at is null then 1
                        when least(v.closes_at, coalesce(v.closed_at, v.closes_at)) <= $3 then 0
                        else 2 end,
                   v.changed_at desc, v.id
          limit $4 offset $5",
    )
    .bind(bank)
    .bind(membership)
    .bind(now)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the vacancies of a manager"))
}

/// A practice at which a vacancy's work is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PlaceOfWork {
    /// Its name.
    pub name: String,
    /// Its address in one line, without the postcode; may be empty.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
}

/// These practices of the bank, in this order.
pub async fn list_places_of_work(tx: &mut Tx, practices: &[PracticeId]) -> Result<Vec<PlaceOfWork>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.name, p.address, p.postcode
           from unnest($2::uuid[]) with ordinality as n (id, position)
           join practice p on p.bank_id = $1 and p.id = n.id
          order by n.position",
    )
    .bind(bank)
    .bind(practices)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing places of work"))
}

/// The places of an advertised vacancy, in their order.
pub async fn list_places_of_vacancy(tx: &mut Tx, id: VacancyId) -> Result<Vec<PlaceOfWork>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.name, p.address, p.postcode
           from vacancy_place w
           join practice p on p.bank_id = w.bank_id and p.id = w.practice_id
          where w.bank_id = $1 and w.vacancy_id = $2
          order by w.position",
    )
    .bind(bank)
    .bind(id)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the places of a vacancy"))
}

/// The practices at which a vacancy's work is, in their order.
pub async fn list_place_ids(tx: &mut Tx, id: VacancyId) -> Result<Vec<PracticeId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select practice_id from vacancy_place where bank_id = $1 and vacancy_id = $2 order by position",
    )
    .bind(bank)
    .bind(id)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the places of a vacancy"))
}

/// What was changed in an advertised vacancy, and when, the newest first.
pub async fn list_changes(tx: &mut Tx, id: VacancyId) -> Result<Vec<(DateTime<Utc>, Vec<String>)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select changed_at, what from vacancy_change where bank_id = $1 and vacancy_id = $2 order by version desc",
    )
    .bind(bank)
    .bind(id)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what was changed in a vacancy"))
}
