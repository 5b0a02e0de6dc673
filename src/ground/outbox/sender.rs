//! Sends what is due, one mail at a time on each of a few connections. A mail is taken only when a connection to the
//! relay stands, and is marked `sending` only when the relay waits for its text: whatever goes wrong before leaves
//! no doubt.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use tokio::time::Instant;

use super::deliver;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::counts::Counted;
use crate::ground::db::{DbError, Tx};
use crate::ground::mail::compose::{self, Sender};
use crate::ground::mail::smtp::{Conversation, Hitch, Relay, RelayError};
use crate::ground::mail::store::sending as store;
use crate::ground::mail::store::sending::MailInHand;
use crate::ground::mail::{MailState, Recipient};

/// The longest pause between two tries.
const LONGEST_PAUSE_SECONDS: i64 = 3600;
/// With pauses that grow to an hour this many tries take five days, which is when relays give up too (RFC 5321,
/// section 4.5.4.1).
const MOST_TRIES: i32 = 130;
/// Each try that leaves a doubt may be a copy in somebody's inbox.
const MOST_UNCERTAIN_TIMES: i32 = 5;
/// From this try on, a mail no longer waits for those of its recipients whom the relay puts off.
const TRIES_FOR_ALL: i32 = 5;
/// What a lease has beyond the time the relay may take: for the statements around it.
const MARGIN_SECONDS: i64 = 30;
/// A connection that was idle for this long is tried out before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// A connection is left after this long without mail.
const LONGEST_IDLE: Duration = Duration::from_secs(20);

/// The way to the mail relay.
#[derive(Clone)]
pub struct Mailer {
    relay: Relay,
    sender: Sender,
    send_timeout_seconds: i64,
}

/// What a sender came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It dealt with a mail.
    Worked,
    /// Nothing is due.
    Idle,
    /// Mail is due, but the relay can't be reached.
    RelayAway,
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
    /// Not sent, because the mail went stale or into another sender's hand.
    Overtaken,
}

impl Mailer {
    /// The way to the mail relay of the settings.
    pub fn open(app: &App) -> Result<Self, RelayError> {
        let smtp = &app.settings.smtp;
        let timeout = Duration::from_secs(smtp.send_timeout_seconds);
        let sender = Sender {
            name: smtp.from_name.clone(),
            address: smtp.from_address.clone(),
            base_url: app.base_url(),
            link_key: app.link_key.clone(),
            messages: app.site.messages,
        };
        Ok(Self {
            relay: Relay::from_url(smtp.url.expose_secret(), timeout)?,
            sender,
            send_timeout_seconds: i64::try_from(smtp.send_timeout_seconds).unwrap_or(i64::MAX),
        })
    }

    /// One lane by which mail leaves. It keeps a connection to the relay while there is mail.
    #[must_use]
    pub fn lane(&self) -> Lane {
        Lane { mailer: self.clone(), standing: None }
    }

    /// Sends until nothing is due or the relay is away, and gives how many mails were dealt with.
    pub async fn send_all_due(&self, app: &App) -> Result<u64, DbError> {
        let (mut lane, mut dealt_with) = (self.lane(), 0);
        while lane.send_next(app).await? == Step::Worked {
            dealt_with += 1;
        }
        lane.leave().await;
        Ok(dealt_with)
    }

    /// Drops what would come too late, and marks as uncertain what a dead sender left behind.
    pub async fn tidy(&self, app: &App) -> Result<(), DbError> {
        let now = app.clock.by_hand();
        let lease_seconds = self.send_timeout_seconds + MARGIN_SECONDS;
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let stale = store::mark_stale_dropped(&mut tx, now).await?;
        let most = MOST_UNCERTAIN_TIMES;
        let abandoned = store::mark_abandoned_uncertain(&mut tx, lease_seconds, most, now).await?;
        tx.commit().await?;
        if stale + abandoned > 0 {
            tracing::info!(stale, abandoned, "mails were dropped as stale or found abandoned");
        }
        Ok(())
    }
}

/// One lane by which mail leaves.
pub struct Lane {
    mailer: Mailer,
    standing: Option<Standing>,
}

/// A connection that was kept after a mail.
struct Standing {
    conversation: Conversation,
    last_mail: Instant,
}

