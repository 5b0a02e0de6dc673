//! A practice publishes a vacancy, and changes what it says.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{NotChanged, lock_as_seen};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened, OfVacancy};
use crate::ground::id::VacancyId;
use crate::hiring::vacancy::advert::NewAdvert;
use crate::hiring::vacancy::{Vacancy, store};
use crate::people::practice::actions::find_own_practice;

/// Whether it closes after it opens.
fn opens_before_it_closes(new: &NewAdvert, opens_at: DateTime<Utc>) -> Result<(), NotChanged> {
    if opens_at < new.advert.closes_at { Ok(()) } else { Err(NotChanged::ClosesBeforeItOpens) }
}

/// Publishes a draft in the version that whoever acts has seen, as it was read from its fields: everybody sees it from
/// `opens_at` on, which is now or later.
pub async fn publish(
    tx: &mut Tx,
    (id, version): (VacancyId, i32),
    new: &NewAdvert,
    opens_at: DateTime<Utc>,
) -> Result<(), NotChanged> {
    let vacancy = lock_as_seen(tx, id, version).await?;
    if vacancy.published.is_some() {
        return Err(NotChanged::Advertised);
    }
    let opens_at = opens_at.max(tx.now());
    opens_before_it_closes(new, opens_at)?;
    store::update_advert(tx, id, &vacancy.typed, new).await?;
    store::deciding::update_opening(tx, id, opens_at).await?;
    let closes_at = new.advert.closes_at;
    let detail = json!({ "opens_at": opens_at, "closes_at": closes_at, "places": new.places.len() });
    audit::record(tx, Action::VacancyPublished, id, detail).await?;
    let staff_group = new.advert.staff_group.clone();
    let published = OfVacancy::Published { staff_group, span: (opens_at, closes_at) };
    Ok(events::record(tx, &[Happened::Vacancy(id, published)]).await?)
}

/// What differs between what is advertised and what would be.
fn differences(vacancy: &Vacancy, new: &NewAdvert, has_other_places: bool) -> Vec<&'static str> {
    let mut what = vacancy.published.as_ref().map_or_else(Vec::new, |(old, _)| old.differences(&new.advert));
    if has_other_places {
        what.push("places of work");
    }
    what
}

/// Changes what an advertised vacancy says, from the version that whoever acts has seen. The same again is no change.
pub async fn change_advert(
    tx: &mut Tx,
    (id, version): (VacancyId, i32),
    typed: &[(String, String)],
    new: &NewAdvert,
) -> Result<Vec<&'static str>, NotChanged> {
    let vacancy = lock_as_seen(tx, id, version).await?;
    let Some((_, times)) = &vacancy.published else { return Err(NotChanged::Since) };
    if vacancy.outcome.is_some() || times.end() <= tx.now() {
        return Err(NotChanged::Closed);
    }
    if let Some(posting) = new.places.first() {
        find_own_practice(tx, *posting).await?;
    }
    opens_before_it_closes(new, times.opens_at.max(tx.now()))?;
    let has_other_places = store::own::list_place_ids(tx, id).await? != new.places;
    let what = differences(&vacancy, new, has_other_places);
    if what.is_empty() {
        return Ok(what);
    }
    store::update_advert(tx, id, typed, new).await?;
    store::insert_change(tx, id, &what).await?;
    audit::record(tx, Action::VacancyChanged, id, json!({ "what": what })).await?;
    events::record(tx, &[Happened::Vacancy(id, OfVacancy::Changed)]).await?;
    Ok(what)
}
