//! To a bank administrator: whose clearance ends soon or ended lately, once a week.

use chrono::{NaiveDate, TimeDelta};

use super::{ClearanceFacts, end_of_day};
use crate::email::specimen::Specimen;
use crate::email::{Letterhead, NewMail, Recipient, bodies, kinds};
use crate::id::BankId;
use crate::web::format::{count, in_sentence, list, london_date, short_date};

bodies!(Letter "credential/messages/clearances_weekly/text.txt" "credential/messages/clearances_weekly/message.html");

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

/// The bank of a week's list.
#[derive(Debug, Clone, Copy)]
pub struct Week<'a> {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: &'a str,
    /// The Monday of the week.
    pub monday: NaiveDate,
    /// The day it is.
    pub today: NaiveDate,
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
        bank_name: week.bank_name.to_owned(),
        name: to.name.clone(),
        ending: lines(false).collect(),
        ended: lines(true).collect(),
        more: if more > 0 {
            format!("{} on the page.", count(more, "more is", "more are"))
        } else {
            String::new()
        },
        link: format!("{}/clinicians", letterhead.base_url),
    };
    let counted = |ended: bool, one: &str, many: &str| {
        let number = listed.iter().filter(|facts| has_ended(facts) == ended).count();
        (number > 0).then(|| count(i64::try_from(number).unwrap_or(i64::MAX), one, many))
    };
    let ending = counted(false, "clearance ends soon", "clearances end soon");
    let ended = counted(true, "clearance has ended", "clearances have ended");
    let said: Vec<String> = ending.into_iter().chain(ended).collect();
    let subject = format!("Week of {}, {}: {}", short_date(week.monday), week.bank_name, list(&said));
    let (text, html) = render(&letter)?;
    let key = to.account.map_or_else(|| to.address.clone(), |account| account.to_string());
    Ok(NewMail {
        bank: week.bank,
        kind: &kinds::CLEARANCES_WEEKLY,
        dedup_key: format!("{}:{key}", week.monday),
        to: vec![to.clone()],
        subject,
        text,
        html,
        calendar: None,
        booking: None,
        offer: None,
        not_after: Some(end_of_day(week.monday + TimeDelta::days(6))),
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let today = london_date(specimen.now);
    let week = Week { bank: specimen.bank, bank_name: &specimen.bank_name, monday: today, today };
    let listed = [-4, 3, 14].map(|days| ClearanceFacts::example(specimen, days));
    mail(week, &listed, &specimen.recipient(), &specimen.letterhead)
}
