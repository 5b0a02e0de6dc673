//! What the settings say, and whether the neighbours they name answer.

use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::Finding;
use crate::command::limits;
use crate::ground::cache::Cache;
use crate::ground::mail::links::LinkKey;
use crate::ground::mail::smtp::Relay;
use crate::ground::settings::Settings;

/// What a copy of the database may cost whoever guesses passwords in it (OWASP, Argon2id with one pass), in KiB.
const ARGON2_FLOOR_KIB: u32 = 47_104;

/// What is wrong with the values themselves.
pub(super) fn examine_settings(settings: &Settings) -> Vec<Finding> {
    let wrong = limits::wrong(settings);
    let mut findings: Vec<Finding> = wrong.iter().map(|one| Finding::Bad(format!("{one}."))).collect();
    findings.push(match LinkKey::from_hex(&settings.secrets.link_key) {
        Ok(_) => Finding::Good("The key of links in mails is long enough.".to_owned()),
        Err(error) => Finding::Bad(format!("Links in mails: {error}.")),
    });
    let is_right = |name: &str| wrong.iter().all(|one| one.name != name);
    if is_right("server.base_url") {
        findings.push(examine_address(&settings.server.base_url, &settings.server.host));
    }
    if is_right("smtp.from_address") {
        findings.push(examine_sender(&settings.smtp.from_address));
    }
    if is_right("sign_in.argon2_memory_kib") && settings.sign_in.argon2_memory_kib < ARGON2_FLOOR_KIB {
        findings.push(Finding::Look(format!(
            "sign_in.argon2_memory_kib is {}: passwords are guessed too quickly from a stolen copy; {ARGON2_FLOOR_KIB} is the least that OWASP advises.",
            settings.sign_in.argon2_memory_kib
        )));
    }
    findings
}

fn examine_sender(address: &str) -> Finding {
    if address.ends_with(".localdomain") {
        Finding::Look("smtp.from_address is still the example: name an address of yours.".to_owned())
    } else {
        Finding::Good(format!("Mail comes from {address}."))
    }
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

/// Whether Redis answers; nothing where its address was found wrong above.
pub(super) async fn examine_redis(settings: &Settings) -> Option<Finding> {
    let cache = Cache::open(settings.redis.url.expose_secret()).ok()?;
    Some(match cache.state().await {
        "unused" => {
            Finding::Good("No Redis: limits are counted in this process, so run one web process.".to_owned())
        }
        "up" => Finding::Good("Redis answers.".to_owned()),
        _ => Finding::Bad("Redis does not answer: check redis.url (REDIS_URL).".to_owned()),
    })
}

/// Whether the mail relay answers and takes mail from the address of the settings; nothing where its address was found
/// wrong above.
pub(super) async fn examine_relay(settings: &Settings) -> Option<Finding> {
    let timeout = Duration::from_secs(settings.smtp.send_timeout_seconds.max(1));
    let relay = Relay::from_url(settings.smtp.url.expose_secret(), timeout).ok()?;
    let sender = settings.smtp.from_address.parse().ok();
    Some(match relay.connect().await {
        Err(error) => {
            Finding::Bad(format!("The mail relay does not answer ({error}): check smtp.url (SMTP_URL)."))
        }
        Ok(mut conversation) => {
            let taken = match sender {
                Some(sender) => conversation.ask_about_sender(sender).await,
                None => Ok(()),
            };
            conversation.quit().await;
            match taken {
                Ok(()) => Finding::Good("The mail relay answers.".to_owned()),
                Err(hitch) => Finding::Bad(format!(
                    "The mail relay answers, but takes no mail from smtp.from_address ({}): {}.",
                    settings.smtp.from_address,
                    hitch.said()
                )),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Finding, examine_address};

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
}
