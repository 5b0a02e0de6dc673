//! What becomes of a mail that is about to leave, for each of its readers.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Nature, course, store};
use crate::ground::db::DbError;
use crate::ground::mail::deliver::Courses;
use crate::ground::mail::kinds::MessageKind;
use crate::ground::mail::store::sending::MailInHand;

/// Everybody a mail in hand still goes to, and what becomes of it for each of them at `now`. A mail of no `kind` is of
/// one that the service no longer has.
pub async fn courses(
    connection: &mut PgConnection,
    mail: &MailInHand,
    kind: Option<&MessageKind>,
    now: DateTime<Utc>,
) -> Result<Courses, DbError> {
    let (wishes, zone) = store::list_wishes(connection, mail.bank_id, mail.id, &mail.kind).await?;
    let kind = kind.map(Nature::of);
    let courses = wishes.into_iter().map(|(recipient, wish)| {
        // Whoever has no account can't choose, and has no daily email.
        let kind = recipient.account.and(kind);
        let course = course(kind, &wish, mail.not_after, zone, now);
        (recipient, course)
    });
    Ok(courses.collect())
}