impl Lane {
    /// Sends the next mail that is due, if one is.
    pub async fn send_next(&mut self, app: &App) -> Result<Step, DbError> {
        let now = app.clock.by_hand();
        if self.standing.is_none() && !store::is_any_due(&mut app.db.look(Actor::SERVICE).await?, now).await?
        {
            return Ok(Step::Idle);
        }
        let Some(mut standing) = self.conversation().await else { return Ok(Step::RelayAway) };
        let Some((mail, recipients)) = self.take(app).await? else {
            if standing.last_mail.elapsed() < LONGEST_IDLE {
                self.standing = Some(standing);
            } else {
                standing.conversation.quit().await;
            }
            return Ok(Step::Idle);
        };
        if recipients.is_empty() {
            // There is nobody left to send it to: it was decided elsewhere.
            self.standing = Some(standing);
            return Ok(Step::Worked);
        }
        let (outcome, refusals) = self.deliver(app, &mut standing.conversation, &mail, &recipients).await?;
        let usable = match &outcome {
            Outcome::Sent => true,
            // A connection that is broken shows itself here.
            Outcome::NotSent(_) | Outcome::Refused(_) => standing.conversation.forget().await.is_ok(),
            Outcome::Uncertain(_) | Outcome::Overtaken => false,
        };
        note(app, mail, outcome, refusals).await?;
        if usable {
            self.standing = Some(Standing { last_mail: Instant::now(), ..standing });
        }
        Ok(Step::Worked)
    }

    /// Takes leave of the relay.
    pub async fn leave(&mut self) {
        if let Some(standing) = self.standing.take() {
            standing.conversation.quit().await;
        }
    }

    /// The connection that was kept, where the relay still listens, or a new one.
    async fn conversation(&mut self) -> Option<Standing> {
        if let Some(mut standing) = self.standing.take()
            && (standing.last_mail.elapsed() < TRUSTED_IDLE || standing.conversation.is_alive().await)
        {
            return Some(standing);
        }
        match self.mailer.relay.connect().await {
            Ok(conversation) => Some(Standing { conversation, last_mail: Instant::now() }),
            Err(error) => {
                tracing::warn!(error, "the mail relay can't be reached");
                None
            }
        }
    }

    async fn take(&self, app: &App) -> Result<Option<(MailInHand, Vec<Recipient>)>, DbError> {
        let (now, site) = (app.clock.by_hand(), app.site);
        // Announcing and handing over may each take the relay's time.
        let lease_seconds = 2 * self.mailer.send_timeout_seconds + MARGIN_SECONDS;
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let Some(mut mail) = store::take_next(&mut tx, now, lease_seconds).await? else {
            tx.give_up().await?;
            return Ok(None);
        };
        let recipients = deliver::settle(&mut tx, site, &mut mail).await?;
        tx.commit().await?;
        Ok(Some((mail, recipients)))
    }

    /// Announces the mail, marks it `sending` when the relay waits for its text, and hands that over. Gives also the
    /// recipients whom the relay refused for good, with its words.
    async fn deliver(
        &self,
        app: &App,
        conversation: &mut Conversation,
        mail: &MailInHand,
        recipients: &[Recipient],
    ) -> Result<(Outcome, Vec<(String, String)>), DbError> {
        let mut refusals = Vec::new();
        let message = match compose::message(mail, recipients, &self.mailer.sender) {
            Ok(message) => message,
            Err(error) => return Ok((Outcome::Refused(error.to_string()), refusals)),
        };
        let (envelope, text) = (message.envelope(), message.formatted());
        if let Err(hitch) = announce(conversation, envelope, &text, mail.attempts, &mut refusals).await {
            let outcome = match hitch {
                Hitch::Refused(words) => Outcome::Refused(words),
                Hitch::Later(words) | Hitch::Broken(words) => Outcome::NotSent(words),
            };
            return Ok((outcome, refusals));
        }
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let is_ours = store::mark_sending(&mut tx, mail, app.clock.by_hand()).await?;
        tx.commit().await?;
        if !is_ours {
            return Ok((Outcome::Overtaken, refusals));
        }
        let outcome = match conversation.hand_over(&text).await {
            Ok(()) => Outcome::Sent,
            Err(Hitch::Refused(words)) => Outcome::Refused(words),
            Err(Hitch::Later(words)) => Outcome::NotSent(words),
            Err(Hitch::Broken(words)) => Outcome::Uncertain(words),
        };
        Ok((outcome, refusals))
    }
}

