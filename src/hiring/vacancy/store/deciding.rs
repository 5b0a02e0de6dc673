//! SQL of what is decided about a vacancy once it is written: when it opens, that it closes, what came of it.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, PracticeId, VacancyId};
use crate::hiring::vacancy::{NotFilled, Outcome};

/// A vacancy opens at that moment and not at once.
pub async fn update_opening(tx: &mut Tx, id: VacancyId, opens_at: DateTime<Utc>) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("update vacancy set opens_at = $3 where bank_id = $1 and id = $2")
        .bind(bank)
        .bind(id)
        .bind(opens_at)
        .execute(tx.connection())
        .await
        .map_err(failed("saying when a vacancy opens"))?;
    Ok(())
}

/// Closes a vacancy before its time. False where it is closed already.
pub async fn mark_closed(tx: &mut Tx, id: VacancyId) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "update vacancy set closed_at = $3, version = version + 1, changed_at = $3
          where bank_id = $1 and id = $2 and published_at is not null and closed_at is null and closes_at > $3",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("closing a vacancy"))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps what came of a vacancy, which closes it. False where that was said already.
pub async fn mark_settled(
    tx: &mut Tx,
    id: VacancyId,
    (outcome, reason): (Outcome, Option<NotFilled>),
) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "update vacancy
            set outcome = $3, outcome_reason = $4, outcome_at = $5, changed_at = $5, version = version + 1,
                closed_at = case when closes_at > $5 then coalesce(closed_at, $5) else closed_at end
          where bank_id = $1 and id = $2 and published_at is not null and outcome is null",
    )
    .bind(bank)
    .bind(id)
    .bind(outcome)
    .bind(reason)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping what came of a vacancy"))?;
    Ok(done.rows_affected() == 1)
}

/// A closed vacancy of which its practice is to be asked what came of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Unsettled {
    /// Its bank.
    pub bank_id: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The vacancy.
    pub id: VacancyId,
    /// What the post is called.
    pub title: String,
    /// The practice that posted it.
    pub practice_id: PracticeId,
    /// The practice's name.
    pub practice_name: String,
    /// When it closed.
    pub closed_at: DateTime<Utc>,
    /// How often its practice was asked, this time included.
    pub asked_times: i16,
}

/// Marks as asked those closed vacancies of which a practice is to be asked again: when they have closed, and every
/// `days` days after, until so many times.
pub async fn mark_asked(tx: &mut Tx, days: i32, most_times: i16) -> Result<Vec<Unsettled>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "with asked as (
             update vacancy v
                set asked_times = v.asked_times + 1, asked_at = $1
              where v.published_at is not null and v.outcome is null
                and least(v.closes_at, coalesce(v.closed_at, v.closes_at)) <= $1
                and v.asked_times < $3
                and (v.asked_at is null or v.asked_at <= $1 - make_interval(days => $2))
          returning v.bank_id, v.id, v.title, v.practice_id, v.asked_times,
                    least(v.closes_at, coalesce(v.closed_at, v.closes_at)) as closed_at)
         select a.bank_id, b.name as bank_name, a.id, a.title, a.practice_id, p.name as practice_name, a.closed_at,
                a.asked_times
           from asked a
           join bank b on b.id = a.bank_id
           join practice p on p.bank_id = a.bank_id and p.id = a.practice_id
          order by a.bank_id, a.id",
    )
    .bind(now)
    .bind(days)
    .bind(most_times)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding vacancies whose outcome nobody has said"))
}
