//! A practice closes, or opens later than was said: its sessions beyond are withdrawn, with the offers that are out. What
//! somebody is booked for stays until people have agreed, and is told.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::words;
use crate::work::booking::actions::withdraw::withdraw_offers_of_session;
use crate::work::booking::error::DeskError;
use crate::work::session::store;
use crate::work::session::store::closing::{Stranded, list_stranded, mark_withdrawn_by_closing};

/// What became of sessions on days on which their practice is not open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// Those that were withdrawn, by start.
    pub withdrawn: Vec<Stranded>,
    /// Those that stay, because somebody is booked, by start.
    pub booked: Vec<Stranded>,
}

/// The sessions of the bank that stay although their practice is not open on their day, because somebody is booked.
pub async fn find_stranded(tx: &mut Tx) -> Result<Vec<Stranded>, DbError> {
    list_stranded(tx).await
}

/// Withdraws the sessions of the bank to come for which its practices are not open, unless somebody is booked.
pub async fn withdraw_stranded(tx: &mut Tx) -> Result<Closing, DeskError> {
    let mut closing = Closing::default();
    for stranded in list_stranded(tx).await? {
        store::lock_session(tx, stranded.id).await?;
        if stranded.booked > 0 {
            closing.booked.push(stranded);
            continue;
        }
        let reason = why(&stranded);
        if store::mark_session_withdrawn(tx, stranded.id, &reason).await? {
            mark_withdrawn_by_closing(tx, stranded.id).await?;
            withdraw_offers_of_session(tx, stranded.id, &reason).await?;
            events::record(tx, &[Happened::SessionWithdrawn(stranded.id)]).await?;
            audit::record(tx, Action::SessionWithdrawn, stranded.id, json!({ "reason": reason })).await?;
            closing.withdrawn.push(stranded);
        }
    }
    Ok(closing)
}

/// Why there can be no work there on that day.
#[must_use]
pub fn why(stranded: &Stranded) -> String {
    match (stranded.closed_on, stranded.opened_on) {
        (Some(last), _) if last < stranded.local_date => {
            format!("The practice’s last day is {}.", words::date_without_weekday(last))
        }
        (_, Some(first)) => format!("The practice opens on {}.", words::date_without_weekday(first)),
        _ => "The practice is not open.".to_owned(),
    }
}
