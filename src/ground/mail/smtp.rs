//! One conversation with the mail relay, in steps: what is said before the mail's own text leaves no doubt when it is
//! cut off; what is said after does (RFC 5321, section 4.2.5; RFC 1047).
//!
//! lettre's own transport says all of it in one call, and afterwards nobody can tell where it broke off.

use std::fmt;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use url::Url;

/// The address of the mail relay in the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// It is no URL.
    #[error("the address of the mail relay can't be read: {0}")]
    Url(#[from] url::ParseError),
    /// It lacks a part, or has one that is not known.
    #[error(
        "the address of the mail relay must be smtp://HOST, smtp://HOST?tls=required or smtps://HOST, with user:password@ where the relay wants it"
    )]
    Parts,
    /// Its host can't be named in a certificate.
    #[error("the mail relay's name can't be used with TLS: {0}")]
    Tls(#[from] Error),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protection {
    Plain,
    StartTls,
    Tls,
}

/// Where the mail relay is, and how it is spoken to.
#[derive(Clone)]
pub struct Relay {
    host: String,
    port: u16,
    protection: Protection,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    name: ClientId,
    timeout: Duration,
}

impl Relay {
    /// Reads `smtp://…` or `smtps://…` as `smtp.url` of the settings explains it. Each step of a conversation may
    /// take `timeout`.
    pub fn from_url(text: &str, timeout: Duration) -> Result<Self, RelayError> {
        let url = Url::parse(text)?;
        let host = url.host_str().ok_or(RelayError::Parts)?.to_owned();
        let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let (protection, usual_port) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (Protection::Plain, SMTP_PORT),
            ("smtp", Some("required")) => (Protection::StartTls, SUBMISSION_PORT),
            ("smtps", None) => (Protection::Tls, SUBMISSIONS_PORT),
            _ => return Err(RelayError::Parts),
        };
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        Ok(Self {
            port: url.port().unwrap_or(usual_port),
            protection,
            tls: TlsParameters::new(host.clone())?,
            credentials: url
                .password()
                .map(|password| Credentials::new(decoded(url.username()), decoded(password))),
            name: ClientId::default(),
            timeout,
            host,
        })
    }

    /// Connects, and signs in where the relay wants it.
    pub async fn connect(&self) -> Result<Conversation, String> {
        let connecting = async {
            let tls = (self.protection == Protection::Tls).then(|| self.tls.clone());
            let server = (self.host.as_str(), self.port);
            let mut connection =
                AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &self.name, tls, None)
                    .await?;
            if self.protection == Protection::StartTls {
                connection.starttls(self.tls.clone(), &self.name).await?;
            }
            if let Some(credentials) = &self.credentials {
                connection.auth(DEFAULT_MECHANISMS, credentials).await?;
            }
            Ok::<_, Error>(connection)
        };
        match tokio::time::timeout(self.timeout, connecting).await {
            Ok(Ok(connection)) => Ok(Conversation { connection, timeout: self.timeout }),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_elapsed) => Err("the mail relay did not answer in time".to_owned()),
        }
    }
}

/// How a step ended that was not taken as hoped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hitch {
    /// The relay refused for good (5xx).
    Refused(String),
    /// The relay asked to come again (4xx).
    Later(String),
    /// The connection broke, or the relay fell silent: the conversation is over.
    Broken(String),
}

impl Hitch {
    /// What the relay or the network said.
    #[must_use]
    pub fn said(&self) -> &str {
        match self {
            Self::Refused(text) | Self::Later(text) | Self::Broken(text) => text,
        }
    }

    fn of(error: &Error) -> Self {
        let text = error.to_string();
        if error.is_permanent() {
            Self::Refused(text)
        } else if error.is_transient() {
            Self::Later(text)
        } else {
            Self::Broken(text)
        }
    }
}

/// A connection to the relay that stands.
pub struct Conversation {
    connection: AsyncSmtpConnection,
    timeout: Duration,
}

impl Conversation {
    /// Whether the relay still listens.
    pub async fn is_alive(&mut self) -> bool {
        self.step(Noop).await.is_ok()
    }

