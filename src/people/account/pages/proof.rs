//! Before what opens an account is changed, whoever is signed in shows again that it is they: by the password, and by a code
//! where they have a second factor. Whoever finds a browser left signed in changes nothing (ASVS 7.5.1).

use actix_web::HttpRequest;

use super::cookies::known_devices;
use super::own_password::is_own_password;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::form_fields::RawForm;
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::app_of;
use crate::people::account::Holder;
use crate::people::account::actions::second_factor::{FactorError, use_second_factor};
use crate::people::account::attempt::Attempt;
use crate::people::account::second_factor::{Given, given};
use crate::people::account::store::second_factor::find_second_factor;

/// The name of the field with the code of the second factor.
pub(super) const CODE: &str = "code";

/// What does not show that it is they, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unproven {
    /// It is not their password.
    Password,
    /// It is no code at all.
    NoCode,
    /// It is not a code of theirs, or it was used.
    WrongCode,
}

impl Unproven {
    /// What to do, to be told beside the field.
    pub fn words(self) -> &'static str {
        match self {
            Self::Password => "Check your password. It is not the one of your account",
            Self::NoCode => {
                "Enter the 6 numbers that your app shows, or a recovery code, like ABCD-EFGH-IJKL-MNOP"
            }
            Self::WrongCode => "This is not a code of your app, or it was used: wait for the next one",
        }
    }
}

/// Whether an account has a second factor, which its changes ask for.
pub(super) async fn has_second_factor(app: &App, holder: &Holder) -> Result<bool, AppError> {
    let kept = find_second_factor(&mut app.db.look(Actor::Visitor).await?, holder.account).await?;
    Ok(kept.confirmed_at.is_some())
}

/// What the form does not show of `holder`, who is signed in; none where it shows all. The code is used up. Tries are
/// counted, of the password and of the code.
pub(super) async fn unproven(
    request: &HttpRequest,
    holder: &Holder,
    form: &RawForm,
) -> Result<Option<Unproven>, AppError> {
    let app = app_of(request)?;
    if !is_own_password(app, holder, form.exactly("password")).await? {
        return Ok(Some(Unproven::Password));
    }
    if !has_second_factor(app, holder).await? {
        return Ok(None);
    }
    let Some(given) = given(form.get(CODE)) else { return Ok(Some(Unproven::NoCode)) };
    match use_code(app, request, holder, &given).await? {
        Ok(()) => Ok(None),
        Err(FactorError::WrongCode) => Ok(Some(Unproven::WrongCode)),
        Err(error) => Err(error.into()),
    }
}

async fn use_code(
    app: &App,
    request: &HttpRequest,
    holder: &Holder,
    given: &Given,
) -> Result<Result<(), FactorError>, AppError> {
    let device = known_devices(app, request).of(holder.account);
    let attempt = Attempt::to_give_a_code(holder.account, device.as_ref());
    if attempt.is_one_too_many(app).await {
        return Err(AppError::TooMany);
    }
    let (key, letterhead) = (&app.data_key, app.letterhead());
    let used = async |tx: &mut _| use_second_factor(tx, (key, &letterhead), holder, given).await;
    let used = app.db.change(Actor::Visitor, used).await;
    if used.is_ok() {
        attempt.take_back(app).await;
    }
    Ok(used)
}
