//! Before a mail leaves: to whom of its recipients it goes now, by what they want and what their addresses take.

use std::collections::BTreeMap;

use crate::ground::app::site::Site;
use crate::ground::db::{DbError, Tx};
use crate::ground::mail::course::Course;
use crate::ground::mail::store::sending::MailInHand;
use crate::ground::mail::store::settle;
use crate::ground::mail::{Recipient, fresh};

/// What the outbox says of a mail that nobody wanted.
const DECLINED: &str = "not wanted: the person chose not to get these emails";
/// What it says of a mail whose addresses take none.
const STOPPED: &str = "the address takes no mail: earlier emails came back";
/// What it says of a mail of which nothing is true any more.
const NOTHING_LEFT: &str = "too late: what it tells of has been filled, answered or cancelled, or is over";

/// Whom a mail in hand goes to now, in the transaction that took it. Recipients who want it at another time get a mail
/// of their own, and passages about what events have overtaken are left out. Where nobody is left, the mail has
/// been put off, put up for the daily email, or ended, and there is nothing to send.
///
/// A mail that may have arrived goes again as it was: its copy has to be the same.
pub async fn settle(tx: &mut Tx, site: &Site, mail: &mut MailInHand) -> Result<Vec<Recipient>, DbError> {
    tx.go_to_bank(mail.bank_id).await?;
    let kind = site.messages.find(&mail.kind);
    let courses = (site.delivery.courses)(tx, mail, kind).await?;
    if mail.uncertain_times > 0 {
        return Ok(courses.into_iter().map(|(recipient, _)| recipient).collect());
    }
    let mut together: BTreeMap<(Course, Option<String>), Vec<Recipient>> = BTreeMap::new();
    for (recipient, course) in courses {
        // Everybody has a daily email of their own.
        let alone = (course == Course::Digest).then(|| recipient.address.clone());
        together.entry((course, alone)).or_default().push(recipient);
    }
    let mut together = together.into_iter();
    let Some(((course, _), recipients)) = together.next() else { return Ok(Vec::new()) };
    for (_, others) in together {
        let addresses: Vec<&str> = others.iter().map(|recipient| recipient.address.as_str()).collect();
        settle::split_off(tx, mail, &addresses).await?;
    }
    match course {
        Course::Now => {
            if leave_out_overtaken(tx, mail, &recipients).await? {
                return Ok(recipients);
            }
            settle::mark_not_sent(tx, mail, NOTHING_LEFT).await?;
        }
        Course::Later(then) => settle::mark_put_off(tx, mail, then).await?,
        Course::Digest => settle::mark_for_digest(tx, mail).await?,
        Course::Declined => settle::mark_not_sent(tx, mail, DECLINED).await?,
        Course::Stopped => settle::mark_not_sent(tx, mail, STOPPED).await?,
    }
    Ok(Vec::new())
}

/// Leaves out what is said about sessions that want nobody any more, offers that are not open and bookings that ended.
/// False where nothing is left to say.
async fn leave_out_overtaken(
    tx: &mut Tx,
    mail: &mut MailInHand,
    recipients: &[Recipient],
) -> Result<bool, DbError> {
    let told = fresh::records_in(&mail.text_body);
    if told.is_empty() {
        return Ok(true);
    }
    let told: Vec<_> = told.into_iter().collect();
    let reader = recipients.iter().find_map(|recipient| recipient.account);
    let wanted = settle::list_still_true(tx, &told, reader).await?.into_iter();
    let wanted = wanted.collect();
    let says_anything = fresh::says_anything(&mail.text_body, &wanted);
    mail.text_body = fresh::keep(&mail.text_body, &wanted);
    mail.html_body = fresh::keep(&mail.html_body, &wanted);
    Ok(says_anything)
}
