//! Inviting people.

use std::collections::{BTreeMap, BTreeSet};

use super::{InvitationError, demand_may_invite, log, tell};
use crate::ground::audit::Action;
use crate::ground::db::Tx;
use crate::ground::id::{InvitationId, InvitationLinkId};
use crate::ground::mail::links::{LinkKey, invitation_token};
use crate::ground::sign_in::TokenHash;
use crate::people::invitation::store::{self, NewInvitation};
use crate::people::invitation::{Invitation, InvitationState, Invite, LASTS, NotInvited};

/// What stands in the way of each of `wish.people`, in their order; nothing for those who can be invited.
pub async fn examine(tx: &mut Tx, wish: &Invite) -> Result<Vec<Option<NotInvited>>, InvitationError> {
    demand_may_invite(tx, wish.kind, &wish.practices).await?;
    let emails: Vec<&str> = wish.people.iter().map(|person| person.email.as_str()).collect();
    let members = store::list_members_of(tx, &emails, wish.kind, &wish.practices).await?;
    let members: BTreeSet<String> = members.into_iter().collect();
    let open = store::list_open_of(tx, &emails, wish.kind).await?;
    let open: BTreeMap<String, InvitationId> = open.into_iter().collect();
    let standing = |email: &str| {
        let member = members.contains(email).then_some(NotInvited::Member);
        member.or_else(|| open.get(email).copied().map(NotInvited::Invited))
    };
    Ok(emails.into_iter().map(standing).collect())
}

/// One that went out.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The invitation.
    pub id: InvitationId,
    /// The token of its link, which nothing keeps.
    pub token: String,
}

/// Invites those of `wish.people` in whose way nothing stands, by a mail each.
pub async fn invite(tx: &mut Tx, link_key: &LinkKey, wish: &Invite) -> Result<Vec<Sent>, InvitationError> {
    let standing = examine(tx, wish).await?;
    let mut sent = Vec::new();
    for (invitee, _) in wish.people.iter().zip(standing).filter(|(_, hindrance)| hindrance.is_none()) {
        let (id, link) = (InvitationId::new(), InvitationLinkId::new());
        let token = invitation_token(link_key, link);
        let expires_at = tx.now() + LASTS;
        let new = NewInvitation {
            id,
            invitee,
            kind: wish.kind,
            practices: &wish.practices,
            token_hash: TokenHash::of(&token),
            expires_at,
            said: None,
        };
        // Somebody else may have invited them since we looked: then they have theirs.
        if !store::insert_invitation(tx, &new).await? {
            continue;
        }
        let invitation = Invitation {
            bank_id: tx.bank(),
            id,
            email: invitee.email.clone(),
            name: invitee.name.clone(),
            kind: wish.kind,
            practices: wish.practices.clone(),
            state: InvitationState::Open,
            sent_at: tx.now(),
            times_sent: 1,
            expires_at,
            said: None,
        };
        tell(tx, &invitation, link).await?;
        log(tx, Action::InvitationSent, &invitation).await?;
        sent.push(Sent { id, token });
    }
    Ok(sent)
}
