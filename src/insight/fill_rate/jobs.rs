//! The commissioner's weekly list of what is unfilled.

use chrono::Days;
use serde_json::Value;

use super::messages::unfilled_weekly;
use super::store::{self, UnfilledFilter};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::mail::NewMail;
use crate::ground::outbox;
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
    let (letterhead, now) = (app.letterhead(), app.clock.now());
    let banks = bank::store::list_banks(&mut app.db.look(Actor::SERVICE).await?).await?;
    for bank in banks {
        let Some(week) = Week::to_tell_of(&bank, now) else { continue };
        let until = Some(week.today + Days::new(DAYS_AHEAD));
        let filter = UnfilledFilter { from: week.today, until, role: None, practice: None };
        let mut tx = app.db.look(Actor::job_of(bank.id)).await?;
        let rows = store::list_unfilled(&mut tx, &filter, (MOST_NAMED, 0)).await?;
        let people = account::store::list_people_of_kind(&mut tx, PersonKind::Commissioner).await?;
        drop(tx);
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
