//! SQL of applications that begin.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ApplicationId, ApplicationLinkId, VacancyId};
use crate::ground::sign_in::TokenHash;
use crate::hiring::application::State;

/// An application that begins.
#[derive(Debug, Clone)]
pub struct NewApplication<'a> {
    /// Its id.
    pub id: ApplicationId,
    /// The vacancy.
    pub vacancy: VacancyId,
    /// What its link is made of.
    pub link: ApplicationLinkId,
    /// What the link is found by.
    pub token_hash: TokenHash,
    /// The address that applies, in lower case.
    pub email: &'a str,
    /// Whose account it is, where a clinician applies with their record.
    pub account: Option<AccountId>,
    /// When its link was asked for.
    pub begun_at: DateTime<Utc>,
}

/// Begins an application. The constraint `applicant_once` refuses a second one of an address.
pub async fn insert_begun(tx: &mut Tx, new: &NewApplication<'_>) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "insert into application (bank_id, id, vacancy_id, link_id, token_hash, link_sent_at, state, begun_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, 'begun', $7, $6)",
    )
    .bind(bank)
    .bind(new.id)
    .bind(new.vacancy)
    .bind(new.link)
    .bind(new.token_hash.0.as_slice())
    .bind(now)
    .bind(new.begun_at)
    .execute(tx.connection())
    .await
    .map_err(failed("beginning an application"))?;
    sqlx::query(
        "insert into applicant (bank_id, application_id, vacancy_id, email, name, phone, account_id, typed)
         values ($1, $2, $3, $4, '', '', $5, '[]')",
    )
    .bind(bank)
    .bind(new.id)
    .bind(new.vacancy)
    .bind(new.email)
    .bind(new.account)
    .execute(tx.connection())
    .await
    .map_err(failed("noting who begins an application"))?;
    Ok(())
}

/// What an address has applied with.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Begun {
    /// The application.
    pub id: ApplicationId,
    /// What its link is made of.
    pub link: ApplicationLinkId,
    /// Where it stands.
    pub state: State,
    /// When the link was sent last.
    pub link_sent_at: DateTime<Utc>,
}

/// The application of an address to a vacancy of the bank, locked until the transaction ends. For work of the service.
pub async fn lock_of_address(tx: &mut Tx, vacancy: VacancyId, email: &str) -> Result<Option<Begun>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select a.id, a.link_id as link, a.state, a.link_sent_at
           from applicant p
           join application a on a.bank_id = p.bank_id and a.id = p.application_id
          where p.bank_id = $1 and p.vacancy_id = $2 and p.email = $3
            for update of a",
    )
    .bind(bank)
    .bind(vacancy)
    .bind(email)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding what an address has applied with"))
}

/// Notes that the link was sent again.
pub async fn mark_link_sent(tx: &mut Tx, id: ApplicationId) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query("update application set link_sent_at = $3 where bank_id = $1 and id = $2")
        .bind(bank)
        .bind(id)
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("noting that a link was sent again"))?;
    Ok(())
}

/// Begins an application anew that was taken back.
pub async fn restart(tx: &mut Tx, id: ApplicationId, begun_at: DateTime<Utc>) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "update application
            set state = 'begun', begun_at = $3, changed_at = $4, link_sent_at = $4, sent_at = null, moved_at = null, is_late = false,
                statements = null, starts_on = null, right_to_work = null, wants_interview = false, on_record = ''
          where bank_id = $1 and id = $2 and state = 'withdrawn'",
    )
    .bind(bank)
    .bind(id)
    .bind(begun_at)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("beginning an application anew"))?;
    Ok(())
}
