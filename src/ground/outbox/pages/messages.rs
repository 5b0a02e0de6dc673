//! The administrator's list of every message, each with a preview on invented data.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::ground::actor::PersonKind;
use crate::ground::app::App;
use crate::ground::mail::kinds::{Audience, MessageKind, Urgency};
use crate::ground::mail::links::Links;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, compose, fresh};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;

/// A mail's style stands on its elements, which the pages' own policy refuses. Nothing else may load or leave.
const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

impl Audience {
    /// Every audience, in the order in which lists show them.
    pub fn all() -> impl Iterator<Item = Self> {
        PersonKind::ALL.into_iter().map(Self::Acting).chain([Self::Everybody, Self::Invited, Self::Applicant])
    }

    /// As a heading.
    #[must_use]
    pub fn heading(self) -> String {
        match self {
            Self::Acting(kind) => format!("To {}s", kind.text()),
            Self::Everybody => "To everybody".to_owned(),
            Self::Invited => "To people who are invited".to_owned(),
            Self::Applicant => "To people who apply for posts".to_owned(),
        }
    }
}

impl Urgency {
    /// As a list says it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::AtOnce => "At once",
            Self::Digestible => "Can wait for the daily email",
        }
    }
}

fn choice_text(kind: &MessageKind) -> &'static str {
    if kind.may_decline { "Can be turned off" } else { "Always sent" }
}

struct Group {
    heading: String,
    lines: Vec<Line>,
}

struct Line {
    title: &'static str,
    href: String,
    urgency: &'static str,
    choice: &'static str,
}

#[derive(Template)]
#[template(path = "ground/outbox/pages/messages.html")]
struct MessagesPage {
    page: PageFrame,
    groups: Vec<Group>,
}

/// `GET /mail/messages`: every message the service writes.
pub async fn list(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let line = |kind: &'static MessageKind| Line {
        title: kind.title,
        href: format!("/mail/messages/{}", kind.name),
        urgency: kind.urgency.text(),
        choice: choice_text(kind),
    };
    let group = |audience: Audience| Group {
        heading: audience.heading(),
        lines: app.site.messages.all().filter(|kind| kind.audience == audience).map(line).collect(),
    };
    page(&MessagesPage {
        page: who.frame(&request),
        groups: Audience::all().map(group).filter(|group| !group.lines.is_empty()).collect(),
    })
}

#[derive(Template)]
#[template(path = "ground/outbox/pages/message.html")]
struct MessagePage {
    page: PageFrame,
    title: &'static str,
    rows: Vec<(&'static str, String)>,
    html_href: String,
    text: Vec<String>,
    calendar: Vec<String>,
}

/// `GET /mail/messages/{kind}`: one message with its subject, its text and its calendar entry.
pub async fn one(
    who: Admitted,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let kind = app.site.messages.find(&name).ok_or(AppError::NotFound)?;
    let mail = sample(app, &who, kind, app.letterhead())?;
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    page(&MessagePage {
        page: who.frame(&request),
        title: kind.title,
        rows: vec![
            ("Subject", mail.subject.clone()),
            ("When", kind.urgency.text().to_owned()),
            ("Choice", choice_text(kind).to_owned()),
        ],
        html_href: format!("/mail/messages/{}/html", kind.name),
        text: lines(&mail.text),
        calendar: mail.calendar.map(|entry| lines(&entry.body)).unwrap_or_default(),
    })
}

/// `GET /mail/messages/{kind}/html`: one message as a mail program shows it.
pub async fn html(
    who: Admitted,
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let kind = app.site.messages.find(&name).ok_or(AppError::NotFound)?;
    // The records it would lead to are not there, so its links lead nowhere.
    let letterhead = Letterhead { base_url: "#".to_owned(), ..app.letterhead() };
    let mail = sample(app, &who, kind, letterhead)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, HeaderValue::from_static(PREVIEW_POLICY)))
        .body(mail.html))
}

/// The message on invented data.
fn sample(
    app: &App,
    who: &Admitted,
    kind: &MessageKind,
    letterhead: Letterhead,
) -> Result<NewMail, AppError> {
    let specimen = Specimen::plain(who.bank, &who.bank_name, letterhead, app.clock.now());
    let mail = (kind.sample)(&specimen)
        .map_err(|error| AppError::internal("writing a message for a preview", error))?;
    let (text, html) = (fresh::keep_all(&mail.text), fresh::keep_all(&mail.html));
    let base_url = &specimen.letterhead.base_url;
    let stop = kind.may_decline.then(|| format!("{base_url}/your-email"));
    let links = Links { key: &app.link_key, base_url, offers: &mail.offers, meant_for: None };
    let foot = match kind.audience {
        Audience::Invited | Audience::Applicant => compose::Foot::None,
        _ => compose::Foot::Choices(stop.as_deref()),
    };
    let finished = compose::finished((&text, &html), &links, foot);
    let (text, html) =
        finished.map_err(|error| AppError::internal("writing the foot of a message for a preview", error))?;
    Ok(NewMail { text, html, ..mail })
}
