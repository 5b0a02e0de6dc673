//! The cookies of an account: who is signed in, and whom this browser knows.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::ground::app::App;
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{AccountId, BankId, MembershipId};
use crate::ground::sign_in::{self, TokenHash};
use crate::ground::web::errors::AppError;
use crate::ground::web::guard::{SIGN_IN_COOKIE, app_of};
use crate::ground::web::see_other;
use crate::people::account::browser::browser_of;
use crate::people::account::known_device::KnownDevices;
use crate::people::account::store::mark_signed_in;

/// The cookie that says whom this browser knows. It outlives sign-ins, and opens nothing.
const KNOWN_COOKIE: &str = "__Host-known_device";
/// As long as browsers keep a cookie at the most.
const KNOWN_DAYS: i64 = 400;

/// A sign-in that is to begin: its secrets, and the browser it is in.
pub(crate) struct NewSignIn {
    /// What its cookie carries.
    token: String,
    form_key: [u8; 32],
    browser: Option<String>,
    /// The sign-in that the browser had, which ends with it.
    before: Option<TokenHash>,
}

impl NewSignIn {
    /// New secrets, by chance, for the browser that asks.
    pub(crate) fn make(request: &HttpRequest) -> Result<Self, AppError> {
        let (token, form_key) = (random::<32>()?, random::<32>()?);
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let before = request.cookie(SIGN_IN_COOKIE).map(|cookie| TokenHash::of(cookie.value()));
        let (token, browser) = (URL_SAFE_NO_PAD.encode(token), agent.and_then(browser_of));
        Ok(Self { token, form_key, browser, before })
    }

    /// Begins it, for `account` in one of their memberships.
    pub(crate) async fn begin(
        &self,
        tx: &mut Tx,
        account: AccountId,
        acts_in: (BankId, MembershipId),
    ) -> Result<(), DbError> {
        if let Some(before) = &self.before {
            sign_in::store::mark_sign_in_ended(tx, before).await?;
        }
        let secrets = (&TokenHash::of(&self.token), self.form_key);
        sign_in::store::insert_sign_in(tx, secrets, self.browser.as_deref(), account, acts_in).await?;
        tx.go_to_bank(acts_in.0).await?;
        mark_signed_in(tx, acts_in.1).await
    }

    /// Leads the browser in which `account` has signed in to `path`; from now on it knows them.
    pub(crate) fn lead_to(
        &self,
        path: &str,
        account: AccountId,
        request: &HttpRequest,
    ) -> Result<HttpResponse, AppError> {
        let app = app_of(request)?;
        let known = known_devices(app, request).with(account, random()?).cookie(&app.link_key);
        let mut response = see_other(path);
        response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        add(&mut response, &cookie(SIGN_IN_COOKIE, &self.token))?;
        let mut known = cookie(KNOWN_COOKIE, &known);
        known.set_max_age(Duration::days(KNOWN_DAYS));
        add(&mut response, &known)?;
        Ok(response)
    }
}

/// Whom the browser that asks knows.
pub(super) fn known_devices(app: &App, request: &HttpRequest) -> KnownDevices {
    let cookie = request.cookie(KNOWN_COOKIE);
    cookie.map_or_else(KnownDevices::default, |cookie| KnownDevices::read(&app.link_key, cookie.value()))
}

/// Takes the sign-in's cookie away.
pub(super) fn remove_sign_in(response: &mut HttpResponse) -> Result<(), AppError> {
    let mut cookie = cookie(SIGN_IN_COOKIE, "");
    cookie.make_removal();
    add(response, &cookie)
}

fn cookie(name: &'static str, value: &str) -> Cookie<'static> {
    Cookie::build(name, value.to_owned())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}

fn add(response: &mut HttpResponse, cookie: &Cookie<'_>) -> Result<(), AppError> {
    response.add_cookie(cookie).map_err(|error| AppError::internal("setting a cookie", error.to_string()))
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], AppError> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| AppError::internal("making a token", error.to_string()))?;
    Ok(bytes)
}

/// Whether the browser keeps the cookies: over https, or at this machine's own address. The people's address says which
/// it is where a proxy stands in front.
pub(super) fn keeps_sign_in(request: &HttpRequest) -> Result<bool, AppError> {
    let is_secure = app_of(request)?.base_url().starts_with("https://");
    let connection = request.connection_info();
    Ok(is_secure || connection.scheme() == "https" || is_own_address(connection.host()))
}

fn is_own_address(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_own_address;

    #[test]
    fn a_browser_keeps_a_sign_in_over_plain_http_at_its_own_machine_alone() {
        for own in ["127.0.0.1:8080", "127.0.0.1", "localhost:8080", "localhost", "[::1]:8080"] {
            assert!(is_own_address(own), "{own}");
        }
        for other in
            ["192.168.1.5:8080", "10.0.0.2", "bank.example", "localhost.example:80", "[2001:db8::1]:80"]
        {
            assert!(!is_own_address(other), "{other}");
        }
    }
}
