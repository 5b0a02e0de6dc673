//! `locumbank serve`.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::HttpServer;
use secrecy::ExposeSecret;

use super::CommandError;
use crate::app::{App, create_app};
use crate::cache::Cache;
use crate::clock::Clock;
use crate::db::Db;
use crate::settings::Settings;

/// Serves pages at the address in `settings` until it is told to stop.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let app = open(settings).await?;
    let listener = listen(&app.settings)?;
    serve(app, listener).await
}

/// Opens what the settings name: database and counters.
pub async fn open(settings: Settings) -> Result<App, CommandError> {
    let db = Db::open(settings.database.url.expose_secret(), settings.database.max_connections)
        .map_err(|error| CommandError::new("Opening the database", &error))?;
    let cache = Cache::open(settings.redis.url.expose_secret())
        .await
        .map_err(|error| CommandError::new("Opening Redis", &error))?;
    Ok(App { settings: Arc::new(settings), db, cache, clock: Clock::System })
}

/// Takes the address in `settings`, with a sentence for people where it is taken.
pub fn listen(settings: &Settings) -> Result<TcpListener, CommandError> {
    let (host, port) = (settings.server.host.as_str(), settings.server.port);
    TcpListener::bind((host, port)).map_err(|error| {
        CommandError::new(&format!("Listening on {host}:{port} (name another port with PORT=)"), &error)
    })
}

/// Serves pages on `listener` until SIGTERM or Ctrl-C; requests under way are finished first.
pub async fn serve(app: App, listener: TcpListener) -> Result<(), CommandError> {
    HttpServer::new(move || create_app(app.clone()))
        .shutdown_timeout(10)
        .listen(listener)
        .map_err(|error| CommandError::new("Listening", &error))?
        .run()
        .await
        .map_err(|error| CommandError::new("Serving", &error))
}
