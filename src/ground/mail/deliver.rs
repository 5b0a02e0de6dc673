//! Before a mail leaves: to whom of its recipients it goes now, by what they want and what their addresses take.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::kinds::MessageKind;
use super::store::sending::MailInHand;
use super::store::settle;
use super::{Recipient, fresh};
use crate::ground::app::{App, Site};
use crate::ground::db::{BoxFuture, DbError};

/// What becomes of a mail for one of its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// It is sent.
    Now,
    /// It is sent then: it is quiet.
    Later(DateTime<Utc>),
    /// The next daily email has it.
    Digest,
    /// They don't want it.
    Declined,
    /// Their address takes no mail.
    Stopped,
}

/// The recipients a mail still goes to, each with what becomes of it for them.
pub type Courses = Vec<(Recipient, Course)>;

/// Whom delivery asks: those who know what readers chose and what their addresses take. The site names them.
#[derive(Debug, Clone, Copy)]
pub struct Delivery {
    /// Everybody a mail in hand still goes to, and what becomes of it for each of them at that instant. The kind is
    /// `None` where the service no longer has it.
    pub courses: for<'c> fn(
        &'c mut PgConnection,
        &'c MailInHand,
        Option<&'static MessageKind>,
        DateTime<Utc>,
    ) -> BoxFuture<'c, Result<Courses, DbError>>,
    /// Counts recipients whom the relay refused for good, each with its words, against their addresses.
    pub count_refusals: for<'c> fn(
        &'c mut PgConnection,
        &'c App,
        &'c MailInHand,
        &'c [(String, String)],
        DateTime<Utc>,
    ) -> BoxFuture<'c, Result<(), DbError>>,
}

/// What the outbox says of a mail that nobody wanted.
const DECLINED: &str = "not wanted: the person chose not to get these emails";
/// What it says of a mail whose addresses take none.
const STOPPED: &str = "the address takes no mail: earlier emails came back";
/// What it says of a mail that told of sessions that want nobody any more.
const NOTHING_LEFT: &str = "too late: the sessions in it are filled or over";

/// Whom a mail in hand goes to now, in the transaction that took it. Recipients who want it at another time get a mail
/// of their own, and passages about sessions that are filled by now are left out. Where nobody is left, the mail has
/// been put off, put up for the daily email, or ended, and there is nothing to send.
///
/// A mail that may have arrived goes again as it was: its copy has to be the same.
pub async fn settle(
    connection: &mut PgConnection,
    site: &Site,
    mail: &mut MailInHand,
    now: DateTime<Utc>,
) -> Result<Vec<Recipient>, DbError> {
    let kind = site.messages.find(&mail.kind);
    let courses = (site.delivery.courses)(connection, mail, kind, now).await?;
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
        settle::split_off(connection, mail, &addresses, now).await?;
    }
    match course {
        Course::Now => {
            if leave_out_filled(connection, mail, &recipients, now).await? {
                return Ok(recipients);
            }
            settle::mark_not_sent(connection, mail, NOTHING_LEFT, now).await?;
        }
        Course::Later(then) => settle::mark_put_off(connection, mail, then).await?,
        Course::Digest => settle::mark_for_digest(connection, mail).await?,
        Course::Declined => settle::mark_not_sent(connection, mail, DECLINED, now).await?,
        Course::Stopped => settle::mark_not_sent(connection, mail, STOPPED, now).await?,
    }
    Ok(Vec::new())
}

/// Leaves out what is said about sessions that want nobody any more. False where nothing is left to say.
async fn leave_out_filled(
    connection: &mut PgConnection,
    mail: &mut MailInHand,
    recipients: &[Recipient],
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let told = fresh::sessions_in(&mail.text_body);
    if told.is_empty() {
        return Ok(true);
    }
    let told: Vec<_> = told.into_iter().collect();
    let reader = recipients.iter().find_map(|recipient| recipient.account);
    let wanted = settle::list_still_wanted(connection, mail.bank_id, &told, reader, now).await?.into_iter();
    let wanted = wanted.collect();
    let says_anything = fresh::says_anything(&mail.text_body, &wanted);
    mail.text_body = fresh::keep(&mail.text_body, &wanted);
    mail.html_body = fresh::keep(&mail.html_body, &wanted);
    Ok(says_anything)
}
