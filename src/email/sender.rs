//! Sends what is due, one mail at a time: `sending` is committed before the mail server hears of it.

use std::error::Error as StdError;
use std::io::ErrorKind;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;

use super::MailState;
use super::compose::{self, Sender};
use super::store::{self, MailInHand};
use crate::app::App;
use crate::db::DbError;

/// The longest pause between two tries.
const LONGEST_PAUSE_MINUTES: i64 = 60;

/// The mail server's address in the settings can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the address of the mail server can't be used: {0}")]
pub struct MailServerError(#[source] lettre::transport::smtp::Error);

/// The way to the mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
    send_timeout: Duration,
}

/// What became of one send.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Sent,
    /// Certainly not sent; try again.
    NotSent(String),
    /// May or may not have been sent; try again with the same Message-ID.
    Uncertain(String),
    /// Refused for good.
    Refused(String),
}

impl Mailer {
    /// A pool of connections to the mail server of the settings. Connections are made when first needed.
    pub fn open(app: &App) -> Result<Self, MailServerError> {
        let smtp = &app.settings.smtp;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp.url.expose_secret())
            .map_err(MailServerError)?
            .timeout(Some(Duration::from_secs(smtp.send_timeout_seconds)))
            .pool_config(PoolConfig::new().max_size(8).idle_timeout(Duration::from_secs(20)))
            .build();
        let sender = Sender {
            name: smtp.from_name.clone(),
            address: smtp.from_address.clone(),
            base_url: app.base_url(),
            link_key: app.link_key.clone(),
        };
        Ok(Self { transport, sender, send_timeout: Duration::from_secs(smtp.send_timeout_seconds) })
    }

    /// Whether the mail server answers, without a mail being sent.
    pub async fn greet(&self) -> Result<bool, lettre::transport::smtp::Error> {
        self.transport.test_connection().await
    }

    /// Sends the next mail that is due, if one is. True where there was one.
    pub async fn send_next(&self, app: &App) -> Result<bool, DbError> {
        let now = app.clock.now();
        let in_hand = app
            .db
            .change(move |connection| {
                Box::pin(async move {
                    let Some(mail) = store::mark_next_sending(connection, now).await? else {
                        return Ok(None);
                    };
                    let recipients = store::list_recipients(connection, mail.bank_id, mail.id).await?;
                    Ok::<_, DbError>(Some((mail, recipients)))
                })
            })
            .await?;
        let Some((mail, recipients)) = in_hand else { return Ok(false) };
        let outcome = self.send(&mail, &recipients).await;
        note(app, mail, outcome).await?;
        Ok(true)
    }

    async fn send(&self, mail: &MailInHand, recipients: &[(String, String)]) -> Outcome {
        let message = match compose::message(mail, recipients, &self.sender) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        // lettre's own timeout bounds the connect alone.
        match tokio::time::timeout(self.send_timeout, self.transport.send(message)).await {
            Ok(Ok(_accepted)) => Outcome::Sent,
            Ok(Err(error)) => judge(&error),
            Err(_elapsed) => Outcome::Uncertain("the mail server did not answer in time".to_owned()),
        }
    }

    /// Sends until nothing is due.
    pub async fn send_all_due(&self, app: &App) -> Result<u64, DbError> {
        let mut sent = 0;
        while self.send_next(app).await? {
            sent += 1;
        }
        Ok(sent)
    }

    /// Drops what would come too late, and marks as uncertain what a dead sender left behind.
    pub async fn tidy(&self, app: &App) -> Result<(), DbError> {
        let now = app.clock.now();
        // No sender holds a mail for longer than its timeout and the writing of its end.
        let since = now - TimeDelta::from_std(self.send_timeout).unwrap_or_default() - TimeDelta::seconds(30);
        app.db
            .change(move |connection| {
                Box::pin(async move {
                    store::mark_stale_dropped(connection, now).await?;
                    store::mark_abandoned_uncertain(connection, since, now).await?;
                    Ok::<_, DbError>(())
                })
            })
            .await
    }
}

async fn note(app: &App, mail: MailInHand, outcome: Outcome) -> Result<(), DbError> {
    let now = app.clock.now();
    if let Outcome::Refused(error) | Outcome::Uncertain(error) | Outcome::NotSent(error) = &outcome {
        tracing::warn!(mail = %mail.id, kind = mail.kind, error, "a mail was not sent");
    }
    app.db
        .change(move |connection| {
            let (mail, outcome) = (mail.clone(), outcome.clone());
            Box::pin(async move {
                let next = next_try(now, mail.attempts);
                let in_time = match &outcome {
                    Outcome::Sent => store::mark_finished(connection, &mail, MailState::Sent, None, now).await?,
                    Outcome::Refused(error) => {
                        store::mark_finished(connection, &mail, MailState::Failed, Some(error), now).await?
                    }
                    Outcome::NotSent(error) => {
                        store::mark_for_another_try(connection, &mail, MailState::Pending, error, next).await?
                    }
                    Outcome::Uncertain(error) => {
                        store::mark_for_another_try(connection, &mail, MailState::Uncertain, error, next).await?
                    }
                };
                if !in_time {
                    tracing::warn!(mail = %mail.id, "a send ended after its mail was taken by another sender");
                }
                Ok::<_, DbError>(())
            })
        })
        .await
}

/// Two, four, eight … seconds, an hour at most.
fn next_try(now: DateTime<Utc>, attempts: i32) -> DateTime<Utc> {
    let seconds = 2_i64.saturating_pow(attempts.clamp(1, 16).unsigned_abs()).min(LONGEST_PAUSE_MINUTES * 60);
    now + TimeDelta::seconds(seconds)
}

/// An answer is certain; a connection that was never made is certain; all else is not.
fn judge(error: &lettre::transport::smtp::Error) -> Outcome {
    let text = error.to_string();
    if error.is_permanent() {
        Outcome::Refused(text)
    } else if error.is_transient() || error.is_client() || error.is_tls() || never_connected(error) {
        Outcome::NotSent(text)
    } else {
        Outcome::Uncertain(text)
    }
}

fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            let kinds =
                [ErrorKind::ConnectionRefused, ErrorKind::HostUnreachable, ErrorKind::NetworkUnreachable];
            return kinds.contains(&io.kind());
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::next_try;

    #[test]
    fn pauses_grow_to_an_hour() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(next_try(now, 1), now + TimeDelta::seconds(2));
        assert_eq!(next_try(now, 5), now + TimeDelta::seconds(32));
        assert_eq!(next_try(now, 40), now + TimeDelta::hours(1));
    }
}
