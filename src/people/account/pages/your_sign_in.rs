//! `/your-sign-in`: a person's password, and where they are signed in.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::TimeDelta;

use super::own_password::load;
use crate::ground::sign_in::store::{SignInLine, list_sign_ins};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::ground::words::moment;
use crate::people::account::actions::sign_ins::{Which, end_sign_ins};

/// A sign-in on the page.
struct Line {
    id: String,
    browser: String,
    since: String,
    last_used: String,
    is_this_one: bool,
}

#[derive(Template)]
#[template(path = "people/account/pages/your_sign_in.html")]
struct YourSignInPage {
    page: PageFrame,
    email: String,
    second_factor: &'static str,
    lines: Vec<Line>,
}

fn line(sign_in: SignInLine) -> Line {
    Line {
        id: sign_in.id.to_string(),
        browser: sign_in.browser.unwrap_or_else(|| "A browser we don’t know".to_owned()),
        since: moment(sign_in.created_at),
        last_used: moment(sign_in.last_seen_at),
        is_this_one: sign_in.is_this_one,
    }
}

/// `GET /your-sign-in`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (now, rules) = (app.clock.now(), &app.settings.sign_in);
    let live = (now - TimeDelta::hours(rules.absolute_hours), now - TimeDelta::minutes(rules.idle_minutes));
    let email = load(app, &who).await?.email;
    let sign_ins = list_sign_ins(&mut app.db.look(&who).await?, who.account, &who.token_hash, live).await?;
    page(&YourSignInPage {
        page: who.frame(&request),
        email,
        second_factor: if who.second_factor.is_set_up { "Codes of your app" } else { "None yet" },
        lines: sign_ins.into_iter().map(line).collect(),
    })
}

/// `POST /your-sign-in/end`: ends one sign-in, or all others.
pub async fn end(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let which = match form.get("sign_in") {
        "others" => Which::Others,
        id => Which::One(id.parse().map_err(|_no_id| {
            AppError::BadRequest("Go back, reload the page and press the button again.".to_owned())
        })?),
    };
    let (account, kept) = (who.account, who.token_hash.clone());
    app.db.change(&who, async |tx| end_sign_ins(tx, account, which, &kept).await).await?;
    Ok(see_told("/your-sign-in", "You are signed out there."))
}
