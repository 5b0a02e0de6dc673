//! Reads everything a plan is made from: sixteen statements, whatever the size of the bank.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use sqlx::PgConnection;

use super::fairness::WORKED_OVER;
use super::prepare::Facts;
use super::store::facts::{self, Scope};
use crate::availability;
use crate::bank::calendar::{monday_of, start_of_day};
use crate::db::DbError;
use crate::id::{ClinicianId, SessionId};
use crate::matching::policy::Policy;
use crate::matching::problem::Span;
use crate::rate;

/// A practice counts as known to somebody who worked there in the last twelve weeks.
const RECENT_OVER: TimeDelta = TimeDelta::weeks(12);

/// Bookings so many days beside the weeks of the dates are read too: the longest rest is two days, and a session
/// lasts up to one.
const DAYS_BESIDE: u64 = 3;

/// Reads the facts of `scope` as they are at `now`, in the bank's `zone`.
pub async fn read_facts(
    connection: &mut PgConnection,
    scope: &Scope,
    zone: Tz,
    policy: Policy,
    now: DateTime<Utc>,
) -> Result<Facts, DbError> {
    let bank = scope.bank;
    let sessions = facts::list_sessions(connection, scope, now).await?;
    let session_ids: Vec<SessionId> = sessions.iter().map(|session| session.id).collect();
    let clinicians = facts::list_clinicians(connection, scope, &session_ids).await?;
    let clinician_ids: Vec<ClinicianId> = clinicians.iter().map(|clinician| clinician.id).collect();
    let availability = availability::store::load_availability(
        connection,
        bank,
        Some(&clinician_ids),
        scope.from,
        day_after(scope.until),
    )
    .await?;
    let available = availability.iter().map(|(id, availability)| {
        let spans = availability::spans::spans(availability, zone, scope.from, day_after(scope.until));
        (*id, spans.iter().map(|span| Span { start: span.starts_at, end: span.ends_at }).collect())
    });
    Ok(Facts {
        zone,
        policy,
        dates: (scope.from, scope.until),
        practices: facts::list_practices(connection, bank).await?,
        ranges: rate::store::load_rate_table(connection, bank).await?,
        rates: facts::list_rates(connection, bank).await?,
        competencies: facts::list_competencies(connection, bank).await?,
        preferences: facts::list_preferences(connection, bank).await?,
        refusals: facts::list_refusals(connection, bank).await?,
        available: available.collect(),
        bookings: facts::list_bookings(connection, bank, &clinician_ids, time_beside(scope, zone)).await?,
        offers: facts::list_offers(connection, bank, &session_ids).await?,
        recent_work: facts::list_recent_work(connection, bank, (now - RECENT_OVER, now), now - WORKED_OVER)
            .await?,
        sessions,
        clinicians,
    })
}

/// The weeks of the dates and a few days beside them, which matter for weekly hours and for rest.
fn time_beside(scope: &Scope, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = monday_of(scope.from) - Days::new(DAYS_BESIDE);
    let after_last = monday_of(scope.until) + Days::new(7 + DAYS_BESIDE);
    (start_of_day(zone, first), start_of_day(zone, after_last))
}

/// A session that starts on the last date may end on the day after.
fn day_after(date: NaiveDate) -> NaiveDate {
    date + Days::new(1)
}
