//! `/second-factor`: a person's second factor: what it is, setting it up, new recovery codes, turning it off. Each change
//! asks for the password again, and for a code of the one there is, so that whoever finds a browser left signed in changes
//! nothing.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::cookies::random;
use super::own_password::load;
use super::proof::{CODE, Unproven, unproven};
use crate::ground::app::App;
use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::ground::id::AccountId;
use crate::ground::sign_in::SignedIn;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors, see_other};
use crate::ground::words;
use crate::people::account::actions::second_factor::{
    FactorError, begin_second_factor, confirm_second_factor, end_second_factor, opened, renew_recovery_codes,
};
use crate::people::account::second_factor::{
    Given, Picture, RECOVERY_CODE, RECOVERY_CODES, SharedSecret, address, by_hand, given, hash_of, picture,
    written,
};
use crate::people::account::store::second_factor::{SecondFactor, find_second_factor};

/// The fields of the forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FactorField {
    Password,
    Code,
}

impl Field for FactorField {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => CODE,
        }
    }
}

#[derive(Template)]
#[template(path = "people/account/pages/second_factor.html")]
struct FactorPage {
    page: PageFrame,
    email: String,
    /// "2 November 2026 at 9am"; "" where there is none.
    since: String,
    codes_left: i64,
    /// The bank demands one of whoever acts as this.
    is_demanded: bool,
    errors: FieldErrors<FactorField>,
}

async fn find(app: &App, who: &SignedIn) -> Result<SecondFactor, AppError> {
    Ok(find_second_factor(&mut app.db.look(who).await?, who.account).await?)
}

fn factor_page(
    who: &Admitted,
    request: &HttpRequest,
    kept: &SecondFactor,
    email: String,
    errors: FieldErrors<FactorField>,
) -> FactorPage {
    FactorPage {
        page: who.frame(request),
        email,
        since: kept.confirmed_at.map_or(String::new(), words::moment),
        codes_left: kept.codes_left,
        is_demanded: who.second_factor.is_demanded,
        errors,
    }
}

/// `GET /second-factor`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (holder, kept) = (load(app, &who).await?, find(app, &who).await?);
    page(&factor_page(&who, &request, &kept, holder.email, FieldErrors::none()))
}

/// The page again where what was given does not show that it is they.
async fn refused(
    app: &App,
    who: &Admitted,
    form: &RawForm,
    request: &HttpRequest,
) -> Result<Option<HttpResponse>, AppError> {
    let holder = load(app, who).await?;
    let Some(unproven) = unproven(request, &holder, form).await? else { return Ok(None) };
    let field = if unproven == Unproven::Password { FactorField::Password } else { FactorField::Code };
    let errors = FieldErrors::one(field, unproven.words());
    let kept = find(app, who).await?;
    page_with_errors(&factor_page(who, request, &kept, holder.email, errors)).map(Some)
}

/// `POST /second-factor/begin`.
pub async fn begin(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    if let Some(again) = refused(app, &who, &form, &request).await? {
        return Ok(again);
    }
    let (secret, nonce, account): (SharedSecret, _, _) = (random()?, random()?, who.account);
    let begin = async |tx: &mut _| begin_second_factor(tx, &app.data_key, account, (&secret, nonce)).await;
    app.db.change(&who, begin).await?;
    Ok(see_other("/second-factor/new"))
}

#[derive(Template)]
#[template(path = "people/account/pages/set_up.html")]
struct SetUpPage {
    page: PageFrame,
    picture: Picture,
    by_hand: String,
    address: String,
    errors: FieldErrors<FactorField>,
}

/// The page that sets up what is being set up; none where nothing is.
async fn set_up_page(
    app: &App,
    who: &Admitted,
    request: &HttpRequest,
    errors: FieldErrors<FactorField>,
) -> Result<Option<SetUpPage>, AppError> {
    let holder = load(app, who).await?;
    let pending = find(app, who).await?.sealed_pending;
    let Some(secret) = opened(&app.data_key, who.account, pending.as_deref()) else { return Ok(None) };
    let address = address(&secret, &holder.email, &app.settings.server.product_name);
    let picture = picture(&address);
    let picture = picture.ok_or_else(|| AppError::internal("drawing a code", "the address is too long"))?;
    Ok(Some(SetUpPage { page: who.frame(request), picture, by_hand: by_hand(&secret), address, errors }))
}

/// `GET /second-factor/new`: the picture for the app, and where its first code is entered.
pub async fn set_up(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let shown = set_up_page(app_of(&request)?, &who, &request, FieldErrors::none()).await?;
    shown.map_or_else(|| Ok(see_other("/second-factor")), |shown| page(&shown))
}

#[derive(Template)]
#[template(path = "people/account/pages/recovery_codes.html")]
struct CodesPage {
    page: PageFrame,
    codes: Vec<String>,
}

/// New recovery codes: as they are written down, and their hashes.
fn new_codes(account: AccountId) -> Result<(Vec<String>, Vec<[u8; 32]>), AppError> {
    let codes = (0..RECOVERY_CODES).map(|_| random::<RECOVERY_CODE>()).collect::<Result<Vec<_>, _>>()?;
    let hashes = codes.iter().map(|code| hash_of(account, code)).collect();
    Ok((codes.iter().map(written).collect(), hashes))
}

/// `POST /second-factor/new`: confirms it, and shows the recovery codes, once.
pub async fn confirm(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let holder = load(app, &who).await?;
    let code = match given(form.get(CODE)) {
        Some(Given::Code(code)) => code,
        _ => String::new(),
    };
    let ((codes, hashes), letterhead) = (new_codes(who.account)?, app.letterhead());
    let means = (&app.data_key, &letterhead);
    let confirm =
        async |tx: &mut _| confirm_second_factor(tx, means, &holder, (&code, &hashes), &who.token_hash).await;
    match app.db.change(&who, confirm).await {
        Ok(()) => page(&CodesPage { page: who.frame(&request), codes }),
        Err(FactorError::WrongCode) => {
            let wrong = "Enter the 6 numbers that your app shows now";
            let shown = set_up_page(app, &who, &request, FieldErrors::one(FactorField::Code, wrong)).await?;
            shown.map_or_else(|| Ok(see_other("/second-factor")), |shown| page_with_errors(&shown))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /second-factor/codes`: new recovery codes, shown once.
pub async fn renew(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    if let Some(again) = refused(app, &who, &form, &request).await? {
        return Ok(again);
    }
    let holder = load(app, &who).await?;
    let ((codes, hashes), letterhead) = (new_codes(who.account)?, app.letterhead());
    let renew = async |tx: &mut _| renew_recovery_codes(tx, &letterhead, &holder, &hashes).await;
    app.db.change(&who, renew).await?;
    page(&CodesPage { page: who.frame(&request), codes })
}

/// `POST /second-factor/end`: turns it off, where none is demanded.
pub async fn end(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    if who.second_factor.is_demanded {
        return Err(AppError::conflict(
            "Your bank demands a second factor",
            "You can set up another one in its place. Nothing was changed.",
        ));
    }
    if let Some(again) = refused(app, &who, &form, &request).await? {
        return Ok(again);
    }
    let (holder, letterhead) = (load(app, &who).await?, app.letterhead());
    app.db.change(&who, async |tx| end_second_factor(tx, &letterhead, &holder).await).await?;
    Ok(see_told("/second-factor", "Your second factor is turned off"))
}
