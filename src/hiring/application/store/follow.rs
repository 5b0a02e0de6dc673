//! SQL of the applications to a practice's vacancies. Row-level security shows a practice those that were sent to it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ApplicationId, ApplicationLinkId, BankId, PracticeId, VacancyId};
use crate::hiring::application::moves::Reason;
use crate::hiring::application::{Answers, RightToWork, State};
use crate::people::document::FileKind;
use crate::people::document::seal::Sealed;

/// An application as the practice reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Its id.
    pub id: ApplicationId,
    /// What its link is made of.
    pub link: ApplicationLinkId,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub moved_at: DateTime<Utc>,
    /// Why it is unsuccessful, where it is.
    pub reason: Option<Reason>,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Whether that was after the vacancy had closed.
    pub is_late: bool,
    /// Whose account it is.
    pub account: Option<AccountId>,
    /// The applicant's name.
    pub name: String,
    /// And address.
    pub email: String,
    /// What they sent.
    pub answers: Answers,
    /// What they call their CV.
    pub cv: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ApplicationId,
    link_id: ApplicationLinkId,
    state: State,
    moved_at: DateTime<Utc>,
    reason: Option<Reason>,
    sent_at: DateTime<Utc>,
    is_late: bool,
    statements: Json<Vec<(String, String)>>,
    starts_on: Option<NaiveDate>,
    right_to_work: Option<RightToWork>,
    wants_interview: bool,
    on_record: String,
    account_id: Option<AccountId>,
    name: String,
    email: String,
    phone: String,
    registration: Option<String>,
    file_name: Option<String>,
}

impl From<Row> for Followed {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            link: row.link_id,
            state: row.state,
            moved_at: row.moved_at,
            reason: row.reason,
            sent_at: row.sent_at,
            is_late: row.is_late,
            account: row.account_id,
            name: row.name.clone(),
            email: row.email,
            answers: Answers {
                name: row.name,
                phone: row.phone,
                registration: row.registration,
                statements: row.statements.0,
                right_to_work: row.right_to_work,
                starts_on: row.starts_on,
                wants_interview: row.wants_interview,
                on_record: row.on_record,
                opportunities: Vec::new(),
            },
            cv: row.file_name,
        }
    }
}

/// The applications that were sent to a vacancy: those that ask for the guaranteed interview first, then in the order in
/// which they came; what has ended last.
pub async fn list_of_vacancy(tx: &mut Tx, vacancy: VacancyId) -> Result<Vec<Followed>, DbError> {
    let bank = tx.bank();
    let rows: Vec<Row> = sqlx::query_as(
        "select a.id, a.link_id, a.state, a.moved_at, a.reason, a.sent_at, a.is_late, a.statements, a.starts_on,
                a.right_to_work, a.wants_interview, a.on_record, p.account_id, p.name, p.email, p.phone, p.registration,
                f.file_name
           from application a
           join applicant p on p.bank_id = a.bank_id and p.application_id = a.id
           left join application_file f on f.bank_id = a.bank_id and f.application_id = a.id
          where a.bank_id = $1 and a.vacancy_id = $2 and a.sent_at is not null
          order by a.state in ('started', 'declined', 'withdrawn', 'unsuccessful'), not a.wants_interview, a.sent_at, a.id",
    )
    .bind(bank)
    .bind(vacancy)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the applications to a vacancy"))?;
    Ok(rows.into_iter().map(Followed::from).collect())
}

/// Locks applications to a vacancy until the transaction ends, always in the same order.
pub async fn lock(tx: &mut Tx, vacancy: VacancyId, ids: &[ApplicationId]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "select from application where bank_id = $1 and vacancy_id = $2 and id = any($3) order by id for update",
    )
    .bind(bank)
    .bind(vacancy)
    .bind(ids)
    .execute(tx.connection())
    .await
    .map_err(failed("locking applications"))?;
    Ok(())
}

/// A step of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The application.
    pub id: ApplicationId,
    /// Where it stands.
    pub from: State,
    /// Where it goes.
    pub to: State,
    /// Why, where that is that it is unsuccessful.
    pub reason: Option<Reason>,
    /// What the applicant is told besides.
    pub said: &'a str,
}

