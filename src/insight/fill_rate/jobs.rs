//! The commissioner's weekly list of what is unfilled.

use chrono::Days;
use serde_json::Value;

use super::messages::unfilled_weekly;
use super::store::{self, UnfilledFilter};
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::mail::{Letterhead, NewMail, outbox};
use crate::ground::queue::JobError;
use crate::ground::sign_in::PersonKind;
use crate::people::account;
use crate::terms::bank;
use crate::terms::bank::weekly::Week;

/// The list looks so many days ahead.
const DAYS_AHEAD: u64 = 14;

/// So many sessions are named; the page has them all.
const MOST_NAMED: i64 = 20;

/// Tells each bank's commissioners what is unfilled, once a week, where anything is.
pub async fn tell_unfilled_weekly(app: &App, _payload: Value) -> Result<(), JobError> {
    let (letterhead, now) = (Letterhead::of(app), app.clock.now());
    for bank in app.db.read(|connection| Box::pin(bank::store::list_banks(connection))).await? {
        let Some(week) = Week::to_tell_of(&bank, now) else { continue };
        let until = Some(week.today + Days::new(DAYS_AHEAD));
        let filter = UnfilledFilter { from: week.today, until, role: None, practice: None };
        let id = bank.id;
        let (rows, people) = app
            .db
            .read(move |connection| {
                Box::pin(async move {
                    let rows = store::list_unfilled(connection, id, &filter, (MOST_NAMED, 0)).await?;
                    let kind = PersonKind::Commissioner;
                    let people = account::store::list_people_of_kind(connection, id, kind).await?;
                    Ok::<_, DbError>((rows, people))
                })
            })
            .await?;
        if rows.is_empty() {
            continue;
        }
        let mails: Result<Vec<NewMail>, _> =
            people.iter().map(|to| unfilled_weekly::mail(week, &rows, to, &letterhead)).collect();
        let mails = mails.map_err(|error| JobError::Failed(format!("writing the weekly list: {error}")))?;
        outbox::put_all(app, &mails).await?;
    }
    Ok(())
}
