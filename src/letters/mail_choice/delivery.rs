//! What becomes of a mail that is about to leave, for each of its readers.

use super::{Nature, course, store};
use crate::ground::db::{DbError, Tx};
use crate::ground::mail::course::Courses;
use crate::ground::mail::kinds::MessageKind;
use crate::ground::mail::store::sending::MailInHand;

/// Everybody a mail in hand still goes to, and what becomes of it for each of them at `now`. A mail of no `kind` is of
/// one that the service no longer has.
pub async fn courses(tx: &mut Tx, mail: &MailInHand, kind: Option<&MessageKind>) -> Result<Courses, DbError> {
    let now = tx.now();
    let (wishes, zone) = store::list_wishes(tx, mail.id, &mail.kind).await?;
    let kind = kind.map(Nature::of);
    let courses = wishes.into_iter().map(|(recipient, wish)| {
        // Whoever has no account can't choose, and has no daily email.
        let kind = recipient.account.and(kind);
        let course = course(kind, &wish, mail.not_after, zone, now);
        (recipient, course)
    });
    Ok(courses.collect())
}
