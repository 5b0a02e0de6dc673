//! To somebody who wants to apply for a post: the link that confirms their address, and by which they come back.

use chrono::{DateTime, TimeDelta, Utc};

use crate::ground::id::{ApplicationLinkId, BankId};
use crate::ground::mail::links::application_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::ground::words::moment;

bodies!(Letter "hiring/application/messages/application_link/text.txt" "hiring/application/messages/application_link/message.html");

struct Letter {
    bank_name: String,
    title: String,
    practice: String,
    closes: String,
    vacancy_href: String,
    link: String,
}

/// What somebody who wants to apply is told.
#[derive(Debug, Clone)]
pub struct LinkFacts {
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
    /// When the vacancy closes.
    pub closes_at: DateTime<Utc>,
    /// The page of the vacancy.
    pub vacancy_href: String,
    /// What the link is made of.
    pub link: ApplicationLinkId,
    /// When it is written.
    pub now: DateTime<Utc>,
}

/// The mail; another each time the link is asked for.
pub fn mail(facts: &LinkFacts) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        title: facts.title.clone(),
        practice: facts.practice.clone(),
        closes: moment(facts.closes_at),
        vacancy_href: facts.vacancy_href.clone(),
        link: application_link(facts.link),
    };
    let key = format!("{}:{}", facts.link, facts.now.timestamp_millis());
    let subject = format!("Your application: {}, {}", facts.title, facts.practice);
    let to = vec![facts.to.clone()];
    Ok(NewMail::new(facts.bank, &super::APPLICATION_LINK, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&LinkFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        to: specimen.recipient(),
        title: "Salaried GP".to_owned(),
        practice: specimen.practice.clone(),
        closes_at: specimen.now + TimeDelta::days(20),
        vacancy_href: format!("{}/vacancies/1", specimen.letterhead.base_url),
        link: ApplicationLinkId::new(),
        now: specimen.now,
    })
}
