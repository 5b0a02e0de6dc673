//! `/rounds`: how rounds are decided, and what was measured of it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::visitor_frame;
use crate::ground::web::page;

#[derive(Template)]
#[template(path = "work/round/pages/help.html")]
struct HelpPage {
    page: PageFrame,
}

/// `GET /rounds`.
pub async fn help_page(request: HttpRequest) -> Result<HttpResponse, AppError> {
    page(&HelpPage { page: visitor_frame(&request) })
}
