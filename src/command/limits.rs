//! What the settings may say: a value that can be read can still be one that nobody can work with.

use std::fmt::Display;
use std::path::Path;

use secrecy::ExposeSecret as _;
use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::filter::Targets;
use url::Url;

use super::Settings;
use crate::ground::form_fields::{self, is_invisible, is_unshowable};
use crate::ground::mail::smtp::Relay;
use crate::people::document::seal::DocumentKeys;

/// A setting with a value that can't be worked with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {value}: {wanted}")]
pub struct WrongSetting {
    /// Its name, as in `config/default.toml`.
    pub name: &'static str,
    /// What it says; left out where it may hold a secret.
    pub value: String,
    /// What it has to be.
    pub wanted: String,
}

/// The most of each number, where more is a slip of the finger.
const MOST_CONNECTIONS: u32 = 1_000;
const MOST_RELAY_CONNECTIONS: u8 = 100;
const MOST_SEND_SECONDS: u64 = 600;
const MOST_IDLE_MINUTES: i64 = 24 * 60;
const MOST_SIGNED_IN_HOURS: i64 = 7 * 24;
const MOST_ATTEMPTS: u32 = 1_000;
/// Argon2 takes no less memory, in KiB, and four GiB for one sign-in is nobody's wish.
const ARGON2_MEMORY_KIB: (u32, u32) = (8, 4 * 1024 * 1024);
const MOST_ANSWER_HOURS: i64 = 14 * 24;
const MOST_MINUTES_BEFORE_START: i64 = 7 * 24 * 60;
const MOST_CHECK_SECONDS: u64 = 50;
const MOST_MATCHING_SECONDS: u32 = 24 * 60 * 60;
/// Beyond this a plan's score no longer fits its number (`matching_model` refuses the problem).
const MOST_POINTS: i64 = 1_000_000_000;

/// What was found so far.
#[derive(Debug, Default)]
struct Findings(Vec<WrongSetting>);

impl Findings {
    fn add(&mut self, name: &'static str, value: impl Display, wanted: impl Into<String>) {
        self.0.push(WrongSetting { name, value: value.to_string(), wanted: wanted.into() });
    }

    fn within<N: PartialOrd + Display + Copy>(&mut self, name: &'static str, value: N, least: N, most: N) {
        if value < least || value > most {
            self.add(name, value, format!("it has to be from {least} to {most}"));
        }
    }

    fn line_of_text(&mut self, name: &'static str, text: &str) {
        if text.trim().is_empty() {
            self.add(name, "empty", "give it a name that people know");
        } else if text.chars().any(|letter| is_unshowable(letter) || is_invisible(letter)) {
            self.add(name, format!("{text:?}"), "it has to be one line of letters that are seen");
        }
    }
}

/// Every setting that can't be worked with, in the order of `config/default.toml`. The link key is asked for where
/// links are made (`ground::mail::links`), since `migrate` and `admin` do without.
#[must_use]
pub fn wrong(settings: &Settings) -> Vec<WrongSetting> {
    let mut found = Findings::default();
    look_at_server(settings, &mut found);
    look_at_operator(settings, &mut found);
    look_at_neighbours(settings, &mut found);
    look_at_people(settings, &mut found);
    look_at_matching(settings, &mut found);
    look_at_documents(settings, &mut found);
    if !is_log_filter(&settings.log.filter) {
        found.add("log.filter", &settings.log.filter, "it has to be like info or info,sqlx=warn");
    }
    if !["json", "text"].contains(&settings.log.format.as_str()) {
        found.add("log.format", &settings.log.format, "it has to be json or text");
    }
    found.0
}

fn look_at_server(settings: &Settings, found: &mut Findings) {
    let server = &settings.server;
    if server.host.trim().is_empty() {
        found.add("server.host", "empty", "name the address to listen on, like 127.0.0.1");
    }
    if !is_base_url(&server.base_url) {
        let wanted = "it has to be like https://locums.example.org, without anything after the name and port";
        found.add("server.base_url", &server.base_url, wanted);
    }
    found.line_of_text("server.product_name", &server.product_name);
}

