//! The page that asks whether what was given up, a mail or background work, is to be tried again.

use askama::Template;

use super::components::Link;
use super::frame::PageFrame;

/// What is to be tried again, and what it said last.
#[derive(Template)]
#[template(path = "ground/web/again.html")]
pub struct AgainPage {
    /// The frame.
    pub page: PageFrame,
    /// What is asked.
    pub heading: &'static str,
    /// What kind of thing it is; may be empty.
    pub caption: &'static str,
    /// What is known of it, each with its label. What is empty is left out.
    pub rows: Vec<(&'static str, String)>,
    /// What to know before; may be empty.
    pub note: &'static str,
    /// Where the form goes.
    pub action: String,
    /// What its button says.
    pub button: &'static str,
    /// The page it was asked from.
    pub back: Link,
}
