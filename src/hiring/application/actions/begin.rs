//! Somebody wants to apply: a link confirms their address, and they come back by it.
//!
//! Asking writes the same job for every address, so that the answer does not say whether somebody has applied; who has, is
//! looked up in the background, and told by mail alone.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::ground::db::{DbError, Tx};
use crate::ground::id::{ApplicationId, ApplicationLinkId, BankId, VacancyId};
use crate::ground::mail::links::{LinkKey, application_token};
use crate::ground::mail::store::insert_mail;
use crate::ground::mail::{Letterhead, Recipient};
use crate::ground::queue::store::insert_job;
use crate::ground::queue::{JobError, NewJob};
use crate::ground::sign_in::TokenHash;
use crate::hiring::application::messages::application_link::{self, LinkFacts};
use crate::hiring::application::store::begun::{self, NewApplication};
use crate::hiring::application::{Door, State, door};
use crate::hiring::search::store::{Advertised, find_advertised};

/// The kind of the job that sends a link.
pub const SEND_LINK: &str = "send_application_link";

/// For so long a link is not sent again to one address.
const LINK_STAYS: TimeDelta = TimeDelta::minutes(5);

/// Somebody wants to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The bank of the vacancy.
    pub bank: BankId,
    /// The vacancy.
    pub vacancy: VacancyId,
    /// The address they gave, in lower case.
    pub email: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Asks for the link by which whoever has the address applies.
pub async fn ask_for_link(tx: &mut Tx, asked: &Asked) -> Result<(), DbError> {
    let job = NewJob {
        bank: Some(asked.bank),
        kind: SEND_LINK,
        unique_key: Some(hex::encode(TokenHash::of(&format!("{}:{}", asked.vacancy, asked.email)).0)),
        payload: serde_json::json!(asked),
        priority: 1,
        run_at: tx.now(),
    };
    insert_job(tx, &job).await?;
    Ok(())
}

/// Begins the application that was asked for, or finds it, and puts its link into the outbox; no other mail where there is
/// one of a few minutes ago. One that was taken back begins anew. To a vacancy that was closed when it was asked for,
/// nothing is begun.
pub async fn begin(
    tx: &mut Tx,
    key: &LinkKey,
    letterhead: &Letterhead,
    asked: &Asked,
) -> Result<(), JobError> {
    let Some(vacancy) = find_advertised(tx, asked.vacancy).await? else { return Ok(()) };
    let is_open = door(&vacancy.times(), asked.at, asked.at) == Door::Open;
    tx.go_to_bank(vacancy.bank_id).await?;
    let found = begun::lock_of_address(tx, asked.vacancy, &asked.email).await?;
    let link = match found {
        None if is_open => begin_anew(tx, key, asked).await?,
        None => return Ok(()),
        Some(found) if found.state == State::Withdrawn && is_open => {
            begun::restart(tx, found.id, asked.at).await?;
            found.link
        }
        Some(found) if tx.now() < found.link_sent_at + LINK_STAYS => return Ok(()),
        Some(found) => {
            begun::mark_link_sent(tx, found.id).await?;
            found.link
        }
    };
    tell(tx, letterhead, &vacancy, asked, link).await
}

async fn begin_anew(tx: &mut Tx, key: &LinkKey, asked: &Asked) -> Result<ApplicationLinkId, DbError> {
    let link = ApplicationLinkId::new();
    let new = NewApplication {
        id: ApplicationId::new(),
        vacancy: asked.vacancy,
        link,
        token_hash: TokenHash::of(&application_token(key, link)),
        email: &asked.email,
        account: None,
        begun_at: asked.at,
    };
    begun::insert_begun(tx, &new).await?;
    Ok(link)
}

async fn tell(
    tx: &mut Tx,
    letterhead: &Letterhead,
    vacancy: &Advertised,
    asked: &Asked,
    link: ApplicationLinkId,
) -> Result<(), JobError> {
    let facts = LinkFacts {
        bank: vacancy.bank_id,
        bank_name: vacancy.bank_name.clone(),
        to: Recipient { address: asked.email.clone(), name: String::new(), account: None },
        title: vacancy.advert.title.clone(),
        practice: vacancy.practice().to_owned(),
        closes_at: vacancy.times().end(),
        vacancy_href: format!("{}/vacancies/{}", letterhead.base_url, asked.vacancy),
        link,
        now: tx.now(),
    };
    let mail = application_link::mail(&facts).map_err(|error| JobError::Failed(error.to_string()))?;
    insert_mail(tx, &mail).await?;
    Ok(())
}
