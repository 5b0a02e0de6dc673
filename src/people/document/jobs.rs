//! Clinicians are told that a document of theirs ends: 60, 30, 14 and 3 days before.

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::messages::document_ending;
use super::store::endings::list_documents_ending;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::mail::NewMail;
use crate::ground::outbox;
use crate::ground::queue::JobError;
use crate::terms::bank;
use crate::terms::bank::calendar::local_date;

/// Days before the end at which its person is told, the nearest first.
const STEPS: [i64; 4] = [3, 14, 30, 60];

/// The first of them, from which on documents are looked at.
const FIRST_STEP_DAYS: u64 = 60;

/// At the steps from here on the clearance that ends with a document is told of, and the document with it.
const TOLD_WITH_CLEARANCE_DAYS: i64 = 30;

/// After a downtime a step is made up for within so many days. What was recorded later than that is known to its person.
const MADE_UP_WITHIN_DAYS: i64 = 7;

/// The step a document has come to: the nearest that is due, so that after a downtime nobody is told twice. None between
/// the steps, and after the end.
#[must_use]
pub fn step_of(valid_through: NaiveDate, today: NaiveDate) -> Option<i64> {
    let left = (valid_through - today).num_days();
    let step = STEPS.into_iter().find(|step| left <= *step)?;
    (left >= 0 && left > step - MADE_UP_WITHIN_DAYS).then_some(step)
}

/// Tells clinicians of their documents that end soon, in every bank. Each is told once a step, of a document that ends
/// with their clearance in the mail about that.
pub async fn remind_of_documents(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    let banks = bank::store::list_banks(&mut app.db.look(Actor::SERVICE).await?).await?;
    for bank in banks {
        let today = local_date(bank.time_zone, now);
        let mut tx = app.db.look(Actor::job_of(bank.id)).await?;
        let found = list_documents_ending(&mut tx, (today, today + Days::new(FIRST_STEP_DAYS))).await?;
        drop(tx);
        let letterhead = app.letterhead();
        let mut mails: Vec<NewMail> = Vec::new();
        for (ending, is_told_with_clearance) in &found {
            let step = step_of(ending.valid_through, today);
            let step = step.filter(|step| !is_told_with_clearance || *step > TOLD_WITH_CLEARANCE_DAYS);
            let mail = step.map(|step| document_ending::mail(ending, step, today, &letterhead)).transpose();
            let mail =
                mail.map_err(|error| JobError::Failed(format!("writing a mail about a document: {error}")))?;
            mails.extend(mail);
        }
        outbox::put_all(app, &mails).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};

    use super::step_of;

    #[test]
    fn a_clinician_is_told_at_the_nearest_step_that_is_due() {
        let today: NaiveDate = "2026-11-02".parse().unwrap();
        let step = |left| step_of(today + TimeDelta::days(left), today);
        assert_eq!(
            [61, 60, 54, 53, 30, 24, 23, 14, 8, 7, 3, 0, -1].map(step),
            [
                None,
                Some(60),
                Some(60),
                None,
                Some(30),
                Some(30),
                None,
                Some(14),
                Some(14),
                None,
                Some(3),
                Some(3),
                None
            ]
        );
    }
}
