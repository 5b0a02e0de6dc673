//! What pages share: layout, components, forms, errors, guard, assets.

pub mod again;
pub mod application;
pub mod ask_first;
pub mod assets;
pub mod components;
pub mod csv_file;
pub mod errors;
pub mod form_body;
pub mod frame;
pub mod guard;
pub mod headers;
pub mod own_path;
pub mod paging;
pub mod request_log;
pub mod resource;
pub mod told;
pub mod upload;
pub mod whole;

use actix_web::HttpResponse;
use actix_web::http::header;
use askama::Template;

pub use errors::AppError;

/// Answers with a page.
pub fn page(template: &impl Template) -> Result<HttpResponse, AppError> {
    let html = template.render().map_err(|error| AppError::internal("rendering a page", error))?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
}

/// Answers with a page that shows what is wrong with a form, and says so first in its title, which is what a
/// screen reader says first.
pub fn page_with_errors(template: &impl Template) -> Result<HttpResponse, AppError> {
    let html = template.render().map_err(|error| AppError::internal("rendering a page", error))?;
    let html = html.replacen("<title>", "<title>Error: ", 1);
    Ok(HttpResponse::UnprocessableEntity().content_type("text/html; charset=utf-8").body(html))
}

/// Sends the browser to another page of ours after a form was taken (303).
#[must_use]
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

#[cfg(test)]
mod showcase;
