//! A row of a file of sessions, as the form that posts one session.

use serde::{Deserialize, Serialize};

/// A row that became a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRow {
    /// Its number in the file, from 1.
    pub row: usize,
    /// The names and values of the form.
    pub fields: Vec<(String, String)>,
}
