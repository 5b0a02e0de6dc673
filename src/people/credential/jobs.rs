//! Who is told that a clearance ends, and when: the clinician 30, 14 and 3 days before and once it has ended, the
//! bank's administrators once a week.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use super::messages::{ClearanceFacts, clearance_ended, clearance_ending, clearances_weekly};
use super::store::endings::list_clearances_ending;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::mail::NewMail;
use crate::ground::outbox;
use crate::ground::queue::JobError;
use crate::ground::sign_in::PersonKind;
use crate::people::account;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::weekly::Week;
use crate::terms::bank::{self, Bank};

/// Days before the end at which a clinician is told, the nearest first.
const STEPS: [i64; 3] = [3, 14, 30];

/// A clearance that ended longer ago is old news: it was told then, or the service was not there to tell it.
const ENDED_DAYS: u64 = 7;

/// The administrators' list looks so many days ahead and back.
const LISTED_DAYS: u64 = 30;

/// The step a clearance has come to: the nearest that is due, so that after a downtime nobody is told twice. None
/// where it was shorter than the step when it was decided: they know.
#[must_use]
pub fn step_of(cleared_until: NaiveDate, decided_on: NaiveDate, today: NaiveDate) -> Option<i64> {
    let left = (cleared_until - today).num_days();
    let step = STEPS.into_iter().find(|step| left <= *step).filter(|_| left >= 0)?;
    (decided_on + TimeDelta::days(step) < cleared_until).then_some(step)
}

/// Tells clinicians whose clearance ends soon or has ended, in every bank. Each is told once a step.
pub async fn remind_of_clearances(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    for bank in banks(app).await? {
        let today = local_date(bank.time_zone, now);
        let dates = (today - Days::new(ENDED_DAYS), today + Days::new(30));
        let found = listed(app, &bank, dates).await?;
        let letterhead = app.letterhead();
        let mut mails = Vec::new();
        for (facts, decided_at) in &found {
            let decided_on = local_date(bank.time_zone, *decided_at);
            let mail = if facts.cleared_until < today {
                Some(clearance_ended::mail(facts, &letterhead))
            } else {
                step_of(facts.cleared_until, decided_on, today)
                    .map(|step| clearance_ending::mail(facts, step, today, &letterhead))
            };
            mails.extend(mail.transpose().map_err(|error| unwritten(&error))?);
        }
        outbox::put_all(app, &mails).await?;
    }
    Ok(())
}

/// Gives administrators the list of the week, in every bank where it names anybody.
pub async fn list_clearances_weekly(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    for bank in banks(app).await? {
        let Some(week) = Week::to_tell_of(&bank, now) else { continue };
        let dates = (week.today - Days::new(LISTED_DAYS), week.today + Days::new(LISTED_DAYS));
        let found: Vec<ClearanceFacts> =
            listed(app, &bank, dates).await?.into_iter().map(|(facts, _)| facts).collect();
        if found.is_empty() {
            continue;
        }
        let mut tx = app.db.look(Actor::job_of(bank.id)).await?;
        let administrators =
            account::store::list_people_of_kind(&mut tx, PersonKind::BankAdministrator).await?;
        drop(tx);
        let letterhead = app.letterhead();
        let mails: Result<Vec<NewMail>, _> =
            administrators.iter().map(|it| clearances_weekly::mail(week, &found, it, &letterhead)).collect();
        outbox::put_all(app, &mails.map_err(|error| unwritten(&error))?).await?;
    }
    Ok(())
}

async fn banks(app: &App) -> Result<Vec<Bank>, JobError> {
    Ok(bank::store::list_banks(&mut app.db.look(Actor::SERVICE).await?).await?)
}

async fn listed(
    app: &App,
    bank: &Bank,
    dates: (NaiveDate, NaiveDate),
) -> Result<Vec<(ClearanceFacts, DateTime<Utc>)>, JobError> {
    let mut tx = app.db.look(Actor::job_of(bank.id)).await?;
    Ok(list_clearances_ending(&mut tx, dates, None).await?)
}

fn unwritten(error: &askama::Error) -> JobError {
    JobError::Failed(format!("writing a mail about clearances: {error}"))
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};

    use super::step_of;

    fn step(days_left: i64, days_since_decision: i64) -> Option<i64> {
        let today: NaiveDate = "2026-11-02".parse().unwrap();
        let (until, decided) =
            (today + TimeDelta::days(days_left), today - TimeDelta::days(days_since_decision));
        step_of(until, decided, today)
    }

    #[test]
    fn a_clinician_is_told_at_the_nearest_step_that_is_due() {
        assert_eq!(
            [31, 30, 20, 14, 4, 3, 0].map(|left| step(left, 300)),
            [None, Some(30), Some(30), Some(14), Some(14), Some(3), Some(3)]
        );
        assert_eq!(step(-1, 300), None);
    }

    #[test]
    fn what_was_decided_only_just_now_needs_no_reminder() {
        assert_eq!(step(20, 0), None);
        assert_eq!(step(14, 6), Some(14));
        assert_eq!(step(2, 1), None);
    }
}
