//! Reads everything a plan is made from: sixteen statements, whatever the size of the bank.

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;

use super::fairness::WORKED_OVER;
use super::prepare::Facts;
use super::store::facts::{self, Scope};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{ClinicianId, SessionId};
use crate::people::availability;
use crate::people::clinician;
use crate::people::credential;
use crate::terms::bank::calendar::{monday_of, start_of_day};
use crate::terms::rate;
use crate::work::booking::store::not_again;
use matching_model::policy::Policy;
use matching_model::problem::Span;

/// A practice counts as known to somebody who worked there in the last twelve weeks.
const RECENT_OVER: TimeDelta = TimeDelta::weeks(12);

/// Bookings so many days beside the weeks of the dates are read too: the longest rest is two days, and a session
/// lasts up to one.
const DAYS_BESIDE: u64 = 3;

/// Reads the facts of `scope` as they are at `now`, in the bank's `zone`.
pub async fn read_facts(tx: &mut Tx, scope: &Scope, zone: Tz, policy: Policy) -> Result<Facts, DbError> {
    let now = tx.now();
    let sessions = facts::list_sessions(tx, scope).await?;
    let session_ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
    let of = scope.clinicians.as_deref();
    let clinicians = clinician::store::list_clinicians(tx, of).await?;
    let clinician_ids: Vec<ClinicianId> = clinicians.iter().map(|clinician| clinician.id).collect();
    // A session that starts on the last date may end on the day after.
    let last = scope.until + Days::new(1);
    let availability = availability::store::load_availability(tx, of, scope.from, last).await?;
    let available = availability.iter().map(|(id, availability)| {
        let spans = availability::spans::spans(availability, zone, scope.from, last);
        (*id, spans.iter().map(|span| Span { start: span.starts_at, end: span.ends_at }).collect())
    });
    Ok(Facts {
        zone,
        policy,
        dates: (scope.from, scope.until),
        practices: facts::list_practices(tx).await?,
        ranges: rate::store::load_rate_table(tx).await?,
        rates: clinician::store::list_rates(tx, of).await?,
        held: credential::store::list_held(tx, of).await?,
        clearances: credential::store::list_clearances_in_force(tx, of).await?,
        preferences: clinician::store::list_preferences(tx, of).await?,
        refusals: clinician::store::list_practice_refusals(tx, of).await?,
        available: available.collect(),
        bookings: facts::list_bookings(tx, &clinician_ids, time_beside(scope, zone)).await?,
        offers: facts::list_offers(tx, &session_ids).await?,
        not_again: not_again::list_of_sessions(tx, &session_ids).await?,
        recent_work: facts::list_recent_work(tx, (now - RECENT_OVER, now), now - WORKED_OVER).await?,
        sessions,
        clinicians,
    })
}

/// The weeks of the dates and a few days beside them, which matter for weekly hours and for rest.
fn time_beside(scope: &Scope, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    // A night that starts before 4am on the first date belongs to the day before, and so perhaps to the week before.
    let first = monday_of(scope.from - Days::new(1)) - Days::new(DAYS_BESIDE);
    let after_last = monday_of(scope.until) + Days::new(7 + DAYS_BESIDE);
    (start_of_day(zone, first), start_of_day(zone, after_last))
}
