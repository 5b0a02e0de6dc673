//! `/help`: how each kind of person does their work. What the pages say stands in docs/help.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::visitor_frame;
use crate::ground::web::page;

/// Declares a page of help: its handler, its template and the words above the handler.
macro_rules! help {
    ($(#[doc = $words:literal] $handler:ident $page:ident $template:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = $template)]
        struct $page {
            page: PageFrame,
        }

        #[doc = $words]
        pub async fn $handler(request: HttpRequest) -> Result<HttpResponse, AppError> {
            page(&$page { page: visitor_frame(&request) })
        }
    )*};
}

help! {
    #[doc = "`GET /help`: which page is whose."]
    help StartPage "help/start.html";
    #[doc = "`GET /help/clinician`."]
    help_for_clinicians ClinicianPage "help/clinician.html";
    #[doc = "`GET /help/practice`."]
    help_for_practices PracticePage "help/practice.html";
    #[doc = "`GET /help/bank`."]
    help_for_banks BankPage "help/bank.html";
    #[doc = "`GET /help/commissioner`."]
    help_for_commissioners CommissionerPage "help/commissioner.html";
}
