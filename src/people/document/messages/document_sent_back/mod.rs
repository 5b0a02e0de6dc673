//! To a clinician: an administrator has looked at a document and says what is wrong with it.

use chrono::{DateTime, Utc};

use crate::ground::id::{ClinicianId, DocumentId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, Recipient, bodies};
use crate::ground::words::{full_date, london_date};
use crate::people::document::{Document, FileKind, State};
use crate::terms::bank::Bank;

bodies!(Letter "people/document/messages/document_sent_back/text.txt" "people/document/messages/document_sent_back/message.html");

struct Letter {
    bank_name: String,
    name: String,
    document: String,
    file_name: String,
    handed_in: String,
    reason: String,
    link: String,
}

/// The mail with the reason, once a document.
pub fn mail(
    bank: &Bank,
    document: &Document,
    reason: &str,
    to: &Recipient,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: bank.name.clone(),
        name: to.name.clone(),
        document: document.name.clone(),
        file_name: document.file_name.clone(),
        handed_in: full_date(london_date(document.handed_in_at)),
        reason: reason.to_owned(),
        link: format!("{}/me/documents/new?competency={}", letterhead.base_url, document.competency),
    };
    Ok(NewMail::new(
        bank.id,
        &super::DOCUMENT_SENT_BACK,
        document.id.to_string(),
        vec![to.clone()],
        format!("{}: {} is sent back", bank.name, document.name),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let document = example(specimen.now, &specimen.name);
    let bank = Bank::of_specimen(specimen);
    mail(&bank, &document, &specimen.reason, &specimen.recipient(), &specimen.letterhead)
}

fn example(now: DateTime<Utc>, name: &str) -> Document {
    Document {
        id: DocumentId::default(),
        clinician: ClinicianId::default(),
        clinician_name: name.to_owned(),
        competency: "indemnity".to_owned(),
        name: "Indemnity".to_owned(),
        kind: FileKind::Jpeg,
        file_name: "IMG_2041.jpg".to_owned(),
        bytes: 2_400_000,
        is_virus_checked: true,
        said_valid_through: None,
        handed_in_at: now,
        state: State::Waiting,
    }
}
