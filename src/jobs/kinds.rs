//! Every kind of job, one line each.

use serde_json::Value;

use super::JobError;
use crate::app::App;

/// Does the work of one job.
pub async fn run(app: &App, kind: &str, payload: Value) -> Result<(), JobError> {
    match kind {
        "clear_done_jobs" => super::schedule::clear_done_jobs(app, payload).await,
        "lapse_offers" => crate::booking::jobs::lapse_offers(app, payload).await,
        crate::planning::jobs::KIND => crate::planning::jobs::run(app, payload).await,
        _ => Err(JobError::UnknownKind),
    }
}
