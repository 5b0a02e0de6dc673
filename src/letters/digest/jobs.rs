//! Writes the daily emails of every bank whose time has come.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use super::messages::digest;
use super::open::{Open, open_sessions};
use super::store::{self, Reader, Waiting};
use super::{DAYS_AHEAD, MOST_FITS, date_due};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::id::{AccountId, ClinicianId, MailId, SessionId};
use crate::ground::mail::{self, NewMail, Recipient};
use crate::ground::queue::JobError;
use crate::terms::bank::Bank;
use crate::terms::bank::calendar::start_of_day;
use crate::terms::bank::store::list_banks;
use crate::work::planning::read::read_facts;
use crate::work::planning::store::facts::Scope;
use crate::work::planning::store::people::Whom;
use matching::fits::Told;
use matching_model::policy::Policy;

/// Mails written in one transaction: few enough to hold nobody up.
const AT_ONCE: usize = 250;

/// Writes every bank's daily emails. What was written before is not written again, so it may run twice.
pub async fn write_digests(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    let banks = list_banks(&mut app.db.look(Actor::SERVICE).await?).await?;
    for bank in banks {
        if let Some(date) = date_due(bank.time_zone, now) {
            write_for(app, &bank, date, now).await?;
        }
    }
    Ok(())
}

/// What the daily emails of one bank are made of.
struct Material {
    readers: Vec<Reader>,
    waiting: BTreeMap<AccountId, Vec<Waiting>>,
    open: BTreeMap<ClinicianId, Open>,
}

/// A daily email, the messages it tells, and the sessions it tells of as new.
type Written = (NewMail, Vec<MailId>, Vec<(AccountId, SessionId)>);

async fn write_for(app: &App, bank: &Bank, date: NaiveDate, now: DateTime<Utc>) -> Result<(), JobError> {
    let material = gather(app, bank, date, now).await?;
    let not_after = start_of_day(bank.time_zone, date + Days::new(1));
    let base_url = app.base_url();
    let (mut written, nothing) = (Vec::new(), Open::default());
    for reader in &material.readers {
        let open = reader.clinician_id.and_then(|id| material.open.get(&id)).unwrap_or(&nothing);
        let waiting = material.waiting.get(&reader.account_id).map_or(&[][..], Vec::as_slice);
        if open.new.is_empty() && waiting.is_empty() {
            continue;
        }
        let told = digest::Told {
            bank: bank.id,
            bank_name: &bank.name,
            to: Recipient {
                address: reader.email.clone(),
                name: reader.name.clone(),
                account: Some(reader.account_id),
            },
            date,
            open,
            messages: waiting.iter().map(|it| (it.subject.as_str(), it.text_body.as_str())).collect(),
            base_url: &base_url,
            not_after,
        };
        let mail = digest::mail(&told).map_err(|error| JobError::Failed(error.to_string()))?;
        let new = open.new.iter().map(|session| (reader.account_id, session.id)).collect();
        written.push((mail, waiting.iter().map(|it| it.mail_id).collect(), new));
        if written.len() == AT_ONCE {
            keep(app, bank, std::mem::take(&mut written)).await?;
        }
    }
    keep(app, bank, written).await?;
    let mut tx = app.db.begin(Actor::job_of(bank.id)).await?;
    store::delete_begun(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn gather(app: &App, bank: &Bank, date: NaiveDate, now: DateTime<Utc>) -> Result<Material, JobError> {
    let notice = TimeDelta::minutes(app.settings.offers.latest_minutes_before_start);
    let scope = Scope {
        from: date,
        until: date + Days::new(DAYS_AHEAD),
        starts_after: now + notice,
        sessions: None,
        clinicians: Whom::Everybody,
        leaves_rounds: false,
    };
    let zone = bank.time_zone;
    let mut tx = app.db.look(Actor::job_of(bank.id)).await?;
    let facts = read_facts(&mut tx, &scope, zone, Policy::default()).await?;
    let readers = store::list_readers(&mut tx, date).await?;
    let waiting = store::list_waiting(&mut tx).await?;
    let told = store::list_told(&mut tx).await?;
    drop(tx);
    // The core works on every processor, so it does not stand in the way of requests.
    let told = by_clinician(&told);
    let open = tokio::task::spawn_blocking(move || open_sessions(&facts, &told, MOST_FITS)).await;
    let open = open.map_err(|error| JobError::Failed(error.to_string()))?;
    let mut by_account: BTreeMap<AccountId, Vec<Waiting>> = BTreeMap::new();
    for message in waiting {
        by_account.entry(message.account_id).or_default().push(message);
    }
    Ok(Material {
        readers,
        waiting: by_account,
        open: open.map_err(|error| JobError::Failed(format!("{error:?}")))?,
    })
}

/// What was told, by whom it was told to.
#[must_use]
pub fn by_clinician(told: &[(ClinicianId, SessionId)]) -> Told {
    let mut by_clinician = Told::new();
    for (clinician, session) in told {
        by_clinician.entry(clinician.to_string()).or_default().insert(session.to_string());
    }
    by_clinician
}

/// Puts daily emails into the outbox, and notes which messages and which new sessions they tell.
async fn keep(app: &App, bank: &Bank, written: Vec<Written>) -> Result<(), JobError> {
    let (mut mails, mut messages, mut sessions) = (Vec::new(), Vec::new(), Vec::new());
    for (mail, told, new) in written {
        mails.push(mail);
        messages.extend(told);
        sessions.extend(new);
    }
    let mut tx = app.db.begin(Actor::job_of(bank.id)).await?;
    let inserted = mail::store::insert_mails(&mut tx, &mails).await?;
    mail::store::settle::mark_digested(&mut tx, &messages, &inserted).await?;
    store::upsert_told(&mut tx, &sessions, &inserted).await?;
    Ok(tx.commit().await?)
}