    /// Says who sends.
    pub async fn announce_sender(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Hitch> {
        let mut parameters = Vec::new();
        let offers = |feature| self.connection.server_info().supports_feature(feature);
        let is_ascii = |address: &lettre::Address| -> bool { AsRef::<str>::as_ref(address).is_ascii() };
        if !envelope.from().into_iter().chain(envelope.to()).all(is_ascii) {
            if !offers(Extension::SmtpUtfEight) {
                return Err(Hitch::Refused("the mail relay takes ASCII addresses only".to_owned()));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !message.is_ascii() {
            if !offers(Extension::EightBitMime) {
                return Err(Hitch::Refused("the mail relay takes ASCII text only".to_owned()));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        self.step(Mail::new(envelope.from().cloned(), parameters)).await
    }

    /// Whether the relay would take mail from this address, as far as it says so now; no mail is begun.
    pub async fn ask_about_sender(&mut self, address: lettre::Address) -> Result<(), Hitch> {
        self.step(Mail::new(Some(address), Vec::new())).await?;
        self.forget().await
    }

    /// Names one recipient.
    pub async fn announce_recipient(&mut self, address: &lettre::Address) -> Result<(), Hitch> {
        self.step(Rcpt::new(address.clone(), Vec::new())).await
    }

    /// Asks to hand the text over; the relay now waits for it.
    pub async fn announce_text(&mut self) -> Result<(), Hitch> {
        self.step(Data).await
    }

    /// Hands the text over. After a [`Hitch::Broken`] nobody knows whether the relay has taken it.
    pub async fn hand_over(&mut self, message: &[u8]) -> Result<(), Hitch> {
        self.step(WholeText(message)).await
    }

    /// Forgets the mail that was announced, so that another can be.
    pub async fn forget(&mut self) -> Result<(), Hitch> {
        self.step("RSET\r\n").await
    }

    /// Takes leave. The relay need not answer.
    pub async fn quit(mut self) {
        let leaving = tokio::time::timeout(Duration::from_secs(1), self.connection.quit());
        drop(leaving.await);
    }

    async fn step(&mut self, command: impl fmt::Display) -> Result<(), Hitch> {
        // lettre's own timeout bounds the connect alone.
        let answered = tokio::time::timeout(self.timeout, self.connection.command(command)).await;
        settled(answered.map(|outcome| outcome.map(drop)))
    }
}

/// A mail's text as it goes over the line: a dot that begins a line is doubled, and a dot alone ends it (RFC 5321,
/// section 4.5.2). In one piece, because a small last packet would wait for the answer to the one before it.
struct WholeText<'a>(&'a [u8]);

impl fmt::Display for WholeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Announced as it is: ASCII, or UTF-8 where the relay takes it.
        let text = String::from_utf8_lossy(self.0);
        for line in text.split_inclusive('\n') {
            f.write_str(if line.starts_with('.') { "." } else { "" })?;
            f.write_str(line)?;
        }
        f.write_str(if text.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" })
    }
}

fn settled(outcome: Result<Result<(), Error>, tokio::time::error::Elapsed>) -> Result<(), Hitch> {
    match outcome {
        Ok(outcome) => outcome.map_err(|error| Hitch::of(&error)),
        Err(_elapsed) => Err(Hitch::Broken("the mail relay did not answer in time".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Protection, Relay, WholeText};

    fn relay(url: &str) -> Relay {
        Relay::from_url(url, Duration::from_secs(1)).unwrap()
    }

    #[test]
    fn the_address_says_how_the_relay_is_spoken_to() {
        let of = |url| {
            let relay = relay(url);
            (relay.host, relay.port, relay.protection)
        };
        assert_eq!(of("smtp://127.0.0.1"), ("127.0.0.1".to_owned(), 25, Protection::Plain));
        assert_eq!(of("smtp://127.0.0.1:2525"), ("127.0.0.1".to_owned(), 2525, Protection::Plain));
        let required = "smtp://relay.example?tls=required";
        assert_eq!(of(required), ("relay.example".to_owned(), 587, Protection::StartTls));
        assert_eq!(of("smtps://relay.example"), ("relay.example".to_owned(), 465, Protection::Tls));
    }

    #[test]
    fn a_dot_ends_the_text_and_only_the_last_one() {
        let sent = |text: &str| WholeText(text.as_bytes()).to_string();
        assert_eq!(sent("a\r\n"), "a\r\n.\r\n");
        assert_eq!(sent("a"), "a\r\n.\r\n");
        assert_eq!(sent(".\r\n.a.\r\nb.\r\n"), "..\r\n..a.\r\nb.\r\n.\r\n");
        assert_eq!(
            sent("a\n.\r\nMAIL FROM:<b>\r\n"),
            "a\n..\r\nMAIL FROM:<b>\r\n.\r\n",
            "no mail hides in another"
        );
        assert_eq!(sent(""), "\r\n.\r\n");
    }

    #[test]
    fn user_and_password_are_decoded() {
        let with = relay("smtps://bank%40nhs.example:a%2Fb@relay.example");
        let wanted = lettre::transport::smtp::authentication::Credentials::new(
            "bank@nhs.example".to_owned(),
            "a/b".to_owned(),
        );
        assert_eq!(with.credentials, Some(wanted));
        assert!(relay("smtp://relay.example").credentials.is_none());
    }

    #[test]
    fn an_address_that_says_nothing_clear_is_refused() {
        let odd =
            ["relay.example", "http://relay.example", "smtp://relay.example?tls=opportunistic", "smtp://"];
        for url in odd {
            assert!(Relay::from_url(url, Duration::from_secs(1)).is_err(), "{url}");
        }
    }
}
