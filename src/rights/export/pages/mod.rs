//! The pages of copies: one's own, and a bank's for whoever asks by letter.

pub mod own;
pub mod person;

use actix_web::HttpResponse;
use actix_web::http::header;
use chrono::{DateTime, Utc};

use crate::ground::form_fields::{Field, FieldErrors};
use crate::ground::words;
use crate::rights::export::Export;

/// The field of the form that fetches one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FetchField {
    Password,
}

impl Field for FetchField {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
        }
    }
}

fn wrong_password() -> FieldErrors<FetchField> {
    FieldErrors::one(FetchField::Password, "Check your password. It is not the one of your account")
}

/// A copy on the page.
struct Line {
    asked: String,
    /// "" while it is made.
    until: String,
}

/// One that can be fetched, the newest, and one that is being made.
fn lines(exports: Vec<Export>, now: DateTime<Utc>) -> Vec<Line> {
    let is_made = |export: &Export| export.ready_at.is_some();
    let newest = exports.iter().find(|export| is_made(export)).map(|export| export.id);
    let shown = exports.into_iter().filter(|export| !is_made(export) || Some(export.id) == newest);
    let line = |export: Export| Line {
        asked: words::when(export.asked_at, now),
        until: export.expires_at.map_or(String::new(), words::moment),
    };
    shown.map(line).collect()
}

/// The archive, as something to be kept.
fn file(bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"what-is-held.zip\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .body(bytes)
}
