//! Before a mail leaves: to whom of its recipients it goes now, by what they want and what their addresses take.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::store::sending::MailInHand;
use super::store::settle;
use super::{Recipient, fresh, kinds};
use crate::ground::db::DbError;
use crate::letters::bounce::receive::{self, ReceiveError};
use crate::letters::mail_choice::{self, Course, Nature};

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
    mail: &mut MailInHand,
    now: DateTime<Utc>,
) -> Result<Vec<Recipient>, DbError> {
    let (wishes, zone) =
        mail_choice::store::list_wishes(connection, mail.bank_id, mail.id, &mail.kind).await?;
    if mail.uncertain_times > 0 {
        return Ok(wishes.into_iter().map(|(recipient, _)| recipient).collect());
    }
    let kind = kinds::find(&mail.kind).map(Nature::of);
    let mut together: BTreeMap<(Course, Option<String>), Vec<Recipient>> = BTreeMap::new();
    for (recipient, wish) in wishes {
        // Whoever has no account can't choose, and has no daily email.
        let kind = recipient.account.and(kind);
        let course = mail_choice::course(kind, &wish, mail.not_after, zone, now);
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

/// Counts recipients whom the relay refused for good against their addresses, as a report would.
pub async fn count_refusals(
    connection: &mut PgConnection,
    mail: &MailInHand,
    refusals: &[(String, String)],
    base_url: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    match receive::count_refusals(connection, &mail.message_id, refusals, base_url, now).await {
        Ok(()) => Ok(()),
        Err(ReceiveError::Database(error)) => Err(error),
        Err(error @ ReceiveError::Message(_)) => {
            // The address is counted; that nobody is told must not send the mail again.
            tracing::error!(mail = %mail.id, %error, "administrators were not told of a refused address");
            Ok(())
        }
    }
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
