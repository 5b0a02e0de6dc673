//! A practice follows the applications to a vacancy of its own, and answers them; an applicant answers an offer.

use serde_json::json;

use super::{NotChanged, find_own};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened, OfApplication, ToVacancy};
use crate::ground::id::{ApplicationId, VacancyId};
use crate::ground::mail::store::insert_mails;
use crate::ground::mail::{Letterhead, NewMail, Recipient};
use crate::ground::not_done::NotDone;
use crate::hiring::application::State;
use crate::hiring::application::cv::CvOf;
use crate::hiring::application::messages::application_answered::{self, AnsweredFacts};
use crate::hiring::application::messages::application_moved::{self, MovedFacts};
use crate::hiring::application::moves::{Decision, Side, may_move};
use crate::hiring::application::store;
use crate::hiring::application::store::follow::{self, Followed, Step};
use crate::hiring::search::store::{Advertised, find_advertised};
use crate::hiring::vacancy::actions as vacancies;
use crate::people::document::seal::{DocumentKeys, SealError};
use crate::people::practice::store::list_contacts;

/// The vacancy of that id, of whoever acts, with what it says.
async fn own_vacancy(tx: &mut Tx, vacancy: VacancyId) -> Result<Advertised, NotChanged> {
    vacancies::find_own(tx, vacancy).await?;
    Ok(find_advertised(tx, vacancy).await?.ok_or(NotDone::NotFound)?)
}

/// The applications to a vacancy of whoever acts, those that wait for the practice first.
pub async fn list_followed(tx: &mut Tx, vacancy: VacancyId) -> Result<Vec<Followed>, NotDone> {
    vacancies::find_own(tx, vacancy).await?;
    Ok(follow::list_of_vacancy(tx, vacancy).await?)
}

/// One of them.
pub async fn find_followed(
    tx: &mut Tx,
    (vacancy, id): (VacancyId, ApplicationId),
) -> Result<Followed, NotDone> {
    let all = list_followed(tx, vacancy).await?;
    all.into_iter().find(|one| one.id == id).ok_or(NotDone::NotFound)
}

/// Takes applications to a vacancy further, all of them or none, and tells each applicant.
pub async fn decide(
    tx: &mut Tx,
    (vacancy, ids): (VacancyId, &[ApplicationId]),
    decision: &Decision,
) -> Result<usize, NotChanged> {
    let advertised = own_vacancy(tx, vacancy).await?;
    follow::lock(tx, vacancy, ids).await?;
    let all = follow::list_of_vacancy(tx, vacancy).await?;
    let mut mails: Vec<NewMail> = Vec::new();
    for id in ids {
        let one = all.iter().find(|one| one.id == *id).ok_or(NotDone::NotFound)?;
        if !may_move(one.state, decision.to, Side::Practice) {
            return Err(NotChanged::OtherStep(one.state, decision.to));
        }
        step(tx, (vacancy, one), decision).await?;
        let facts = MovedFacts {
            bank: advertised.bank_id,
            bank_name: advertised.bank_name.clone(),
            to: Recipient { address: one.email.clone(), name: one.name.clone(), account: one.account },
            title: advertised.advert.title.clone(),
            practice: advertised.practice().to_owned(),
            decision: decision.clone(),
            id: one.id,
            link: one.link,
            now: tx.now(),
        };
        mails.push(application_moved::mail(&facts)?);
    }
    insert_mails(tx, &mails).await?;
    Ok(ids.len())
}

async fn step(
    tx: &mut Tx,
    (vacancy, one): (VacancyId, &Followed),
    decision: &Decision,
) -> Result<(), NotChanged> {
    let (from, to) = (one.state, decision.to);
    let step = Step { id: one.id, from, to, reason: decision.reason, said: &decision.said };
    if !follow::mark_moved(tx, &step).await? {
        return Err(NotChanged::OtherStep(from, to));
    }
    let detail = json!({ "from": from, "to": to, "reason": decision.reason });
    audit::record(tx, Action::ApplicationMoved, one.id, detail).await?;
    let of = ToVacancy { application: one.id, vacancy };
    let moved = OfApplication::Moved(from.code(), to.code());
    Ok(events::record(tx, &[Happened::Application(of, moved)]).await?)
}

/// Whoever made an application says whether they take what it is offered, and the practice is told.
pub async fn answer_offer(tx: &mut Tx, letterhead: &Letterhead, takes_it: bool) -> Result<(), NotChanged> {
    store::lock_own(tx).await?;
    let own = find_own(tx).await?;
    let to = if takes_it { State::Accepted } else { State::Declined };
    if !may_move(own.state, to, Side::Applicant) {
        return Err(NotChanged::OtherStep(own.state, to));
    }
    let step = Step { id: own.id, from: own.state, to, reason: None, said: "" };
    follow::mark_moved(tx, &step).await?;
    audit::record(tx, Action::ApplicationMoved, own.id, json!({ "from": own.state, "to": to })).await?;
    let of = ToVacancy { application: own.id, vacancy: own.vacancy };
    let moved = OfApplication::Moved(own.state.code(), to.code());
    events::record(tx, &[Happened::Application(of, moved)]).await?;
    tell_practice(tx, letterhead, (own.vacancy, own.id), to).await
}

/// Tells the practice what an applicant has done: taken the post, declined it, or taken the application back.
pub(super) async fn tell_practice(
    tx: &mut Tx,
    letterhead: &Letterhead,
    (vacancy, id): (VacancyId, ApplicationId),
    state: State,
) -> Result<(), NotChanged> {
    let advertised = find_advertised(tx, vacancy).await?.ok_or(NotDone::NotFound)?;
    let practice = store::find_posting_practice(tx, vacancy).await?;
    let mut mails: Vec<NewMail> = Vec::new();
    for contact in list_contacts(tx, &[practice]).await? {
        let facts = AnsweredFacts {
            bank: advertised.bank_id,
            bank_name: advertised.bank_name.clone(),
            to: Recipient { address: contact.email, name: contact.name, account: Some(contact.account_id) },
            title: advertised.advert.title.clone(),
            practice: advertised.practice().to_owned(),
            vacancy,
            id,
            state,
            now: tx.now(),
        };
        mails.push(application_answered::mail(&facts, letterhead)?);
    }
    insert_mails(tx, &mails).await?;
    Ok(())
}

/// Why a CV was not opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// There is none, or the application is not made to whoever asks.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The database failed.
    #[error("opening a CV")]
    Database(#[from] crate::ground::db::DbError),
    /// It can't be unsealed.
    #[error("unsealing a CV")]
    Sealed(#[from] SealError),
}

/// Opens the CV of an application to a vacancy of whoever acts: what it is, and its bytes. That it was opened is written down.
pub async fn open_cv(
    tx: &mut Tx,
    keys: &DocumentKeys,
    which: (VacancyId, ApplicationId),
) -> Result<(CvOf, Vec<u8>), NotOpened> {
    let one = find_followed(tx, which).await?;
    let (kind, sealed) = follow::find_cv(tx, one.id).await?.ok_or(NotDone::NotFound)?;
    let of = CvOf { bank: tx.bank(), application: one.id, kind };
    let bytes = keys.open(&of, sealed)?;
    audit::record(tx, Action::ApplicationCvOpened, one.id, json!({})).await?;
    Ok((of, bytes))
}
