//! Taking an invitation back.

use super::{InvitationError, lock_own_open, log};
use crate::ground::audit::Action;
use crate::ground::db::Tx;
use crate::ground::id::InvitationId;
use crate::ground::mail::store::overtaken::mark_overtaken_of_key;
use crate::people::invitation::messages::INVITATION;
use crate::people::invitation::messages::invitation::dedup_key;
use crate::people::invitation::store;

/// Withdraws an open invitation. Whoever accepts it at the same moment joins, or finds it withdrawn: the row is locked.
pub async fn withdraw(tx: &mut Tx, id: InvitationId) -> Result<(), InvitationError> {
    let invitation = lock_own_open(tx, id).await?;
    store::mark_withdrawn(tx, id).await?;
    mark_overtaken_of_key(tx, &INVITATION, &dedup_key(id, invitation.times_sent)).await?;
    log(tx, Action::InvitationWithdrawn, &invitation).await?;
    Ok(())
}
