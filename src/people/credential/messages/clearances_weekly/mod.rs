//! To a bank administrator: whose clearance ends soon or ended lately, once a week.

use super::ClearanceFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{count, in_sentence, list, london_date, short_date};
use crate::terms::bank::Bank;
use crate::terms::bank::weekly::{Week, more_on_the_page};

bodies!(Letter "people/credential/messages/clearances_weekly/text.txt" "people/credential/messages/clearances_weekly/message.html");

/// So many are named; the page has them all.
const MOST_NAMED: usize = 40;

struct Letter {
    bank_name: String,
    name: String,
    ending: Vec<(String, String)>,
    ended: Vec<(String, String)>,
    /// "7 more are on the page", or "".
    more: String,
    link: String,
}

/// The mail to one administrator; one a week. `listed` is in order of the date on which the clearances end.
pub fn mail(
    week: Week<'_>,
    listed: &[ClearanceFacts],
    to: &Recipient,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let has_ended = |facts: &&ClearanceFacts| facts.cleared_until < week.today;
    let lines = |ended: bool| {
        let chosen = listed.iter().take(MOST_NAMED).filter(move |facts| has_ended(facts) == ended);
        chosen.map(|it| (short_date(it.cleared_until), format!("{}, {}", it.name, in_sentence(&it.role))))
    };
    let more = i64::try_from(listed.len().saturating_sub(MOST_NAMED)).unwrap_or(i64::MAX);
    let letter = Letter {
        bank_name: week.bank.name.clone(),
        name: to.name.clone(),
        ending: lines(false).collect(),
        ended: lines(true).collect(),
        more: more_on_the_page(more),
        link: format!("{}/clinicians", letterhead.base_url),
    };
    let counted = |ended: bool, one: &str, many: &str| {
        let number = listed.iter().filter(|facts| has_ended(facts) == ended).count();
        (number > 0).then(|| count(i64::try_from(number).unwrap_or(i64::MAX), one, many))
    };
    let ending = counted(false, "clearance ends soon", "clearances end soon");
    let ended = counted(true, "clearance has ended", "clearances have ended");
    let said: Vec<String> = ending.into_iter().chain(ended).collect();
    Ok(week.mail(&super::CLEARANCES_WEEKLY, to, &list(&said), render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let today = london_date(specimen.now);
    let week = Week { bank: &Bank::of_specimen(specimen), monday: today, today };
    let listed = [-4, 3, 14].map(|days| ClearanceFacts::example(specimen, days));
    mail(week, &listed, &specimen.recipient(), &specimen.letterhead)
}
