//! What the stories share: a fresh database, the service in process with a clock moved by hand, people who visit its
//! pages, and an SMTP server with an inbox.

pub mod applications;
pub mod cluster;
pub mod desk;
pub mod documents;
pub mod holdings;
pub mod inbox;
pub mod opening;
pub mod relay;
pub mod seed;
pub mod vacancies;
pub mod visitor;

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use chrono::{DateTime, Utc};
use locumbank::ground::actor::Actor;
use locumbank::ground::app::App;
use locumbank::ground::app::in_hand::InHand;
use locumbank::ground::cache::Cache;
use locumbank::ground::clock::Clock;
use locumbank::ground::counts::Counts;
use locumbank::ground::db::{Db, DbError, MIGRATIONS, roles};
use locumbank::ground::id::{AccountId, BankId};
use locumbank::ground::mail::links::LinkKey;
use locumbank::ground::mail::{self, NewMail, Recipient};
use locumbank::ground::outbox::sender::Mailer;
use locumbank::ground::settings::{self, Settings};
use locumbank::ground::web::application::create_app;
use locumbank::ground::worker::{self, due};
use locumbank::site::routes;
use locumbank::terms::bank::actions::keep_release;
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

pub use inbox::Inbox;
pub use visitor::Visitor;

/// When every story begins: Monday 2 November 2026, 9am in London.
pub fn beginning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-02T09:00:00Z").expect("a date").to_utc()
}

/// One running service on a database of its own.
pub struct World {
    /// What the service shares; its clock can be moved.
    pub app: App,
    /// Where its pages are, without a slash at the end.
    pub base_url: String,
    /// Where its mail arrives.
    pub inbox: Inbox,
    database_url: String,
    server: ServerHandle,
}

impl World {
    /// Starts the service on a fresh database, with the clock at [`beginning`].
    pub async fn start() -> Self {
        let database_url = fresh_database().await;
        Self::start_on(&database_url, Inbox::start(), Clock::standing_at(beginning())).await
    }

    /// Starts the service on a fresh database, by another clock.
    pub async fn start_at(clock: Clock) -> Self {
        Self::start_on(&fresh_database().await, Inbox::start(), clock).await
    }

    /// Starts the service on a fresh database, with settings changed.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Clock::standing_at(beginning());
        Self::start_changed(&fresh_database().await, Inbox::start(), clock, change).await
    }

    /// Starts another server of the same service, with settings changed.
    pub async fn start_another_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_changed(&self.database_url, self.inbox.clone(), self.app.clock.clone(), change).await
    }

    /// Starts another server of the same service: same database, same inbox, same clock.
    pub async fn start_another(&self) -> Self {
        Self::start_on(&self.database_url, self.inbox.clone(), self.app.clock.clone()).await
    }

    /// Starts the service on a database that is there already.
    pub async fn start_on(database_url: &str, inbox: Inbox, clock: Clock) -> Self {
        Self::start_changed(database_url, inbox, clock, |_settings| ()).await
    }

    async fn start_changed(
        database_url: &str,
        inbox: Inbox,
        clock: Clock,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let mut app = app_on(database_url, clock).await;
        let mut settings = (*app.settings).clone();
        settings.server.base_url.clone_from(&base_url);
        settings.smtp.url = inbox.url().into();
        change(&mut settings);
        app.settings = Arc::new(settings);
        let served = app.clone();
        let server = HttpServer::new(move || create_app(served.clone(), routes::configure))
            .workers(2)
            .disable_signals()
            .listen(listener)
            .expect("a listener")
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { app, base_url, inbox, database_url: serving(database_url), server: handle }
    }

    /// The address of the database, as the service's own role.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The same, as the role that owns it: for what a story does beside the service.
    pub fn owner_url(&self) -> &str {
        owning(&self.database_url)
    }

    /// A connection to the database, beside the service's own.
    pub async fn connection(&self) -> PgConnection {
        PgConnection::connect(self.owner_url()).await.expect("a connection")
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.base_url)
    }

    /// The person of that address, signed in, whatever page they are led to.
    pub async fn signed_in_anywhere(&self, email: &str) -> Visitor {
        let mut visitor = self.visitor();
        visitor.sign_in_to(email, "/your-sign-in").await;
        visitor
    }

    /// The person of that address, signed in.
    pub async fn signed_in(&self, email: &str) -> Visitor {
        let mut visitor = self.visitor();
        visitor.sign_in(email).await;
        visitor
    }

    /// The person of that address, signed in at another server.
    pub async fn signed_in_on(&self, base_url: &str, email: &str) -> Visitor {
        let mut visitor = Visitor::new(base_url);
        visitor.sign_in(email).await;
        visitor
    }

    /// Does the background work that is due and sends the mail that is due.
    pub async fn work(&self) {
        due::queue_due(&self.app).await.expect("the schedule is kept");
        worker::run_all_due(&self.app).await.expect("jobs run");
        let mailer = Mailer::open(&self.app).expect("a mail server");
        mailer.send_all_due(&self.app).await.expect("mail leaves");
    }

    /// Puts mails into the outbox.
    pub async fn write_mails(&self, mails: Vec<NewMail>) {
        let count = mails.len();
        let written =
            self.app.db.change(Actor::SERVICE, async |tx| mail::store::insert_mails(tx, &mails).await);
        let written: Result<_, DbError> = written.await;
        assert_eq!(written.expect("the mails are written").len(), count);
    }

    /// Stops the server.
    pub async fn stop(self) {
        self.server.stop(false).await;
    }
}

/// Whoever has this account, in this bank.
pub fn on_behalf_of(bank: BankId, account: AccountId) -> Actor {
    Actor::LinkHolder { bank, account: Some(account) }
}

