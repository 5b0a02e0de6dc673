//! `/help`: how each kind of person does their work. What the pages say stands in docs/help.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::sign_in::PersonKind;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{MaybeSignedIn, visitor_frame};
use crate::ground::web::page;

#[derive(Template)]
#[template(path = "help/start.html")]
struct StartPage {
    page: PageFrame,
}

/// `GET /help`: which page is whose.
pub async fn help(_: MaybeSignedIn, request: HttpRequest) -> Result<HttpResponse, AppError> {
    page(&StartPage { page: visitor_frame(&request) })
}

/// Declares a page of help: its handler, its template, whose it is, and the words above the handler.
macro_rules! help {
    ($(#[doc = $words:literal] $handler:ident $page:ident $template:literal $whose:ident;)*) => {$(
        #[derive(Template)]
        #[template(path = $template)]
        struct $page {
            page: PageFrame,
            /// Whether the pages that it names are links: for whoever can open them once they have signed in.
            is_theirs: bool,
        }

        #[doc = $words]
        pub async fn $handler(
            MaybeSignedIn(who): MaybeSignedIn,
            request: HttpRequest,
        ) -> Result<HttpResponse, AppError> {
            let is_theirs = who.is_none_or(|who| who.kind == PersonKind::$whose);
            page(&$page { page: visitor_frame(&request), is_theirs })
        }
    )*};
}

help! {
    #[doc = "`GET /help/clinician`."]
    help_for_clinicians ClinicianPage "help/clinician.html" Clinician;
    #[doc = "`GET /help/practice`."]
    help_for_practices PracticePage "help/practice.html" PracticeManager;
    #[doc = "`GET /help/bank`."]
    help_for_banks BankPage "help/bank.html" BankAdministrator;
    #[doc = "`GET /help/commissioner`."]
    help_for_commissioners CommissionerPage "help/commissioner.html" Commissioner;
}
