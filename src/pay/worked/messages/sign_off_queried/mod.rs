//! To the people of a practice: a clinician asks about a sign-off.

use super::{example, when_of};
use crate::ground::id::BankId;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::pay::worked::store::works::Work;
use crate::work::booking::messages::Person;

bodies!(Letter "pay/worked/messages/sign_off_queried/text.txt" "pay/worked/messages/sign_off_queried/message.html");

struct Letter {
    bank_name: String,
    clinician: String,
    when: String,
    practice: String,
    question: String,
    link: String,
}

/// The mail, with the question and the how manieth it is about this booking.
pub fn mail(
    bank: BankId,
    work: &Work,
    (question, number): (&str, usize),
    practice: &[Person],
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: work.bank_name.clone(),
        clinician: work.clinician_name.clone(),
        when: when_of(work),
        practice: work.practice_name.clone(),
        question: question.to_owned(),
        link: format!("{}/bookings/{}/worked", letterhead.base_url, work.id),
    };
    let subject = format!("Question about a sign-off: {}, {}", letter.when, letter.clinician);
    let to = practice.iter().map(|person| person.to.clone()).collect();
    let key = format!("{}:{number}", work.id);
    Ok(NewMail::new(bank, &super::SIGN_OFF_QUERIED, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let practice = Person { name: specimen.name.clone(), role: String::new(), to: specimen.recipient() };
    mail(specimen.bank, &example(specimen), (&specimen.note, 1), &[practice], &specimen.letterhead)
}
