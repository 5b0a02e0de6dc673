//! The body of a form, with its token checked.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use subtle::ConstantTimeEq;

use super::AppError;
use crate::ground::form_fields::RawForm;

/// The largest form taken, in bytes.
const MOST_BYTES: usize = 256 * 1024;

/// Reads an `application/x-www-form-urlencoded` body; a name may come several times.
pub async fn read_form(request: &HttpRequest, payload: &mut Payload) -> Result<RawForm, AppError> {
    let body = web::Payload::from_request(request, payload)
        .await
        .map_err(|error| AppError::BadRequest(format!("The form did not arrive whole: {error}.")))?;
    let bytes = match body.to_bytes_limited(MOST_BYTES).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_cut)) => {
            return Err(AppError::BadRequest("The form did not arrive whole. Try again.".to_owned()));
        }
        Err(_too_large) => {
            return Err(AppError::BadRequest("The form is too large. Shorten what you entered.".to_owned()));
        }
    };
    let unreadable = || AppError::BadRequest("Go back, check what you entered and try again.".to_owned());
    let pairs: Vec<(String, String)> =
        serde_html_form::from_bytes(&bytes).map_err(|_no_pairs| unreadable())?;
    // Nobody types a NUL, and PostgreSQL can keep none.
    if pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(unreadable());
    }
    Ok(RawForm::from_pairs(pairs))
}

/// Reads a form of a signed-in person, whose `csrf_token` must be `form_token`.
pub async fn read_own_form(
    request: &HttpRequest,
    payload: &mut Payload,
    form_token: &str,
) -> Result<RawForm, AppError> {
    let form = read_form(request, payload).await?;
    demand_token(&form, form_token)?;
    Ok(form)
}

/// Refuses a form whose `csrf_token` is not `form_token`.
pub(super) fn demand_token(form: &RawForm, form_token: &str) -> Result<(), AppError> {
    let is_own = bool::from(form.get("csrf_token").as_bytes().ct_eq(form_token.as_bytes()));
    if is_own { Ok(()) } else { Err(AppError::ForeignForm) }
}
