//! To somebody of a practice: everybody whom a round proposes for their sessions, in one mail.

use super::{Occasion, example};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{count, deadline, moment};
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::request::RequestState;
use crate::work::round::Round;

bodies!(Letter "work/request/messages/round_proposals/text.txt" "work/request/messages/round_proposals/message.html");

struct Letter {
    bank_name: String,
    number: i32,
    came_back: bool,
    confirm_by: String,
    /// The session, and who.
    proposed: Vec<(String, String)>,
    link: String,
}

/// The mail. It is of no use once what it asks for has gone back.
pub fn mail(
    (round, occasion): (&Round, Occasion),
    proposed: &[(&Person, &SessionFacts)],
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let mut in_order = proposed.to_vec();
    in_order.sort_by_key(|(_, session)| (session.starts_at, session.id));
    let bank = in_order.first().map(|(_, session)| (session.bank, session.bank_name.clone()));
    let (bank, bank_name) = bank.unwrap_or_default();
    let line = |(who, session): &(&Person, &SessionFacts)| {
        (SessionWords::of(session).when_and_where, format!("{}, {}", who.name, who.role))
    };
    let letter = Letter {
        bank_name,
        number: round.number,
        came_back: occasion.came_back(),
        confirm_by: moment(round.confirm_by),
        proposed: in_order.iter().map(line).collect(),
        link: format!("{}/requests", letterhead.base_url),
    };
    let many = i64::try_from(proposed.len()).unwrap_or(i64::MAX);
    let subject = format!(
        "Round {}: confirm {} by {}",
        round.number,
        count(many, "session", "sessions"),
        deadline(round.confirm_by, round.closes_at)
    );
    let key = occasion.key(&format!(
        "{}:{}",
        round.id,
        to.to.account.map(|account| account.to_string()).unwrap_or_default()
    ));
    let to = vec![to.to.clone()];
    let mail = NewMail::new(bank, &super::ROUND_PROPOSALS, key, to, subject, render(&letter)?);
    Ok(NewMail { not_after: Some(round.confirm_by), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (_, session, asker, practice) = example(specimen, RequestState::Proposed);
    let to = practice.first().unwrap_or(&asker);
    mail((&Round::example(specimen.now), Occasion::Decided), &[(&asker, &session)], to, &specimen.letterhead)
}
