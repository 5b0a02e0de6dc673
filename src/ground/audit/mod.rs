//! The log of who changed what. Rows are added, never changed; the database refuses anything else.

pub mod jobs;
pub mod pages;
pub mod seal;
pub mod store;

use serde_json::Value;
use uuid::Uuid;

use crate::ground::id::{AccountId, BankId};

/// One change to be written to the log.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    /// The bank it happened in.
    pub bank: BankId,
    /// Who did it; none for the service itself.
    pub by: Option<AccountId>,
    /// What was done, as `slice.verb`: `session.posted`.
    pub action: &'static str,
    /// The kind of record it was done to, by its glossary name.
    pub subject_kind: &'static str,
    /// The record.
    pub subject: Uuid,
    /// What changed, without names or addresses of people.
    pub detail: Value,
}
