//! Every kind of job, one line each.

use serde_json::Value;
use sqlx::PgConnection;

use super::JobError;
use crate::ground::app::App;
use crate::ground::db::BoxFuture;

/// How the work of a kind is done.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// In transactions of its own. A worker that dies half way leaves it to another, so it may be done twice and
    /// guards itself against that.
    Alone(fn(App, Value) -> BoxFuture<'static, Result<(), JobError>>),
    /// In one transaction with the job's completion: it happens once, whatever dies. Quick work inside the database
    /// only; jobs that are due together share a transaction.
    Once(for<'c> fn(&'c mut PgConnection, &'c App, &'c Value) -> BoxFuture<'c, Result<(), JobError>>),
}

/// One kind of job.
#[derive(Debug, Clone, Copy)]
pub struct JobKind {
    /// Its name in the queue.
    pub name: &'static str,
    /// Its name on pages: "Let offers lapse".
    pub title: &'static str,
    /// Its work.
    pub work: Work,
}

/// A kind whose work is done alone.
macro_rules! alone {
    ($name:expr, $title:literal, $($work:ident)::+) => {
        JobKind { name: $name, title: $title, work: Work::Alone(|app, payload| Box::pin(async move { $($work)::+(&app, payload).await })) }
    };
}

/// Every kind of job.
pub const KINDS: &[JobKind] = &[
    alone!("seal_audit_log", "Seal the audit log", crate::ground::audit::jobs::seal_log),
    alone!("clear_done_jobs", "Clear finished work", super::schedule::clear_done_jobs),
    alone!(
        "fail_stranded_plans",
        "End the waiting for plans without a run",
        crate::work::planning::jobs::fail_stranded
    ),
    alone!("lapse_offers", "Let offers lapse", crate::work::booking::jobs::lapse_offers),
    alone!("remind_of_offers", "Remind of offers", crate::work::booking::jobs::remind_of_offers),
    alone!("remind_of_bookings", "Remind of bookings", crate::work::booking::jobs::remind_of_bookings),
    alone!(
        "remind_of_clearances",
        "Tell of clearances that end",
        crate::people::credential::jobs::remind_of_clearances
    ),
    alone!(
        "list_clearances_weekly",
        "List clearances that end",
        crate::people::credential::jobs::list_clearances_weekly
    ),
    alone!(
        "tell_unfilled_weekly",
        "List unfilled sessions",
        crate::insight::fill_rate::jobs::tell_unfilled_weekly
    ),
    alone!(
        "tell_not_chosen",
        "Tell who was not chosen why",
        crate::work::planning::jobs::not_chosen::tell_not_chosen
    ),
    alone!("write_digests", "Write daily emails", crate::letters::digest::jobs::write_digests),
    alone!("tell_alerts", "Tell alerts of new sessions", crate::letters::alert::jobs::tell_alerts),
    alone!("ask_about_alerts", "Ask about alerts that end", crate::letters::alert::jobs::ask_about_alerts),
    alone!(crate::work::planning::jobs::KIND, "Make a plan", crate::work::planning::jobs::run),
];

/// The name on pages of the kind of that name.
#[must_use]
pub fn title_of(name: &str) -> &'static str {
    KINDS.iter().find(|kind| kind.name == name).map_or("Work of another version", |kind| kind.title)
}
