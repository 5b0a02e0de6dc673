//! To a clinician: an alert of theirs is about to lapse.

use crate::ground::id::{AccountId, AlertId};
use crate::ground::mail::links::renew_link;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{NewMail, Recipient, bodies};
use crate::ground::words::{distance, full_date, london_date};
use crate::letters::alert::store::Lapsing;

struct Letter {
    bank_name: String,
    name: String,
    near: String,
    lapses: String,
    link: String,
}

bodies!(Letter "letters/alert/messages/alert_lapsing/text.txt" "letters/alert/messages/alert_lapsing/message.html");

/// The mail that asks whether to keep it.
pub fn mail(lapsing: &Lapsing) -> Result<NewMail, askama::Error> {
    let near = format!("within {} of {}", distance(i64::from(lapsing.within_metres)), lapsing.place);
    let lapses = full_date(london_date(lapsing.lapses_at));
    let letter = Letter {
        bank_name: lapsing.bank_name.clone(),
        name: lapsing.name.clone(),
        near: near.clone(),
        lapses: lapses.clone(),
        link: renew_link(lapsing.bank_id, lapsing.id),
    };
    Ok(NewMail {
        not_after: Some(lapsing.lapses_at),
        ..NewMail::new(
            lapsing.bank_id,
            &super::ALERT_LAPSING,
            format!("{} {}", lapsing.id, lapsing.lapses_at.date_naive()),
            vec![Recipient {
                address: lapsing.email.clone(),
                name: lapsing.name.clone(),
                account: Some(lapsing.account_id),
            }],
            format!("Your alert for sessions {near} ends on {lapses}: keep it?"),
            render(&letter)?,
        )
    })
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    mail(&Lapsing {
        bank_id: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        id: AlertId::default(),
        place: "DT1".to_owned(),
        within_metres: 16_093,
        lapses_at: specimen.now + crate::letters::alert::ASKED_BEFORE,
        account_id: AccountId::default(),
        name: specimen.name.clone(),
        email: specimen.address.clone(),
    })
    .map(|mail| NewMail { to: vec![specimen.recipient()], ..mail })
}
