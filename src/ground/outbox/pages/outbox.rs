//! The administrator's pages of the outbox.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::app::App;
use crate::ground::form_fields::Typed;
use crate::ground::id::MailId;
use crate::ground::mail::store::held;
use crate::ground::mail::store::{self, MailDetail, MailLine};
use crate::ground::mail::{MailState, fresh, links};
use crate::ground::web::components::{Choice, Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::AskedPage;
use crate::ground::words;

struct Tile {
    figure: String,
    label: &'static str,
}

struct Line {
    subject: String,
    href: String,
    recipients: String,
    tag: Tag,
    written: String,
}

#[derive(Template)]
#[template(path = "ground/outbox/pages/list.html")]
struct ListPage {
    page: PageFrame,
    held: String,
    tiles: Vec<Tile>,
    choices: Vec<Choice>,
    state: String,
    lines: Vec<Line>,
    pages: Pagination,
}

/// What follows `/mail?`.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    state: Typed,
    #[serde(default)]
    page: AskedPage,
}

/// `GET /mail`: the outbox of the bank.
pub async fn list(
    who: Admitted,
    query: web::Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (bank, state) = (who.bank, MailState::from_code(&query.state));
    let tx = &mut app.db.look(&who).await?;
    let counts = store::count_by_state(tx).await?;
    let held = held::count_held(tx, Some(bank)).await?;
    let count =
        |state: MailState| counts.iter().find(|(other, _)| *other == state).map_or(0, |(_, count)| *count);
    let total = state.map_or_else(|| counts.iter().map(|(_, count)| count).sum(), count);
    let shown = query.page.of(total);
    let mails = store::list_mails(tx, state, shown.span().offset, shown.span().limit).await?;
    let of_state = state.map_or(String::new(), |state| format!("state={}&", state.code()));
    page(&ListPage {
        page: who.frame(&request),
        held: if held == 0 { String::new() } else { words::count(held, "email waits", "emails wait") },
        tiles: MailState::ALL
            .map(|state| Tile { figure: words::number(count(state)), label: state.name() })
            .into(),
        choices: MailState::ALL.map(|each| Choice::new(each.code(), each.name(), Some(each) == state)).into(),
        state: state.map_or(String::new(), |state| state.code().to_owned()),
        lines: mails.into_iter().map(line).collect(),
        pages: shown.links(|number| format!("/mail?{of_state}page={number}")),
    })
}

fn line(mail: MailLine) -> Line {
    Line {
        href: format!("/mail/{}", mail.id),
        tag: tag(mail.state),
        subject: mail.subject,
        recipients: mail.recipients,
        written: words::moment(mail.created_at),
    }
}

fn tag(state: MailState) -> Tag {
    let colour = match state {
        MailState::Pending | MailState::ForDigest => TagColour::Yellow,
        MailState::Sending => TagColour::Blue,
        MailState::Sent | MailState::Digested => TagColour::Green,
        MailState::Failed => TagColour::Red,
        MailState::Uncertain => TagColour::Orange,
        MailState::Dropped => TagColour::Grey,
    };
    Tag::new(state.name(), colour)
}

#[derive(Template)]
#[template(path = "ground/outbox/pages/detail.html")]
struct DetailPage {
    page: PageFrame,
    subject: String,
    rows: Vec<(&'static str, String)>,
    paragraphs: Vec<String>,
    again_href: String,
}

/// A mail of the bank, and the addresses it goes to in one line.
pub(crate) async fn mail_with_recipients(
    app: &App,
    who: &Admitted,
    id: MailId,
) -> Result<(MailDetail, String), AppError> {
    let tx = &mut app.db.look(who).await?;
    let mail = store::find_mail(tx, id).await?.ok_or(AppError::NotFound)?;
    let recipients = store::list_recipients(tx, id).await?;
    let addresses: Vec<_> = recipients.into_iter().map(|(address, _)| address).collect();
    Ok((mail, words::list(&addresses)))
}

/// `GET /mail/{mail}`: one mail, without the links that let its reader act.
pub async fn detail(
    who: Admitted,
    id: web::Path<MailId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    let (mail, recipients) = mail_with_recipients(app, &who, id).await?;
    page(&DetailPage {
        page: who.frame(&request),
        rows: rows(&mail, &recipients),
        again_href: if mail.state == MailState::Failed { format!("/mail/{id}/again") } else { String::new() },
        paragraphs: paragraphs(&fresh::keep_all(&mail.text_body)),
        subject: mail.subject,
    })
}

fn rows(mail: &MailDetail, recipients: &str) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("To", recipients.to_owned()),
        ("State", mail.state.name().to_owned()),
        ("Written", words::moment(mail.created_at)),
        ("Tries", mail.attempts.to_string()),
    ];
    if let Some(at) = mail.finished_at {
        rows.push(("Finished", words::moment(at)));
    }
    if mail.uncertain_times > 0 {
        rows.push(("Uncertain", words::count(i64::from(mail.uncertain_times), "time", "times")));
    }
    if let Some(error) = &mail.last_error {
        rows.push(("Last problem", error.clone()));
    }
    rows.push(("Message-ID", mail.message_id.clone()));
    rows
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(links::without_links).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
