//! To the bank's administrators: mail to an address came back, or its reader complained.

use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::letters::stopped_address::ReportKind;
use crate::terms::bank::Bank;

/// What is told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The bank.
    pub bank: &'a Bank,
    /// The address.
    pub address: &'a str,
    /// What happened.
    pub kind: ReportKind,
    /// What the mail server said.
    pub explanation: &'a str,
    /// Names what happened, so that it is told once.
    pub key: &'a str,
    /// Where the pages are.
    pub base_url: &'a str,
}

struct Letter {
    bank_name: String,
    address: String,
    heading: &'static str,
    why: &'static str,
    explanation: String,
    link: String,
}

bodies!(Letter "letters/bounce/messages/address_stopped/text.txt" "letters/bounce/messages/address_stopped/message.html");

/// The mail to those administrators.
pub fn mail(told: &Told<'_>, to: Vec<Recipient>) -> Result<NewMail, askama::Error> {
    let is_complaint = told.kind == ReportKind::Complaint;
    let heading = if is_complaint { "A reader complained" } else { "An address takes no mail" };
    let letter = Letter {
        bank_name: told.bank.name.clone(),
        address: told.address.to_owned(),
        heading,
        why: told.kind.sentence(),
        explanation: told.explanation.to_owned(),
        link: format!("{}/mail/addresses", told.base_url),
    };
    Ok(NewMail::new(
        told.bank.id,
        &super::ADDRESS_STOPPED,
        told.key.to_owned(),
        to,
        format!("{heading}: {}", told.address),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let told = Told {
        bank: &Bank::of_specimen(specimen),
        address: &specimen.address,
        kind: ReportKind::Hard,
        explanation: &specimen.reason,
        key: "sample",
        base_url: &specimen.letterhead.base_url,
    };
    mail(&told, vec![specimen.recipient()])
}
