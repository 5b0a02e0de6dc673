//! Puts mails that a job has written into the outbox, where nothing else changes with them.

use super::NewMail;
use super::store::insert_mails;
use crate::ground::app::App;
use crate::ground::db::DbError;

/// The most mails put in by one transaction: few enough to hold nobody up.
const MOST_AT_ONCE: usize = 500;

/// Puts in those that were not there before. A break leaves the first of them in it, which a second run leaves alone.
pub async fn put_all(app: &App, mails: &[NewMail]) -> Result<(), DbError> {
    let now = app.clock.now();
    for some in mails.chunks(MOST_AT_ONCE) {
        let some = some.to_vec();
        app.db
            .change(move |connection| {
                let some = some.clone();
                Box::pin(async move { insert_mails(connection, &some, now).await })
            })
            .await?;
    }
    Ok(())
}
