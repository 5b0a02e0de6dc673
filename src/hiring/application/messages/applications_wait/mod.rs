//! To the people of a practice: applicants have waited for them for more than a week.

use chrono::{DateTime, Utc};

use crate::ground::id::{PracticeId, VacancyId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words;
use crate::hiring::application::store::follow::Waiting;

bodies!(Letter "hiring/application/messages/applications_wait/text.txt" "hiring/application/messages/applications_wait/message.html");

struct Letter {
    bank_name: String,
    name: String,
    sentence: String,
    title: String,
    practice: String,
    link: String,
}

/// The mail to one person; one each time the practice is reminded.
pub fn mail(
    about: &Waiting,
    to: &Recipient,
    (letterhead, now): (&Letterhead, DateTime<Utc>),
) -> Result<NewMail, askama::Error> {
    let applicants = words::capitalised(&words::count(about.number, "applicant", "applicants"));
    let waits = if about.number == 1 { "has" } else { "have" };
    let letter = Letter {
        bank_name: about.bank_name.clone(),
        name: to.name.clone(),
        sentence: format!("{applicants} {waits} waited for you for more than a week."),
        title: about.title.clone(),
        practice: about.practice_name.clone(),
        link: format!("{}/your-vacancies/{}/applications", letterhead.base_url, about.vacancy_id),
    };
    let key = format!("{}:{}:{}", about.vacancy_id, now.date_naive(), to.address);
    let subject = format!("Applicants wait for an answer: {}, {}", about.title, about.practice_name);
    Ok(NewMail::new(
        about.bank_id,
        &super::APPLICATIONS_WAIT,
        key,
        vec![to.clone()],
        subject,
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let about = Waiting {
        bank_id: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        vacancy_id: VacancyId::new(),
        title: "Salaried GP".to_owned(),
        practice_id: PracticeId::new(),
        practice_name: specimen.practice.clone(),
        number: 3,
    };
    mail(&about, &specimen.recipient(), (&specimen.letterhead, specimen.now))
}
