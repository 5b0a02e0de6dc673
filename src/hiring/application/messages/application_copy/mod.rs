//! To somebody who has applied: that it is sent, with a copy of what they sent.

use chrono::{DateTime, Utc};

use crate::ground::id::{ApplicationId, ApplicationLinkId, BankId};
use crate::ground::mail::links::application_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::ground::words::moment;
use crate::hiring::application::{Answers, copy};

bodies!(Letter "hiring/application/messages/application_copy/text.txt" "hiring/application/messages/application_copy/message.html");

struct Letter {
    bank_name: String,
    name: String,
    title: String,
    practice: String,
    sent: String,
    facts: Vec<(String, String)>,
    statements: Vec<(String, String)>,
    link: String,
}

/// What somebody who has applied is told.
#[derive(Debug, Clone)]
pub struct CopyFacts {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// Whom it is to.
    pub to: Recipient,
    /// What the post is called.
    pub title: String,
    /// The practice that posted it.
    pub practice: String,
    /// What they sent.
    pub answers: Answers,
    /// What they call the CV that went with it.
    pub cv: Option<String>,
    /// The application.
    pub id: ApplicationId,
    /// What its link is made of.
    pub link: ApplicationLinkId,
    /// When it was sent.
    pub now: DateTime<Utc>,
}

/// The mail; one each time it is sent.
pub fn mail(facts: &CopyFacts) -> Result<NewMail, askama::Error> {
    let shown = copy::facts(&facts.answers, facts.cv.as_deref());
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.answers.name.clone(),
        title: facts.title.clone(),
        practice: facts.practice.clone(),
        sent: moment(facts.now),
        facts: shown.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        statements: copy::statements(&facts.answers),
        link: application_link(facts.link),
    };
    let key = format!("{}:{}", facts.id, facts.now.timestamp());
    let subject = format!("You have applied: {}, {}", facts.title, facts.practice);
    let to = vec![facts.to.clone()];
    Ok(NewMail::new(facts.bank, &super::APPLICATION_COPY, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&CopyFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        to: specimen.recipient(),
        title: "Salaried GP".to_owned(),
        practice: specimen.practice.clone(),
        answers: Answers {
            name: specimen.name.clone(),
            phone: "01305 000001".to_owned(),
            registration: Some("7012345".to_owned()),
            statements: vec![("Registered with the GMC".to_owned(), specimen.note.clone())],
            right_to_work: None,
            starts_on: None,
            wants_interview: false,
            on_record: String::new(),
            opportunities: Vec::new(),
        },
        cv: None,
        id: ApplicationId::new(),
        link: ApplicationLinkId::new(),
        now: specimen.now,
    })
}
