//! The bookings and offers that rely on facts: judged anew, by the one judge, when a fact changes.
//!
//! An offer that could not be accepted any more is taken back. A booking that is not lawful any more is cancelled where its
//! clearance went, which an administrator decided and saw before; else it stands and is put on the list of bookings to look
//! at, since only people can say what is to become of an agreement. What somebody asks for themselves, such as another rate,
//! a shorter way or other hours, ends no offer that they could still say yes to; to be away then, or not to work there, does.

pub mod flag;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use self::flag::{Flagged, flag};
use super::Side;
use super::actions::cancel::{Cancellation, cancel_locked};
use super::actions::withdraw::withdraw_overtaken;
use super::error::DeskError;
use super::store::lock::{lock_clinicians, lock_offer, lock_sessions};
use super::store::reliance::{self, Concerned};
use crate::eligibility::facts::PairFacts;
use crate::eligibility::judge::{judge, judge_agreed};
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::wishes::Wishes;
use crate::eligibility::words::Audience;
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Fallen, Fallout, Means};
use crate::ground::id::{BankId, BookingId, ClinicianId, OfferId, SessionId};
use crate::work::booking::store::facts::list_pairs;
use matching_check::Fault;
use matching_model::plan::RuleCode;

/// What both sides of a booking read that ends with a clearance: the administrator's own reason is not for practices.
const CLEARANCE_ENDS_BOOKING: &str = "The clinician’s clearance does not cover this session any more.";

/// Locks what the change concerns: sessions, then clinicians. What comes meanwhile is judged when it is answered.
pub async fn lock(tx: &mut Tx, change: &FactChange) -> Result<(), DbError> {
    // Whoever changes a diary holds its session and its person, and locks no other session after them.
    if matches!(change, FactChange::Diary(..)) {
        return Ok(());
    }
    let concerned = list(tx, change).await?;
    let sessions: Vec<SessionId> = concerned.iter().map(|it| it.session_id).collect();
    lock_sessions(tx, &sessions).await?;
    let mut clinicians: Vec<ClinicianId> = concerned.iter().map(|it| it.clinician_id).collect();
    clinicians.extend(clinician_of(change));
    lock_clinicians(tx, &clinicians).await?;
    Ok(())
}

fn clinician_of(change: &FactChange) -> Option<ClinicianId> {
    match change {
        FactChange::Details(id)
        | FactChange::Preference(id)
        | FactChange::Skills(id)
        | FactChange::Document(id)
        | FactChange::Clearance(id)
        | FactChange::Registration(id)
        | FactChange::Membership(id)
        | FactChange::Away(id, ..)
        | FactChange::Refusal(_, id) => Some(*id),
        FactChange::Practices(_)
        | FactChange::Needs(_)
        | FactChange::Hours
        | FactChange::Range(..)
        | FactChange::Diary(..) => None,
    }
}

async fn list(tx: &mut Tx, change: &FactChange) -> Result<Vec<Concerned>, DbError> {
    match change {
        FactChange::Details(id)
        | FactChange::Preference(id)
        | FactChange::Skills(id)
        | FactChange::Document(id)
        | FactChange::Clearance(id)
        | FactChange::Registration(id)
        | FactChange::Membership(id)
        | FactChange::Away(id, ..) => reliance::list_of_clinician(tx, *id, None).await,
        FactChange::Refusal(practice, id) => reliance::list_of_clinician(tx, *id, Some(*practice)).await,
        FactChange::Practices(practices) => reliance::list_of_practices(tx, practices).await,
        FactChange::Needs(role) => reliance::list_of_role(tx, role).await,
        FactChange::Hours => reliance::list_of_employed(tx).await,
        FactChange::Range(role, band, from) => reliance::list_of_range(tx, (role, band), *from).await,
        FactChange::Diary(diary) => reliance::list_of_person(tx, diary).await,
    }
}

/// Judges what the change concerns, ends or flags what can no longer stand, and tells those it concerns.
pub async fn settle(tx: &mut Tx, means: &Means, change: &FactChange) -> Result<Fallout, FactError> {
    let (now, home) = (tx.now(), tx.bank());
    let settled = settle_all(tx, means, change).await.map_err(|error| match error {
        DeskError::Refused(refusal) => {
            let audience = Audience::Administrator;
            FactError::Refused { title: refusal.sentence(audience, now), advice: refusal.next_step(audience) }
        }
        DeskError::NotFound => FactError::NotFound,
        DeskError::Database(error) => error.into(),
        other => FactError::Failed(Box::new(other)),
    })?;
    tx.go_to_bank(home).await?;
    Ok(settled)
}

async fn settle_all(tx: &mut Tx, means: &Means, change: &FactChange) -> Result<Fallout, DeskError> {
    let mut by_bank: BTreeMap<BankId, Vec<Concerned>> = BTreeMap::new();
    for concerned in list(tx, change).await? {
        by_bank.entry(concerned.bank_id).or_default().push(concerned);
    }
    let mut fallout = Fallout::default();
    for (bank, concerned) in by_bank {
        tx.go_to_bank(bank).await?;
        fallout.add(settle_in_bank(tx, means, change, &concerned).await?);
    }
    Ok(fallout)
}