fn look_at_operator(settings: &Settings, found: &mut Findings) {
    let operator = &settings.operator;
    if !operator.name.is_empty() {
        found.line_of_text("operator.name", &operator.name);
    }
    if !operator.email.is_empty() && form_fields::email(&operator.email).is_err() {
        found.add(
            "operator.email",
            format!("{:?}", operator.email),
            "it has to be an address that takes mail, like locums@example.org, or empty",
        );
    }
}

fn look_at_neighbours(settings: &Settings, found: &mut Findings) {
    let (database, redis, smtp) = (&settings.database, &settings.redis, &settings.smtp);
    // These three may hold passwords, so what they say is not repeated.
    let not_shown = "not an address that can be used";
    let owner = Some(&database.owner_url).filter(|owner| !owner.expose_secret().is_empty());
    let urls = [("database.url", Some(&database.url)), ("database.owner_url", owner)];
    for (name, url) in urls.into_iter().filter_map(|(name, url)| Some((name, url?.expose_secret()))) {
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if !is_postgres || url.parse::<PgConnectOptions>().is_err() {
            found.add(name, not_shown, "it has to be like postgres://USER:PASSWORD@HOST/DATABASE");
        }
    }
    found.within("database.max_connections", database.max_connections, 1, MOST_CONNECTIONS);
    let redis = redis.url.expose_secret();
    if !redis.is_empty() && redis::Client::open(redis).is_err() {
        found.add("redis.url", not_shown, "it has to be like redis://HOST:6379, or empty");
    }
    if let Err(error) = Relay::from_url(smtp.url.expose_secret(), std::time::Duration::from_secs(1)) {
        found.add("smtp.url", not_shown, error.to_string());
    }
    found.line_of_text("smtp.from_name", &smtp.from_name);
    if form_fields::email(&smtp.from_address).is_err() {
        found.add(
            "smtp.from_address",
            format!("{:?}", smtp.from_address),
            "it has to be an address that takes mail, like locums@example.org",
        );
    }
    found.within("smtp.send_timeout_seconds", smtp.send_timeout_seconds, 1, MOST_SEND_SECONDS);
    found.within("smtp.connections", smtp.connections, 1, MOST_RELAY_CONNECTIONS);
}

fn look_at_people(settings: &Settings, found: &mut Findings) {
    let (sign_in, offers) = (&settings.sign_in, &settings.offers);
    found.within("sign_in.idle_minutes", sign_in.idle_minutes, 1, MOST_IDLE_MINUTES);
    found.within("sign_in.absolute_hours", sign_in.absolute_hours, 1, MOST_SIGNED_IN_HOURS);
    let attempts = sign_in.attempts_per_quarter_hour;
    found.within("sign_in.attempts_per_quarter_hour", attempts, 1, MOST_ATTEMPTS);
    let (least, most) = ARGON2_MEMORY_KIB;
    found.within("sign_in.argon2_memory_kib", sign_in.argon2_memory_kib, least, most);
    found.within("offers.answer_within_hours", offers.answer_within_hours, 1, MOST_ANSWER_HOURS);
    let before = offers.latest_minutes_before_start;
    found.within("offers.latest_minutes_before_start", before, 0, MOST_MINUTES_BEFORE_START);
}

fn look_at_matching(settings: &Settings, found: &mut Findings) {
    let (matching, policy) = (&settings.matching, &settings.matching.policy);
    found.within("matching.seconds", matching.seconds, 1, MOST_MATCHING_SECONDS);
    if matching.seconds <= MOST_MATCHING_SECONDS && matching.kill_after_seconds <= matching.seconds {
        let wanted = format!("a run may take {} seconds, so it has to be more", matching.seconds);
        found.add("matching.kill_after_seconds", matching.kill_after_seconds, wanted);
    }
    if !matching.program.is_empty() && !Path::new(&matching.program).is_file() {
        found.add("matching.program", &matching.program, "there is no such file");
    }
    for (name, points, least) in [
        ("matching.policy.fill_points", policy.fill_points, 1),
        ("matching.policy.pay_points_per_pound", policy.pay_points_per_pound, 0),
        ("matching.policy.travel_points_per_km", policy.travel_points_per_km, 0),
        ("matching.policy.preferred_practice_points", policy.preferred_practice_points, 0),
        ("matching.policy.continuity_points", policy.continuity_points, 0),
        ("matching.policy.incumbent_points", policy.incumbent_points, 0),
    ] {
        found.within(name, points, least, MOST_POINTS);
    }
    if settings.watching.token.expose_secret().chars().any(|letter| !letter.is_ascii_graphic()) {
        let wanted = "it has to be letters, figures and signs without spaces, as a header carries them";
        found.add("watching.token", "not one word", wanted);
    }
}

