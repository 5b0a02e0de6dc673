//! Takes a report about a mail: finds the mail by its Message-ID, counts against the address, and stops it where the
//! rule says so.

use serde_json::json;

use super::messages;
use super::read::{self, Said};
use super::store::{self, NewReport, Reached};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::mail;
use crate::ground::mail::store::sending::MailInHand;
use crate::ground::sign_in::PersonKind;
use crate::letters::mail_choice::{self, Choice};
use crate::letters::stopped_address::store::{Failure, lock_count, upsert_count};
use crate::letters::stopped_address::{ReportKind, verdict};
use crate::people::account::store::list_people_of_kind;
use crate::terms::bank;

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is no report.
    NoReport,
    /// It is about a mail that we did not send, or about somebody we did not send it to. Nothing changed.
    UnknownMail,
    /// It was taken before.
    Again,
    /// It was counted.
    Counted {
        /// Addresses that take no mail from now on.
        stopped: usize,
    },
}

/// A report could not be taken; it may be handed over again.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The database failed. Not transparent: who tries lost races again looks for it among the causes.
    #[error("counting a report")]
    Database(#[from] DbError),
    /// The administrators could not be told.
    #[error("writing to the administrators: {0}")]
    Message(#[from] askama::Error),
}

/// Takes a message as it came from the mail server. All that a report says happens in one transaction.
pub async fn receive(app: &App, message: &[u8]) -> Result<Taken, ReceiveError> {
    let Some(report) = read::report(message) else { return Ok(Taken::NoReport) };
    app.db
        .change(Actor::SERVICE, async |tx| {
            let Some(reached) = find_reached(tx, &report.message_ids).await? else {
                return Ok(Taken::UnknownMail);
            };
            let (mut known, mut counted, mut stopped) = (0, 0, 0);
            for said in &report.said {
                let Some(whom) = whom(said, &reached) else { continue };
                known += 1;
                if let Some(stops) = count(tx, app, said, whom).await? {
                    counted += 1;
                    stopped += usize::from(stops);
                }
            }
            Ok(match (known, counted) {
                (0, _) => Taken::UnknownMail,
                (_, 0) => Taken::Again,
                _ => Taken::Counted { stopped },
            })
        })
        .await
}

/// Counts what the relay itself said of recipients it refused for good, in the transaction that notes the refusal.
pub async fn count_refusals(
    tx: &mut Tx,
    app: &App,
    mail: &MailInHand,
    refusals: &[(String, String)],
) -> Result<(), DbError> {
    let reached = store::list_reached(tx, &mail.message_id).await?;
    for (address, words) in refusals {
        let Some(whom) = reached.iter().find(|reached| reached.address.eq_ignore_ascii_case(address)) else {
            continue;
        };
        match count(tx, app, &read::refusal(address, words), whom).await {
            Ok(_) => {}
            Err(ReceiveError::Database(error)) => return Err(error),
            Err(error @ ReceiveError::Message(_)) => {
                // The address is counted; that nobody is told must not send the mail again.
                tracing::error!(mail = %mail.id, %error, "administrators were not told of a refused address");
            }
        }
    }
    Ok(())
}

async fn find_reached(tx: &mut Tx, message_ids: &[String]) -> Result<Option<Vec<Reached>>, DbError> {
    for id in message_ids {
        let reached = store::list_reached(tx, id).await?;
        if !reached.is_empty() {
            return Ok(Some(reached));
        }
    }
    Ok(None)
}

/// Whom a report is about: one of those the mail went to. Servers that forward name an address we don't know; where
/// the mail went to one person it can only be about them.
fn whom<'a>(said: &Said, reached: &'a [Reached]) -> Option<&'a Reached> {
    let named = said
        .addresses
        .iter()
        .find_map(|address| reached.iter().find(|reached| reached.address.eq_ignore_ascii_case(address)));
    match (named, reached) {
        (Some(named), _) => Some(named),
        (None, [only]) => Some(only),
        _ => None,
    }
}

