//! `/invitations`: who was invited and what became of it; sending again, and taking back.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::invited_as;
use crate::ground::id::InvitationId;
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::{Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::AskedPage;
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::people::invitation::store::{self, InvitationLine};
use crate::people::invitation::{InvitationState, Standing, actions};

/// What follows `/invitations?`.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "people/invitation/pages/list.html")]
struct ListPage {
    page: PageFrame,
    is_of_practices: bool,
    caption: String,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    who: String,
    email: String,
    invited_as: String,
    state: Tag,
    /// "Sent on 2 November 2026, until 9 November 2026".
    when: String,
    /// Where it is sent again and withdrawn; "" where it has ended.
    path: String,
}

impl Line {
    fn new(row: &InvitationLine, now: DateTime<Utc>) -> Self {
        let date = |instant| words::date_without_weekday(words::london_date(instant));
        let (tag, colour, when) = match row.state.standing(row.expires_at, now) {
            Standing::Waiting => (
                "Waiting",
                TagColour::Blue,
                format!("Sent {}, until {}", date(row.sent_at), date(row.expires_at)),
            ),
            Standing::Lapsed => ("Lapsed", TagColour::Orange, format!("Lapsed on {}", date(row.expires_at))),
            Standing::Joined => {
                ("Joined", TagColour::Green, format!("On {}", date(row.ended_at.unwrap_or(row.sent_at))))
            }
            Standing::Withdrawn => {
                ("Withdrawn", TagColour::Grey, format!("On {}", date(row.ended_at.unwrap_or(row.sent_at))))
            }
        };
        let is_open = row.state == InvitationState::Open;
        Self {
            who: row.name.clone(),
            email: row.email.clone(),
            invited_as: invited_as(row.kind, &row.practices),
            state: Tag::new(tag, colour),
            when,
            path: if is_open { format!("/invitations/{}", row.id) } else { String::new() },
        }
    }
}

/// `GET /invitations`: a bank administrator sees the bank's, a practice manager those to their own practices.
pub async fn list(
    who: Admitted,
    query: web::Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let of = (who.kind == PersonKind::PracticeManager).then_some(who.membership);
    let tx = &mut app.db.look(&who).await?;
    let total = store::count_invitations(tx, of).await?;
    let shown = query.page.of(total);
    let rows = store::list_invitations(tx, of, (shown.span().limit, shown.span().offset)).await?;
    let now = app.clock.now();
    page(&ListPage {
        page: who.frame(&request),
        is_of_practices: of.is_some(),
        caption: words::capitalised(&words::count(total, "invitation", "invitations")),
        lines: rows.iter().map(|row| Line::new(row, now)).collect(),
        pages: shown.links(|number| format!("/invitations?page={number}")),
    })
}

/// `POST /invitations/{id}/send-again`.
pub async fn send_again(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<InvitationId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let again =
        async |tx: &mut _| Ok::<_, AppError>(actions::send_again::send_again(tx, &app.link_key, id).await?);
    app.db.change(&who, again).await?;
    Ok(see_told("/invitations", "A new link is on its way; the one before has stopped working"))
}

#[derive(Template)]
#[template(path = "people/invitation/pages/withdraw.html")]
struct WithdrawPage {
    page: PageFrame,
    who: String,
    path: String,
}

/// `GET /invitations/{id}/withdraw`: whether they mean it.
pub async fn withdraw_page(
    who: Admitted,
    path: web::Path<InvitationId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    let found = actions::find_own(&mut app.db.look(&who).await?, id).await?;
    page(&WithdrawPage {
        page: who.frame(&request),
        who: if found.name.is_empty() { found.email } else { found.name },
        path: format!("/invitations/{id}/withdraw"),
    })
}

/// `POST /invitations/{id}/withdraw`.
pub async fn withdraw(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<InvitationId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = path.into_inner();
    app.db.change(&who, async |tx| Ok::<_, AppError>(actions::withdraw::withdraw(tx, id).await?)).await?;
    Ok(see_told("/invitations", "The invitation is withdrawn. Its link has stopped working"))
}
