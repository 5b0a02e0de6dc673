//! To a bank administrator: who waits to be cleared, on a day after which somebody more waits.

use chrono::NaiveDate;

use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{count, in_sentence, london_date, short_date};
use crate::terms::bank::Bank;
use crate::terms::bank::weekly::more_on_the_page;

bodies!(Letter "work/standing/messages/waits_to_be_cleared/text.txt" "work/standing/messages/waits_to_be_cleared/message.html");

/// So many are named; the page has them all.
const MOST_NAMED: usize = 40;

struct Letter {
    bank_name: String,
    name: String,
    /// "3 people wait to be cleared".
    said: String,
    people: Vec<(String, String)>,
    /// "7 more are on the page", or "".
    more: String,
    link: String,
}

/// Somebody who waits, as the mail names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingFacts {
    /// Their name.
    pub name: String,
    /// The name of their role.
    pub role: String,
    /// Since when they wait.
    pub since: NaiveDate,
}

/// The mail to one administrator, one a day. `waiting` is in order of how long they wait.
pub fn mail(
    (bank, today): (&Bank, NaiveDate),
    waiting: &[WaitingFacts],
    to: &Recipient,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let number = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let named = waiting.iter().take(MOST_NAMED);
    let letter = Letter {
        bank_name: bank.name.clone(),
        name: to.name.clone(),
        said: count(number(waiting.len()), "person waits to be cleared", "people wait to be cleared"),
        people: named
            .map(|it| (short_date(it.since), format!("{}, {}", it.name, in_sentence(&it.role))))
            .collect(),
        more: more_on_the_page(number(waiting.len().saturating_sub(MOST_NAMED))),
        link: format!("{}/clearing", letterhead.base_url),
    };
    let reader = to.account.map_or_else(|| to.address.clone(), |account| account.to_string());
    Ok(NewMail::new(
        bank.id,
        &super::WAITS_TO_BE_CLEARED,
        format!("{today}:{reader}"),
        vec![to.clone()],
        format!("{}: {}", bank.name, letter.said),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let today = london_date(specimen.now);
    let waiting = [WaitingFacts { name: specimen.other_name.clone(), role: "GP".to_owned(), since: today }];
    mail((&Bank::of_specimen(specimen), today), &waiting, &specimen.recipient(), &specimen.letterhead)
}
