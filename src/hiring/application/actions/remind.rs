//! Practices are reminded of applicants who have waited for them for more than a week, and reminded again.

use std::collections::BTreeMap;

use crate::ground::db::{DbError, Tx};
use crate::ground::id::{BankId, PracticeId};
use crate::ground::mail::store::insert_mails;
use crate::ground::mail::{Letterhead, NewMail, Recipient};
use crate::hiring::application::messages::applications_wait;
use crate::hiring::application::store::follow::{Waiting, mark_reminded};
use crate::people::practice::store::list_contacts;

/// Days that somebody waits before a practice is reminded, and between one reminder and the next.
const DAYS: i32 = 7;

/// Why practices were not reminded.
#[derive(Debug, thiserror::Error)]
pub enum NotReminded {
    /// The database failed.
    #[error("reminding practices of applicants")]
    Database(#[from] DbError),
    /// The mail could not be written.
    #[error("writing a mail about applicants who wait")]
    Mail(#[from] askama::Error),
}

/// Reminds the people of each practice, in every bank; gives of how many vacancies.
pub async fn remind_of_applicants(tx: &mut Tx, letterhead: &Letterhead) -> Result<usize, NotReminded> {
    let (waiting, now) = (mark_reminded(tx, DAYS).await?, tx.now());
    let mut by_bank: BTreeMap<BankId, Vec<&Waiting>> = BTreeMap::new();
    for one in &waiting {
        by_bank.entry(one.bank_id).or_default().push(one);
    }
    for (bank, of_bank) in by_bank {
        tx.go_to_bank(bank).await?;
        let practices: Vec<PracticeId> = of_bank.iter().map(|one| one.practice_id).collect();
        let contacts = list_contacts(tx, &practices).await?;
        let mut mails: Vec<NewMail> = Vec::new();
        for one in of_bank {
            for contact in contacts.iter().filter(|contact| contact.practice_id == one.practice_id) {
                let (address, name) = (contact.email.clone(), contact.name.clone());
                let to = Recipient { address, name, account: Some(contact.account_id) };
                mails.push(applications_wait::mail(one, &to, (letterhead, now))?);
            }
        }
        insert_mails(tx, &mails).await?;
    }
    Ok(waiting.len())
}
