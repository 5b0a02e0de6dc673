//! To a clinician: several sessions are held for them, by one plan. One that is taken back before the mail leaves is not told,
//! so nothing counts them.

use chrono::{DateTime, Utc};

use super::example::Example;
use super::{Letter as OfferLetter, Offered, Person, SessionWords};
use crate::ground::mail::links::offer_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, bodies, fresh};
use crate::ground::words::{deadline, moment};
use crate::terms::rules::Cancelling;
use crate::work::booking::fee::offered;

/// One of the sessions.
#[derive(Debug, Clone)]
struct Item {
    opens: String,
    closes: &'static str,
    /// "Tue 3 Nov, 8:30am, Orchid House Surgery".
    heading: String,
    /// Name and value.
    facts: Vec<(&'static str, String)>,
    answer_by: String,
    link: String,
}

#[derive(Debug, Clone)]
struct Letter {
    bank_name: String,
    name: String,
    items: Vec<Item>,
}

bodies!(Letter "work/booking/messages/sessions_offered/text.txt" "work/booking/messages/sessions_offered/message.html");

/// The mail that offers these sessions, which all are offered to the same person, the soonest first.
pub fn mail(
    offers: &[Offered<'_>],
    to: &Person,
    cancelling: &Cancelling,
    now: DateTime<Utc>,
) -> Result<NewMail, askama::Error> {
    let mut in_order = offers.to_vec();
    in_order.sort_by_key(|(offer, session)| (session.starts_at, offer.id));
    let bank = in_order.first().map(|(offer, session)| (offer.bank, session.bank_name.clone(), offer.id));
    let (bank, bank_name, first) = bank.unwrap_or_default();
    let item = |(offer, session): &Offered<'_>| {
        let words = SessionWords::of(session);
        let fees = offered(cancelling, (offer, session), now);
        Item {
            opens: fresh::opens(&[offer.id]),
            closes: fresh::closes(),
            facts: OfferLetter::of_offer(&words, offer, to).with_fact("If the practice cancels", fees).facts,
            heading: words.when_and_where,
            answer_by: moment(offer.expires_at),
            link: offer_link(offer.id),
        }
    };
    let letter = Letter { bank_name, name: to.name.clone(), items: in_order.iter().map(item).collect() };
    let expiries = || in_order.iter().map(|(offer, _)| offer.expires_at);
    let subject = match expiries().min() {
        Some(soonest) => {
            format!("Sessions offered to you, the first to answer by {}", deadline(soonest, now))
        }
        None => "Sessions offered to you".to_owned(),
    };
    let to = vec![to.to.clone()];
    let mail = NewMail::new(bank, &super::SESSIONS_OFFERED, first.to_string(), to, subject, render(&letter)?);
    let offers = in_order.iter().map(|(offer, _)| offer.id).collect();
    Ok(NewMail { offers, not_after: expiries().max(), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let (one, other) = (Example::of(specimen), Example::of(specimen));
    let offers = [(&one.offer, &one.session), (&other.offer, &other.session)];
    mail(&offers, &one.clinician, &one.cancelling, specimen.now)
}
