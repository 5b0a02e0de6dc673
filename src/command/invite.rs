//! `locumbank admin invite`: the first administrator of a bank is asked in by the operator; everybody else by those who
//! are there.

use clap::Args;

use crate::command::CommandError;
use crate::command::person::{Kind, PersonError, email_of, find_practice_id, name_of};
use crate::ground::actor::Actor;
use crate::ground::app::base_url_of;
use crate::ground::db::{Db, DbError, Tx};
use crate::ground::form_fields::Typed;
use crate::ground::mail::links::LinkKey;
use crate::ground::settings::Settings;
use crate::ground::sign_in::PersonKind;
use crate::people::invitation::actions::InvitationError;
use crate::people::invitation::actions::invite::{examine, invite};
use crate::people::invitation::actions::send_again::send_again;
use crate::people::invitation::{Invite, Invitee, NotInvited};
use crate::terms::bank::store::find_bank_by_icb;

/// Whom to invite.
#[derive(Debug, Args)]
pub struct Invited {
    /// What they come to do
    #[arg(long, value_enum, default_value = "bank-administrator")]
    kind: Kind,
    /// The bank, by its integrated care board's code, like QVV
    #[arg(long)]
    icb: Typed,
    /// Where the invitation goes
    #[arg(long)]
    email: Typed,
    /// Their name, where you know how they write it
    #[arg(long, default_value = "")]
    name: Typed,
    /// A practice they are to manage, by its ODS code, like J81006; can be given several times
    #[arg(long = "practice", value_name = "ODS", required_if_eq("kind", "practice-manager"))]
    practices: Vec<Typed>,
    /// Print the link too: for when no mail can be sent yet. Whoever has it can join
    #[arg(long)]
    print_link: bool,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
enum RefusedInvite {
    #[error(transparent)]
    Person(#[from] PersonError),
    #[error("{0} is here already as this kind of person")]
    Member(String),
    #[error("{0} was sent an invitation a moment ago: wait a minute before you send it again")]
    JustSent(String),
    #[error("only practice managers have practices")]
    NoPracticesWanted,
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Invites one person, or sends the invitation they have again.
pub async fn run(db: &Db, settings: &Settings, whom: Invited) -> Result<(), CommandError> {
    let email = email_of(&whom.email)?;
    let name = if whom.name.trim().is_empty() { String::new() } else { name_of(&whom.name)? };
    let link_key = LinkKey::from_hex(&settings.secrets.link_key)
        .map_err(|error| CommandError::new("Reading the key of links", &error))?;
    let print_link = whom.print_link;
    let (icb, kind) = (whom.icb.to_uppercase(), PersonKind::from(whom.kind));
    let invitee = Invitee { email: email.clone(), name };
    let token = db
        .change(Actor::Operator, async |tx| {
            send(tx, &link_key, (&icb, kind), &whom.practices, invitee.clone()).await
        })
        .await
        .map_err(|error: RefusedInvite| CommandError::new("Inviting", &error))?;
    say!("The invitation to {email} is in the outbox. Its link works once, for 7 days.");
    if print_link {
        say!("{}/invitation/{token}", base_url_of(settings));
    }
    Ok(())
}

/// Gives the token of the link.
async fn send(
    tx: &mut Tx,
    link_key: &LinkKey,
    (icb, kind): (&str, PersonKind),
    practices: &[Typed],
    invitee: Invitee,
) -> Result<String, RefusedInvite> {
    let bank = find_bank_by_icb(tx, icb).await?.ok_or_else(|| PersonError::NoBank(icb.to_owned()))?.id;
    tx.go_to_bank(bank).await?;
    if kind != PersonKind::PracticeManager && !practices.is_empty() {
        return Err(RefusedInvite::NoPracticesWanted);
    }
    let mut managed = Vec::new();
    for code in practices {
        managed.push(find_practice_id(tx, &code.to_uppercase()).await?);
    }
    let email = invitee.email.clone();
    let wish = Invite { kind, practices: managed, people: vec![invitee] };
    match examine(tx, &wish).await?.pop().flatten() {
        Some(NotInvited::Member) => return Err(RefusedInvite::Member(email)),
        Some(NotInvited::Invited(id)) => {
            let again = send_again(tx, link_key, id).await?;
            return again.ok_or(RefusedInvite::JustSent(email));
        }
        None => {}
    }
    let sent = invite(tx, link_key, &wish).await?.pop();
    sent.map(|sent| sent.token).ok_or(RefusedInvite::JustSent(email))
}
