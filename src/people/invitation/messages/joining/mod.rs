//! To somebody who wants to join a bank from its public page: the link that confirms their address and leads on; for whoever
//! has an account, that they have one; for whoever is here already, that they are. The page that they came from says none
//! of it.

use chrono::{DateTime, Utc};

use crate::ground::id::{BankId, InvitationLinkId};
use crate::ground::mail::links::invitation_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::ground::words::moment;
use crate::people::invitation::LASTS;

bodies!(Letter "people/invitation/messages/joining/text.txt" "people/invitation/messages/joining/message.html");

struct Letter {
    bank_name: String,
    name: String,
    /// What they read before the link.
    sentence: &'static str,
    /// What the button says.
    press: &'static str,
    link: String,
    /// "Monday 9 November 2026 at 9am"; "" where the link does not lapse.
    until: String,
}

/// How whoever has the address goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// They have no account: they choose a password.
    New {
        /// What their link is made of.
        link: InvitationLinkId,
    },
    /// They have an account: they join with it.
    Known {
        /// What their link is made of.
        link: InvitationLinkId,
    },
    /// They are a clinician of the bank already: they sign in.
    Here,
}

/// What somebody who wants to join is told.
#[derive(Debug, Clone)]
pub struct JoiningFacts {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The address they gave.
    pub email: String,
    /// The name they gave.
    pub name: String,
    /// How they go on.
    pub way: Way,
    /// What this mail is known by in the outbox.
    pub key: String,
    /// Where they sign in.
    pub sign_in: String,
    /// When.
    pub now: DateTime<Utc>,
}

/// The mail. It is of no use once its link has lapsed.
pub fn mail(facts: &JoiningFacts) -> Result<NewMail, askama::Error> {
    let (sentence, press, link) = match facts.way {
        Way::New { link } => (
            "What you have written is kept. Go on here: you look over it, choose a password, and have joined.",
            "Go on",
            Some(link),
        ),
        Way::Known { link } => (
            "You have an account with this email address already. Go on here: you join with its password, and switch between your banks from then on.",
            "Join with your account",
            Some(link),
        ),
        Way::Here => (
            "You are a clinician of this bank already, with this email address. Sign in with its password. If you have forgotten it, the page lets you choose a new one.",
            "Sign in",
            None,
        ),
    };
    let lapses = facts.now + LASTS;
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.name.clone(),
        sentence,
        press,
        until: link.map(|_| moment(lapses)).unwrap_or_default(),
        link: link.map_or_else(|| facts.sign_in.clone(), invitation_link),
    };
    let to = Recipient { address: facts.email.clone(), name: facts.name.clone(), account: None };
    let subject = match facts.way {
        Way::Here => format!("{}: you have joined already", facts.bank_name),
        Way::New { .. } | Way::Known { .. } => format!("{}: go on joining", facts.bank_name),
    };
    Ok(NewMail {
        not_after: Some(lapses),
        ..NewMail::new(facts.bank, &super::JOINING, facts.key.clone(), vec![to], subject, render(&letter)?)
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let link = InvitationLinkId::new();
    mail(&JoiningFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        email: specimen.address.clone(),
        name: specimen.name.clone(),
        way: Way::New { link },
        key: link.to_string(),
        sign_in: format!("{}/sign-in", specimen.letterhead.base_url),
        now: specimen.now,
    })
}