fn look_at_documents(settings: &Settings, found: &mut Findings) {
    let documents = &settings.documents;
    let program = documents.virus_check.split_whitespace().next().unwrap_or_default();
    if program.contains('/') && !Path::new(program).is_file() {
        found.add("documents.virus_check", program, "there is no such file");
    }
    // Proxies wait for an answer for a minute.
    let seconds = documents.virus_check_seconds;
    found.within("documents.virus_check_seconds", seconds, 1, MOST_CHECK_SECONDS);
    if let Err(error) = DocumentKeys::read(&settings.secrets.document_keys) {
        found.add("secrets.document_keys", "not a list of keys", error.to_string());
    }
}

/// Whether these are levels and levels of parts. A word alone would be taken for a part of which everything is written.
fn is_log_filter(text: &str) -> bool {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let is_whole = |part: &str| part.contains('=') || levels.contains(&part.trim().to_lowercase().as_str());
    text.parse::<Targets>().is_ok() && text.split(',').all(is_whole)
}

/// Whether this is nothing, or the address of a site and no more than that.
fn is_base_url(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let Ok(url) = Url::parse(text) else { return false };
    let is_site = ["http", "https"].contains(&url.scheme()) && url.host_str().is_some();
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let names_nobody = url.username().is_empty() && url.password().is_none();
    let is_one_word = !text.ends_with('/') && !text.contains(char::is_whitespace);
    is_site && is_bare && names_nobody && is_one_word
}

#[cfg(test)]
mod tests {
    use super::wrong;
    use crate::ground::settings::Settings;
    use config::{Config, File, FileFormat};

    const DEFAULTS: &str = include_str!("../../config/default.toml");

    /// For each setting that can be wrong, values nobody can work with, as TOML.
    const IMPOSSIBLE: &[(&str, &[&str])] = &[
        ("server.host", &["''", "' '"]),
        (
            "server.base_url",
            &[
                "'locums.example.org'",
                "'https://'",
                "'https://locums.example.org/'",
                "'https://locums.example.org/bank'",
                "'ftp://locums.example.org'",
                "'https://locums.example.org?a=b'",
                "'https://user@locums.example.org'",
                "'https://locums.example.org '",
            ],
        ),
        ("server.product_name", &["''", "\"two\\nlines\""]),
        ("operator.name", &["' '", "\"two\\nlines\""]),
        ("operator.email", &["'nobody'", "'two@example.org, three@example.org'"]),
        ("database.url", &["'localhost/locumbank'", "'mysql://localhost/locumbank'", "''"]),
        ("database.owner_url", &["'localhost/locumbank'", "'mysql://localhost/locumbank'"]),
        ("database.max_connections", &["0", "100000"]),
        ("redis.url", &["'localhost'", "'http://localhost'"]),
        ("smtp.url", &["''", "'127.0.0.1:25'", "'smtp://127.0.0.1?tls=maybe'"]),
        ("smtp.from_name", &["''", "\"Bank\\r\\nBcc: all@example.org\""]),
        (
            "smtp.from_address",
            &[
                "''",
                "'nobody'",
                "'bank@'",
                "'@example.org'",
                "'bank@example'",
                "'the bank@example.org'",
                "'a@b@c.org'",
            ],
        ),
        ("smtp.send_timeout_seconds", &["0", "86400"]),
        ("smtp.connections", &["0", "200"]),
        ("sign_in.idle_minutes", &["0", "-5", "525600"]),
        ("sign_in.absolute_hours", &["0", "-1", "8760"]),
        ("sign_in.attempts_per_quarter_hour", &["0"]),
        ("sign_in.argon2_memory_kib", &["0", "4294967295"]),
        ("offers.answer_within_hours", &["0", "-24", "1000000"]),
        ("offers.latest_minutes_before_start", &["-1", "1000000"]),
        ("matching.seconds", &["0", "1000000"]),
        ("matching.kill_after_seconds", &["0", "60"]),
        ("matching.program", &["'/nowhere/locumbank'"]),
        ("matching.policy.fill_points", &["0", "-1", "9223372036854775807"]),
        ("matching.policy.pay_points_per_pound", &["-1", "9223372036854775807"]),
        ("matching.policy.travel_points_per_km", &["-1", "9223372036854775807"]),
        ("matching.policy.preferred_practice_points", &["-1", "9223372036854775807"]),
        ("matching.policy.continuity_points", &["-1", "9223372036854775807"]),
        ("matching.policy.incumbent_points", &["-1", "9223372036854775807"]),
        ("documents.virus_check", &["'/nowhere/clamdscan --no-summary -'"]),
        ("documents.virus_check_seconds", &["0", "600"]),
        ("secrets.document_keys", &["'2026'", "'2026:abcd'", "'two words:abcd'"]),
        ("watching.token", &["'two words'", "\"line\\nbreak\""]),
        ("log.filter", &["'loud'", "'info,sqlx=quiet'"]),
        ("log.format", &["''", "'xml'"]),
    ];

