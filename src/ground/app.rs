//! What every request shares, and the actix application around it.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web;
use tracing_actix_web::TracingLogger;

use crate::ground::cache::Cache;
use crate::ground::clock::Clock;
use crate::ground::counts::Counts;
use crate::ground::db::Db;
use crate::ground::mail::deliver::Delivery;
use crate::ground::mail::kinds::Messages;
use crate::ground::mail::links::LinkKey;
use crate::ground::queue::kinds::JobKind;
use crate::ground::queue::schedule::Schedule;
use crate::ground::settings::Settings;
use crate::ground::web::request_log::RequestLog;
use crate::ground::web::route::Route;
use crate::ground::web::{errors, headers};

/// After being told to stop, requests under way may go on for so many seconds.
pub const REQUEST_GRACE_SECONDS: u64 = 10;

/// What the service is made of, as those that serve all of it are told.
#[derive(Debug)]
pub struct Site {
    /// Every URL, with who may ask for it.
    pub routes: &'static [Route],
    /// Every kind of job.
    pub jobs: &'static [JobKind],
    /// What runs by itself.
    pub schedules: &'static [Schedule],
    /// Every message.
    pub messages: Messages,
    /// Whom delivery asks what becomes of a mail.
    pub delivery: Delivery,
}

/// What every request and job shares. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// What the operator set.
    pub settings: std::sync::Arc<Settings>,
    /// The database.
    pub db: Db,
    /// Counters.
    pub cache: Cache,
    /// Time.
    pub clock: Clock,
    /// The key of links in mails.
    pub link_key: LinkKey,
    /// What happened in this process.
    pub counts: Counts,
    /// What the service is made of.
    pub site: &'static Site,
}

impl App {
    /// The address people's browsers use, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        let server = &self.settings.server;
        if server.base_url.is_empty() {
            format!("http://{}:{}", server.host, server.port)
        } else {
            server.base_url.clone()
        }
    }
}

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
        .wrap(from_fn(headers::secure_answers))
        .wrap(Compress::default())
        .wrap(TracingLogger::<RequestLog>::new())
}
