//! What an operator can set. Defaults and explanations stand in `config/default.toml`.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// Every setting. Each has a safe default, except the secret, which must be given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The web server.
    pub server: Server,
    /// Who runs the service.
    pub operator: Operator,
    /// PostgreSQL.
    pub database: Database,
    /// Redis, optional.
    pub redis: Redis,
    /// Outgoing mail.
    pub smtp: Smtp,
    /// How long people stay signed in, and how often a sign-in may be tried.
    pub sign_in: SignIn,
    /// How long offers stand.
    pub offers: Offers,
    /// Matching runs and their weights.
    pub matching: Matching,
    /// Files that people hand in.
    pub documents: Documents,
    /// Keys.
    pub secrets: Secrets,
    /// Figures for a scraper.
    pub watching: Watching,
    /// Logs.
    pub log: Log,
}

/// The web server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The address to listen on.
    pub host: String,
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// The address people's browsers use, without a slash at the end; links in mails start with it. Empty: made
    /// from host and port.
    pub base_url: String,
    /// The product's name in page headers and mails.
    pub product_name: String,
    /// Whether `serve` also works the queue.
    pub with_worker: bool,
    /// Whether requests come through a proxy whose `X-Forwarded-For` can be believed.
    pub behind_proxy: bool,
}

/// Who runs the service, as its notices name them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The organisation; empty: notices name the banks alone.
    pub name: String,
    /// Where people write to them about the service; empty: to their bank.
    pub email: String,
}

/// PostgreSQL.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`. The environment's `DATABASE_URL` goes first.
    pub url: SecretString,
    /// The same database as the role that owns its schema, for `migrate`; empty: as `url`. The environment's
    /// `DATABASE_OWNER_URL` goes first.
    pub owner_url: SecretString,
    /// The most connections one process opens.
    pub max_connections: u32,
}

impl Database {
    /// The address of the database as the role that owns its schema.
    #[must_use]
    pub fn owner_url(&self) -> &str {
        let (owner, serving) = (self.owner_url.expose_secret(), self.url.expose_secret());
        if owner.is_empty() { serving } else { owner }
    }
}

/// Redis.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redis {
    /// `redis://…`, or empty for counters inside the process. The environment's `REDIS_URL` goes first.
    pub url: SecretString,
}

/// Outgoing mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// `smtp://host:port` (plain, for a relay on this machine) or `smtps://user:password@host:port`, or
    /// `smtp://…?tls=required` for STARTTLS. The environment's `SMTP_URL` goes first.
    pub url: SecretString,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// How long the relay may take over one step before the send counts as broken off.
    pub send_timeout_seconds: u64,
    /// The most connections one process keeps to the relay.
    pub connections: u8,
}

/// Sign-in rules (OWASP ASVS 5.0, chapters 6 and 7).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Minutes without a request after which a sign-in ends.
    pub idle_minutes: i64,
    /// Hours after which a sign-in ends, whatever happens.
    pub absolute_hours: i64,
    /// Tries for one e-mail address from one network address, in a quarter of an hour; ten times as many from the network.
    pub attempts_per_quarter_hour: u32,
    /// Argon2id memory in KiB.
    pub argon2_memory_kib: u32,
}

/// How long offers stand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offers {
    /// Hours a clinician has to answer.
    pub answer_within_hours: i64,
    /// An offer lapses at the latest this many minutes before its session starts.
    pub latest_minutes_before_start: i64,
}

/// Matching runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// Seconds after which a run stops with its best plan.
    pub seconds: u32,
    /// Seconds after which a run that does not stop is killed.
    pub kill_after_seconds: u32,
    /// The binary that plans. Empty: the one that is running.
    pub program: String,
    /// The weights of the score.
    pub policy: matching_model::policy::Policy,
}

/// Files that people hand in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// The program that looks for viruses in what it reads, with its arguments; empty: nothing looks.
    pub virus_check: String,
    /// Seconds after which its check is broken off.
    pub virus_check_seconds: u64,
}

/// Keys. From the environment only.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// At least 32 bytes in hexadecimal, from which links in mails are derived.
    pub link_key: SecretString,
    /// At least 32 bytes in hexadecimal, by which what a copy of the database must not show is sealed; empty: made of
    /// the key of links.
    pub data_key: SecretString,
    /// Names and keys that seal files which people hand in; the first seals. Empty: none are taken.
    pub document_keys: SecretString,
}

/// Figures for a scraper.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watching {
    /// What a scraper that is not on this machine sends as its bearer token; empty: none is let in.
    pub token: SecretString,
    /// The port at which a `worker` answers for its figures and its health, on `server.host`; 0: none.
    pub worker_port: u16,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The least level that is written, and other levels for parts: `info,sqlx=warn`.
    pub filter: String,
    /// `json` for machines, `text` for people.
    pub format: String,
    /// The file to append to; empty: standard error.
    pub file: PathBuf,
}

/// Settings that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file or variable has a wrong name or value.
    #[error("the settings can't be read: {0}")]
    Unreadable(#[source] config::ConfigError),
}

/// Reads `config/default.toml` (compiled in), then `file` where given, then the environment:
/// `LOCUMBANK__SECTION__KEY`, and the customary `DATABASE_URL`, `REDIS_URL`, `SMTP_URL` and `PORT`.
pub fn read(file: Option<&Path>) -> Result<Settings, SettingsError> {
    read_over(defaults(), file)
}

/// The same, with `config/demo.toml` (compiled in) laid over the defaults.
pub fn read_for_demonstration(file: Option<&Path>) -> Result<Settings, SettingsError> {
    let demonstration =
        config::File::from_str(include_str!("../../config/demo.toml"), config::FileFormat::Toml);
    read_over(defaults().add_source(demonstration), file)
}

type Builder = config::ConfigBuilder<config::builder::DefaultState>;

fn defaults() -> Builder {
    let file = config::File::from_str(include_str!("../../config/default.toml"), config::FileFormat::Toml);
    config::Config::builder().add_source(file)
}

fn read_over(mut builder: Builder, file: Option<&Path>) -> Result<Settings, SettingsError> {
    if let Some(file) = file {
        builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
    }
    builder = builder
        .add_source(config::Environment::with_prefix("LOCUMBANK").prefix_separator("__").separator("__"));
    for (variable, key) in [
        ("DATABASE_URL", "database.url"),
        ("DATABASE_OWNER_URL", "database.owner_url"),
        ("REDIS_URL", "redis.url"),
        ("SMTP_URL", "smtp.url"),
        ("PORT", "server.port"),
    ] {
        if let Ok(value) = std::env::var(variable) {
            builder = builder.set_override(key, value).map_err(SettingsError::Unreadable)?;
        }
    }
    builder.build().and_then(config::Config::try_deserialize).map_err(SettingsError::Unreadable)
}
