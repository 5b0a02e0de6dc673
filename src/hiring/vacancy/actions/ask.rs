//! Practices are asked what came of their vacancies that have closed, and asked again.

use std::collections::BTreeMap;

use crate::ground::db::{DbError, Tx};
use crate::ground::id::{BankId, PracticeId};
use crate::ground::mail::store::insert_mails;
use crate::ground::mail::{Letterhead, NewMail, Recipient};
use crate::hiring::vacancy::messages::outcome_asked;
use crate::hiring::vacancy::store::deciding::{Unsettled, mark_asked};
use crate::people::practice::store::list_contacts;

/// Days between one question and the next.
const DAYS_BETWEEN: i32 = 7;
/// How often a practice is asked about one vacancy.
const MOST_TIMES: i16 = 6;

/// Why practices were not asked.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// The database failed.
    #[error("asking what came of vacancies")]
    Database(#[from] DbError),
    /// The mail could not be written.
    #[error("writing a mail about a vacancy")]
    Mail(#[from] askama::Error),
}

/// Asks the people of each practice, in every bank; gives about how many vacancies.
pub async fn ask_what_came_of_them(tx: &mut Tx, letterhead: &Letterhead) -> Result<usize, NotAsked> {
    let unsettled = mark_asked(tx, DAYS_BETWEEN, MOST_TIMES).await?;
    let mut by_bank: BTreeMap<BankId, Vec<&Unsettled>> = BTreeMap::new();
    for one in &unsettled {
        by_bank.entry(one.bank_id).or_default().push(one);
    }
    for (bank, of_bank) in by_bank {
        tx.go_to_bank(bank).await?;
        let practices: Vec<PracticeId> = of_bank.iter().map(|one| one.practice_id).collect();
        let contacts = list_contacts(tx, &practices).await?;
        let mut mails: Vec<NewMail> = Vec::new();
        for one in of_bank {
            for contact in contacts.iter().filter(|contact| contact.practice_id == one.practice_id) {
                let to = Recipient {
                    address: contact.email.clone(),
                    name: contact.name.clone(),
                    account: Some(contact.account_id),
                };
                mails.push(outcome_asked::mail(one, &to, letterhead)?);
            }
        }
        insert_mails(tx, &mails).await?;
    }
    Ok(unsettled.len())
}