/// Says everything up to the mail's own text. One recipient whom the relay refuses for good does not keep the others
/// from their mail; nor, after some tries, does one whom it puts off.
async fn announce(
    conversation: &mut Conversation,
    envelope: &lettre::address::Envelope,
    text: &[u8],
    attempts: i32,
    refusals: &mut Vec<(String, String)>,
) -> Result<(), Hitch> {
    conversation.announce_sender(envelope, text).await?;
    let (mut accepted, mut last) = (0, None);
    for address in envelope.to() {
        match conversation.announce_recipient(address).await {
            Ok(()) => accepted += 1,
            Err(Hitch::Broken(words)) => return Err(Hitch::Broken(words)),
            Err(Hitch::Later(words)) if attempts < TRIES_FOR_ALL => return Err(Hitch::Later(words)),
            Err(hitch) => {
                if let Hitch::Refused(words) = &hitch {
                    refusals.push((address.to_string(), words.clone()));
                }
                last = Some(hitch);
            }
        }
    }
    match last {
        Some(hitch) if accepted == 0 => Err(hitch),
        _ => conversation.announce_text().await,
    }
}

async fn note(
    app: &App,
    mail: MailInHand,
    outcome: Outcome,
    refusals: Vec<(String, String)>,
) -> Result<(), DbError> {
    let ended = match &outcome {
        Outcome::Sent => "sent",
        Outcome::NotSent(_) => "put_off",
        Outcome::Uncertain(_) => "uncertain",
        Outcome::Refused(_) => "refused",
        Outcome::Overtaken => "overtaken",
    };
    app.counts.add(Counted::Mails, &mail.kind, ended, 1);
    if outcome != Outcome::Sent {
        // The relay's words may name the recipient, so they are kept with the mail and not in the log.
        tracing::warn!(mail = %mail.id, kind = mail.kind, ended, "a mail was not sent");
    }
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    if !refusals.is_empty() {
        store::mark_recipients_refused(&mut tx, &mail, &refusals).await?;
        (app.site.delivery.count_refusals)(&mut tx, app, &mail, &refusals).await?;
    }
    let in_time = note_end(&mut tx, &mail, &outcome, app.clock.by_hand()).await?;
    tx.commit().await?;
    if !in_time {
        tracing::warn!("a send ended after its mail was taken by another sender");
    }
    Ok(())
}

async fn note_end(
    tx: &mut Tx,
    mail: &MailInHand,
    outcome: &Outcome,
    now: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let pause = pause_seconds(mail.attempts);
    let failed = MailState::Failed;
    match outcome {
        Outcome::Overtaken => Ok(true),
        Outcome::Sent => store::mark_finished(tx, mail, MailState::Sent, false, None, now).await,
        Outcome::NotSent(words) if mail.attempts < MOST_TRIES => {
            store::mark_for_another_try(tx, mail, false, words, pause, now).await
        }
        Outcome::Uncertain(words) if mail.uncertain_times + 1 < MOST_UNCERTAIN_TIMES => {
            store::mark_for_another_try(tx, mail, true, words, pause, now).await
        }
        Outcome::Uncertain(words) => store::mark_finished(tx, mail, failed, true, Some(words), now).await,
        Outcome::NotSent(words) | Outcome::Refused(words) => {
            store::mark_finished(tx, mail, failed, false, Some(words), now).await
        }
    }
}

/// Two, four, eight … seconds, an hour at most.
fn pause_seconds(attempts: i32) -> i64 {
    2_i64.saturating_pow(attempts.clamp(1, 16).unsigned_abs()).min(LONGEST_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::{MOST_TRIES, pause_seconds};

    #[test]
    fn pauses_grow_to_an_hour_and_end_after_five_days() {
        assert_eq!((pause_seconds(1), pause_seconds(5), pause_seconds(40)), (2, 32, 3600));
        let days = (1..MOST_TRIES).map(pause_seconds).sum::<i64>() / 86_400;
        assert_eq!(days, 4, "the fifth day is the last");
    }
}
