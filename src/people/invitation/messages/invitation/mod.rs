//! To somebody who is asked to join a bank: as what, by whom, and the link.

use chrono::{DateTime, Utc};

use crate::ground::id::{BankId, InvitationId, InvitationLinkId};
use crate::ground::mail::links::invitation_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::ground::sign_in::PersonKind;
use crate::ground::words::{full_date, in_london, list, time_at, with_article};
use crate::people::invitation::LASTS;

bodies!(Letter "people/invitation/messages/invitation/text.txt" "people/invitation/messages/invitation/message.html");

struct Letter {
    bank_name: String,
    /// May be empty.
    name: String,
    /// "Abi Example invites you" or "You are invited".
    invited: String,
    /// "a practice manager of Orchid House Surgery".
    kind: String,
    /// What somebody of this kind does here.
    does: &'static str,
    /// "Monday 9 November 2026 at 9am".
    until: String,
    link: String,
}

/// An invitation and whom it is to.
#[derive(Debug, Clone)]
pub struct InvitationFacts {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The invitation.
    pub invitation: InvitationId,
    /// How often it was sent, this time included.
    pub times_sent: i32,
    /// What its link is made of.
    pub link: InvitationLinkId,
    /// As what.
    pub kind: PersonKind,
    /// The names of the practices to act for.
    pub practices: Vec<String>,
    /// Who invites; nobody where the operator does.
    pub by: Option<String>,
    /// The person's address.
    pub email: String,
    /// Their name; may be empty.
    pub name: String,
    /// Until when the link can be used.
    pub expires_at: DateTime<Utc>,
}

/// What one sending of an invitation is known by in the outbox.
#[must_use]
pub fn dedup_key(invitation: InvitationId, times_sent: i32) -> String {
    format!("{invitation}:{times_sent}")
}

/// The mail. It is of no use once its link has lapsed.
pub fn mail(facts: &InvitationFacts) -> Result<NewMail, askama::Error> {
    let kind = with_article(facts.kind.text());
    let practices = list(&facts.practices);
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.name.clone(),
        invited: facts.by.as_ref().map_or("You are invited".to_owned(), |by| format!("{by} invites you")),
        kind: if practices.is_empty() { kind.clone() } else { format!("{kind} of {practices}") },
        does: facts.kind.does(),
        until: format!(
            "{} at {}",
            full_date(in_london(facts.expires_at).date_naive()),
            time_at(facts.expires_at)
        ),
        link: invitation_link(facts.link),
    };
    let to = Recipient { address: facts.email.clone(), name: facts.name.clone(), account: None };
    Ok(NewMail {
        not_after: Some(facts.expires_at),
        ..NewMail::new(
            facts.bank,
            &super::INVITATION,
            dedup_key(facts.invitation, facts.times_sent),
            vec![to],
            format!("{}: join as {kind}", facts.bank_name),
            render(&letter)?,
        )
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&InvitationFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        invitation: InvitationId::new(),
        times_sent: 1,
        link: InvitationLinkId::new(),
        kind: PersonKind::PracticeManager,
        practices: vec![specimen.practice.clone()],
        by: Some(specimen.other_name.clone()),
        email: specimen.address.clone(),
        name: specimen.name.clone(),
        expires_at: specimen.now + LASTS,
    })
}
