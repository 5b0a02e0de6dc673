//! `locumbank doctor`: what is wrong with the settings and with what they name, and what to do about it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use secrecy::ExposeSecret;

use crate::command::{CommandError, serve};
use crate::ground::audit::jobs::compare_with_seals;
use crate::ground::audit::seal::Verdict;
use crate::ground::cache::Cache;
use crate::ground::db::health::{DatabaseHealth, examine};
use crate::ground::db::{Db, DbError};
use crate::ground::mail::MailState;
use crate::ground::mail::links::LinkKey;
use crate::ground::mail::sender::Mailer;
use crate::ground::mail::store::count_by_state;
use crate::ground::mail::store::held::count_held;
use crate::ground::settings::Settings;
use crate::ground::sign_in::PersonKind;
use crate::people::account::store::count_members;
use crate::terms::bank::store::{list_bank_holidays, list_banks};

/// The oldest server that is supported: 15.
const OLDEST_SERVER: i32 = 150_000;
/// Clocks further apart than this make offers end early or late.
const MOST_CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(5);
/// Sessions are posted this far ahead, and each needs to know whether its day is a bank holiday.
const HOLIDAYS_AHEAD: TimeDelta = TimeDelta::days(180);

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    /// All is well.
    Good(String),
    /// It works, but somebody should look.
    Look(String),
    /// It does not work.
    Bad(String),
}

/// Looks at everything, prints what it finds, and fails where something does not work.
pub async fn run(settings: Settings) -> Result<(), CommandError> {
    let mut findings = examine_settings(&settings);
    findings.push(examine_redis(&settings).await);
    findings.extend(examine_database(&settings).await);
    // Without a key nothing can be opened, and the key has been found wanting above.
    if LinkKey::from_hex(&settings.secrets.link_key).is_ok() {
        findings.push(examine_relay(settings).await);
    }
    for finding in &findings {
        match finding {
            Finding::Good(text) => say!("ok     {text}"),
            Finding::Look(text) => say!("look   {text}"),
            Finding::Bad(text) => say!("wrong  {text}"),
        }
    }
    match findings.iter().filter(|finding| matches!(finding, Finding::Bad(_))).count() {
        0 => Ok(()),
        1 => Err(CommandError::said("one thing does not work: see above")),
        many => Err(CommandError::said(&format!("{many} things do not work: see above"))),
    }
}

fn examine_settings(settings: &Settings) -> Vec<Finding> {
    let key = match LinkKey::from_hex(&settings.secrets.link_key) {
        Ok(_) => Finding::Good("The key of links in mails is long enough.".to_owned()),
        Err(error) => Finding::Bad(format!("Links in mails: {error}.")),
    };
    let sender = if settings.smtp.from_address.ends_with(".localdomain") {
        Finding::Look("smtp.from_address is still the example: name an address of yours.".to_owned())
    } else {
        Finding::Good(format!("Mail comes from {}.", settings.smtp.from_address))
    };
    vec![key, examine_address(&settings.server.base_url, &settings.server.host), sender]
}

/// The sign-in's cookie is kept only over HTTPS or at this machine's own address.
fn examine_address(base_url: &str, host: &str) -> Finding {
    let is_local = |address: &str| address.starts_with("127.") || address == "localhost" || address == "::1";
    let host_of_url =
        base_url.strip_prefix("http://").map(|rest| rest.split([':', '/']).next().unwrap_or(rest));
    match (base_url, host_of_url) {
        ("", _) if is_local(host) => Finding::Good(format!("Pages are served at {host}, for this machine.")),
        ("", _) => Finding::Bad(
            "server.base_url is empty: name the https:// address people's browsers use, for links in mails."
                .to_owned(),
        ),
        (_, Some(host)) if is_local(host) => {
            Finding::Good(format!("Pages are served at {base_url}, for this machine."))
        }
        (_, Some(_)) => Finding::Bad(format!(
            "server.base_url is {base_url}: browsers keep nobody signed in over plain http, so put a proxy with https in front."
        )),
        _ => Finding::Good(format!("Pages are served at {base_url}.")),
    }
}

async fn examine_redis(settings: &Settings) -> Finding {
    let url = settings.redis.url.expose_secret();
    let cache = match Cache::open(url) {
        Ok(cache) => cache,
        Err(error) => return Finding::Bad(format!("{error}: check redis.url (REDIS_URL).")),
    };
    match cache.state().await {
        "unused" => {
            Finding::Good("No Redis: limits are counted in this process, so run one web process.".to_owned())
        }
        "up" => Finding::Good("Redis answers.".to_owned()),
        _ => Finding::Bad("Redis does not answer: check redis.url (REDIS_URL).".to_owned()),
    }
}

async fn examine_relay(settings: Settings) -> Finding {
    let app = match serve::open(settings).await {
        Ok(app) => app,
        Err(error) => return Finding::Bad(format!("{error}.")),
    };
    let mailer = match Mailer::open(&app) {
        Ok(mailer) => mailer,
        Err(error) => return Finding::Bad(format!("{error}: check smtp.url (SMTP_URL).")),
    };
    match mailer.greet().await {
        Ok(()) => Finding::Good("The mail relay answers.".to_owned()),
        Err(error) => {
            Finding::Bad(format!("The mail relay does not answer ({error}): check smtp.url (SMTP_URL)."))
        }
    }
}

