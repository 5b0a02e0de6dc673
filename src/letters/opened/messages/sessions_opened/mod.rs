//! To a clinician: sessions that are open to them from now on and that fit them.

use chrono::{DateTime, Utc};

use crate::ground::id::{BankId, SessionId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies, fresh};
use crate::letters::digest::open::OpenSession;

/// What is told.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// The bank.
    pub bank: BankId,
    /// Its name.
    pub bank_name: &'a str,
    /// Whom it is to.
    pub to: Recipient,
    /// The sessions.
    pub open: &'a [OpenSession],
    /// Names what is told, so that it is told once.
    pub key: String,
    /// When the last of the sessions starts.
    pub not_after: DateTime<Utc>,
    /// Where the pages are.
    pub base_url: &'a str,
}

struct Passage {
    opens: String,
    heading: String,
    detail: String,
    link: String,
}

struct Letter {
    bank_name: String,
    name: String,
    closes: &'static str,
    passages: Vec<Passage>,
    link: String,
}

bodies!(Letter "letters/opened/messages/sessions_opened/text.txt" "letters/opened/messages/sessions_opened/message.html");

/// The mail. It names no session in its subject, as they may be filled before it leaves.
pub fn mail(told: &Told<'_>) -> Result<NewMail, askama::Error> {
    let passage = |session: &OpenSession| Passage {
        opens: fresh::opens(&[session.id]),
        heading: session.heading.clone(),
        detail: session.detail.clone(),
        link: format!("{}/find-sessions/{}", told.base_url, session.id),
    };
    let letter = Letter {
        bank_name: told.bank_name.to_owned(),
        name: told.to.name.clone(),
        closes: fresh::closes(),
        passages: told.open.iter().map(passage).collect(),
        link: format!("{}/find-sessions", told.base_url),
    };
    let subject = "Sessions that fit you are open to you now".to_owned();
    let mail = NewMail::new(
        told.bank,
        &super::SESSIONS_OPENED,
        told.key.clone(),
        vec![told.to.clone()],
        subject,
        render(&letter)?,
    );
    Ok(NewMail { not_after: Some(told.not_after), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let open = [OpenSession {
        id: SessionId::default(),
        heading: format!("Thu 5 Nov, 8:30am to 12:40pm, {}", specimen.practice),
        detail: "£88 an hour, £366.67 in all, 8 miles from home".to_owned(),
    }];
    mail(&Told {
        bank: specimen.bank,
        bank_name: &specimen.bank_name,
        to: specimen.recipient(),
        open: &open,
        key: "sample".to_owned(),
        not_after: specimen.now + chrono::TimeDelta::days(2),
        base_url: &specimen.letterhead.base_url,
    })
}
