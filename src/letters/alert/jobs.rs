//! Tells alerts of what was posted, and asks about those that are about to lapse.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Utc};
use serde_json::Value;

use super::messages::{alert_lapsing, session_alert};
use super::{ASKED_BEFORE, Alert, MOST_TOLD, SETTLED_AFTER, store};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::id::{ClinicianId, SessionId};
use crate::ground::mail::{self, NewMail, Recipient};
use crate::ground::queue::JobError;
use crate::letters::digest::open::{OpenSession, open_sessions};
use crate::terms::bank::Bank;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::list_banks;
use crate::work::planning::prepare::Facts;
use crate::work::planning::read::read_facts;
use crate::work::planning::store::facts::Scope;
use crate::work::planning::store::people::Whom;
use matching::fits::Told;
use matching_model::policy::Policy;
use matching_model::position::Position;

/// Sessions further ahead are told when they come nearer, in the daily email.
const DAYS_AHEAD: u64 = 180;

/// Alerts asked about in one transaction.
const AT_ONCE: i64 = 200;

/// Tells every bank's alerts of the sessions posted since they were last told.
pub async fn tell_alerts(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    let banks = list_banks(&mut app.db.look(Actor::SERVICE).await?).await?;
    for bank in banks {
        tell_bank(app, &bank, now).await?;
    }
    Ok(())
}

/// What was posted, and the facts about it and about those who have alerts.
struct Posted {
    alerts: Vec<Alert>,
    when: BTreeMap<SessionId, DateTime<Utc>>,
    facts: Facts,
}

async fn tell_bank(app: &App, bank: &Bank, now: DateTime<Utc>) -> Result<(), JobError> {
    let until = now - SETTLED_AFTER;
    let mails = match read(app, bank, until, now).await? {
        Some(posted) => {
            let (bank, base_url) = (bank.clone(), app.base_url());
            let written = tokio::task::spawn_blocking(move || write(&posted, &bank, &base_url)).await;
            written.map_err(|error| JobError::Failed(error.to_string()))??
        }
        None => Vec::new(),
    };
    let mut tx = app.db.begin(Actor::job_of(bank.id)).await?;
    mail::store::insert_mails(&mut tx, &mails).await?;
    store::mark_told(&mut tx, until).await?;
    Ok(tx.commit().await?)
}

async fn read(
    app: &App,
    bank: &Bank,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Posted>, DbError> {
    let zone = bank.time_zone;
    let notice = chrono::TimeDelta::minutes(app.settings.offers.latest_minutes_before_start);
    let tx = &mut app.db.look(Actor::job_of(bank.id)).await?;
    let alerts = store::list_live(tx).await?;
    let Some(after) = alerts.iter().map(|alert| alert.told_until).min() else { return Ok(None) };
    let when: BTreeMap<SessionId, DateTime<Utc>> =
        store::list_posted_between(tx, (after, until)).await?.into_iter().collect();
    if when.is_empty() {
        return Ok(None);
    }
    let clinicians: BTreeSet<ClinicianId> = alerts.iter().map(|alert| alert.clinician_id).collect();
    let today = local_date(zone, now);
    let scope = Scope {
        from: today,
        until: today + Days::new(DAYS_AHEAD),
        starts_after: now + notice,
        sessions: Some(when.keys().copied().collect()),
        clinicians: Whom::These(clinicians.into_iter().collect()),
        leaves_rounds: false,
    };
    let facts = read_facts(tx, &scope, zone, Policy::default()).await?;
    Ok(Some(Posted { alerts, when, facts }))
}

/// The mail of each alert that something new fits.
fn write(posted: &Posted, bank: &Bank, base_url: &str) -> Result<Vec<NewMail>, JobError> {
    let failed = |error: &dyn std::fmt::Debug| JobError::Failed(format!("{error:?}"));
    let facts = &posted.facts;
    let open = open_sessions(facts, &Told::new(), usize::MAX).map_err(|error| failed(&error))?;
    let places: BTreeMap<_, Position> = facts
        .practices
        .iter()
        .map(|row| {
            (row.id, Position::from_microdegrees(row.latitude_microdegrees, row.longitude_microdegrees))
        })
        .collect();
    let sessions: BTreeMap<SessionId, _> = facts.sessions.iter().map(|row| (row.id, row)).collect();
    let people: BTreeMap<ClinicianId, _> =
        facts.people.iter().map(|person| (person.record.id, &person.record)).collect();
    let mut mails = Vec::new();
    for alert in &posted.alerts {
        let is_told = |session: &&OpenSession| {
            let row = sessions.get(&session.id);
            let is_near =
                row.and_then(|row| places.get(&row.practice_id)).is_some_and(|it| alert.reaches(it));
            is_near && posted.when.get(&session.id).is_some_and(|at| *at > alert.told_until)
        };
        let own = open.get(&alert.clinician_id).map_or(&[][..], |open| open.new.as_slice());
        let told: Vec<OpenSession> = own.iter().filter(is_told).take(MOST_TOLD).cloned().collect();
        let last = told.iter().filter_map(|session| sessions.get(&session.id)).map(|row| row.starts_at).max();
        let newest = told.iter().filter_map(|session| posted.when.get(&session.id)).max();
        let (Some(not_after), Some(newest), Some(person)) = (last, newest, people.get(&alert.clinician_id))
        else {
            continue;
        };
        let mail = session_alert::mail(&session_alert::Told {
            bank: bank.id,
            bank_name: &bank.name,
            to: Recipient {
                address: person.email.clone(),
                name: person.name.clone(),
                account: Some(person.account),
            },
            place: &alert.place,
            within_metres: alert.within_metres,
            open: &told,
            key: format!("{} {}", alert.id, newest.timestamp_micros()),
            not_after,
            base_url,
        });
        mails.push(mail.map_err(|error| failed(&error))?);
    }
    Ok(mails)
}

/// Asks the clinicians whose alerts are about to lapse.
pub async fn ask_about_alerts(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let lapsing = store::mark_asked(&mut tx, now + ASKED_BEFORE, AT_ONCE).await?;
        let mut mails = Vec::with_capacity(lapsing.len());
        for alert in &lapsing {
            let mail = alert_lapsing::mail(alert);
            mails.push(mail.map_err(|error| JobError::Failed(error.to_string()))?);
        }
        mail::store::insert_mails(&mut tx, &mails).await?;
        tx.commit().await?;
        if lapsing.is_empty() {
            return Ok(());
        }
    }
}
