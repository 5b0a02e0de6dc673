//! `locumbank serve` and `locumbank worker`.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use secrecy::ExposeSecret;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::command::CommandError;
use crate::command::database::{demand_schema, open_unseen};
use crate::ground::app::in_hand::InHand;
use crate::ground::app::{App, REQUEST_GRACE_SECONDS};
use crate::ground::cache::Cache;
use crate::ground::clock::Clock;
use crate::ground::counts::Counts;
use crate::ground::db::health::examine_at;
use crate::ground::mail::links::LinkKey;
use crate::ground::outbox::sender::Mailer;
use crate::ground::settings::Settings;
use crate::ground::web::application::create_app;
use crate::ground::worker;
use crate::ground::worker::running::Bench;
use crate::site::{SITE, routes};

/// Serves pages at the address in `settings` until it is told to stop.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let listener = listen(&settings)?;
    let app = open(settings)?;
    look_at_database(&app).await?;
    serve(app, listener).await
}

/// Works the queue and the outbox until it is told to stop.
pub async fn run_worker(settings: Settings) -> Result<(), CommandError> {
    let app = open(settings)?;
    look_at_database(&app).await?;
    let watched = answer_watchers(&app)?;
    let work = Work::start(&app)?;
    wait_for_stop().await?;
    work.stop().await;
    if let Some(watched) = watched {
        watched.stop(false).await;
    }
    Ok(())
}

/// Answers for a worker's figures and health, where the settings name a port for that.
fn answer_watchers(app: &App) -> Result<Option<ServerHandle>, CommandError> {
    let address = (app.settings.server.host.as_str(), app.settings.watching.worker_port);
    if address.1 == 0 {
        return Ok(None);
    }
    let listener = TcpListener::bind(address)
        .map_err(|error| CommandError::new("Listening at watching.worker_port", &error))?;
    let app = app.clone();
    let server = HttpServer::new(move || create_app(app.clone(), routes::configure_worker))
        .workers(1)
        .disable_signals()
        .listen(listener)
        .map_err(|error| CommandError::new("Listening at watching.worker_port", &error))?
        .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Some(handle))
}

/// Refuses to start on a database that wants `locumbank migrate`. One that is away is waited for: pages answer 503 until
/// it is there, as they do when it goes away later.
async fn look_at_database(app: &App) -> Result<(), CommandError> {
    match examine_at(app.settings.database.url.expose_secret()).await {
        Ok(health) => demand_schema(health.schema()),
        Err(error) => {
            tracing::warn!(%error, "the database is away; pages answer 503 until it is there");
            Ok(())
        }
    }
}

/// Opens what the settings name: database, counters, keys. Nothing is connected to yet.
pub fn open(settings: Settings) -> Result<App, CommandError> {
    let db = open_unseen(&settings, settings.database.max_connections)?;
    let cache = Cache::open(settings.redis.url.expose_secret())
        .map_err(|error| CommandError::new("Opening Redis", &error))?;
    let link_key = LinkKey::from_hex(&settings.secrets.link_key)
        .map_err(|error| CommandError::new("Reading the settings", &error))?;
    let data_key = link_key
        .data_key(&settings.secrets.data_key)
        .map_err(|error| CommandError::new("Reading the settings", &error))?;
    Ok(App {
        settings: Arc::new(settings),
        db,
        cache,
        clock: Clock::System,
        link_key,
        data_key,
        counts: Counts::default(),
        site: &SITE,
        in_hand: InHand::default(),
    })
}

/// Takes the address in `settings`, with a sentence for people where it is taken.
pub fn listen(settings: &Settings) -> Result<TcpListener, CommandError> {
    let (host, port) = (settings.server.host.as_str(), settings.server.port);
    TcpListener::bind((host, port)).map_err(|error| {
        CommandError::new(&format!("Listening on {host}:{port} (name another port with PORT=)"), &error)
    })
}

/// Serves pages on `listener`, and works the queue where the settings say so, until SIGTERM or Ctrl-C; what is under
/// way is finished first.
pub async fn serve(app: App, listener: TcpListener) -> Result<(), CommandError> {
    let work = if app.settings.server.with_worker { Some(Work::start(&app)?) } else { None };
    let in_hand = app.in_hand.clone();
    let server = HttpServer::new(move || create_app(app.clone(), routes::configure))
        .shutdown_timeout(REQUEST_GRACE_SECONDS)
        .disable_signals()
        .listen(listener)
        .map_err(|error| CommandError::new("Listening", &error))?
        .run();
    let handle = server.handle();
    let stopping = tokio::spawn(async move {
        let told = wait_for_stop().await;
        // A request whose browser has hung up is no connection any more, and would not be waited for.
        handle.pause().await;
        in_hand.none_left(Duration::from_secs(REQUEST_GRACE_SECONDS)).await;
        handle.stop(true).await;
        told
    });
    let outcome = server.await.map_err(|error| CommandError::new("Serving", &error));
    stopping.abort();
    if let Some(work) = work {
        work.stop().await;
    }
    outcome
}

/// Work on the queue and the outbox, in the background of this process.
struct Work {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Work {
    fn start(app: &App) -> Result<Self, CommandError> {
        let mailer = Mailer::open(app).map_err(|error| CommandError::new("Reading the settings", &error))?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(worker::run(app.clone(), mailer, Bench::of(app.site.jobs), stopped));
        Ok(Self { stop, task })
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker ended badly");
        }
    }
}

async fn wait_for_stop() -> Result<(), CommandError> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(|error| CommandError::new("Listening for SIGTERM", &error))?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(|error| CommandError::new("Listening for Ctrl-C", &error)),
    }
}
