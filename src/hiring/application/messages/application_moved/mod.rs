//! To somebody who has applied: the practice has decided the next step.

use chrono::{DateTime, Utc};

use crate::ground::id::{ApplicationId, ApplicationLinkId, BankId};
use crate::ground::mail::links::application_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::hiring::application::State;
use crate::hiring::application::moves::{Decision, Reason, told};

bodies!(Letter "hiring/application/messages/application_moved/text.txt" "hiring/application/messages/application_moved/message.html");

struct Letter {
    bank_name: String,
    name: String,
    sentence: &'static str,
    next: &'static str,
    title: String,
    practice: String,
    /// Why, or "".
    reason: &'static str,
    /// What the practice says besides, or "".
    said: String,
    link: String,
}

/// What somebody who has applied is told.
#[derive(Debug, Clone)]
pub struct MovedFacts {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// Whom it is to.
    pub to: Recipient,
    /// What the post is called.
    pub title: String,
    /// The practice.
    pub practice: String,
    /// What was decided.
    pub decision: Decision,
    /// The application.
    pub id: ApplicationId,
    /// What its link is made of.
    pub link: ApplicationLinkId,
    /// When.
    pub now: DateTime<Utc>,
}

/// The mail; one a step.
pub fn mail(facts: &MovedFacts) -> Result<NewMail, askama::Error> {
    let (sentence, next) = told(facts.decision.to);
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.to.name.clone(),
        sentence,
        next,
        title: facts.title.clone(),
        practice: facts.practice.clone(),
        reason: facts.decision.reason.map(Reason::name).unwrap_or_default(),
        said: facts.decision.said.clone(),
        link: application_link(facts.link),
    };
    let state = facts.decision.to;
    let key = format!("{}:{}:{}", facts.id, state.code(), facts.now.timestamp());
    let subject =
        format!("Your application, {}: {}, {}", state.name().to_lowercase(), facts.title, facts.practice);
    let to = vec![facts.to.clone()];
    Ok(NewMail::new(facts.bank, &super::APPLICATION_MOVED, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let facts = MovedFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        to: specimen.recipient(),
        title: "Salaried GP".to_owned(),
        practice: specimen.practice.clone(),
        decision: Decision { to: State::Interview, reason: None, said: specimen.note.clone() },
        id: ApplicationId::new(),
        link: ApplicationLinkId::new(),
        now: specimen.now,
    };
    mail(&facts)
}
