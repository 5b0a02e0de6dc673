//! Whoever has not answered the offers of a plan is reminded before their time runs out, when an administrator wants it: in
//! one mail a person, once, and not while people sleep. It is the reminder that would have come by itself.

use std::collections::BTreeSet;

use serde_json::json;

use super::remind::tell_holders;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::{ClinicianId, PlanId};
use crate::ground::mail::NewMail;
use crate::terms::bank::store::find_bank;
use crate::terms::rules::store::load_decided;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::offer_lapsing;
use crate::work::booking::offer::told_at;
use crate::work::booking::store::reminders::lock_unreminded_of_plan;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chased {
    /// So many people are reminded.
    pub people: usize,
    /// Whether their mail waits for the morning.
    pub waits_for_morning: bool,
}

/// Reminds everybody who holds an unanswered offer of a plan and was not reminded before.
pub async fn chase(tx: &mut Tx, desk: &Desk, plan: PlanId) -> Result<Chased, DeskError> {
    let (bank, now) = (tx.bank(), tx.now());
    let offers = lock_unreminded_of_plan(tx, plan).await?;
    let people: BTreeSet<ClinicianId> = offers.iter().map(|offer| offer.clinician).collect();
    let zone = find_bank(tx, bank).await?.ok_or(DeskError::NotFound)?.time_zone;
    let answers = load_decided(tx).await?.answers.unwrap_or(desk.answers);
    let at = |expires_at| told_at(&answers, zone, expires_at, now);
    tell_holders(tx, &offers, |one, others, to| {
        let first = others.iter().chain([&one]).map(|(offer, _)| at(offer.expires_at)).min();
        let mail = offer_lapsing::mail(one, others, to, now)?;
        Ok(NewMail { not_before: first.filter(|first| *first > now), ..mail })
    })
    .await?;
    let detail = json!({ "people": people.len(), "offers": offers.len() });
    audit::record(tx, Action::PlanChased, plan, detail).await?;
    let waits_for_morning = !offers.is_empty() && offers.iter().all(|offer| at(offer.expires_at) > now);
    Ok(Chased { people: people.len(), waits_for_morning })
}