    /// Settings that can't be wrong once they could be read, and why.
    const ANY_VALUE: &[(&str, &str)] = &[
        ("server.port", "every port can be named, and 0 takes a free one"),
        ("server.with_worker", "yes or no"),
        ("server.behind_proxy", "yes or no"),
        ("secrets.data_key", "LinkKey::data_key reads it, where the service starts"),
        ("secrets.link_key", "LinkKey::from_hex reads it, where links are made"),
        ("watching.worker_port", "every port can be named, and 0 is none"),
        ("log.file", "it is opened before anything else is done"),
    ];

    fn names() -> Vec<String> {
        let (mut names, mut section) = (Vec::new(), String::new());
        for line in DEFAULTS.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name.clone_into(&mut section);
            } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
                names.push(format!("{section}.{key}"));
            }
        }
        names
    }

    fn with(name: &str, value: &str) -> Settings {
        let (section, key) = name.rsplit_once('.').unwrap();
        let changed = format!("[{section}]\n{key} = {value}\n");
        let builder = Config::builder()
            .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
            .add_source(File::from_str(&changed, FileFormat::Toml));
        builder.build().and_then(Config::try_deserialize).unwrap_or_else(|error| panic!("{changed}: {error}"))
    }

    #[test]
    fn every_setting_has_values_that_are_refused_or_takes_any() {
        for name in names() {
            let refuses = IMPOSSIBLE.iter().any(|(refused, _)| *refused == name);
            let takes_any = ANY_VALUE.iter().any(|(any, why)| *any == name && !why.is_empty());
            assert!(refuses != takes_any, "{name} stands in neither table or in both");
        }
        assert_eq!(names().len(), IMPOSSIBLE.len() + ANY_VALUE.len());
    }

    #[test]
    fn what_nobody_can_work_with_is_refused_by_name() {
        for (name, values) in IMPOSSIBLE {
            for value in *values {
                let wrong = wrong(&with(name, value));
                assert_eq!(wrong.iter().map(|one| one.name).collect::<Vec<_>>(), [*name], "{value}");
            }
        }
    }

    #[test]
    fn the_defaults_and_usual_values_are_taken() {
        assert_eq!(wrong(&with("server.port", "8080")), []);
        for (name, value) in [
            ("server.base_url", "'https://locums.example.org'"),
            ("server.base_url", "'http://127.0.0.1:8080'"),
            ("server.base_url", "'https://Locums.Example.org:443'"),
            ("smtp.url", "'smtps://user:pa%40ss@smtp.example.org:465'"),
            ("smtp.url", "'smtp://smtp.example.org?tls=required'"),
            ("redis.url", "'redis://counters'"),
            ("log.filter", "'warn,locumbank=info,sqlx=warn'"),
            ("log.filter", "'off'"),
            ("database.url", "'postgres:///locumbank?host=/tmp&user=locumbank'"),
        ] {
            assert_eq!(wrong(&with(name, value)), [], "{name} {value}");
        }
    }
}
