//! How mail leaves the outbox, and its pages.

pub mod actions;
pub mod deliver;
pub mod pages;
pub mod sender;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::mail::NewMail;
use crate::ground::mail::store::insert_mails;

/// The most mails put in by one transaction: few enough to hold nobody up.
const MOST_AT_ONCE: usize = 500;

/// Puts mails that a job has written into the outbox, where nothing else changes with them: those that were not there
/// before. A break leaves the first of them in it, which a second run leaves alone.
pub async fn put_all(app: &App, mails: &[NewMail]) -> Result<(), DbError> {
    for some in mails.chunks(MOST_AT_ONCE) {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        insert_mails(&mut tx, some).await?;
        tx.commit().await?;
    }
    Ok(())
}
