//! Practices are reminded of what waits to be signed off.

use std::collections::BTreeMap;

use super::NotSaid;
use crate::ground::db::Tx;
use crate::ground::id::{BankId, PracticeId};
use crate::ground::mail::store::insert_mails;
use crate::ground::mail::{Letterhead, Recipient};
use crate::pay::worked::messages::sign_off_due;
use crate::pay::worked::store::reminders::{Waiting, insert_due_reminders, list_reminded_now};
use crate::work::booking::people::list_of_practices;

/// Reminds the people of practices, in every bank, of what has waited for two days and again for five: each in one mail of all
/// that waits at their practices. Gives how many sessions became due.
pub async fn remind_to_sign_off(tx: &mut Tx, letterhead: &Letterhead) -> Result<u64, NotSaid> {
    let due = insert_due_reminders(tx).await?;
    if due == 0 {
        return Ok(0);
    }
    let waiting = list_reminded_now(tx).await?;
    let mut by_bank: BTreeMap<BankId, Vec<&Waiting>> = BTreeMap::new();
    for one in &waiting {
        by_bank.entry(one.bank_id).or_default().push(one);
    }
    for (bank, of_bank) in by_bank {
        tx.go_to_bank(bank).await?;
        let practices: Vec<PracticeId> = of_bank.iter().map(|one| one.practice_id).collect();
        let people = list_of_practices(tx, &practices).await?;
        let mut by_person: BTreeMap<String, (&Recipient, Vec<&Waiting>)> = BTreeMap::new();
        for one in of_bank {
            for person in people.get(&one.practice_id).into_iter().flatten() {
                let own = by_person.entry(person.to.address.clone()).or_insert((&person.to, Vec::new()));
                own.1.push(one);
            }
        }
        let mut mails = Vec::with_capacity(by_person.len());
        for (to, own) in by_person.values() {
            mails.push(sign_off_due::mail(own, to, tx.now(), letterhead)?);
        }
        insert_mails(tx, &mails).await?;
    }
    Ok(due)
}
