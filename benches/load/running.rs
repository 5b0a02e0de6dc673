//! The service as it is run: a process of its own, with the settings it comes with.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::http::Client;

/// The key of links of every run: nothing here is secret.
const LINK_KEY: &str = "62656e6368626e6368626e6368626e6368626e6368626e6368626e636862656e";
const PATIENCE: Duration = Duration::from_mins(5);

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run<'a> {
    /// The demonstration: made where it is not there, and served.
    Demonstration,
    /// The pages alone.
    Pages,
    /// The pages, and the work on the queue and the outbox, with mail to this relay.
    PagesAndWork(&'a str),
}

/// A service that runs. It is stopped when this is dropped.
pub struct RunningServer {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

/// The address of a database as an installation has it: by a role that owns nothing, which `demo` makes.
fn served(database: &str) -> String {
    const OWNER: &str = "user=locumbank";
    let mut url = url::Url::parse(database).expect("DATABASE_URL is an address");
    if let Some(parameters) = url.query().filter(|parameters| parameters.contains(OWNER)) {
        let parameters = parameters.replace(OWNER, "user=locumbank_serve");
        url.set_query(Some(&parameters));
    } else {
        url.set_username("locumbank_serve").expect("an address with a server");
    }
    url.into()
}

impl RunningServer {
    /// Starts it on a database, and waits until it can work. Its log goes to a file in `folder`, as in production.
    pub async fn start(run: Run<'_>, database: &str, folder: &Path) -> Self {
        let address = free_address();
        let log = File::create(folder.join("service.log")).expect("a log");
        let mut command = Command::new(binary());
        command
            .env("DATABASE_OWNER_URL", database)
            .env("DATABASE_URL", served(database))
            .env("REDIS_URL", "")
            .env("PORT", address.port().to_string())
            .env("LOCUMBANK__SECRETS__LINK_KEY", LINK_KEY)
            .env_remove("INBOX_URL")
            .stdout(log.try_clone().expect("a log"))
            .stderr(log);
        match run {
            Run::Demonstration => command.arg("demo").env("LOCUMBANK__SERVER__WITH_WORKER", "false"),
            Run::Pages => command.arg("serve").env("LOCUMBANK__SERVER__WITH_WORKER", "false"),
            Run::PagesAndWork(relay) => {
                command.arg("serve").env("LOCUMBANK__SERVER__WITH_WORKER", "true").env("SMTP_URL", relay)
            }
        };
        let mut service = Self { child: command.spawn().expect("the service starts"), address };
        service.wait(&folder.join("service.log")).await;
        service
    }

    async fn wait(&mut self, log: &Path) {
        let began = Instant::now();
        loop {
            if let Ok(mut client) = Client::connect(self.address).await
                && client.get("/health/ready", "").await.status == 200
            {
                return;
            }
            let ended = self.child.try_wait().expect("the process is ours");
            let said = || std::fs::read_to_string(log).unwrap_or_default();
            assert!(ended.is_none() && began.elapsed() < PATIENCE, "the service did not start: {}", said());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // It may be killed at any moment; that is what it is built for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> PathBuf {
    std::env::var_os("LOCUMBANK_BINARY")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_locumbank")), PathBuf::from)
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address")
}
