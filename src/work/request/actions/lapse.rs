//! What practices did not confirm in time goes back.

use std::collections::BTreeMap;

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::ClinicianId;
use crate::ground::mail::{self, Letterhead};
use crate::work::booking::error::DeskError;
use crate::work::booking::people;
use crate::work::booking::store::facts::list_sessions;
use crate::work::booking::store::offers::list_holders;
use crate::work::request::Request;
use crate::work::request::messages::proposals_lapsed;
use crate::work::request::store::rounds::mark_lapsed;
use crate::work::round::store::find_round;

/// Why, as the clinician reads it.
const WHY: &str = "The practice did not confirm in time.";

/// The most proposals that end in one transaction; all of one round and person end together.
const MOST_AT_ONCE: i64 = 2_000;

/// Ends the proposals of one round that nobody confirmed in time, and tells each clinician once; gives how many.
pub async fn lapse_proposals(tx: &mut Tx, letterhead: &Letterhead) -> Result<usize, DeskError> {
    let ended = mark_lapsed(tx, WHY, MOST_AT_ONCE).await?;
    let Some((bank, first)) = ended.first() else { return Ok(0) };
    tx.go_to_bank(*bank).await?;
    let round = first.round.ok_or(DeskError::NotFound)?;
    let round = find_round(tx, round).await?.ok_or(DeskError::NotFound)?;
    let mut by_clinician: BTreeMap<ClinicianId, Vec<&Request>> = BTreeMap::new();
    for (_, request) in &ended {
        events::record(tx, &[Happened::RequestEnded(request.as_subject())]).await?;
        audit::record(tx, Action::RequestEnded, request.id, json!({})).await?;
        by_clinician.entry(request.clinician).or_default().push(request);
    }
    let clinicians: Vec<ClinicianId> = by_clinician.keys().copied().collect();
    let mut mails = Vec::new();
    for holder in list_holders(tx, &clinicians).await? {
        let own = by_clinician.get(&holder.clinician_id).into_iter().flatten();
        let ids: Vec<_> = own.map(|request| request.session).collect();
        let sessions = list_sessions(tx, &ids).await?;
        let mail = proposals_lapsed::mail(&round, &sessions, &people::of_holder(&holder), letterhead);
        mails.push(mail.map_err(DeskError::Unwritten)?);
    }
    mail::store::insert_mails(tx, &mails).await?;
    Ok(ended.len())
}
