//! What can be done with invitations.

pub mod accept;
pub mod invite;
pub mod joining;
pub mod send_again;
pub mod withdraw;

use std::collections::BTreeSet;

use super::messages::invitation::{self, InvitationFacts};
use super::{Invitation, InvitationState, store};
use crate::ground::actor::Actor;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{InvitationId, InvitationLinkId, PracticeId};
use crate::ground::mail;
use crate::ground::sign_in::PersonKind;
use crate::people::practice::store::list_practices_managed_by;
use crate::terms::bank::store::find_bank;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// There is no such invitation, or whoever acts may not see it; or they may not invite such people.
    #[error("there is no such invitation")]
    NotTheirs,
    /// It has ended already.
    #[error("the invitation has ended already")]
    Ended(InvitationState),
    /// Its mail could not be written.
    #[error("the invitation's mail could not be written")]
    Unwritten(#[source] askama::Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Refuses unless whoever acts may invite people as `kind` for these practices: an administrator and the operator
/// anybody, a practice manager a colleague for practices of their own.
async fn demand_may_invite(
    tx: &mut Tx,
    kind: PersonKind,
    practices: &[PracticeId],
) -> Result<(), InvitationError> {
    let fits = (kind == PersonKind::PracticeManager) != practices.is_empty();
    let may = match tx.actor() {
        Actor::Operator | Actor::Member { kind: PersonKind::BankAdministrator, .. } => true,
        Actor::Member { kind: PersonKind::PracticeManager, membership, .. } => {
            let own = list_practices_managed_by(tx, membership).await?;
            let own: BTreeSet<PracticeId> = own.into_iter().map(|practice| practice.id).collect();
            kind == PersonKind::PracticeManager && practices.iter().all(|practice| own.contains(practice))
        }
        _ => false,
    };
    if fits && may { Ok(()) } else { Err(InvitationError::NotTheirs) }
}

/// The open invitation of that id, locked, where whoever acts may send and withdraw it.
async fn lock_own_open(tx: &mut Tx, id: InvitationId) -> Result<Invitation, InvitationError> {
    let found = store::lock_invitation(tx, id).await?.ok_or(InvitationError::NotTheirs)?;
    demand_may_invite(tx, found.kind, &found.practices).await?;
    match found.state {
        InvitationState::Open => Ok(found),
        ended => Err(InvitationError::Ended(ended)),
    }
}

/// The invitation of that id, where whoever acts may send and withdraw it.
pub async fn find_own(tx: &mut Tx, id: InvitationId) -> Result<Invitation, InvitationError> {
    let found = store::find_invitation(tx, id).await?.ok_or(InvitationError::NotTheirs)?;
    demand_may_invite(tx, found.kind, &found.practices).await?;
    Ok(found)
}

/// Puts the mail of an invitation into the outbox, with a link made of `link`.
async fn tell(tx: &mut Tx, told: &Invitation, link: InvitationLinkId) -> Result<(), InvitationError> {
    let bank = find_bank(tx, told.bank_id).await?.ok_or(InvitationError::NotTheirs)?;
    let facts = InvitationFacts {
        bank: bank.id,
        bank_name: bank.name,
        invitation: told.id,
        times_sent: told.times_sent,
        link,
        kind: told.kind,
        practices: store::list_practice_names(tx, &told.practices).await?,
        by: store::find_own_name(tx).await?,
        email: told.email.clone(),
        name: told.name.clone(),
        expires_at: told.expires_at,
    };
    let mail = invitation::mail(&facts).map_err(InvitationError::Unwritten)?;
    mail::store::insert_mail(tx, &mail).await?;
    Ok(())
}

/// Writes to the log what whoever acts has done to an invitation.
async fn log(tx: &mut Tx, action: Action, invitation: &Invitation) -> Result<(), DbError> {
    let detail = serde_json::json!({
        "kind": invitation.kind.text(),
        "practices": invitation.practices,
        "times_sent": invitation.times_sent,
        "by_themselves": invitation.said.is_some(),
    });
    audit::record(tx, action, invitation.id, detail).await
}
