//! Administrators are told together of everybody who waits to be cleared, on mornings after which somebody more does.

use chrono::TimeDelta;
use serde_json::Value;

use super::messages::waits_to_be_cleared::{self, WaitingFacts};
use super::store::waiting::list_waiting;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::outbox;
use crate::ground::queue::JobError;
use crate::ground::sign_in::PersonKind;
use crate::people::account::store::list_people_of_kind;
use crate::terms::bank;
use crate::terms::bank::calendar::local_date;

/// Whoever began to wait within so long is new: a day, and what a job may be late.
const NEW_WITHIN: TimeDelta = TimeDelta::hours(25);

/// The most people that are read for a mail; the page has them all.
const MOST_READ: i64 = 500;

/// Tells the administrators of each bank in which somebody more waits since yesterday.
pub async fn tell_who_waits(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    let banks = bank::store::list_banks(&mut app.db.look(Actor::SERVICE).await?).await?;
    for bank in banks {
        let today = local_date(bank.time_zone, now);
        let mut tx = app.db.look(Actor::job_of(bank.id)).await?;
        let found = list_waiting(&mut tx, today, (MOST_READ, 0)).await?;
        if !found.iter().any(|waiting| waiting.since > now - NEW_WITHIN) {
            continue;
        }
        let administrators = list_people_of_kind(&mut tx, PersonKind::BankAdministrator).await?;
        drop(tx);
        let facts = found.into_iter().map(|it| WaitingFacts {
            name: it.name,
            role: it.role.name,
            since: local_date(bank.time_zone, it.since),
        });
        let (facts, letterhead) = (facts.collect::<Vec<_>>(), app.letterhead());
        let mails: Result<Vec<_>, _> = administrators
            .iter()
            .map(|to| waits_to_be_cleared::mail((&bank, today), &facts, to, &letterhead))
            .collect();
        let mails = mails.map_err(|error| JobError::Failed(format!("writing who waits: {error}")))?;
        outbox::put_all(app, &mails).await?;
    }
    Ok(())
}