/// Takes an application a step further. False where it stands elsewhere by now.
pub async fn mark_moved(tx: &mut Tx, step: &Step<'_>) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "with moved as (
             update application set state = $4, reason = $5, moved_at = $6, changed_at = $6, reminded_at = null
              where bank_id = $1 and id = $2 and state = $3
          returning bank_id, id)
         insert into application_move (bank_id, application_id, number, from_state, to_state, moved_by, moved_at, said)
         select m.bank_id, m.id,
                (select count(*) + 1 from application_move o where o.bank_id = m.bank_id and o.application_id = m.id),
                $3, $4, $7, $6, $8
           from moved m",
    )
    .bind(bank)
    .bind(step.id)
    .bind(step.from)
    .bind(step.to)
    .bind(step.reason)
    .bind(now)
    .bind(by)
    .bind(step.said)
    .execute(tx.connection())
    .await
    .map_err(failed("taking an application further"))?;
    Ok(done.rows_affected() == 1)
}

/// What was decided about an application, and when, the newest first: where it went, and what the applicant was told
/// besides.
pub async fn list_moves(
    tx: &mut Tx,
    id: ApplicationId,
) -> Result<Vec<(State, DateTime<Utc>, String)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select to_state, moved_at, said from application_move
          where bank_id = $1 and application_id = $2 order by number desc",
    )
    .bind(bank)
    .bind(id)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what was decided about an application"))
}

/// The CV of an application, sealed, with what it is.
pub async fn find_cv(tx: &mut Tx, id: ApplicationId) -> Result<Option<(FileKind, Sealed)>, DbError> {
    let bank = tx.bank();
    let row: Option<(FileKind, String, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "select kind, key_id, nonce, sealed from application_file where bank_id = $1 and application_id = $2",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a CV"))?;
    Ok(row.map(|(kind, key_id, nonce, bytes)| (kind, Sealed { key_id, nonce, bytes })))
}

/// A vacancy with applicants who wait for its practice.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Its bank.
    pub bank_id: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The vacancy.
    pub vacancy_id: VacancyId,
    /// What the post is called.
    pub title: String,
    /// The practice that posted it.
    pub practice_id: PracticeId,
    /// The practice's name.
    pub practice_name: String,
    /// How many wait.
    pub number: i64,
}

/// Marks as reminded the applications that have waited for their practice for so many days, and so long since it was
/// reminded; the vacancies that they are to.
pub async fn mark_reminded(tx: &mut Tx, days: i32) -> Result<Vec<Waiting>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "with reminded as (
             update application a
                set reminded_at = $1::timestamptz
              where a.state in ('received', 'shortlisted', 'interview', 'reserve', 'accepted', 'checks')
                and a.moved_at <= $1::timestamptz - make_interval(days => $2)
                and coalesce(a.reminded_at, a.moved_at) <= $1::timestamptz - make_interval(days => $2)
          returning a.bank_id, a.vacancy_id)
         select r.bank_id, b.name as bank_name, r.vacancy_id, v.title, v.practice_id, p.name as practice_name,
                count(*) as number
           from reminded r
           join vacancy v on v.bank_id = r.bank_id and v.id = r.vacancy_id
           join practice p on p.bank_id = v.bank_id and p.id = v.practice_id
           join bank b on b.id = r.bank_id
          group by r.bank_id, b.name, r.vacancy_id, v.title, v.practice_id, p.name
          order by r.bank_id, r.vacancy_id",
    )
    .bind(now)
    .bind(days)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding applicants who wait"))
}

/// Deletes what a bank keeps no longer: applications to vacancies that closed before an instant, and what was begun and
/// never sent to those that closed before another. For work of the service.
pub async fn delete_before(
    tx: &mut Tx,
    (sent, begun): (DateTime<Utc>, DateTime<Utc>),
) -> Result<u64, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "delete from application a using vacancy v
          where a.bank_id = $1 and v.bank_id = a.bank_id and v.id = a.vacancy_id
            and least(v.closes_at, coalesce(v.closed_at, v.closes_at))
                < case when a.state = 'begun' then $3::timestamptz else $2::timestamptz end",
    )
    .bind(bank)
    .bind(sent)
    .bind(begun)
    .execute(tx.connection())
    .await
    .map_err(failed("deleting what applicants sent long ago"))?;
    Ok(done.rows_affected())
}
