//! A plan is asked for.

use chrono::NaiveDate;
use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::PlanId;
use crate::ground::queue::{self, NewJob};
use crate::work::planning::jobs::{KIND, Payload};
use crate::work::planning::store;

/// A person waits for it.
const PRIORITY: i16 = 2;

/// Asks for a plan of these dates, the first and the last; a job makes it.
pub async fn request_plan(tx: &mut Tx, plan: PlanId, dates: (NaiveDate, NaiveDate)) -> Result<(), DbError> {
    let bank = tx.bank();
    store::insert_plan(tx, plan, dates).await?;
    let job = NewJob {
        bank: Some(bank),
        kind: KIND,
        unique_key: Some(plan.to_string()),
        payload: json!(Payload { bank, plan }),
        priority: PRIORITY,
        run_at: tx.now(),
    };
    queue::store::insert_job(tx, &job).await?;
    let detail = json!({ "from": dates.0, "until": dates.1 });
    audit::record(tx, Action::PlanRequested, plan, detail).await
}
