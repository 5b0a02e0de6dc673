//! An administrator names who takes a practice's place, and all of it goes over at once.

use serde_json::json;

use super::messages::practice_succeeded;
use super::{Carried, CarriedOver, Stays, Wish};
use crate::eligibility::words::Audience;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::facts::{Announced, Consent, FactChange, FactError, Fallout, Reliants};
use crate::ground::mail::store::insert_mails;
use crate::people::clinician::store::{carry_preferences, count_said_otherwise, list_preferences_to_carry};
use crate::people::practice::Practice;
use crate::people::practice::store::{find_practice, refusals, successor as store};
use crate::people::practice::successor::{Unfit, first_day};
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::find_bank;
use crate::work::booking::actions::change::{carry, find_hindered, lock_booked};
use crate::work::booking::actions::withdraw::withdraw_offers_of_session;
use crate::work::booking::changed::Changed;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::people;
use crate::work::session::store::closing::{Beyond, change_practice, lock_beyond};

/// Why nobody was named.
#[derive(Debug, thiserror::Error)]
pub enum NotNamed {
    /// There is no such practice in the bank.
    #[error("naming the successor of a practice that is not there")]
    NotFound,
    /// That practice can't take the other's place.
    #[error("naming a practice that can't take another's place")]
    Unfit(Unfit),
    /// Somebody has named one: its name.
    #[error("naming a successor where there is one")]
    Named(String),
    /// Whoever decides has not seen what goes over.
    #[error("naming a successor without having seen what goes over")]
    AskFirst(Box<CarriedOver>),
    /// The desk could not do it.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<DbError> for NotNamed {
    fn from(error: DbError) -> Self {
        Self::Desk(error.into())
    }
}

impl From<FactError> for NotNamed {
    fn from(error: FactError) -> Self {
        Self::Desk(error.into())
    }
}

/// Names who takes a practice's place and carries over what goes over to it, tells those whom it concerns, and gives what it
/// did. It fails with [`NotNamed::AskFirst`], so that the caller rolls back, where that is not what whoever decides has
/// seen: what is shown before is what was done.
pub async fn name_successor(tx: &mut Tx, desk: &Desk, wish: &Wish) -> Result<CarriedOver, NotNamed> {
    let (practice, successor) = lock_pair(tx, wish).await?;
    let beyond = lock_beyond(tx, practice.id).await?;
    // What falls is part of what is seen.
    let reliants = Reliants { consent: Consent::ToAll, ..desk.reliants.clone() };
    let announced = announce(tx, &reliants, (&practice, &successor)).await?;
    let pair = (practice.id, successor.id);
    let mut done = CarriedOver {
        first_day: first_day_of(tx, (&practice, &successor)).await?,
        managers: store::carry_managers(tx, pair).await?,
        sessions: Vec::new(),
        stays: Vec::new(),
        refusals: Vec::new(),
        preferences: Vec::new(),
        said_otherwise: count_said_otherwise(tx, pair).await?,
        fallout: Fallout::default(),
    };
    for session in beyond {
        match carry_session(tx, desk, (&practice, &successor), &session).await? {
            Ok(booked) => done.sessions.push(Carried { session, booked }),
            Err(why) => done.stays.push(Stays { session, why }),
        }
    }
    done.sessions.sort_by_key(|carried| carried.session.starts_at);
    done.stays.sort_by_key(|stays| stays.session.starts_at);
    done.refusals = store::carry_refusals(tx, pair).await?;
    done.preferences = carry_preferences(tx, pair).await?;
    done.refusals.sort_unstable();
    done.preferences.sort_unstable_by_key(|(clinician, _)| *clinician);
    for change in announced {
        done.fallout.add(reliants.settle(tx, change).await?);
    }
    if !store::mark_named(tx, practice.id, successor.id).await? {
        return Err(NotNamed::Named(successor.name));
    }
    if done.name() != wish.seen {
        return Err(NotNamed::AskFirst(Box::new(done)));
    }
    record(tx, wish, &done).await?;
    tell(tx, desk, (&practice, &successor), &done).await?;
    Ok(done)
}

