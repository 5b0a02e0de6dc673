//! To a clinician: a session is held for them.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::{Letter, Offered, Person, SessionWords, mail_of_offer};
use crate::ground::mail::links::offer_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, bodies};
use crate::ground::words::{deadline, moment, rate_an_hour};
use crate::terms::rules::Cancelling;
use crate::work::booking::fee::offered;

bodies!(Letter "work/booking/messages/session_offered/text.txt" "work/booking/messages/session_offered/message.html");

/// The mail that offers a session.
pub fn mail(
    (offer, session): Offered<'_>,
    to: &Person,
    cancelling: &Cancelling,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let words = SessionWords::of(session);
    let fees = offered(cancelling, (offer, session), now);
    let mut letter = Letter::of_offer(&words, offer, to).with_fact("If the practice cancels", fees);
    letter.answer_by = moment(offer.expires_at);
    letter.link = offer_link(offer.id);
    let subject = format!(
        "{}: {} session offered to you, {}, answer by {}",
        words.when_and_where,
        letter.role,
        rate_an_hour(i64::from(offer.rate_pence_per_hour)),
        deadline(offer.expires_at, now)
    );
    let mail = mail_of_offer(&super::SESSION_OFFERED, (offer, session, to), subject, render(&letter)?);
    Ok(NewMail { not_after: Some(offer.expires_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen);
    mail((&example.offer, &example.session), &example.clinician, &example.cancelling, specimen.now)
}
