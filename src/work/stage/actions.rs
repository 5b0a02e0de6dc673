//! What can be done about stages: a practice sets those of a session, and a session that is posted gets the bank's.

use serde_json::json;

use super::{Audience, NewStage, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::id::SessionId;
use crate::people::practice::actions::find_own_practice;
use crate::people::practice::store::preferred::list_lists;
use crate::terms::rules::store::load_decided;
use crate::work::booking::error::DeskError;
use crate::work::booking::refusal::refuse_closed;
use crate::work::booking::store::facts::list_sessions;
use crate::work::booking::store::lock::lock_sessions;

/// Releases a session of whoever acts in these stages from now on; without any it is open to everybody. Who has asked for
/// it or was offered it keeps that.
pub async fn set_stages(tx: &mut Tx, id: SessionId, stages: &[NewStage]) -> Result<(), DeskError> {
    lock_sessions(tx, &[id]).await?;
    let session = list_sessions(tx, &[id]).await?.pop().ok_or(DeskError::NotFound)?;
    find_own_practice(tx, session.practice).await?;
    refuse_closed(&session, tx.now())?;
    let lists = list_lists(tx, session.practice).await?;
    let is_own = |stage: &NewStage| match stage.audience {
        Audience::Preferred(Some(list)) => lists.iter().any(|known| known.id == list),
        _ => true,
    };
    if !stages.iter().all(is_own) {
        return Err(DeskError::NotFound);
    }
    store::delete_stages(tx, id).await?;
    store::insert_stages(tx, (id, session.starts_at), stages).await?;
    let stage = |stage: &NewStage| {
        json!({
            "audience": stage.audience.code(), "opens_at": stage.opens.moment(session.starts_at),
            "keeps_previous": stage.keeps_previous,
        })
    };
    let detail = json!({ "stages": stages.iter().map(stage).collect::<Vec<_>>() });
    Ok(audit::record(tx, Action::SessionStagesSet, id, detail).await?)
}

/// Gives sessions that were just posted the stages that the bank has decided on, where it has.
pub async fn release_by_rule(tx: &mut Tx, sessions: &[SessionId]) -> Result<(), DbError> {
    match load_decided(tx).await?.releasing.filter(|rule| rule.is_staged) {
        Some(rule) => store::insert_by_rule(tx, sessions, rule).await,
        None => Ok(()),
    }
}

/// The most stages that are noted in one transaction.
const MOST_AT_ONCE: i64 = 500;

/// Notes stages that have opened, in whatever bank, up to 500 of them; gives how many.
pub async fn open_due(tx: &mut Tx) -> Result<usize, DbError> {
    let opened = store::mark_opened(tx, MOST_AT_ONCE).await?;
    for (bank, session, audience) in &opened {
        tx.go_to_bank(*bank).await?;
        events::record(tx, &[Happened::StageOpened(*session, audience.code())]).await?;
    }
    Ok(opened.len())
}
