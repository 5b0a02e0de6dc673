//! What clinicians can do about when they can work. Each change is made with their own row locked, so that two windows
//! of one person can't add the same hours twice.

use chrono::{Days, NaiveDate, Weekday};
use serde_json::json;

use super::{Availability, Clash, Entry, Hours, Pattern, TimeAway, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::ground::id::{AvailabilityId, ClinicianId};
use crate::ground::not_done::NotDone;
use crate::people::clinician::actions::{find_own, lock_own};

/// Why something was not added beside the week.
#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    /// What is there already stands against it.
    #[error("adding availability against what is there")]
    Clash(Clash),
    /// More relied on it than was seen, or that could not be settled.
    #[error("adding availability")]
    Fact(#[source] FactError),
    /// It could not be done.
    #[error("adding availability")]
    NotDone(#[source] NotDone),
}

impl From<FactError> for NotAdded {
    fn from(error: FactError) -> Self {
        Self::Fact(error)
    }
}

impl From<NotDone> for NotAdded {
    fn from(error: NotDone) -> Self {
        Self::NotDone(error)
    }
}

impl From<DbError> for NotAdded {
    fn from(error: DbError) -> Self {
        Self::NotDone(error.into())
    }
}

/// Everything that somebody has said from `today` on.
pub async fn load_from(tx: &mut Tx, id: ClinicianId, today: NaiveDate) -> Result<Availability, DbError> {
    let last = today.checked_add_days(Days::new(10_000)).unwrap_or(today);
    store::load_availability(tx, id, today, last).await
}

/// Keeps other hours of the week from `today` on. What has been stays as it was.
pub async fn change_week(tx: &mut Tx, week: &[(Weekday, Hours)], today: NaiveDate) -> Result<(), NotDone> {
    let id = lock_own(tx).await?;
    let change = load_from(tx, id, today).await?.change_week(week, today);
    store::mark_patterns_ended(tx, id, &change.end, today).await?;
    store::delete_patterns_from(tx, id, &change.end, today).await?;
    for (weekday, hours) in &change.add {
        let pattern = Pattern {
            id: AvailabilityId::new(),
            weekday: *weekday,
            hours: *hours,
            from_date: today,
            until_date: None,
        };
        store::insert_pattern(tx, id, &pattern).await?;
    }
    let detail = json!({ "ended": change.end.len(), "added": change.add.len() });
    Ok(audit::record(tx, Action::AvailabilityWeekChanged, id, detail).await?)
}

/// Adds hours on one date from `today` on, unless they are away then or have said so already.
pub async fn add_date(tx: &mut Tx, entry: &Entry, today: NaiveDate) -> Result<(), NotAdded> {
    let id = lock_own(tx).await?;
    let known = load_from(tx, id, today).await?;
    known.refuse_hours(entry.date, &entry.hours).map_err(NotAdded::Clash)?;
    store::insert_entry(tx, id, entry).await?;
    audit::record(tx, Action::AvailabilityDateAdded, id, json!({ "date": entry.date })).await?;
    Ok(())
}

/// Adds days away that have not ended before `today`, unless some of them are known as such already. What they are offered
/// for these days ends; what they are booked for stands until they cancel it.
pub async fn add_away(
    tx: &mut Tx,
    reliants: &Reliants,
    away: &TimeAway,
    today: NaiveDate,
) -> Result<(), NotAdded> {
    let id = find_own(tx).await?;
    let change = FactChange::Away(id, away.from_date, away.until_date);
    let announced = reliants.announce(tx, change).await?;
    lock_own(tx).await?;
    let known = load_from(tx, id, today).await?;
    known.refuse_away(away.from_date, away.until_date).map_err(NotAdded::Clash)?;
    store::insert_time_away(tx, id, away).await?;
    reliants.settle(tx, announced).await?;
    let detail = json!({ "from": away.from_date, "until": away.until_date });
    audit::record(tx, Action::AvailabilityAwayAdded, id, detail).await?;
    Ok(())
}

/// Takes hours on one date back.
pub async fn remove_date(tx: &mut Tx, entry: AvailabilityId) -> Result<(), NotDone> {
    let id = find_own(tx).await?;
    NotDone::unless(store::delete_entry(tx, id, entry).await?)?;
    Ok(audit::record(tx, Action::AvailabilityDateRemoved, id, json!({})).await?)
}

/// Takes days away back.
pub async fn remove_away(tx: &mut Tx, away: AvailabilityId) -> Result<(), NotDone> {
    let id = find_own(tx).await?;
    NotDone::unless(store::delete_time_away(tx, id, away).await?)?;
    Ok(audit::record(tx, Action::AvailabilityAwayRemoved, id, json!({})).await?)
}
