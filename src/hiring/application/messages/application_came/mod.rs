//! To the people of a practice: somebody has applied for a post of theirs. Who it is, the mail does not say.

use chrono::{DateTime, Utc};

use crate::ground::id::{ApplicationId, BankId, VacancyId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};

bodies!(Letter "hiring/application/messages/application_came/text.txt" "hiring/application/messages/application_came/message.html");

struct Letter {
    bank_name: String,
    name: String,
    title: String,
    practice: String,
    link: String,
}

/// What the people of a practice are told.
#[derive(Debug, Clone)]
pub struct CameFacts {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// Whom it is to.
    pub to: Recipient,
    /// The vacancy.
    pub vacancy: VacancyId,
    /// What the post is called.
    pub title: String,
    /// The practice.
    pub practice: String,
    /// The application.
    pub id: ApplicationId,
    /// When it was sent.
    pub now: DateTime<Utc>,
}

/// The mail to one person.
pub fn mail(facts: &CameFacts, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.to.name.clone(),
        title: facts.title.clone(),
        practice: facts.practice.clone(),
        link: format!("{}/your-vacancies/{}/applications/{}", letterhead.base_url, facts.vacancy, facts.id),
    };
    let key = format!("{}:{}:{}", facts.id, facts.now.timestamp(), facts.to.address);
    let subject = format!("Somebody has applied: {}, {}", facts.title, facts.practice);
    let to = vec![facts.to.clone()];
    Ok(NewMail::new(facts.bank, &super::APPLICATION_CAME, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let facts = CameFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        to: specimen.recipient(),
        vacancy: VacancyId::new(),
        title: "Salaried GP".to_owned(),
        practice: specimen.practice.clone(),
        id: ApplicationId::new(),
        now: specimen.now,
    };
    mail(&facts, &specimen.letterhead)
}