/// The facts of what is concerned, by session and clinician.
async fn facts_of(
    tx: &mut Tx,
    concerned: &[Concerned],
) -> Result<BTreeMap<(SessionId, ClinicianId), PairFacts>, DbError> {
    let now = tx.now();
    let pairs: Vec<_> = concerned.iter().map(|it| (it.session_id, it.clinician_id)).collect();
    let facts = list_pairs(tx, &pairs, now).await?;
    Ok(facts.into_iter().map(|facts| ((facts.session.id, facts.clinician.person.id), facts)).collect())
}

async fn settle_in_bank(
    tx: &mut Tx,
    means: &Means,
    change: &FactChange,
    concerned: &[Concerned],
) -> Result<Fallout, DeskError> {
    let facts = facts_of(tx, concerned).await?;
    let mut fallout = Fallout::default();
    let mut ending: BTreeMap<String, Vec<OfferId>> = BTreeMap::new();
    let (mut cancelled, mut standing) = (Vec::new(), Vec::new());
    for it in concerned {
        let Some(facts) = facts.get(&(it.session_id, it.clinician_id)) else { continue };
        if it.is_offer {
            if let Some(obstacle) = against_offer(facts, it, change).map_err(DeskError::Unjudged)? {
                fallout.offers.push(fallen(tx, it.id, facts, &obstacle));
                ending.entry(obstacle.ends_offer(tx.now())).or_default().push(OfferId(it.id));
            }
            continue;
        }
        if let Some(obstacle) = uncovered(facts, change) {
            fallout.cancelled.push(fallen(tx, it.id, facts, &obstacle));
            cancelled.push(BookingId(it.id));
        } else {
            let obstacle = against_booking(facts, it).map_err(DeskError::Unjudged)?;
            standing.push(Flagged { booking: it.id, facts: facts.clone(), obstacle });
        }
    }
    for (reason, offers) in ending {
        for offer in &offers {
            lock_offer(tx, *offer).await?;
        }
        withdraw_overtaken(tx, &offers, &reason).await?;
    }
    for booking in cancelled {
        let reason = CLEARANCE_ENDS_BOOKING.to_owned();
        let (side, note) = (Side::Bank, String::new());
        let wish = Cancellation { booking, side, reason, note, seen_fee_pence: None };
        cancel_locked(tx, means, &wish).await?;
    }
    fallout.flagged = flag(tx, &means.letterhead, standing).await?;
    Ok(fallout)
}

/// That a decision leaves a booking without clearance, which ends it: whoever decides has seen so before.
fn uncovered(facts: &PairFacts, change: &FactChange) -> Option<Obstacle> {
    let (FactChange::Clearance(_), Some((_, until))) = (change, facts.clinician.clearance) else {
        return None;
    };
    (until < facts.session.last_date).then_some(Obstacle::ClearanceEnds(until))
}

/// What stands in the way of an open offer's being accepted.
fn against_offer(
    facts: &PairFacts,
    offer: &Concerned,
    change: &FactChange,
) -> Result<Option<Obstacle>, Fault> {
    if let FactChange::Away(_, from, until) = change
        && is_within(facts, *from, *until)
    {
        return Ok(Some(Obstacle::Rule(RuleCode::Availability)));
    }
    // Whoever says that they will not work there is not asked whether they do.
    let wishes = if matches!(change, FactChange::Preference(_)) { Wishes::Refusals } else { Wishes::None };
    Ok(judge(facts, wishes, offer.rate_pence_per_hour)?.err())
}

/// Whether any of the session's days is one of these.
fn is_within(facts: &PairFacts, from: NaiveDate, until: NaiveDate) -> bool {
    facts.session.local_date <= until && facts.session.last_date >= from
}

/// What makes a live booking unlawful. The rate was agreed under the range of its day, and the practice that refuses
/// somebody has agreed to them: it cancels where it wants to.
fn against_booking(facts: &PairFacts, booking: &Concerned) -> Result<Option<Obstacle>, Fault> {
    let mut facts = facts.clone();
    facts.clinician.is_refused_by_practice = false;
    facts.neighbours.retain(|other| other.booking.0 != booking.id);
    Ok(judge_agreed(&facts, Wishes::None)?.err())
}

fn fallen(tx: &Tx, id: Uuid, facts: &PairFacts, obstacle: &Obstacle) -> Fallen {
    Fallen {
        id,
        clinician: facts.clinician.person.name.clone(),
        practice: facts.session.practice_name.clone(),
        starts_at: facts.session.starts_at,
        ends_at: facts.session.ends_at,
        why: obstacle.sentence(Audience::Administrator, tx.now()),
    }
}
