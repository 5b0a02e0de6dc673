//! A mail relay in a process of its own, which stops at a point its recipients name, so that it or whoever speaks to
//! it can be killed exactly there.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tempfile::TempDir;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/smtp_relay.py");

/// One line of the relay's own log.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// `begun`, `whole` or `stopped`.
    pub what: String,
    /// The recipient.
    pub to: String,
    /// The Message-ID, of a mail that came whole.
    pub id: Option<String>,
}

/// The relay.
pub struct Relay {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Relay {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let port =
            TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port();
        let folder = tempfile::tempdir().expect("a folder");
        let process = spawn(port, &folder);
        let relay = Self { process, port, folder };
        relay.until_it_answers().await;
        relay
    }

    /// The address for the settings.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Kills it (SIGKILL).
    pub fn kill(&mut self) {
        self.process.kill().expect("kill -9");
        self.process.wait().expect("its end");
    }

    /// Starts it again where it was, with its log.
    pub async fn start_again(&mut self) {
        self.process = spawn(self.port, &self.folder);
        self.until_it_answers().await;
    }

    /// What it has written down.
    pub fn log(&self) -> Vec<Entry> {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let whole_lines = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
        whole_lines.lines().map(|line| serde_json::from_str(line).expect("an entry")).collect()
    }

    /// Waits until it has stopped for the recipient.
    pub async fn until_stopped_for(&self, to: &str) {
        for _ in 0..6000 {
            if self.log().iter().any(|entry| entry.what == "stopped" && entry.to == to) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the relay never came to {to}");
    }

    /// Lets it go on with the recipient.
    pub fn go_on(&self, to: &str) {
        std::fs::write(self.folder.path().join(to), "").expect("a file");
    }

    async fn until_it_answers(&self) {
        for _ in 0..1000 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the relay does not answer: is python3 installed?");
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may be dead already, which is what the story wanted.
        let _ended = self.process.kill().and_then(|()| self.process.wait());
    }
}

fn spawn(port: u16, folder: &TempDir) -> Child {
    Command::new("python3")
        .args(["-S", "-E", PROGRAM, &port.to_string()])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("python3 is installed")
}
