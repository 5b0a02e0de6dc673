//! What a kind of job is. The list of them is the site's.

use serde_json::Value;

use super::App;
use crate::ground::db::{BoxFuture, Tx};
use crate::ground::queue::JobError;

/// How the work of a kind is done.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// In transactions of its own. A worker that dies half way leaves it to another, so it may be done twice and
    /// guards itself against that.
    Alone(fn(App, Value) -> BoxFuture<'static, Result<(), JobError>>),
    /// In one transaction with the job's completion: it happens once, whatever dies. Quick work inside the database
    /// only; jobs that are due together share a transaction.
    Once(for<'c> fn(&'c mut Tx, &'c App, &'c Value) -> BoxFuture<'c, Result<(), JobError>>),
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

/// The name on pages of the kind of that name.
#[must_use]
pub fn title_of(kinds: &[JobKind], name: &str) -> &'static str {
    kinds.iter().find(|kind| kind.name == name).map_or("Work of another version", |kind| kind.title)
}
