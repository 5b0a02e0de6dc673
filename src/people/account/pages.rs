//! Start page, sign in, sign out.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use url::{Position, Url};

use super::{password, store};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::ground::sign_in::{self, PersonKind, TokenHash};
use crate::ground::web::errors::AppError;
use crate::ground::web::form_body::read_form;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{
    GuardedForm, IsSignedIn, MaybeSignedIn, SIGN_IN_COOKIE, app_of, visitor_frame,
};
use crate::ground::web::{page, see_other};

/// A quarter of an hour, over which tries are counted.
const WINDOW_SECONDS: u32 = 900;

#[derive(Template)]
#[template(path = "people/account/start.html")]
struct StartPage {
    page: PageFrame,
}

/// `GET /`: where each kind of person starts; what the service is, for a visitor.
pub async fn start(
    MaybeSignedIn(who): MaybeSignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    match who {
        Some(who) => Ok(see_other(who.kind.start_page())),
        None => page(&StartPage { page: visitor_frame(&request) }),
    }
}

/// Whatever has no route. Somebody who is signed in keeps their menu.
pub async fn nothing_here(_: MaybeSignedIn) -> Result<HttpResponse, AppError> {
    Err(AppError::NotFound)
}

#[derive(Template)]
#[template(path = "people/account/sign_in.html")]
struct SignInPage {
    page: PageFrame,
    email: String,
    next: String,
    is_kept: bool,
    errors: FieldErrors<SignInField>,
}

/// The fields of the sign-in form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SignInField {
    Email,
}

impl Field for SignInField {
    fn name(self) -> &'static str {
        "email"
    }
}

/// What follows `/sign-in?`.
#[derive(Debug, Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`.
pub async fn sign_in_page(
    MaybeSignedIn(who): MaybeSignedIn,
    query: web::Query<SignInQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    if let Some(who) = who {
        return Ok(see_other(own_path(&query.next).as_deref().unwrap_or(who.kind.start_page())));
    }
    let next = query.into_inner().next;
    page(&SignInPage {
        page: visitor_frame(&request),
        email: String::new(),
        next,
        is_kept: keeps_sign_in(&request)?,
        errors: FieldErrors::none(),
    })
}

/// `POST /sign-in`: begins a sign-in and sets its cookie. Tries are counted by address and by network address.
pub async fn sign_in(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let form = read_form(&request, &mut payload.into_inner()).await?;
    let email = form.get("email").trim().to_lowercase();
    if email.is_empty() || form.get("password").is_empty() {
        let errors = FieldErrors::one(SignInField::Email, "Enter your email address and your password");
        return again(&request, &form, email, errors);
    }
    if is_tried_too_often(app, &request, &email).await {
        return Err(AppError::TooMany);
    }
    let address = email.clone();
    let found = store::find_credentials(&mut app.db.look(Actor::Visitor).await?, &address).await?;
    let (account, hash) = found.map_or((None, None), |found| (Some(found.account_id), found.password_hash));
    let is_right = password::verify(
        form.get("password").to_owned().into(),
        hash,
        app.settings.sign_in.argon2_memory_kib,
    )
    .await;
    let membership = match account.filter(|_| is_right) {
        Some(account) => begin(app, account).await?,
        None => None,
    };
    let Some((token, kind)) = membership else {
        let errors = FieldErrors::one(
            SignInField::Email,
            "Check your email address and password. They do not match an account.",
        );
        return again(&request, &form, email, errors);
    };
    for key in counted_under(app, &request, &email) {
        app.cache.take_back(&key).await;
    }
    let next = own_path(form.get("next"));
    let mut response = see_other(next.as_deref().unwrap_or(kind.start_page()));
    set_cookie(&mut response, &token)?;
    Ok(response)
}

/// The form again, with what was typed but the password.
fn again(
    request: &HttpRequest,
    form: &RawForm,
    email: String,
    errors: FieldErrors<SignInField>,
) -> Result<HttpResponse, AppError> {
    let next = form.get("next").to_owned();
    let is_kept = keeps_sign_in(request)?;
    crate::ground::web::page_with_errors(&SignInPage {
        page: visitor_frame(request),
        email,
        next,
        is_kept,
        errors,
    })
}

/// Under which keys a try counts: the address it names, and the network it comes from.
fn counted_under(app: &App, request: &HttpRequest, email: &str) -> [String; 2] {
    let (email, network) = (hex::encode(TokenHash::of(email).0), network_address(app, request));
    [format!("sign-in:email:{email}"), format!("sign-in:network:{network}")]
}

