//! A clinician joins from the bank's public page: what they have written is kept, and a link confirms their address.
//!
//! Asking writes the same job for every address, so that neither the answer nor its time says whether somebody has an
//! account; who it is, is looked up in the background, and told by mail alone.

use serde::{Deserialize, Serialize};

use crate::ground::db::{DbError, Tx};
use crate::ground::id::{BankId, InvitationId, InvitationLinkId};
use crate::ground::mail::links::{LinkKey, invitation_token};
use crate::ground::mail::store::overtaken::mark_overtaken_of_key;
use crate::ground::mail::{self, Letterhead};
use crate::ground::queue::store::insert_job;
use crate::ground::queue::{JobError, NewJob};
use crate::ground::sign_in::{PersonKind, TokenHash};
use crate::people::account::store::find_credentials;
use crate::people::invitation::messages::JOINING;
use crate::people::invitation::messages::invitation::dedup_key;
use crate::people::invitation::messages::joining::{self, JoiningFacts, Way};
use crate::people::invitation::store::{self, NewInvitation, own};
use crate::people::invitation::{Invitation, Invitee, LASTS, LINK_STAYS, Said};
use crate::terms::bank::store::find_bank;

/// The kind of the job that sends a link.
pub const SEND_LINK: &str = "send_joining_link";

/// Somebody wants to join a bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The bank.
    pub bank: BankId,
    /// The address they gave, in lower case.
    pub email: String,
    /// What they wrote.
    pub said: Said,
}

/// Asks for a link with which whoever has the address joins the bank.
pub async fn ask_to_join(tx: &mut Tx, asked: &Asked) -> Result<(), DbError> {
    let payload = serde_json::json!(asked);
    let job = NewJob {
        bank: Some(asked.bank),
        kind: SEND_LINK,
        unique_key: Some(hex::encode(TokenHash::of(&payload.to_string()).0)),
        payload,
        priority: 1,
        run_at: tx.now(),
    };
    insert_job(tx, &job).await?;
    Ok(())
}

/// Keeps what was written, and puts the link into the outbox that was asked for, in the place of an older one; no other
/// mail where there is one of a few minutes ago. Whoever acts in the bank as a clinician is told so. A closed account
/// joins nothing, and nobody is told that it is there.
pub async fn begin_joining(
    tx: &mut Tx,
    key: &LinkKey,
    letterhead: &Letterhead,
    asked: &Asked,
) -> Result<(), JobError> {
    tx.go_to_bank(asked.bank).await?;
    let known = find_credentials(tx, &asked.email).await?;
    if known.as_ref().is_some_and(|known| known.is_closed) {
        return Ok(());
    }
    let emails = [asked.email.as_str()];
    if !store::list_members_of(tx, &emails, PersonKind::Clinician, &[]).await?.is_empty() {
        // Once a day: whoever is here knows it then.
        let key = format!("{}:{}", hex::encode(TokenHash::of(&asked.email).0), tx.now().date_naive());
        return tell(tx, letterhead, asked, (Way::Here, key)).await;
    }
    let way = |link| if known.is_some() { Way::Known { link } } else { Way::New { link } };
    let link = InvitationLinkId::new();
    let token = TokenHash::of(&invitation_token(key, link));
    let expires_at = tx.now() + LASTS;
    let Some(begun) = own::lock_begun(tx, &asked.email).await? else {
        let invitee = Invitee { email: asked.email.clone(), name: asked.said.name.clone() };
        let (id, kind) = (InvitationId::new(), PersonKind::Clinician);
        let said = Some(&asked.said);
        let new = NewInvitation {
            id,
            invitee: &invitee,
            kind,
            practices: &[],
            token_hash: token,
            expires_at,
            said,
        };
        // Whoever pressed twice has theirs.
        if !store::insert_invitation(tx, &new).await? {
            return Ok(());
        }
        return tell(tx, letterhead, asked, (way(link), dedup_key(id, 1))).await;
    };
    own::update_said(tx, begun.id, &asked.said).await?;
    if tx.now() < begun.sent_at + LINK_STAYS {
        return Ok(());
    }
    store::mark_sent_again(tx, begun.id, &token, expires_at).await?;
    mark_overtaken_of_key(tx, &JOINING, &dedup_key(begun.id, begun.times_sent)).await?;
    tell(tx, letterhead, asked, (way(link), dedup_key(begun.id, begun.times_sent + 1))).await
}

async fn tell(
    tx: &mut Tx,
    letterhead: &Letterhead,
    asked: &Asked,
    (way, key): (Way, String),
) -> Result<(), JobError> {
    let Some(bank) = find_bank(tx, asked.bank).await? else { return Ok(()) };
    let facts = JoiningFacts {
        bank: bank.id,
        bank_name: bank.name,
        email: asked.email.clone(),
        name: asked.said.name.clone(),
        key,
        way,
        sign_in: format!("{}/sign-in", letterhead.base_url),
        now: tx.now(),
    };
    let mail = joining::mail(&facts).map_err(|error| JobError::Failed(error.to_string()))?;
    mail::store::insert_mail(tx, &mail).await?;
    Ok(())
}

/// Keeps what the holder of a link has written before they join; nothing where the link opens nothing any more.
pub async fn keep_said(tx: &mut Tx, link: &TokenHash, said: &Said) -> Result<(), DbError> {
    let Some(bank) = store::find_bank_of_link(tx, link).await? else { return Ok(()) };
    tx.go_to_bank(bank).await?;
    match store::lock_open_of_link(tx, link).await? {
        Some(Invitation { id, said: Some(_), .. }) => own::update_said(tx, id, said).await,
        _ => Ok(()),
    }
}
