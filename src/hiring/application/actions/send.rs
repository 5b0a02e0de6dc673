//! An application is sent: once, however often somebody presses, until the vacancy closes, and for a few minutes after
//! where it was begun before.

use serde_json::json;

use super::{NotChanged, find_own};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened, OfApplication, ToVacancy};
use crate::ground::id::{AccountId, ApplicationId, ApplicationLinkId, VacancyId};
use crate::ground::mail::links::{LinkKey, application_token};
use crate::ground::mail::store::insert_mails;
use crate::ground::mail::{Letterhead, NewMail, Recipient};
use crate::ground::sign_in::TokenHash;
use crate::hiring::application::messages::application_came::{self, CameFacts};
use crate::hiring::application::messages::application_copy::{self, CopyFacts};
use crate::hiring::application::store::begun::{NewApplication, insert_begun};
use crate::hiring::application::store::{self, written};
use crate::hiring::application::{Answers, Application, Door, State, door};
use crate::hiring::search::store::{Advertised, find_advertised};
use crate::people::practice::store::list_contacts;

/// Sends the application of whoever holds its link. Sent before, it stays as it was sent then.
pub async fn send(tx: &mut Tx, letterhead: &Letterhead, answers: &Answers) -> Result<(), NotChanged> {
    store::lock_own(tx).await?;
    let own = find_own(tx).await?;
    match own.state {
        State::Begun => {}
        State::Withdrawn => return Err(NotChanged::Sent),
        _ => return Ok(()),
    }
    let vacancy = find_advertised(tx, own.vacancy).await?.ok_or(NotChanged::Closed)?;
    let is_late = match door(&vacancy.times(), own.begun_at, tx.now()) {
        Door::Open => false,
        Door::Late(_) => true,
        Door::Closed => return Err(NotChanged::Closed),
    };
    written::mark_sent(tx, answers, is_late).await?;
    written::count_opportunities(tx, own.vacancy, &answers.opportunities).await?;
    tell(tx, letterhead, (&own, &vacancy), answers).await?;
    let with_record = own.account.is_some();
    let detail = json!({ "is_late": is_late, "with_record": with_record });
    audit::record(tx, Action::ApplicationSent, own.id, detail).await?;
    let of = ToVacancy { application: own.id, vacancy: own.vacancy };
    Ok(events::record(tx, &[Happened::Application(of, OfApplication::Sent { is_late, with_record })]).await?)
}

/// A clinician who applies with their record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithRecord<'a> {
    /// The application, which whoever acts makes.
    pub id: ApplicationId,
    /// What its link is made of.
    pub link: ApplicationLinkId,
    /// The vacancy.
    pub vacancy: VacancyId,
    /// Whose record it is.
    pub account: AccountId,
    /// Their address.
    pub email: &'a str,
}

/// Begins and sends an application at once, with what a bank has on record of a clinician.
pub async fn send_with_record(
    tx: &mut Tx,
    (key, letterhead): (&LinkKey, &Letterhead),
    with: &WithRecord<'_>,
    answers: &Answers,
) -> Result<(), NotChanged> {
    let new = NewApplication {
        id: with.id,
        vacancy: with.vacancy,
        link: with.link,
        token_hash: TokenHash::of(&application_token(key, with.link)),
        email: with.email,
        account: Some(with.account),
        begun_at: tx.now(),
    };
    insert_begun(tx, &new).await.map_err(|error| match error.constraint() {
        Some("applicant_once") => NotChanged::Twice,
        _ => error.into(),
    })?;
    send(tx, letterhead, answers).await
}

/// Sends the applicant a copy of what they sent, and tells the practice that it is there.
async fn tell(
    tx: &mut Tx,
    letterhead: &Letterhead,
    (own, vacancy): (&Application, &Advertised),
    answers: &Answers,
) -> Result<(), NotChanged> {
    let copy = CopyFacts {
        bank: vacancy.bank_id,
        bank_name: vacancy.bank_name.clone(),
        to: Recipient { address: own.email.clone(), name: answers.name.clone(), account: own.account },
        title: vacancy.advert.title.clone(),
        practice: vacancy.practice().to_owned(),
        answers: answers.clone(),
        cv: own.cv.as_ref().map(|(name, _)| name.clone()),
        id: own.id,
        link: own.link,
        now: tx.now(),
    };
    let mut mails: Vec<NewMail> = vec![application_copy::mail(&copy)?];
    let practice = store::find_posting_practice(tx, own.vacancy).await?;
    for contact in list_contacts(tx, &[practice]).await? {
        let came = CameFacts {
            bank: vacancy.bank_id,
            bank_name: vacancy.bank_name.clone(),
            to: Recipient { address: contact.email, name: contact.name, account: Some(contact.account_id) },
            vacancy: own.vacancy,
            title: vacancy.advert.title.clone(),
            practice: vacancy.practice().to_owned(),
            id: own.id,
            now: tx.now(),
        };
        mails.push(application_came::mail(&came, letterhead)?);
    }
    insert_mails(tx, &mails).await?;
    Ok(())
}
