//! To the people of a practice: an applicant has taken the post, declined it, or taken their application back.

use chrono::{DateTime, Utc};

use crate::ground::id::{ApplicationId, BankId, VacancyId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::hiring::application::State;

bodies!(Letter "hiring/application/messages/application_answered/text.txt" "hiring/application/messages/application_answered/message.html");

struct Letter {
    bank_name: String,
    name: String,
    sentence: &'static str,
    title: String,
    practice: String,
    link: String,
}

/// What the people of a practice are told.
#[derive(Debug, Clone)]
pub struct AnsweredFacts {
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
    /// The vacancy.
    pub vacancy: VacancyId,
    /// The application.
    pub id: ApplicationId,
    /// Where the applicant took it.
    pub state: State,
    /// When.
    pub now: DateTime<Utc>,
}

/// The mail to one person.
pub fn mail(facts: &AnsweredFacts, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let sentence = match facts.state {
        State::Accepted => "An applicant takes the post that you offered.",
        State::Declined => "An applicant declines the post that you offered.",
        _ => "An applicant has taken their application back.",
    };
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.to.name.clone(),
        sentence,
        title: facts.title.clone(),
        practice: facts.practice.clone(),
        link: format!("{}/your-vacancies/{}/applications/{}", letterhead.base_url, facts.vacancy, facts.id),
    };
    let key = format!("{}:{}:{}:{}", facts.id, facts.state.code(), facts.now.timestamp(), facts.to.address);
    let subject =
        format!("Applicant, {}: {}, {}", facts.state.name().to_lowercase(), facts.title, facts.practice);
    let to = vec![facts.to.clone()];
    Ok(NewMail::new(facts.bank, &super::APPLICATION_ANSWERED, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let facts = AnsweredFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        to: specimen.recipient(),
        title: "Salaried GP".to_owned(),
        practice: specimen.practice.clone(),
        vacancy: VacancyId::new(),
        id: ApplicationId::new(),
        state: State::Accepted,
        now: specimen.now,
    };
    mail(&facts, &specimen.letterhead)
}
