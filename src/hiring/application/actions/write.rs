//! An applicant writes their application, and takes it back.

use serde_json::json;

use super::follow::tell_practice;
use super::{NotChanged, find_own};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened, OfApplication, ToVacancy};
use crate::ground::mail::Letterhead;
use crate::hiring::application::cv::NewCv;
use crate::hiring::application::moves::{Side, may_move};
use crate::hiring::application::store::follow::{Step, mark_moved};
use crate::hiring::application::store::{self, written};
use crate::hiring::application::{Application, State};

/// Keeps what is written so far, with the CV where one was sent. What is sent already stays as it is.
pub async fn keep(tx: &mut Tx, typed: &[(String, String)], cv: Option<&NewCv>) -> Result<(), NotChanged> {
    store::lock_own(tx).await?;
    if find_own(tx).await?.state != State::Begun {
        return Err(NotChanged::Sent);
    }
    written::update_typed(tx, typed).await?;
    if let Some(cv) = cv {
        written::replace_cv(tx, cv).await?;
    }
    Ok(())
}

/// Takes an application back: one that was not sent is gone with all that was written; of one that was, the practice sees
/// that it was withdrawn.
pub async fn withdraw(tx: &mut Tx, letterhead: &Letterhead) -> Result<Application, NotChanged> {
    store::lock_own(tx).await?;
    let own = find_own(tx).await?;
    let (from, to) = (own.state, State::Withdrawn);
    if from == State::Begun {
        written::delete_own(tx).await?;
        return Ok(own);
    }
    if !may_move(from, to, Side::Applicant) {
        return Err(NotChanged::Sent);
    }
    mark_moved(tx, &Step { id: own.id, from, to, reason: None, said: "" }).await?;
    audit::record(tx, Action::ApplicationWithdrawn, own.id, json!({ "from": from })).await?;
    let of = ToVacancy { application: own.id, vacancy: own.vacancy };
    events::record(tx, &[Happened::Application(of, OfApplication::Withdrawn)]).await?;
    tell_practice(tx, letterhead, (own.vacancy, own.id), to).await?;
    Ok(own)
}
