//! What an administrator can do about mail that was given up or is held back.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::MailId;
use crate::ground::mail::MailState;
use crate::ground::mail::store::{failed, find_mail, held};
use crate::ground::not_done::NotDone;

/// Puts a mail of the bank that was given up back into the outbox, for all its recipients. False where it would come
/// too late.
pub async fn put_back_mail(tx: &mut Tx, id: MailId) -> Result<bool, NotDone> {
    let mail = find_mail(tx, id).await?;
    NotDone::unless(mail.is_some_and(|mail| mail.state == MailState::Failed))?;
    let is_back = failed::mark_put_back(tx, id).await?;
    if is_back {
        failed::mark_recipients_open(tx, id).await?;
        audit::record(tx, Action::MailPutBack, id, json!({})).await?;
    }
    Ok(is_back)
}

/// Lets a mail of the bank go out that is held back since a backup was restored.
pub async fn release_mail(tx: &mut Tx, id: MailId) -> Result<(), NotDone> {
    NotDone::unless(held::mark_released(tx, id).await?)?;
    Ok(audit::record(tx, Action::MailReleased, id, json!({})).await?)
}

/// Gives up a mail of the bank that is held back since a backup was restored.
pub async fn give_up_mail(tx: &mut Tx, id: MailId) -> Result<(), NotDone> {
    NotDone::unless(held::mark_held_dropped(tx, id).await?)?;
    Ok(audit::record(tx, Action::MailGivenUp, id, json!({})).await?)
}
