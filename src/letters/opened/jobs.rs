//! Tells whom stages ask that they have opened.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::Value;

use super::messages::sessions_opened;
use super::{MOST_TOLD, TOLD_AT_ONCE_WITHIN};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::id::{AccountId, SessionId};
use crate::ground::mail::{self, NewMail, Recipient};
use crate::ground::queue::JobError;
use crate::letters::digest::jobs::by_clinician;
use crate::letters::digest::open::open_sessions;
use crate::letters::digest::store::{list_told, upsert_told};
use crate::terms::bank::Bank;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::list_banks;
use crate::terms::rules::Answers;
use crate::terms::rules::store::load_decided;
use crate::work::booking::offer::told_at;
use crate::work::planning::prepare::Facts;
use crate::work::planning::read::read_facts;
use crate::work::planning::store::facts::Scope;
use crate::work::planning::store::people::Whom;
use crate::work::stage::store::{list_banks_to_tell, list_to_tell, mark_told};
use matching::fits::Told;
use matching_model::policy::Policy;

/// Sessions further ahead are told when they come nearer, in the daily email.
const DAYS_AHEAD: u64 = 180;

/// Tells whom the stages ask that have opened since this ran last.
pub async fn tell_stages(app: &App, _payload: Value) -> Result<(), JobError> {
    let tx = &mut app.db.look(Actor::SERVICE).await?;
    let due = list_banks_to_tell(tx).await?;
    let banks = if due.is_empty() { Vec::new() } else { list_banks(tx).await? };
    for bank in banks.iter().filter(|bank| due.contains(&bank.id)) {
        tell_bank(app, bank, app.clock.now()).await?;
    }
    Ok(())
}

/// What has opened, with the facts about it, what people were told before, and when they are written to.
struct Opened {
    sessions: Vec<SessionId>,
    facts: Facts,
    told: Told,
    answers: Answers,
}

async fn tell_bank(app: &App, bank: &Bank, now: DateTime<Utc>) -> Result<(), JobError> {
    let opened = read(app, bank, now).await?;
    let sessions = opened.sessions.clone();
    let (of_bank, base_url) = (bank.clone(), app.base_url());
    let written = tokio::task::spawn_blocking(move || write(&opened, (&of_bank, &base_url), now)).await;
    let (mails, told) = written.map_err(|error| JobError::Failed(error.to_string()))??;
    let mut tx = app.db.begin(Actor::job_of(bank.id)).await?;
    let inserted = mail::store::insert_mails(&mut tx, &mails).await?;
    // What is told here the daily email does not tell as new.
    upsert_told(&mut tx, &told, &inserted).await?;
    mark_told(&mut tx, &sessions).await?;
    Ok(tx.commit().await?)
}

async fn read(app: &App, bank: &Bank, now: DateTime<Utc>) -> Result<Opened, DbError> {
    let tx = &mut app.db.look(Actor::job_of(bank.id)).await?;
    let opened = list_to_tell(tx).await?;
    let (zone, today) = (bank.time_zone, local_date(bank.time_zone, now));
    let scope = Scope {
        from: today,
        until: today + Days::new(DAYS_AHEAD),
        starts_after: now + TimeDelta::minutes(app.settings.offers.latest_minutes_before_start),
        sessions: Some(opened.iter().map(|(session, _)| *session).collect()),
        clinicians: Whom::Everybody,
        leaves_rounds: false,
    };
    let mut facts = read_facts(tx, &scope, zone, Policy::default()).await?;
    let to_all: BTreeSet<SessionId> =
        opened.iter().filter(|(_, to_all)| *to_all).map(|(session, _)| *session).collect();
    facts.sessions.retain(|row| !to_all.contains(&row.id) || row.starts_at - now < TOLD_AT_ONCE_WITHIN);
    let told = by_clinician(&list_told(tx).await?);
    let answers = load_decided(tx).await?.answers.unwrap_or_else(|| Answers::of_settings(&app.settings));
    Ok(Opened { sessions: opened.into_iter().map(|(session, _)| session).collect(), facts, told, answers })
}

/// The mails, and which sessions they tell whom of.
type Written = (Vec<NewMail>, Vec<(AccountId, SessionId)>);

fn write(opened: &Opened, (bank, base_url): (&Bank, &str), now: DateTime<Utc>) -> Result<Written, JobError> {
    let failed = |error: &dyn std::fmt::Debug| JobError::Failed(format!("{error:?}"));
    let facts = &opened.facts;
    let starts: BTreeMap<SessionId, DateTime<Utc>> =
        facts.sessions.iter().map(|row| (row.id, row.starts_at)).collect();
    let open = open_sessions(facts, &opened.told, MOST_TOLD).map_err(|error| failed(&error))?;
    let (mut mails, mut told) = (Vec::new(), Vec::new());
    for person in facts.people.iter().map(|person| &person.record) {
        let Some(open) = open.get(&person.id).filter(|open| !open.new.is_empty()) else { continue };
        let own = open.new.iter().filter_map(|session| starts.get(&session.id));
        let Some(last) = own.max().copied() else { continue };
        let mail = sessions_opened::mail(&sessions_opened::Told {
            bank: bank.id,
            bank_name: &bank.name,
            to: Recipient {
                address: person.email.clone(),
                name: person.name.clone(),
                account: Some(person.account),
            },
            open: &open.new,
            key: format!("{} {}", person.id, now.timestamp_micros()),
            not_after: last,
            base_url,
        });
        let not_before = Some(told_at(&opened.answers, bank.time_zone, last, now));
        mails.push(NewMail { not_before, ..mail.map_err(|error| failed(&error))? });
        told.extend(open.new.iter().map(|session| (person.account, session.id)));
    }
    Ok((mails, told))
}
