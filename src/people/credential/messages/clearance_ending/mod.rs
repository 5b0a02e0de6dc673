//! To a clinician: their clearance ends soon.

use chrono::NaiveDate;

use super::ClearanceFacts;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{count, full_date, in_sentence, london_date, short_date, with_article};

bodies!(Letter "people/credential/messages/clearance_ending/text.txt" "people/credential/messages/clearance_ending/message.html");

struct Letter {
    bank_name: String,
    name: String,
    role: String,
    /// "in 14 days", "tomorrow", "today".
    left: String,
    until: String,
    /// Document and last valid date.
    documents: Vec<(String, String)>,
    link: String,
}

/// The mail of one step: so many days before the end a clinician is told once. It is of no use after the last day.
pub fn mail(
    facts: &ClearanceFacts,
    step_days: i64,
    today: NaiveDate,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let left = match (facts.cleared_until - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {}", count(days, "day", "days")),
    };
    let dated = |(name, date): &(String, NaiveDate)| (name.clone(), full_date(*date));
    let letter = Letter {
        bank_name: facts.bank_name.clone(),
        name: facts.name.clone(),
        role: with_article(&in_sentence(&facts.role)),
        until: full_date(facts.cleared_until),
        documents: facts.documents.iter().map(dated).collect(),
        link: format!("{}/me", letterhead.base_url),
        left,
    };
    let subject = format!(
        "{}, {}: your clearance to work as {} ends {}",
        short_date(facts.cleared_until),
        facts.bank_name,
        letter.role,
        letter.left
    );
    Ok(NewMail {
        not_after: Some(super::end_of_day(facts.cleared_until)),
        ..NewMail::new(
            facts.bank,
            &super::CLEARANCE_ENDING,
            format!("{}:{step_days}", facts.clearance),
            vec![facts.to.clone()],
            subject,
            render(&letter)?,
        )
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&ClearanceFacts::example(specimen, 14), 14, london_date(specimen.now), &specimen.letterhead)
}
