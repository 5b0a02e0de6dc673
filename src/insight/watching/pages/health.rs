//! What machines ask: figures for a scraper, and whether this process lives and can work.

use std::net::IpAddr;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use secrecy::ExposeSecret;
use serde::Serialize;
use subtle::ConstantTimeEq;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::db::health::{DatabaseHealth, SchemaState, examine};
use crate::ground::mail::store::held;
use crate::ground::web::AppError;
use crate::ground::web::guard::app_of;
use crate::insight::watching::figures::{Depths, exposition};
use crate::insight::watching::store;

/// `GET /metrics`: the figures, for a scraper on this machine or one that knows the token.
pub async fn metrics(request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    if !may_scrape(app, &request) {
        return Err(AppError::NotFound);
    }
    let depths = read_depths(app).await;
    if let Err(error) = &depths {
        tracing::warn!(error = %error, "the figures of the database can't be read");
    }
    let text = exposition(depths.ok().as_ref(), &app.counts);
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

/// A proxy makes everybody look like this machine, so behind one only the token counts.
fn may_scrape(app: &App, request: &HttpRequest) -> bool {
    let token = app.settings.watching.token.expose_secret();
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !token.is_empty() && bool::from(token.as_bytes().ct_eq(given.as_bytes())) {
        return true;
    }
    let is_forwarded = app.settings.server.behind_proxy
        || ["x-forwarded-for", "forwarded"].iter().any(|name| request.headers().contains_key(*name));
    let is_here = |address: IpAddr| address.to_canonical().is_loopback();
    !is_forwarded && request.peer_addr().is_some_and(|peer| is_here(peer.ip()))
}

/// What the database says of queues and mail.
pub async fn read_depths(app: &App) -> Result<Depths, DbError> {
    let now = app.clock.by_hand();
    let tx = &mut app.db.look(Actor::Operator).await?;
    let (job_wait_seconds, mail_wait_seconds) = store::find_longest_waits(tx, now).await?;
    Ok(Depths {
        jobs: store::count_jobs(tx).await?,
        mails: store::count_mails(tx).await?,
        held: held::count_held(tx, None).await?,
        reports: store::count_reports(tx, now).await?,
        stopped_addresses: store::count_stopped_addresses(tx).await?,
        job_wait_seconds,
        mail_wait_seconds,
    })
}

async fn examine_database(app: &App) -> Result<DatabaseHealth, DbError> {
    examine(app.db.look(Actor::Operator).await?.connection()).await
}

/// `GET /health/live`: this process answers.
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

/// Whether this process can work, and which part is away.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    /// `up`, `away`, or `behind` where `locumbank migrate` is due.
    database: &'static str,
    /// `up`, `away`, or `unused`. Without it the process works all the same.
    redis: &'static str,
}

/// `GET /health/ready`: 200 where this process can work, 503 where it can't.
pub async fn ready(request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let database = match examine_database(app).await {
        Ok(health) if matches!(health.schema(), SchemaState::Missing | SchemaState::Behind) => "behind",
        Ok(_) => "up",
        Err(error) => {
            tracing::warn!(error = %error, "the database is away");
            "away"
        }
    };
    let redis = app.cache.state().await;
    let readiness = Readiness { ready: database == "up", database, redis };
    let mut answer = if readiness.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    Ok(answer.insert_header((header::CACHE_CONTROL, "no-store")).json(readiness))
}
