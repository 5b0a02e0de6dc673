//! The actix application around what every request shares.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web;
use tracing_actix_web::TracingLogger;

use super::request_log::RequestLog;
use super::{errors, headers, told, whole};
use crate::ground::app::App;

/// The actix application with those routes, the same in production and in tests.
pub fn create_app(
    app: App,
    routes: fn(&mut web::ServiceConfig),
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    actix_web::App::new()
        .app_data(web::Data::new(app))
        .configure(routes)
        .wrap(from_fn(headers::refuse_foreign_forms))
        .wrap(from_fn(headers::refuse_nul))
        .wrap(from_fn(errors::answer_errors))
        .wrap(from_fn(told::tell_once))
        .wrap(from_fn(headers::secure_answers))
        .wrap(Compress::default())
        .wrap(TracingLogger::<RequestLog>::new())
        .wrap(from_fn(whole::run_whole))
}
