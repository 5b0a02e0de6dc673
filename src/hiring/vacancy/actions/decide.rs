//! A practice closes a vacancy before its time, and says what came of it.

use serde_json::json;

use super::{NotChanged, find_own};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened, OfVacancy};
use crate::ground::id::VacancyId;
use crate::hiring::vacancy::{NotFilled, Outcome, store};

/// Closes an advertised vacancy now.
pub async fn close_early(tx: &mut Tx, id: VacancyId) -> Result<(), NotChanged> {
    find_own(tx, id).await?;
    if !store::deciding::mark_closed(tx, id).await? {
        return Err(NotChanged::Closed);
    }
    audit::record(tx, Action::VacancyClosed, id, json!({})).await?;
    Ok(events::record(tx, &[Happened::Vacancy(id, OfVacancy::Closed)]).await?)
}

/// Says what came of an advertised vacancy, and why nobody was found where nobody was. It is closed with
/// that. Before, everybody who applied has their answer.
pub async fn settle(
    tx: &mut Tx,
    id: VacancyId,
    (outcome, reason): (Outcome, Option<NotFilled>),
) -> Result<(), NotChanged> {
    let unanswered = find_own(tx, id).await?.unanswered;
    if unanswered > 0 {
        return Err(NotChanged::Unanswered(unanswered));
    }
    if !store::deciding::mark_settled(tx, id, (outcome, reason)).await? {
        return Err(NotChanged::Settled);
    }
    let detail = json!({ "outcome": outcome, "reason": reason });
    audit::record(tx, Action::VacancySettled, id, detail).await?;
    Ok(events::record(tx, &[Happened::Vacancy(id, OfVacancy::Settled(outcome.code()))]).await?)
}
