//! To somebody of a practice: sessions that have ended wait to be signed off, all of them in one mail.

use chrono::{DateTime, TimeDelta, Utc};

use super::example;
use crate::ground::id::SignOffReminderId;
use crate::ground::mail::fresh;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{in_sentence, london_date, short_date, time_span};
use crate::pay::worked::store::reminders::Waiting;

bodies!(Letter "pay/worked/messages/sign_off_due/text.txt" "pay/worked/messages/sign_off_due/message.html");

struct Letter {
    bank_name: String,
    name: String,
    waiting: Vec<Passage>,
    link: String,
}

/// A session, told while nobody has signed it off.
struct Passage {
    opens: String,
    closes: &'static str,
    when: String,
    who: String,
}

fn passage(one: &Waiting) -> Passage {
    let day = short_date(london_date(one.starts_at));
    Passage {
        opens: fresh::opens(&[one.reminder_id]),
        closes: fresh::closes(),
        when: format!("{day}, {}", time_span(one.starts_at, one.ends_at)),
        who: format!("{}, {}, {}", one.clinician_name, in_sentence(&one.role_name), one.practice_name),
    }
}

/// The mail to one person. It is of no use a day later: what waits then is told again.
pub fn mail(
    waiting: &[&Waiting],
    to: &Recipient,
    now: DateTime<Utc>,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let first = waiting.first().ok_or(askama::Error::Fmt)?;
    let letter = Letter {
        bank_name: first.bank_name.clone(),
        name: to.name.clone(),
        waiting: waiting.iter().map(|one| passage(one)).collect(),
        link: format!("{}/worked", letterhead.base_url),
    };
    let key = format!("{}:{}", now.timestamp(), to.address);
    let subject = "Sessions wait to be signed off".to_owned();
    let mail =
        NewMail::new(first.bank_id, &super::SIGN_OFF_DUE, key, vec![to.clone()], subject, render(&letter)?);
    Ok(NewMail { not_after: Some(now + TimeDelta::hours(20)), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let work = example(specimen);
    let waiting = Waiting {
        bank_id: specimen.bank,
        bank_name: work.bank_name,
        practice_id: work.practice_id,
        practice_name: work.practice_name,
        booking_id: work.id,
        clinician_name: specimen.other_name.clone(),
        role_name: work.role_name,
        starts_at: work.starts_at,
        ends_at: work.ends_at,
        reminder_id: SignOffReminderId::new().0,
    };
    mail(&[&waiting], &specimen.recipient(), specimen.now, &specimen.letterhead)
}
