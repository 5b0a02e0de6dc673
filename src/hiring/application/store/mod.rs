//! SQL of applications, as whoever made them sees them. Row-level security shows nobody another's.

pub mod begun;
pub mod follow;
pub mod record;
pub mod written;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Answers, Application, RightToWork, State};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ApplicationId, ApplicationLinkId, BankId, PracticeId, VacancyId};
use crate::ground::sign_in::TokenHash;

/// Whose application a link is, in whichever bank.
pub async fn find_of_link(tx: &mut Tx, link: &TokenHash) -> Result<Option<(BankId, ApplicationId)>, DbError> {
    sqlx::query_as("select bank_id, id from application_of_link($1)")
        .bind(link.0.as_slice())
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding the application of a link"))
}

/// Locks the application of whoever acts until the transaction ends.
pub async fn lock_own(tx: &mut Tx) -> Result<(), DbError> {
    let (bank, own) = (tx.bank(), tx.application());
    sqlx::query("select from application where bank_id = $1 and id = $2 for update")
        .bind(bank)
        .bind(own)
        .execute(tx.connection())
        .await
        .map_err(failed("locking an application"))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ApplicationId,
    vacancy_id: VacancyId,
    link_id: ApplicationLinkId,
    state: State,
    begun_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    is_late: bool,
    statements: Option<Json<Vec<(String, String)>>>,
    starts_on: Option<NaiveDate>,
    right_to_work: Option<RightToWork>,
    wants_interview: bool,
    on_record: String,
    email: String,
    name: String,
    phone: String,
    registration: Option<String>,
    account_id: Option<AccountId>,
    typed: Json<Vec<(String, String)>>,
    file_name: Option<String>,
    bytes: Option<i32>,
}

impl From<Row> for Application {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            vacancy: row.vacancy_id,
            link: row.link_id,
            state: row.state,
            begun_at: row.begun_at,
            sent_at: row.sent_at,
            is_late: row.is_late,
            email: row.email,
            account: row.account_id,
            typed: row.typed.0,
            answers: Answers {
                name: row.name,
                phone: row.phone,
                registration: row.registration,
                statements: row.statements.map(|said| said.0).unwrap_or_default(),
                right_to_work: row.right_to_work,
                starts_on: row.starts_on,
                wants_interview: row.wants_interview,
                on_record: row.on_record,
                opportunities: Vec::new(),
            },
            cv: row.file_name.zip(row.bytes),
        }
    }
}

/// The application of whoever acts.
pub async fn find_own(tx: &mut Tx) -> Result<Option<Application>, DbError> {
    let (bank, own) = (tx.bank(), tx.application());
    let row: Option<Row> = sqlx::query_as(
        "select a.id, a.vacancy_id, a.link_id, a.state, a.begun_at, a.sent_at, a.is_late, a.statements, a.starts_on,
                a.right_to_work, a.wants_interview, a.on_record, p.email, p.name, p.phone, p.registration, p.account_id,
                p.typed, f.file_name, f.bytes
           from application a
           join applicant p on p.bank_id = a.bank_id and p.application_id = a.id
           left join application_file f on f.bank_id = a.bank_id and f.application_id = a.id
          where a.bank_id = $1 and a.id = $2",
    )
    .bind(bank)
    .bind(own)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding an application"))?;
    Ok(row.map(Application::from))
}

/// The practice that posted a vacancy of the bank.
pub async fn find_posting_practice(tx: &mut Tx, vacancy: VacancyId) -> Result<PracticeId, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select practice_id from vacancy where bank_id = $1 and id = $2")
        .bind(bank)
        .bind(vacancy)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("finding who posted a vacancy"))
}