async fn examine_database(settings: &Settings) -> Vec<Finding> {
    let db = match Db::open(settings.database.url.expose_secret(), 1) {
        Ok(db) => db,
        Err(error) => return vec![Finding::Bad(format!("{error}: check database.url (DATABASE_URL)."))],
    };
    let health = match db.read(|connection| Box::pin(async move { examine(connection).await })).await {
        Ok(health) => health,
        Err(error) => return vec![Finding::Bad(format!("{error}: check database.url (DATABASE_URL)."))],
    };
    let now = crate::ground::clock::Clock::System.now();
    let mut findings = examine_server(&health, now);
    if health.applied.is_some() && health.applied == DatabaseHealth::known() {
        match db
            .read(move |connection| {
                Box::pin(async move { examine_banks(connection, now.date_naive()).await })
            })
            .await
        {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(Finding::Bad(format!("{error}."))),
        }
    }
    findings
}

fn examine_server(health: &DatabaseHealth, now: DateTime<Utc>) -> Vec<Finding> {
    let (major, minor) = (health.server_version / 10_000, health.server_version % 10_000);
    let server = if health.server_version < OLDEST_SERVER {
        Finding::Bad(format!("PostgreSQL {major}.{minor} is too old: 15 or later is needed."))
    } else {
        Finding::Good(format!("PostgreSQL {major}.{minor} answers."))
    };
    let known = DatabaseHealth::known();
    let schema = match health.applied {
        applied if applied == known => Finding::Good("The schema is up to date.".to_owned()),
        Some(applied) if Some(applied) > known => Finding::Look(format!(
            "The schema is at {applied}, of a later version: this binary works with it for one release."
        )),
        _ => Finding::Bad("The schema is not up to date: run locumbank migrate.".to_owned()),
    };
    let difference = (health.server_time - now).abs();
    let clocks = if difference > MOST_CLOCK_DIFFERENCE {
        let seconds = difference.num_seconds();
        Finding::Look(format!(
            "The database's clock and this machine's are {seconds} seconds apart: set both by NTP."
        ))
    } else {
        Finding::Good("The database's clock and this machine's agree.".to_owned())
    };
    vec![server, schema, clocks]
}

async fn examine_banks(
    connection: &mut sqlx::PgConnection,
    today: NaiveDate,
) -> Result<Vec<Finding>, DbError> {
    let mut findings = vec![match compare_with_seals(connection).await? {
        Verdict::Whole { sealed_until } => {
            Finding::Good(format!("The audit log is as it was sealed, up to line {sealed_until}."))
        }
        Verdict::Altered { after, until } => Finding::Bad(format!(
            "The audit log was altered after it was sealed, between lines {after} and {until}: compare it with a backup."
        )),
    }];
    let last_holiday = list_bank_holidays(connection).await?.into_iter().map(|holiday| holiday.date).max();
    if last_holiday.is_none_or(|last| last < today + HOLIDAYS_AHEAD) {
        findings.push(Finding::Look("Bank holidays of the coming months are missing.".to_owned()));
    }
    let held = count_held(connection, None).await?;
    if held > 0 {
        findings.push(Finding::Look(format!(
            "Mail held back after a restore, for an administrator to decide: {held}."
        )));
    }
    for bank in list_banks(connection).await? {
        if count_members(connection, bank.id, PersonKind::BankAdministrator).await? == 0 {
            findings.push(Finding::Look(format!(
                "{} has no bank administrator: add one with locumbank admin add-person.",
                bank.name
            )));
        }
        for (state, count) in count_by_state(connection, bank.id).await? {
            if matches!(state, MailState::Failed | MailState::Uncertain) {
                findings.push(Finding::Look(format!(
                    "{}: mail {}: {count}.",
                    bank.name,
                    state.name().to_lowercase()
                )));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_bad(finding: &Finding) -> bool {
        matches!(finding, Finding::Bad(_))
    }

    #[test]
    fn an_address_where_nobody_can_stay_signed_in_is_wrong() {
        for (base_url, host) in
            [("", "0.0.0.0"), ("http://locums.example.org", "127.0.0.1"), ("http://192.168.1.7:8080", "::1")]
        {
            assert!(is_bad(&examine_address(base_url, host)), "{base_url} {host}");
        }
        for (base_url, host) in [
            ("", "127.0.0.1"),
            ("http://127.0.0.1:8080", "0.0.0.0"),
            ("https://locums.example.org", "0.0.0.0"),
        ] {
            assert!(!is_bad(&examine_address(base_url, host)), "{base_url} {host}");
        }
    }

    #[test]
    fn an_old_server_and_an_old_schema_are_wrong() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let well =
            DatabaseHealth { server_version: 150_018, server_time: now, applied: DatabaseHealth::known() };
        let all_good = |health: &DatabaseHealth| {
            examine_server(health, now).iter().all(|finding| matches!(finding, Finding::Good(_)))
        };
        assert!(all_good(&well));
        assert!(is_bad(&examine_server(&DatabaseHealth { server_version: 140_011, ..well.clone() }, now)[0]));
        assert!(is_bad(&examine_server(&DatabaseHealth { applied: None, ..well.clone() }, now)[1]));
        assert!(is_bad(&examine_server(&DatabaseHealth { applied: Some(1), ..well.clone() }, now)[1]));
        assert!(!all_good(&DatabaseHealth { server_time: now + TimeDelta::seconds(6), ..well }));
    }
}
