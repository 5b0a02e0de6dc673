//! A practice keeps what it posts again and again under a name.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::{PracticeId, SessionTemplateId};
use crate::ground::not_done::NotDone;
use crate::people::practice::actions::find_own_practice;
use crate::work::session::store::template;
use crate::work::session::template::NewTemplate;

/// Keeps a template for a practice of whoever acts, in the place of one that has the name already.
pub async fn save_template(tx: &mut Tx, practice: PracticeId, new: &NewTemplate) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    template::upsert_template(tx, practice, new).await?;
    Ok(audit::record(tx, Action::SessionTemplateSaved, practice, json!({ "name": new.name })).await?)
}

/// Forgets a template of a practice of whoever acts.
pub async fn remove_template(tx: &mut Tx, id: SessionTemplateId) -> Result<(), NotDone> {
    let practice = template::find_practice(tx, id).await?.ok_or(NotDone::NotFound)?;
    find_own_practice(tx, practice).await?;
    NotDone::unless(template::delete_template(tx, id).await?)?;
    Ok(audit::record(tx, Action::SessionTemplateRemoved, practice, json!({})).await?)
}