/// Counts this try before it is known whether it is right, so that many at once count too, and says whether there have
/// been too many. A right one is taken back.
async fn is_tried_too_often(app: &App, request: &HttpRequest, email: &str) -> bool {
    let (now, most) = (app.clock.now(), u64::from(app.settings.sign_in.attempts_per_quarter_hour));
    let [email, network] = counted_under(app, request, email);
    let by_email = app.cache.count(&email, WINDOW_SECONDS, now).await;
    let by_network = app.cache.count(&network, WINDOW_SECONDS, now).await;
    // One practice's people share one network address.
    by_email > most || by_network > most * 10
}

/// Where the request comes from, as far as it can be believed.
fn network_address(app: &App, request: &HttpRequest) -> String {
    let info = request.connection_info();
    let address = if app.settings.server.behind_proxy { info.realip_remote_addr() } else { info.peer_addr() };
    address.unwrap_or("unknown").to_owned()
}

/// Begins a sign-in of `account` in their oldest membership, and gives its token and kind. `None` where they have
/// no membership any more.
async fn begin(
    app: &App,
    account: crate::ground::id::AccountId,
) -> Result<Option<(String, PersonKind)>, AppError> {
    let (mut token, mut form_key) = ([0_u8; 32], [0_u8; 32]);
    getrandom::fill(&mut token).map_err(|error| AppError::internal("making a token", error.to_string()))?;
    getrandom::fill(&mut form_key)
        .map_err(|error| AppError::internal("making a token", error.to_string()))?;
    let token = URL_SAFE_NO_PAD.encode(token);
    let hash = TokenHash::of(&token);
    let kind = app
        .db
        .change(Actor::Visitor, async |tx| {
            let Some(membership) = store::list_memberships(tx, account).await?.into_iter().next() else {
                return Ok::<_, AppError>(None);
            };
            let acts_in = (membership.bank_id, membership.membership_id);
            sign_in::store::insert_sign_in(tx, &hash, form_key, account, acts_in).await?;
            Ok(Some(membership.kind))
        })
        .await?;
    Ok(kind.map(|kind| (token, kind)))
}

/// `POST /sign-out`.
pub async fn sign_out(
    GuardedForm { who, .. }: GuardedForm<IsSignedIn>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let hash = who.token_hash.clone();
    let ended = app.db.change(&who, async |tx| sign_in::store::mark_sign_in_ended(tx, &hash).await);
    ended.await?;
    let mut response = see_other("/");
    let mut cookie = cookie_with("");
    cookie.make_removal();
    response
        .add_cookie(&cookie)
        .map_err(|error| AppError::internal("removing a cookie", error.to_string()))?;
    Ok(response)
}

fn set_cookie(response: &mut HttpResponse, token: &str) -> Result<(), AppError> {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
        .add_cookie(&cookie_with(token))
        .map_err(|error| AppError::internal("setting a cookie", error.to_string()))
}

fn cookie_with(token: &str) -> Cookie<'static> {
    Cookie::build(SIGN_IN_COOKIE, token.to_owned())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}

/// Whether the browser keeps the cookie: over https, or at this machine's own address. The people's address says which
/// it is where a proxy stands in front.
fn keeps_sign_in(request: &HttpRequest) -> Result<bool, AppError> {
    let is_secure = app_of(request)?.base_url().starts_with("https://");
    let connection = request.connection_info();
    Ok(is_secure || connection.scheme() == "https" || is_own_address(connection.host()))
}

fn is_own_address(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `next` where it is a path of ours, as a browser would understand it: browsers drop tabs and line ends, and read `\`
/// as `/`, so what an address must not contain can't be listed; where it leads can be asked.
fn own_path(next: &str) -> Option<String> {
    let here = Url::parse("https://own.invalid/").ok()?;
    let there = here.join(next).ok().filter(|_| next.starts_with('/'))?;
    // `/..//x` is a path of ours whose own beginning would be read as another host.
    let path = &there[Position::BeforePath..];
    (there.origin() == here.origin() && !path.starts_with("//")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{is_own_address, own_path};

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

    #[test]
    fn signing_in_leads_nowhere_else() {
        assert_eq!(own_path("/sessions?week=2026-11-02").as_deref(), Some("/sessions?week=2026-11-02"));
        assert_eq!(own_path("/\tsessions").as_deref(), Some("/sessions"));
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "sessions",
            "/\t/evil.example",
            "/\r\n/evil.example",
            "\t//evil.example",
            "/\t\\evil.example",
            "//own.invalid:80/",
            "/..//evil.example",
            "/.//evil.example",
        ] {
            assert_eq!(own_path(elsewhere), None, "{elsewhere}");
        }
    }
}
