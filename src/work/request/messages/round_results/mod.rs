//! To a clinician: everything that came of what they asked for in a round, in one mail.

use super::{Occasion, example};
use crate::eligibility::facts::SessionFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{count, moment};
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::request::{Request, RequestState};
use crate::work::round::Round;

bodies!(Letter "work/request/messages/round_results/text.txt" "work/request/messages/round_results/message.html");

struct Letter {
    bank_name: String,
    name: String,
    number: i32,
    /// Whether what somebody else was given came back to them.
    came_back: bool,
    confirm_by: String,
    /// What is proposed, a session a line.
    proposed: Vec<String>,
    /// What is not, and why.
    not_given: Vec<(String, String)>,
    link: String,
    round_link: String,
}

/// The mail. All requests are of one person, and decided.
pub fn mail(
    (round, occasion): (&Round, Occasion),
    requests: &[(&Request, &SessionFacts)],
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let mut in_order = requests.to_vec();
    in_order.sort_by_key(|(request, session)| (request.choice, session.starts_at, request.id));
    let (mut proposed, mut not_given) = (Vec::new(), Vec::new());
    for (request, session) in &in_order {
        let words = SessionWords::of(session).when_and_where;
        match &request.state {
            RequestState::NotGiven(why) => not_given.push((words, why.clone())),
            _ => proposed.push(words),
        }
    }
    let bank = in_order.first().map(|(_, session)| (session.bank, session.bank_name.clone()));
    let (bank, bank_name) = bank.unwrap_or_default();
    let subject = match i64::try_from(proposed.len()).unwrap_or(i64::MAX) {
        _ if occasion.came_back() => {
            format!("Round {}: a session came back and is proposed for you", round.number)
        }
        0 => format!("Round {}: nothing this time, and why", round.number),
        some => format!("Round {}: {} proposed for you", round.number, count(some, "session", "sessions")),
    };
    let letter = Letter {
        bank_name,
        name: to.name.clone(),
        number: round.number,
        came_back: occasion.came_back(),
        confirm_by: moment(round.confirm_by),
        proposed,
        not_given,
        link: format!("{}/my-requests", letterhead.base_url),
        round_link: format!("{}/rounds/{}", letterhead.base_url, round.id),
    };
    let key = in_order.first().map_or_else(String::new, |(request, _)| {
        occasion.key(&format!("{}:{}", round.id, request.clinician))
    });
    Ok(NewMail::new(bank, &super::ROUND_RESULTS, key, vec![to.to.clone()], subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (given, session, asker, _) = example(specimen, RequestState::Proposed);
    let (not, other, ..) =
        example(specimen, RequestState::NotGiven("2 people ahead of you wanted it.".to_owned()));
    mail(
        (&Round::example(specimen.now), Occasion::Decided),
        &[(&given, &session), (&not, &other)],
        &asker,
        &specimen.letterhead,
    )
}