/// A mail to one person.
pub fn mail_to(bank: BankId, to: &str, text: &str) -> NewMail {
    NewMail::new(
        bank,
        &locumbank::work::booking::messages::SESSION_OFFERED,
        to.to_owned(),
        vec![Recipient { address: to.to_owned(), name: "Sam".to_owned(), account: None }],
        "A session".to_owned(),
        (text.to_owned(), "<p>A session</p>".to_owned()),
    )
}

/// What requests and jobs share, on a database that is there already.
pub async fn app_on(database_url: &str, clock: Clock) -> App {
    let mut settings = test_settings();
    let database_url = &serving(database_url);
    settings.database.url = database_url.as_str().into();
    env!("CARGO_BIN_EXE_locumbank").clone_into(&mut settings.matching.program);
    let db =
        Db::open(database_url, settings.database.max_connections, clock.clone()).expect("a database address");
    let link_key = LinkKey::from_hex(&settings.secrets.link_key).expect("a key");
    let data_key = link_key.data_key(&settings.secrets.data_key).expect("a key");
    let cache = Cache::open("").expect("a cache");
    App {
        settings: Arc::new(settings),
        db,
        cache,
        clock,
        link_key,
        data_key,
        counts: Counts::default(),
        site: &locumbank::site::SITE,
        in_hand: InHand::default(),
    }
}

/// The role that serves in the tests: it owns nothing, and row-level security binds it.
pub const SERVING_ROLE: &str = "locumbank_serves_tests";

/// What an address ends in by which whoever connects acts as that role.
const AS_SERVING: &str = "options=-c%20role%3Dlocumbank_serves_tests";

/// The same address, by which whoever connects acts as the role that serves.
pub fn serving(url: &str) -> String {
    let joined = if url.contains('?') { '&' } else { '?' };
    if url.ends_with(AS_SERVING) { url.to_owned() } else { format!("{url}{joined}{AS_SERVING}") }
}

/// The same address, signed in as that role, as an operator would write it.
pub fn signed_in_as_serving(url: &str) -> String {
    let (_, after) = url.split_once("://").expect("an address");
    let place = after.split_once('@').map_or(after, |(_, place)| place);
    match place.split_once("user=") {
        Some((before, after)) => {
            let rest = after.split_once('&').map_or(String::new(), |(_, rest)| format!("&{rest}"));
            format!("postgres://{before}user={SERVING_ROLE}{rest}")
        }
        None => format!("postgres://{SERVING_ROLE}@{place}"),
    }
}

/// The address before it was made so.
fn owning(url: &str) -> &str {
    url.strip_suffix(AS_SERVING).map_or(url, |url| url.trim_end_matches(['?', '&']))
}

/// The settings of the tests.
pub fn test_settings() -> Settings {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/test.toml");
    settings::read(Some(&file)).expect("config/test.toml can be read")
}

/// The server on which each test makes a database of its own.
fn server_url() -> String {
    std::env::var("DATABASE_URL").expect("DATABASE_URL names a PostgreSQL server; ./dev test starts one")
}

/// `url` with another database.
fn with_database(url: &str, database: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    format!("{}/{database}{query}", &address[..end])
}

/// A migrated database that nobody else uses, copied from one made once.
async fn fresh_database() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(make_template).await;
    let name = format!("test_{}", Uuid::from_u128(rand_bits()).simple());
    let mut server = PgConnection::connect(&server_url()).await.expect("the database server");
    let statement = format!("create database {name} template {template}");
    server.execute(sqlx::AssertSqlSafe(statement)).await.expect("a fresh database");
    with_database(&server_url(), &name)
}

/// A database with nothing in it.
pub async fn empty_database() -> String {
    let name = format!("test_{}", Uuid::from_u128(rand_bits()).simple());
    let mut server = PgConnection::connect(&server_url()).await.expect("the database server");
    server.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("a database");
    with_database(&server_url(), &name)
}

async fn make_template() -> String {
    let name = format!("template_{}", Uuid::from_u128(rand_bits()).simple());
    let mut server = PgConnection::connect(&server_url()).await.expect("the database server");
    server.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("a template");
    let url = with_database(&server_url(), &name);
    lay_schema(&url).await;
    let db = Db::open(&serving(&url), 1, Clock::System).expect("a database address");
    let kept = db.change(Actor::Operator, async |tx| keep_release(tx).await).await;
    kept.expect("the bank holidays of the release");
    db.pool().close().await;
    name
}

/// Brings an empty database up to date, with the role that serves the tests.
pub async fn lay_schema(url: &str) {
    MIGRATIONS
        .run(&mut PgConnection::connect(url).await.expect("a database"))
        .await
        .expect("the migrations run");
    let mut owner = PgConnection::connect(url).await.expect("the database");
    // Roles are the server's, which every test shares.
    let role = format!(
        "do $$ begin create role {SERVING_ROLE} login nosuperuser nobypassrls;
            exception when duplicate_object or unique_violation then null; end $$"
    );
    owner.execute(sqlx::AssertSqlSafe(role)).await.expect("the serving role");
    roles::keep_banks_apart(&mut owner).await.expect("banks apart");
    roles::grant(&mut owner, SERVING_ROLE).await.expect("what it may do");
    // What a story makes itself, the service may use too.
    let later = format!("alter default privileges in schema public grant all on tables to {SERVING_ROLE}");
    owner.execute(sqlx::AssertSqlSafe(later)).await.expect("what it may do with more");
    owner.close().await.expect("it is done");
}

fn rand_bits() -> u128 {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("random bytes");
    u128::from_le_bytes(bytes)
}
