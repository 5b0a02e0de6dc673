//! What can be done about alerts.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::messages::SESSION_ALERT;
use super::{Alert, MOST_ALERTS, NewAlert, lapses_at, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::AlertId;
use crate::ground::not_done::NotDone;
use crate::letters::mail_choice;
use crate::people::clinician::actions::{find_own, lock_own};

/// Adds an alert of whoever acts, and keeps how its mails come. False where they have as many as there may be.
pub async fn add_alert(tx: &mut Tx, new: &NewAlert) -> Result<bool, NotDone> {
    let account = tx.account().ok_or(NotDone::NotFound)?;
    let clinician = lock_own(tx).await?;
    let alert = Alert {
        bank_id: tx.bank(),
        id: AlertId::new(),
        clinician_id: clinician,
        place: new.district.clone(),
        latitude_microdegrees: new.place.latitude_microdegrees,
        longitude_microdegrees: new.place.longitude_microdegrees,
        within_metres: new.within_metres,
        told_until: tx.now(),
        lapses_at: lapses_at(tx.now()),
    };
    if !store::insert_alert(tx, &alert, MOST_ALERTS).await? {
        return Ok(false);
    }
    mail_choice::store::upsert_choices(tx, account, &[(SESSION_ALERT.name, new.choice)]).await?;
    let detail = json!({ "place": alert.place, "within_metres": alert.within_metres });
    audit::record(tx, Action::AlertAdded, alert.id, detail).await?;
    Ok(true)
}

/// Ends an alert of whoever acts.
pub async fn end_alert(tx: &mut Tx, id: AlertId) -> Result<(), NotDone> {
    let own = find_own(tx).await?;
    NotDone::unless(store::mark_ended(tx, own, id).await?)?;
    Ok(audit::record(tx, Action::AlertEnded, id, json!({})).await?)
}

/// Keeps an alert of whoever acts for another year.
pub async fn renew_alert(tx: &mut Tx, id: AlertId) -> Result<(), NotDone> {
    let own = find_own(tx).await?;
    let alert = store::find_alert(tx, id).await?;
    NotDone::unless(alert.is_some_and(|alert| alert.clinician_id == own))?;
    renew(tx, id, Action::AlertRenewed).await.map(drop)
}

/// Keeps the alert that a link is for, for another year. Gives until when.
pub async fn renew_alert_by_link(tx: &mut Tx, id: AlertId) -> Result<DateTime<Utc>, NotDone> {
    renew(tx, id, Action::AlertRenewedByLink).await
}

async fn renew(tx: &mut Tx, id: AlertId, action: Action) -> Result<DateTime<Utc>, NotDone> {
    let until = lapses_at(tx.now());
    NotDone::unless(store::mark_renewed(tx, id, until).await?)?;
    audit::record(tx, action, id, json!({})).await?;
    Ok(until)
}
