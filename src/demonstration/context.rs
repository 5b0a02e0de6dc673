//! What every step of the loading is given, and how it can fail.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::demonstration::Size;
use crate::ground::db::DbError;
use crate::people::account::password;
use crate::people::practice::import::ImportError;
use crate::terms::bank::Bank;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use matching_model::policy::Policy;

/// A demonstration bank could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A booking of the history could not be written.
    #[error("booking a session of the history: {0}")]
    History(#[from] DeskError),
    /// The history could not be planned.
    #[error("planning the history: {0}")]
    Planning(String),
    /// What counts for the bank could not be decided.
    #[error("deciding what counts for the bank: {0}")]
    Rules(String),
    /// Rounds could not be held.
    #[error("holding rounds: {0}")]
    Rounds(String),
    /// A vacancy could not be written.
    #[error("writing a vacancy: {0}")]
    Vacancies(String),
    /// What was worked could not be signed off.
    #[error("signing off what was worked: {0}")]
    Worked(String),
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] password::HashError),
    /// The practices could not be imported.
    #[error("importing practices: {0}")]
    Import(#[from] ImportError),
    /// There is nothing to place people near.
    #[error("the bank has no open practices")]
    NoPractices,
}

/// Is told which step of the loading has begun.
pub type Steps = Arc<dyn Fn(&str) + Send + Sync>;

/// What every step of the loading needs.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) bank: Bank,
    pub(crate) now: DateTime<Utc>,
    pub(crate) today: NaiveDate,
    pub(crate) size: Size,
    pub(crate) desk: Desk,
    pub(crate) policy: Policy,
    pub(crate) password_hash: String,
    pub(crate) steps: Steps,
}
