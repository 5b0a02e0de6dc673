//! `/mail/addresses`: the addresses that take no mail, for an administrator to look after.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Utc};

use super::actions::clear_address;
use super::{StoppedAddress, store};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::told::see_told;
use crate::ground::words;

/// Addresses shown at once; the next follow as these are looked after.
const MOST_SHOWN: i64 = 50;

struct Line {
    address: String,
    name: String,
    why: String,
    when: String,
    button: &'static str,
}

#[derive(Template)]
#[template(path = "letters/stopped_address/addresses.html")]
struct AddressesPage {
    page: PageFrame,
    lines: Vec<Line>,
}

/// `GET /mail/addresses`.
pub async fn addresses(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(&who).await?;
    let stopped = store::list_stopped(tx, MOST_SHOWN).await?;
    let frame = who.frame(&request);
    page(&AddressesPage { page: frame, lines: stopped.into_iter().map(|it| line(it, now)).collect() })
}

fn line(stopped: StoppedAddress, now: DateTime<Utc>) -> Line {
    Line {
        name: stopped.name.unwrap_or_default(),
        why: format!("{} The mail server said: {}", stopped.reason.sentence(), stopped.explanation),
        when: words::capitalised(&words::when(stopped.last_failed_at, now)),
        button: if stopped.is_stopped { "Send to it again" } else { "Take off the list" },
        address: stopped.address,
    }
}

/// `POST /mail/addresses`: clears one of them.
pub async fn clear(sent: AdmittedForm, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let address = sent.form.get("address");
    app.db.change(&sent.who, async |tx| clear_address(tx, address).await).await?;
    Ok(see_told("/mail/addresses", "The address is cleared. Emails are sent to it again."))
}
