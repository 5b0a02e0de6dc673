//! A practice signs off what was worked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::json;

use super::NotSaid;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, BookingOf, Happened, OfWork};
use crate::ground::id::{BookingId, ClinicianId};
use crate::ground::mail::store::insert_mails;
use crate::ground::mail::{Letterhead, NewMail};
use crate::ground::not_done::NotDone;
use crate::pay::worked::messages::work_signed_off;
use crate::pay::worked::store::keep::{insert_sign_offs, lock_bookings, mark_answered};
use crate::pay::worked::store::works::{Work, list_managed_works};
use crate::pay::worked::{NewSignOff, Outcome, Worth};

/// So long after a sign-off its mail is news; later the page has it.
const NEWS_FOR: TimeDelta = TimeDelta::days(7);

/// Signs off bookings of practices of whoever acts, all or none; each clinician is told in one mail. Gives what it comes to, in
/// pence.
pub async fn sign_off(tx: &mut Tx, letterhead: &Letterhead, wanted: &[NewSignOff]) -> Result<i64, NotSaid> {
    let membership = tx.membership().ok_or(NotDone::NotFound)?;
    let ids: BTreeSet<BookingId> = wanted.iter().map(|one| one.booking).collect();
    let ids: Vec<BookingId> = ids.into_iter().collect();
    lock_bookings(tx, &ids).await?;
    let works = list_managed_works(tx, membership, &ids).await?;
    let mut signed: Vec<(&Work, &NewSignOff, Worth)> = Vec::with_capacity(wanted.len());
    for one in wanted {
        let work = works.iter().find(|work| work.id == one.booking).ok_or(NotDone::NotFound)?;
        check(tx, work, one)?;
        signed.push((work, one, one.outcome.worth(work.rate_pence_per_hour)));
    }
    let rows: Vec<(&NewSignOff, Worth)> = signed.iter().map(|(_, one, worth)| (*one, *worth)).collect();
    insert_sign_offs(tx, &rows).await?;
    answer_by_it(tx, &signed).await?;
    log(tx, &signed).await?;
    let mut of_clinicians: BTreeMap<ClinicianId, Vec<(&Work, &NewSignOff, Worth)>> = BTreeMap::new();
    for one in &signed {
        of_clinicians.entry(one.0.clinician_id).or_default().push(*one);
    }
    let mut mails = Vec::with_capacity(of_clinicians.len());
    for own in of_clinicians.values() {
        let not_after = Some(tx.now() + NEWS_FOR);
        mails.push(NewMail { not_after, ..work_signed_off::mail(tx.bank(), own, letterhead)? });
    }
    insert_mails(tx, &mails).await?;
    Ok(signed.iter().map(|(.., worth)| worth.total()).sum())
}

/// Whether a sign-off can be given of what is known.
fn check(tx: &Tx, work: &Work, wanted: &NewSignOff) -> Result<(), NotSaid> {
    if !work.is_over(tx.now()) {
        return Err(NotSaid::NotOver);
    }
    if work.version() != wanted.seen_version {
        return Err(NotSaid::Since);
    }
    let says_what_was_booked = match &wanted.outcome {
        Outcome::Attended { hours, extras } => {
            if !extras.iter().all(|taken| taken.quantity > 0 && work.agreed.contains(&taken.extra)) {
                return Err(NotSaid::NotAgreed);
            }
            *hours == work.booked()
        }
        Outcome::NotAttended => false,
    };
    if wanted.reason.is_empty() && !(says_what_was_booked && wanted.seen_version == 0) {
        return Err(NotSaid::Unreasoned);
    }
    Ok(())
}

/// Another sign-off answers the question about the one before.
async fn answer_by_it(tx: &mut Tx, signed: &[(&Work, &NewSignOff, Worth)]) -> Result<(), NotSaid> {
    for (work, one, _) in signed.iter().filter(|(work, ..)| work.open_query().is_some()) {
        mark_answered(tx, &[work.id], &one.reason).await?;
    }
    Ok(())
}

async fn log(tx: &mut Tx, signed: &[(&Work, &NewSignOff, Worth)]) -> Result<(), NotSaid> {
    let mut happened = Vec::with_capacity(signed.len());
    for (work, one, worth) in signed {
        let (version, minutes, pence) = (one.seen_version + 1, one.outcome.minutes(), worth.total());
        happened.push(Happened::Work(subject_of(work), OfWork::SignedOff { version, minutes, pence }));
        let detail = json!({ "version": version, "minutes": minutes, "pence": pence });
        audit::record(tx, Action::WorkSignedOff, work.id, detail).await?;
    }
    Ok(events::record(tx, &happened).await?)
}

/// What an event says it is about.
pub(super) fn subject_of(work: &Work) -> BookingOf {
    BookingOf { booking: work.id, session: work.session_id, clinician: work.clinician_id }
}
