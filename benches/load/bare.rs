//! A server with nothing in it but actix and sqlx: what the service's own parts cost is what it is slower than this.

use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

/// As many connections as the service's settings allow it.
const CONNECTIONS: u32 = 16;
const ONE_ROW: &str = "insert into bench_bare (said) values ($1)";

/// A bare server that runs.
pub struct Bare {
    /// Where it answers: `/one`, and `/row`, which writes one.
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: JoinHandle<()>,
}

async fn one(pool: web::Data<PgPool>) -> HttpResponse {
    let one: i32 = sqlx::query_scalar("select 1").fetch_one(pool.get_ref()).await.expect("one");
    HttpResponse::Ok().body(one.to_string())
}

async fn row(pool: web::Data<PgPool>) -> HttpResponse {
    sqlx::query(ONE_ROW).bind("one row").execute(pool.get_ref()).await.expect("a row");
    HttpResponse::SeeOther().insert_header(("location", "/row")).finish()
}

impl Bare {
    /// Starts it on a database, where its table must be.
    pub fn start(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (url, (sender, receiver)) = (url.to_owned(), std::sync::mpsc::channel());
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let options = PgPoolOptions::new().max_connections(CONNECTIONS);
                let pool = web::Data::new(options.connect(&url).await.expect("the database"));
                let app = move || {
                    App::new()
                        .app_data(pool.clone())
                        .route("/one", web::get().to(one))
                        .route("/row", web::post().to(row))
                };
                let server = HttpServer::new(app).disable_signals().listen(listener).expect("the port").run();
                sender.send(server.handle()).expect("somebody waits");
                server.await.expect("the server ends well");
            });
        });
        Self { address, handle: receiver.recv().expect("it starts"), thread }
    }

    /// Stops it.
    pub async fn stop(self) {
        self.handle.stop(false).await;
        self.thread.join().expect("it ends");
    }
}
