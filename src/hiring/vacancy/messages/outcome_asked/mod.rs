//! To the people of a practice: a vacancy of theirs has closed, and nobody has said what came of it.

use crate::ground::id::{PracticeId, VacancyId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::moment;
use crate::hiring::vacancy::store::deciding::Unsettled;

bodies!(Letter "hiring/vacancy/messages/outcome_asked/text.txt" "hiring/vacancy/messages/outcome_asked/message.html");

struct Letter {
    bank_name: String,
    name: String,
    title: String,
    practice: String,
    closed: String,
    is_again: bool,
    link: String,
}

/// The mail to one person; one each time the practice is asked.
pub fn mail(about: &Unsettled, to: &Recipient, letterhead: &Letterhead) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: about.bank_name.clone(),
        name: to.name.clone(),
        title: about.title.clone(),
        practice: about.practice_name.clone(),
        closed: moment(about.closed_at),
        is_again: about.asked_times > 1,
        link: format!("{}/your-vacancies/{}", letterhead.base_url, about.id),
    };
    let key = format!("{}:{}:{}", about.id, about.asked_times, to.address);
    let subject = format!("What came of your vacancy: {}?", about.title);
    Ok(NewMail::new(about.bank_id, &super::OUTCOME_ASKED, key, vec![to.clone()], subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let about = Unsettled {
        bank_id: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        id: VacancyId::new(),
        title: "Salaried GP".to_owned(),
        practice_id: PracticeId::new(),
        practice_name: specimen.practice.clone(),
        closed_at: specimen.now,
        asked_times: 1,
    };
    mail(&about, &specimen.recipient(), &specimen.letterhead)
}
