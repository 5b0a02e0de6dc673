//! `GET /your-vacancies`: the vacancies of one's practices.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{sentence, tag};
use crate::ground::web::components::{Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::hiring::vacancy::standing;
use crate::hiring::vacancy::store::own::{OwnVacancy, list_own_vacancies};

/// What follows `/your-vacancies?`.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    page: AskedPage,
}

struct Line {
    title: String,
    href: String,
    practice: String,
    state: Tag,
    when: String,
}

#[derive(Template)]
#[template(path = "hiring/vacancy/pages/list.html")]
struct ListPage {
    page: PageFrame,
    lines: Vec<Line>,
    pages: Pagination,
}

/// The page.
pub async fn list(
    who: Admitted,
    query: web::Query<ListQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(&who).await?;
    let read = async |span: Span| list_own_vacancies(tx, span.limit, span.offset).await;
    let (found, shown) = query.page.read(read, |line| line.total).await?;
    let line = |one: OwnVacancy| {
        let stands = standing(one.times(), one.outcome, now);
        Line {
            href: format!("/your-vacancies/{}", one.id),
            practice: one.practice,
            state: tag(stands),
            when: sentence(stands, now),
            title: if one.title.is_empty() { "Without a title yet".to_owned() } else { one.title },
        }
    };
    page(&ListPage {
        page: who.frame(&request),
        lines: found.into_iter().map(line).collect(),
        pages: shown.links(|number| format!("/your-vacancies?page={number}")),
    })
}
