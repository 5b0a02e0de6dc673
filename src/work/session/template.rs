//! What a practice posts again and again: the form that posts, without its dates, under a name.

use crate::ground::id::{PracticeId, SessionTemplateId};

/// A template that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// Its name.
    pub name: String,
    /// The names and values of the form.
    pub fields: Vec<(String, String)>,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTemplate {
    /// Its id.
    pub id: SessionTemplateId,
    /// Whose it is.
    pub practice: PracticeId,
    /// Its name.
    pub name: String,
    /// The names and values of the form.
    pub fields: Vec<(String, String)>,
}
