//! To a clinician: the time to answer offers of theirs has run out.

use super::example::Example;
use super::{Letter, Letters, Offered, Person, SessionWords, key_of_several, mail_of_offer};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{count, in_sentence, moment};

bodies!(Letters "work/booking/messages/offer_lapsed/text.txt" "work/booking/messages/offer_lapsed/message.html");

/// The mail that says so of one offer and of `others` that lapsed with it, with the way to keep offers from coming that
/// don't suit.
pub fn mail(
    one: Offered<'_>,
    others: &[Offered<'_>],
    to: &Person,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let mut offers: Vec<Offered<'_>> = std::iter::once(one).chain(others.iter().copied()).collect();
    offers.sort_by_key(|(offer, session)| (session.starts_at, offer.id));
    let letter = |(offer, session): &Offered<'_>| Letter {
        name: to.name.clone(),
        answer_by: moment(offer.expires_at),
        link: format!("{}/availability", letterhead.base_url),
        ..Letter::about(&SessionWords::of(session), to)
    };
    let letters = Letters::for_good(offers.iter().map(letter).collect());
    let (first, session) = offers.first().copied().unwrap_or(one);
    if letters.is_one() {
        let when_and_where = SessionWords::of(session).when_and_where;
        let role = in_sentence(&to.role);
        let subject = format!("{when_and_where}: the offer of this {role} session to you has lapsed");
        return Ok(mail_of_offer(&super::OFFER_LAPSED, (first, session, to), subject, render(&letters)?));
    }
    let number = count(i64::try_from(offers.len()).unwrap_or(i64::MAX), "session", "sessions");
    let subject = format!("The offers of {number} to you have lapsed");
    let (key, to) = (key_of_several(first.id.0, to), vec![to.to.clone()]);
    let mail = NewMail::new(session.bank, &super::OFFER_LAPSED, key, to, subject, render(&letters)?);
    Ok(NewMail { not_after: offers.last().map(|(_, session)| session.starts_at), ..mail })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let example = Example::of(specimen);
    mail((&example.offer, &example.session), &[], &example.clinician, &specimen.letterhead)
}