/// The two practices, locked, where the one can take the other's place and nobody has named one.
async fn lock_pair(tx: &mut Tx, wish: &Wish) -> Result<(Practice, Practice), NotNamed> {
    store::lock_practices(tx, &[wish.practice, wish.successor]).await?;
    let practice = find_practice(tx, wish.practice).await?.ok_or(NotNamed::NotFound)?;
    let successor = find_practice(tx, wish.successor).await?.ok_or(NotNamed::NotFound)?;
    let standing = store::find_successor(tx, practice.id).await?;
    if let Some(named) = standing.filter(|it| it.named_at.is_some()) {
        return Err(NotNamed::Named(named.successor_name));
    }
    Ok((practice, successor))
}

async fn first_day_of(
    tx: &mut Tx,
    (practice, successor): (&Practice, &Practice),
) -> Result<chrono::NaiveDate, NotNamed> {
    let bank = tx.bank();
    let zone = find_bank(tx, bank).await?.ok_or(NotNamed::NotFound)?.time_zone;
    let before = store::list_predecessors(tx, practice.id).await?;
    first_day(practice, successor, &before, local_date(zone, tx.now())).map_err(NotNamed::Unfit)
}

/// Announces what changes: where work is, whom the successor does not take any more, and what clinicians say of it.
async fn announce(
    tx: &mut Tx,
    reliants: &Reliants,
    (practice, successor): (&Practice, &Practice),
) -> Result<Vec<Announced>, DbError> {
    let mut changes = vec![FactChange::Practices(vec![practice.id, successor.id])];
    let refused = refusals::list_refused_clinicians(tx, &[practice.id]).await?;
    changes.extend(refused.iter().map(|it| FactChange::Refusal(successor.id, it.clinician_id)));
    let preferring = list_preferences_to_carry(tx, (practice.id, successor.id)).await?;
    changes.extend(preferring.into_iter().map(FactChange::Preference));
    let mut announced = Vec::with_capacity(changes.len());
    for change in changes {
        announced.push(reliants.announce(tx, change).await?);
    }
    Ok(announced)
}

/// Moves a session with those who are booked in it, and gives how many these are; or says why it stays.
async fn carry_session(
    tx: &mut Tx,
    desk: &Desk,
    (practice, successor): (&Practice, &Practice),
    session: &Beyond,
) -> Result<Result<usize, String>, DeskError> {
    if !successor.is_open_on(session.local_date) {
        return Ok(Err(format!("{} is not open on that day", successor.name)));
    }
    let booked = lock_booked(tx, session.id).await?;
    change_practice(tx, session.id, successor.id).await?;
    if let Some((name, obstacle)) = find_hindered(tx, &booked).await? {
        change_practice(tx, session.id, practice.id).await?;
        let why = obstacle.sentence(Audience::Administrator, tx.now());
        return Ok(Err(format!("{name} is booked: {why}")));
    }
    let reason = format!("The session is at {} now.", successor.name);
    withdraw_offers_of_session(tx, session.id, &reason).await?;
    let changed = Changed::Place {
        before: practice.name.clone(),
        last_day: practice.closed_on.unwrap_or(session.local_date),
        successor: successor.name.clone(),
    };
    carry(tx, desk, &booked, &changed).await?;
    Ok(Ok(booked.len()))
}

async fn record(tx: &mut Tx, wish: &Wish, done: &CarriedOver) -> Result<(), DbError> {
    let happened = done.sessions.iter().map(|carried| Happened::SessionCarriedOver {
        session: carried.session.id,
        from: wish.practice,
        to: wish.successor,
    });
    events::record(tx, &happened.collect::<Vec<_>>()).await?;
    let detail = json!({
        "successor": wish.successor, "sessions": done.sessions.len(), "stay": done.stays.len(),
        "managers": done.managers.len(), "refusals": done.refusals.len(), "preferences": done.preferences.len(),
    });
    audit::record(tx, Action::PracticeSucceeded, wish.practice, detail).await
}

/// Tells the people of the successor, among whom those of the practice are now.
async fn tell(
    tx: &mut Tx,
    desk: &Desk,
    (practice, successor): (&Practice, &Practice),
    done: &CarriedOver,
) -> Result<(), DeskError> {
    let bank = find_bank(tx, tx.bank()).await?.ok_or(DeskError::NotFound)?;
    let to = people::list_of_practice(tx, successor.id).await?;
    if to.is_empty() {
        return Ok(());
    }
    let mail = practice_succeeded::mail(&bank, (practice, successor), done, &to, &desk.letterhead);
    insert_mails(tx, &[mail.map_err(DeskError::Unwritten)?]).await?;
    Ok(())
}
