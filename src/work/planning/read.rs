//! Reads everything a plan is made from: four statements, whatever the size of the bank.

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;

use super::fairness::WORKED_OVER;
use super::prepare::Facts;
use super::store::facts::{self, Scope};
use super::store::people::{self, When};
use crate::ground::db::{DbError, Tx};
use crate::terms::bank::calendar::{monday_of, start_of_day};
use crate::terms::rate;
use crate::terms::rules::WorkHours;
use matching_model::policy::Policy;

/// A practice counts as known to somebody who worked there in the last twelve weeks.
const RECENT_OVER: TimeDelta = TimeDelta::weeks(12);

/// Bookings so many days beside the weeks of the dates are read too: the longest rest is two days, and a session
/// lasts up to one.
const DAYS_BESIDE: u64 = 3;

/// Reads the facts of `scope` as they are now, in the bank's `zone`. `undecided` are the weights where the bank has decided
/// none.
pub async fn read_facts(tx: &mut Tx, scope: &Scope, zone: Tz, undecided: Policy) -> Result<Facts, DbError> {
    let now = tx.now();
    let when = When {
        zone,
        // A session that starts on the last date may end on the day after.
        dates: (scope.from, scope.until + Days::new(1)),
        around: time_beside(scope, zone),
        known_since: now - RECENT_OVER,
        worked_since: now - WORKED_OVER,
    };
    let (practices, rules) = facts::load_practices_and_rules(tx).await?;
    Ok(Facts {
        zone,
        policy: rules.weights.unwrap_or(undecided),
        answers: rules.answers,
        bank_hours: rules.hours.unwrap_or(WorkHours::LAW),
        dates: (scope.from, scope.until),
        practices,
        ranges: rate::store::load_rate_table(tx).await?,
        sessions: facts::list_sessions(tx, scope).await?,
        people: people::list_people(tx, &scope.clinicians, &when).await?,
    })
}

/// The weeks of the dates and a few days beside them, which matter for weekly hours and for rest.
fn time_beside(scope: &Scope, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    // A night that starts before 4am on the first date belongs to the day before, and so perhaps to the week before.
    let first = monday_of(scope.from - Days::new(1)) - Days::new(DAYS_BESIDE);
    let after_last = monday_of(scope.until) + Days::new(7 + DAYS_BESIDE);
    (start_of_day(zone, first), start_of_day(zone, after_last))
}