/// Counts what is said against an address. None where it was said before; true where the address is stopped by it.
async fn count(tx: &mut Tx, app: &App, said: &Said, reached: &Reached) -> Result<Option<bool>, ReceiveError> {
    tx.go_to_bank(reached.bank_id).await?;
    let now = tx.now();
    let report = NewReport {
        reached,
        kind: said.kind,
        status: said.status.as_deref(),
        explanation: &said.explanation,
    };
    if !store::insert_report(tx, &report).await? {
        return Ok(None);
    }
    let before = lock_count(tx, &reached.address).await?;
    let (failures, is_stopped) = verdict(before, said.kind, now);
    let failure = Failure {
        bank: reached.bank_id,
        address: &reached.address,
        account: reached.account_id,
        reason: said.kind,
        explanation: &said.explanation,
    };
    upsert_count(tx, &failure, (failures, is_stopped)).await?;
    if said.kind == ReportKind::Complaint {
        decline_all(tx, app, reached).await?;
    }
    let stops = is_stopped && !before.is_some_and(|count| count.is_stopped);
    if stops || said.kind == ReportKind::Complaint {
        tell(tx, &report, stops, &app.base_url()).await?;
    }
    Ok(Some(stops))
}

/// Turns off what somebody who complained can turn off.
async fn decline_all(tx: &mut Tx, app: &App, reached: &Reached) -> Result<(), DbError> {
    let Some(account) = reached.account_id else { return Ok(()) };
    let declinable = app.site.messages.all().filter(|kind| kind.may_decline);
    let declined: Vec<(&'static str, Choice)> = declinable.map(|kind| (kind.name, Choice::Never)).collect();
    mail_choice::store::upsert_choices(tx, account, &declined).await
}

/// Writes it into the log, and to the bank's administrators.
async fn tell(tx: &mut Tx, report: &NewReport<'_>, stops: bool, base_url: &str) -> Result<(), ReceiveError> {
    let reached = report.reached;
    let action = if stops { Action::MailAddressStopped } else { Action::MailAddressComplained };
    let detail = json!({ "address": reached.address, "reason": report.kind.code(), "status": report.status });
    audit::record_consequence(tx, action, reached.mail_id, detail).await?;
    let Some(bank) = bank::store::find_bank(tx, reached.bank_id).await? else { return Ok(()) };
    // Whoever's own mail came back can't be told by mail.
    let mut administrators = list_people_of_kind(tx, PersonKind::BankAdministrator).await?;
    administrators.retain(|administrator| administrator.address != reached.address);
    if administrators.is_empty() {
        return Ok(());
    }
    let told = messages::address_stopped::Told {
        bank: &bank,
        address: &reached.address,
        kind: report.kind,
        explanation: report.explanation,
        key: &format!("{} {}", reached.mail_id, report.kind.code()),
        base_url,
    };
    let mail = messages::address_stopped::mail(&told, administrators)?;
    mail::store::insert_mail(tx, &mail).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Reached, Said, whom};
    use crate::ground::id::{BankId, MailId};
    use crate::letters::stopped_address::ReportKind;

    fn reached(addresses: &[&str]) -> Vec<Reached> {
        let (bank_id, mail_id) = (BankId::new(), MailId::new());
        let of =
            |address: &&str| Reached { bank_id, mail_id, address: (*address).to_owned(), account_id: None };
        addresses.iter().map(of).collect()
    }

    fn said(addresses: &[&str]) -> Said {
        Said {
            kind: ReportKind::Hard,
            addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
            status: None,
            explanation: String::new(),
        }
    }

    #[test]
    fn a_report_is_about_somebody_the_mail_went_to() {
        let two = reached(&["Ann@example.org", "bob@example.org"]);
        assert_eq!(whom(&said(&["x@example.net", "ann@example.org"]), &two), Some(&two[0]));
        assert_eq!(whom(&said(&["x@example.net"]), &two), None, "it may be about either of the two");
        let one = reached(&["ann@example.org"]);
        assert_eq!(whom(&said(&["ann@forwarded.example.net"]), &one), Some(&one[0]));
        assert_eq!(whom(&said(&[]), &one), Some(&one[0]));
    }
}
