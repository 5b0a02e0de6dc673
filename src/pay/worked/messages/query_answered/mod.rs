//! To a clinician: the practice answers, in words, what they asked about a sign-off.

use super::{clinician_of, example, when_of};
use crate::ground::id::{BankId, WorkQueryId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::pay::worked::store::works::{Query, Work};

bodies!(Letter "pay/worked/messages/query_answered/text.txt" "pay/worked/messages/query_answered/message.html");

struct Letter {
    bank_name: String,
    name: String,
    when: String,
    practice: String,
    question: String,
    answer: String,
    link: String,
}

/// The mail to whoever asked.
pub fn mail(
    bank: BankId,
    work: &Work,
    (query, answer): (&Query, &str),
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: work.bank_name.clone(),
        name: work.clinician_name.clone(),
        when: when_of(work),
        practice: work.practice_name.clone(),
        question: query.question.clone(),
        answer: answer.to_owned(),
        link: format!("{}/bookings/{}/worked", letterhead.base_url, work.id),
    };
    let subject = format!("Answered: {}, {}", letter.when, letter.practice);
    let (key, to) = (query.id.to_string(), vec![clinician_of(work)]);
    Ok(NewMail::new(bank, &super::QUERY_ANSWERED, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let query = Query {
        id: WorkQueryId::new(),
        version: 1,
        question: specimen.note.clone(),
        asked_at: specimen.now,
        answer: None,
    };
    let mail = mail(specimen.bank, &example(specimen), (&query, &specimen.reason), &specimen.letterhead)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}
