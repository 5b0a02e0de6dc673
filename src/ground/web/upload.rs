//! A form with a file in it (RFC 7578). Of a signed-in person its token stands before the file and is checked before the
//! file is read; of whoever holds a link, the link is what they prove themselves by.
//!
//! What a form takes of memory is bounded: a file of ten megabytes at most, so many at a time in a process, and what is
//! more is read past, so that whoever sent it gets an answer.

use std::pin::Pin;
use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use futures_util::TryStreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::AppError;
use super::form_body::{self, demand_token};
use super::guard::{Admitted, admit};
use crate::ground::form_fields::{RawForm, SentFile, Typed};

/// The largest file taken, in bytes.
pub const MOST_FILE_BYTES: usize = 10 * 1024 * 1024;

/// The largest body that is read past to its end, in bytes. One that says that it is larger is hung up on.
const MOST_READ_PAST_BYTES: usize = 256 * 1024 * 1024;

/// What a file grows by when it is sealed, at most, in bytes.
const ROOM_TO_SEAL: usize = 64;

/// The largest value of another field, in bytes, and the most fields.
const MOST_VALUE_BYTES: usize = 16 * 1024;
const MOST_FIELDS: usize = 40;

/// So many files are in the memory of a process at a time. Whoever comes then waits for the first to be done.
const FILES_AT_A_TIME: usize = 4;
static ROOM: Semaphore = Semaphore::const_new(FILES_AT_A_TIME);

/// How long somebody waits for room, and how long a file may take on its way.
const WAITS_FOR_ROOM: Duration = Duration::from_secs(20);
const MOST_TIME: Duration = Duration::from_mins(2);

/// A form with a file, sent by a signed-in person whom the route admits.
pub struct AdmittedUpload {
    /// Who sent it.
    pub who: Admitted,
    /// What they entered.
    pub form: RawForm,
    /// The file.
    pub file: SentFile,
    /// Held as long as the file is in memory.
    _room: Option<SemaphorePermit<'static>>,
}

/// A form with a file, of whoever may send it.
pub struct SentForm {
    /// What they entered.
    pub form: RawForm,
    /// The file.
    pub file: SentFile,
    room: Option<SemaphorePermit<'static>>,
}

/// Reads a form with a file, or one without. Where there is a token, that must be the form's.
pub async fn read_sent_form(
    request: &HttpRequest,
    payload: &mut Payload,
    form_token: Option<&str>,
) -> Result<SentForm, AppError> {
    if !is_multipart(request) {
        let form = form_body::read_form(request, payload).await?;
        form_token.map_or(Ok(()), |token| demand_token(&form, token))?;
        return Ok(SentForm { form, file: SentFile::None, room: None });
    }
    let length = body_length(request)?;
    let parts = Multipart::from_request(request, payload).await.map_err(|_no_parts| cut())?;
    let reading = tokio::time::timeout(MOST_TIME, read(parts, form_token, length)).await;
    let (form, file, room) = reading.map_err(|_too_slow| cut())??;
    Ok(SentForm { form, file, room })
}

impl FromRequest for AdmittedUpload {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let who = admit(&request).await?;
            let sent = read_sent_form(&request, &mut payload, Some(&who.form_token)).await?;
            Ok(Self { who, form: sent.form, file: sent.file, _room: sent.room })
        })
    }
}

fn is_multipart(request: &HttpRequest) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// How long a body says that it is, in bytes; the most where it does not say. One that is larger than anybody would read
/// past is refused.
fn body_length(request: &HttpRequest) -> Result<usize, AppError> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    match length.and_then(|length| length.parse().ok()) {
        Some(length) if length > MOST_READ_PAST_BYTES => {
            Err(AppError::BadRequest("The file is too large: it must be 10 MB or smaller.".to_owned()))
        }
        Some(length) => Ok(length),
        None => Ok(MOST_FILE_BYTES),
    }
}

type Read = (RawForm, SentFile, Option<SemaphorePermit<'static>>);

async fn read(mut parts: Multipart, form_token: Option<&str>, length: usize) -> Result<Read, AppError> {
    let (mut pairs, mut file, mut room) = (Vec::new(), SentFile::None, None);
    while let Some(mut part) = parts.try_next().await.map_err(|_cut| cut())? {
        if pairs.len() >= MOST_FIELDS {
            return Err(cut());
        }
        let name = part.name().unwrap_or_default().to_owned();
        match file_name(&part) {
            Some(file_name) => {
                if let Some(token) = form_token {
                    demand_token(&RawForm::from_pairs(pairs.clone()), token)?;
                }
                if room.is_none() {
                    room = Some(find_room().await?);
                }
                file = read_file(&mut part, &file_name, length).await?;
            }
            None => pairs.push((name, read_value(&mut part).await?)),
        }
    }
    let form = RawForm::from_pairs(pairs);
    form_token.map_or(Ok(()), |token| demand_token(&form, token))?;
    Ok((form, file, room))
}

/// What the file of a part is called; none where the part is no file.
fn file_name(part: &Field) -> Option<String> {
    part.content_disposition()?.get_filename().map(str::to_owned)
}

async fn find_room() -> Result<SemaphorePermit<'static>, AppError> {
    let found = tokio::time::timeout(WAITS_FOR_ROOM, ROOM.acquire()).await;
    found.ok().and_then(Result::ok).ok_or(AppError::Unavailable)
}

/// The file of a part, of at most so many bytes with the rest of its body. Its memory is asked for once, with a little room
/// for whoever seals it. Browsers send an empty one without a name where none was chosen.
async fn read_file(part: &mut Field, name: &str, most_bytes: usize) -> Result<SentFile, AppError> {
    let mut bytes = Vec::with_capacity(most_bytes.min(MOST_FILE_BYTES) + ROOM_TO_SEAL);
    let mut is_too_large = false;
    while let Some(chunk) = part.try_next().await.map_err(|_cut| cut())? {
        is_too_large |= bytes.len() + chunk.len() > MOST_FILE_BYTES;
        if is_too_large {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(match (is_too_large, bytes.is_empty() && name.is_empty()) {
        (true, _) => SentFile::TooLarge,
        (false, true) => SentFile::None,
        (false, false) => SentFile::Read { name: Typed::from(name).to_string(), bytes },
    })
}

async fn read_value(part: &mut Field) -> Result<String, AppError> {
    let too_long = || AppError::BadRequest("The form is too large. Shorten what you entered.".to_owned());
    let read = part.bytes(MOST_VALUE_BYTES).await.map_err(|_too_long| too_long())?;
    let value = String::from_utf8(read.map_err(|_cut| cut())?.into()).map_err(|_no_text| cut())?;
    if value.contains('\0') { Err(cut()) } else { Ok(value) }
}

fn cut() -> AppError {
    AppError::BadRequest("The file did not arrive whole. Nothing has been kept. Try again.".to_owned())
}
