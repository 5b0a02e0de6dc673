//! To a clinician: offers of theirs are about to lapse, and nobody has answered them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::example::Example;
use super::{Letter, Letters, Offered, Person, SessionWords, key_of_several, mail_of_offer};
use crate::ground::mail::links::offer_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, bodies};
use crate::ground::words::{deadline, in_sentence, moment, rate_an_hour};

bodies!(Letters "work/booking/messages/offer_lapsing/text.txt" "work/booking/messages/offer_lapsing/message.html");

/// The mail that reminds somebody of an open offer, and of `others` of theirs that lapse about then, each with the link
/// that answers it, the soonest first.
pub fn mail(
    one: Offered<'_>,
    others: &[Offered<'_>],
    to: &Person,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let mut offers: Vec<Offered<'_>> = std::iter::once(one).chain(others.iter().copied()).collect();
    offers.sort_by_key(|(offer, _)| (offer.expires_at, offer.id));
    let letters = Letters::while_true(offers.iter().map(|offered| letter(*offered, to)).collect());
    let (soonest, session) = offers.first().copied().unwrap_or(one);
    let answer_by = deadline(soonest.expires_at, now);
    if letters.is_one() {
        let subject = format!(
            "Answer by {answer_by}: {}: {} session, {}",
            SessionWords::of(session).when_and_where,
            in_sentence(&to.role),
            rate_an_hour(i64::from(soonest.rate_pence_per_hour)),
        );
        let mail = mail_of_offer(&super::OFFER_LAPSING, (soonest, session, to), subject, render(&letters)?);
        return Ok(NewMail { not_after: Some(soonest.expires_at), ..mail });
    }
    // Some may be answered before it leaves, so the subject names and counts none.
    let subject = format!("Answer by {answer_by}: sessions are still offered to you");
    let (key, to) = (key_of_several(soonest.id.0, to), vec![to.to.clone()]);
    let mail = NewMail::new(session.bank, &super::OFFER_LAPSING, key, to, subject, render(&letters)?);
    let last = offers.last().map(|(offer, _)| offer.expires_at);
    Ok(NewMail { offers: offers.iter().map(|(offer, _)| offer.id).collect(), not_after: last, ..mail })
}

fn letter((offer, session): Offered<'_>, to: &Person) -> (Uuid, Letter) {
    let letter = Letter::of_offer(&SessionWords::of(session), offer, to);
    (offer.id.0, Letter { answer_by: moment(offer.expires_at), link: offer_link(offer.id), ..letter })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen);
    mail((&example.offer, &example.session), &[], &example.clinician, specimen.now)
}
