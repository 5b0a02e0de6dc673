//! To a clinician: what a round gave them was not confirmed in time.

use super::example;
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::count;
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::request::RequestState;
use crate::work::round::Round;

bodies!(Letter "work/request/messages/proposals_lapsed/text.txt" "work/request/messages/proposals_lapsed/message.html");

struct Letter {
    bank_name: String,
    name: String,
    number: i32,
    sessions: Vec<String>,
    link: String,
}

/// The mail. All sessions were proposed for one person by one round.
pub fn mail(
    round: &Round,
    sessions: &[SessionFacts],
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let mut in_order: Vec<&SessionFacts> = sessions.iter().collect();
    in_order.sort_by_key(|session| (session.starts_at, session.id));
    let bank = in_order.first().map(|session| (session.bank, session.bank_name.clone(), session.id));
    let (bank, bank_name, first) = bank.unwrap_or_default();
    let letter = Letter {
        bank_name,
        name: to.name.clone(),
        number: round.number,
        sessions: in_order.iter().map(|session| SessionWords::of(session).when_and_where).collect(),
        link: format!("{}/find-sessions", letterhead.base_url),
    };
    let many = i64::try_from(sessions.len()).unwrap_or(i64::MAX);
    let subject =
        format!("Round {}: {} not confirmed in time", round.number, count(many, "session", "sessions"));
    let whose = to.to.account.map(|account| account.to_string()).unwrap_or_default();
    let key = format!("{}:{whose}:{first}", round.id);
    Ok(NewMail::new(bank, &super::PROPOSALS_LAPSED, key, vec![to.to.clone()], subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (_, session, asker, _) = example(specimen, RequestState::Proposed);
    mail(&Round::example(specimen.now), &[session], &asker, &specimen.letterhead)
}
