//! The inbox that runs beside the demonstration (maildev), asked what has arrived.

use reqwest::Client;
use serde::Deserialize;

use super::WalkError;

/// One mail that arrived.
#[derive(Debug, Clone, Deserialize)]
pub struct Arrived {
    /// Its subject.
    #[serde(default)]
    pub subject: String,
    /// Its text part.
    #[serde(default)]
    pub text: String,
    /// Its headers.
    pub headers: Headers,
    /// What is attached; null where nothing is.
    #[serde(default)]
    pub attachments: Option<Vec<Attached>>,
}

/// The headers that matter here.
#[derive(Debug, Clone, Deserialize)]
pub struct Headers {
    /// The mail's own name, by which copies are known.
    #[serde(rename = "message-id", default)]
    pub message_id: String,
}

/// One attachment.
#[derive(Debug, Clone, Deserialize)]
pub struct Attached {
    /// Its content type.
    #[serde(rename = "contentType", default)]
    pub content_type: String,
}

impl Arrived {
    /// The addresses of the links to answer offers that the mail carries.
    pub fn offer_links(&self) -> impl Iterator<Item = &str> {
        self.text.split_whitespace().filter(|word| word.contains("/offer-link/"))
    }

    /// Whether a calendar entry is attached.
    #[must_use]
    pub fn has_calendar(&self) -> bool {
        self.attachments.iter().flatten().any(|attached| attached.content_type.contains("calendar"))
    }
}

/// Everything that has arrived.
pub async fn everything(inbox_url: &str) -> Result<Vec<Arrived>, WalkError> {
    let path = format!("{inbox_url}/email");
    let unreachable = |error| WalkError::Unreachable { path: path.clone(), error };
    let response = Client::new().get(&path).send().await.map_err(unreachable)?;
    response.json().await.map_err(unreachable)
}
