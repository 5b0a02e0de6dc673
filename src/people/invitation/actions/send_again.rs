//! Sending an invitation again: a new link that lasts as long as the first, and the one before is dead.

use chrono::TimeDelta;

use super::{InvitationError, lock_own_open, log, tell};
use crate::ground::audit::Action;
use crate::ground::db::Tx;
use crate::ground::id::{InvitationId, InvitationLinkId};
use crate::ground::mail::links::{LinkKey, invitation_token};
use crate::ground::mail::store::overtaken::mark_overtaken_of_key;
use crate::ground::sign_in::TokenHash;
use crate::people::invitation::messages::INVITATION;
use crate::people::invitation::messages::invitation::dedup_key;
use crate::people::invitation::{Invitation, LASTS, store};

/// What is sent again within this time was pressed twice.
const PRESSED_TWICE: TimeDelta = TimeDelta::minutes(1);

/// Sends an open invitation again, and gives its new token; none where it has only just been sent.
pub async fn send_again(
    tx: &mut Tx,
    link_key: &LinkKey,
    id: InvitationId,
) -> Result<Option<String>, InvitationError> {
    let before = lock_own_open(tx, id).await?;
    if tx.now() < before.sent_at + PRESSED_TWICE {
        return Ok(None);
    }
    let link = InvitationLinkId::new();
    let token = invitation_token(link_key, link);
    let again = Invitation {
        sent_at: tx.now(),
        times_sent: before.times_sent + 1,
        expires_at: tx.now() + LASTS,
        ..before.clone()
    };
    store::mark_sent_again(tx, id, &TokenHash::of(&token), again.expires_at).await?;
    mark_overtaken_of_key(tx, &INVITATION, &dedup_key(id, before.times_sent)).await?;
    tell(tx, &again, link).await?;
    log(tx, Action::InvitationSentAgain, &again).await?;
    Ok(Some(token))
}
