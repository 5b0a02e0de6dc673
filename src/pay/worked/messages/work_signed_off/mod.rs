//! To a clinician: what a practice signed off of their work, all of one act in one mail.

use super::{clinician_of, example, when_of};
use crate::ground::id::BankId;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{count, duration, pounds};
use crate::pay::worked::store::works::Work;
use crate::pay::worked::{NewSignOff, Outcome, Taken, Worth};

bodies!(Letter "pay/worked/messages/work_signed_off/text.txt" "pay/worked/messages/work_signed_off/message.html");

struct Letter {
    bank_name: String,
    name: String,
    /// When and where, and what was signed off.
    signed: Vec<(String, String)>,
    link: String,
}

fn said_of((work, sign_off, worth): &(&Work, &NewSignOff, Worth)) -> (String, String) {
    let what = match &sign_off.outcome {
        Outcome::Attended { hours, extras } if *hours == work.booked() && extras.is_empty() => {
            format!("As booked: {}", pounds(worth.total()))
        }
        Outcome::Attended { hours, extras } => {
            let parts: Vec<String> = std::iter::once(duration(hours.paid_minutes()))
                .chain(extras.iter().map(Taken::in_words))
                .collect();
            format!("{}. In all {}", parts.join("; "), pounds(worth.total()))
        }
        Outcome::NotAttended => "The practice says that you did not attend".to_owned(),
    };
    let why = if sign_off.reason.is_empty() { String::new() } else { format!(". Why: {}", sign_off.reason) };
    (format!("{}, {}", when_of(work), work.practice_name), format!("{what}{why}"))
}

/// The mail to whoever worked; `signed` is theirs alone.
pub fn mail(
    bank: BankId,
    signed: &[(&Work, &NewSignOff, Worth)],
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let mut in_order = signed.to_vec();
    in_order.sort_by_key(|(work, ..)| (work.starts_at, work.id));
    let [(first, sign_off, _), others @ ..] = in_order.as_slice() else {
        return Err(askama::Error::Fmt);
    };
    let letter = Letter {
        bank_name: first.bank_name.clone(),
        name: first.clinician_name.clone(),
        signed: in_order.iter().map(said_of).collect(),
        link: if others.is_empty() {
            format!("{}/bookings/{}/worked", letterhead.base_url, first.id)
        } else {
            format!("{}/worked", letterhead.base_url)
        },
    };
    let subject = if others.is_empty() {
        format!("Signed off: {}, {}", when_of(first), first.practice_name)
    } else {
        let many = i64::try_from(in_order.len()).unwrap_or(i64::MAX);
        format!("Signed off: {}", count(many, "session", "sessions"))
    };
    let key = format!("{}:{}", first.id, sign_off.seen_version + 1);
    let to = vec![clinician_of(first)];
    Ok(NewMail::new(bank, &super::WORK_SIGNED_OFF, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let work = example(specimen);
    let as_booked = NewSignOff {
        booking: work.id,
        seen_version: 0,
        outcome: work.as_booked(),
        reason: specimen.reason.clone(),
    };
    let worth = as_booked.outcome.worth(work.rate_pence_per_hour);
    let mail = mail(specimen.bank, &[(&work, &as_booked, worth)], &specimen.letterhead)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}
