//! Bookings that stand and that an administrator has to look at: the list is kept, and who keeps it is told.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::fallen;
use crate::eligibility::facts::PairFacts;
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::words::Audience;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::facts::Fallen;
use crate::ground::id::{BankId, BookingId};
use crate::ground::mail::{self, Letterhead};
use crate::ground::sign_in::PersonKind;
use crate::people::account::store::list_people_of_kind;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::bookings_flagged;
use crate::work::booking::store::reliance::{NewFlag, delete_flags, list_flagged, upsert_flags};

/// A booking that stands, with what makes it unlawful where something does.
pub(super) struct Flagged {
    pub booking: Uuid,
    pub facts: PairFacts,
    pub obstacle: Option<Obstacle>,
}

/// Puts on the list what belongs there, takes from it what does not any more, and tells the bank's administrators of what
/// is new on it, which it gives.
pub(super) async fn flag(
    tx: &mut Tx,
    letterhead: &Letterhead,
    standing: Vec<Flagged>,
) -> Result<Vec<Fallen>, DeskError> {
    if standing.is_empty() {
        return Ok(Vec::new());
    }
    let (now, bank) = (tx.now(), tx.bank());
    let bank_name = standing.first().map(|it| it.facts.session.bank_name.clone()).unwrap_or_default();
    let ids: Vec<Uuid> = standing.iter().map(|it| it.booking).collect();
    let known: BTreeMap<Uuid, String> = list_flagged(tx, &ids).await?.into_iter().collect();
    let (mut flags, mut lawful, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for Flagged { booking, facts, obstacle } in standing {
        let Some(obstacle) = obstacle else {
            lawful.extend(known.contains_key(&booking).then_some(booking));
            continue;
        };
        if known.get(&booking).is_none_or(|code| code != obstacle.code()) {
            new.push(fallen(tx, booking, &facts, &obstacle));
        }
        flags.push(NewFlag {
            booking,
            code: obstacle.code(),
            sentence: obstacle.sentence(Audience::Administrator, now),
            next_step: obstacle.to_do_about_booking().to_owned(),
        });
    }
    if !flags.is_empty() {
        upsert_flags(tx, &flags).await?;
    }
    if !lawful.is_empty() {
        delete_flags(tx, &lawful).await?;
    }
    for fallen in &new {
        audit::record_consequence(tx, Action::BookingFlagged, BookingId(fallen.id), json!({})).await?;
    }
    tell(tx, letterhead, (bank, &bank_name), &new).await?;
    Ok(new)
}

async fn tell(
    tx: &mut Tx,
    letterhead: &Letterhead,
    bank: (BankId, &str),
    new: &[Fallen],
) -> Result<(), DeskError> {
    if new.is_empty() {
        return Ok(());
    }
    let administrators = list_people_of_kind(tx, PersonKind::BankAdministrator).await?;
    let mails = administrators.iter().map(|to| bookings_flagged::mail(bank, new, to, letterhead));
    let mails = mails.collect::<Result<Vec<_>, _>>().map_err(DeskError::Unwritten)?;
    mail::store::insert_mails(tx, &mails).await?;
    Ok(())
}
