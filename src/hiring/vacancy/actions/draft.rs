//! A practice drafts a vacancy: what is typed is kept, however much is missing.

use serde_json::json;

use super::{NotChanged, lock_as_seen};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::VacancyId;
use crate::hiring::vacancy::store;
use crate::hiring::vacancy::store::Draft;
use crate::people::practice::actions::find_own_practice;

/// Keeps a new draft of a practice of whoever acts.
pub async fn begin_draft(tx: &mut Tx, draft: &Draft) -> Result<VacancyId, NotChanged> {
    find_own_practice(tx, draft.practice).await?;
    let id = store::insert_draft(tx, draft).await?;
    audit::record(tx, Action::VacancyDrafted, id, json!({ "practice": draft.practice })).await?;
    Ok(id)
}

/// Keeps a draft in the place of the version that whoever acts has seen.
pub async fn change_draft(
    tx: &mut Tx,
    (id, version): (VacancyId, i32),
    draft: &Draft,
) -> Result<(), NotChanged> {
    find_own_practice(tx, draft.practice).await?;
    let vacancy = lock_as_seen(tx, id, version).await?;
    if vacancy.published.is_some() {
        return Err(NotChanged::Advertised);
    }
    if store::update_draft(tx, (id, version), draft).await? { Ok(()) } else { Err(NotChanged::Since) }
}

/// Removes a draft.
pub async fn remove_draft(tx: &mut Tx, id: VacancyId) -> Result<(), NotChanged> {
    super::find_own(tx, id).await?;
    if store::delete_draft(tx, id).await? {
        Ok(audit::record(tx, Action::VacancyDraftRemoved, id, json!({})).await?)
    } else {
        Err(NotChanged::Advertised)
    }
}
