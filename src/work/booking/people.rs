//! Whom the booking desk writes to.

use std::collections::BTreeMap;

use super::messages::Person;
use super::store::offers::Holder;
use crate::eligibility::facts::ClinicianFacts;
use crate::ground::db::{DbError, Tx};
use crate::ground::id::{AccountId, PracticeId};
use crate::ground::mail::Recipient;
use crate::ground::sign_in::PersonKind;
use crate::people::account;
use crate::people::practice;

/// A clinician who is booked.
#[must_use]
pub fn of_clinician(clinician: &ClinicianFacts) -> Person {
    let who = &clinician.person;
    person(&who.name, &clinician.role_name, &who.email, who.account)
}

/// A clinician who holds an offer.
#[must_use]
pub fn of_holder(holder: &Holder) -> Person {
    person(&holder.name, &holder.role_name, &holder.email, holder.account_id)
}

/// The people of a practice: its managers, or the bank's administrators where it has none, so that somebody is told.
pub async fn list_of_practice(tx: &mut Tx, practice: PracticeId) -> Result<Vec<Person>, DbError> {
    Ok(list_of_practices(tx, &[practice]).await?.remove(&practice).unwrap_or_default())
}

/// The people of these practices, as [`list_of_practice`] gives them for one.
pub async fn list_of_practices(
    tx: &mut Tx,
    practices: &[PracticeId],
) -> Result<BTreeMap<PracticeId, Vec<Person>>, DbError> {
    let mut found: BTreeMap<PracticeId, Vec<Person>> = BTreeMap::new();
    for it in practice::store::list_contacts(tx, practices).await? {
        found.entry(it.practice_id).or_default().push(person(&it.name, "", &it.email, it.account_id));
    }
    if practices.iter().any(|practice| !found.contains_key(practice)) {
        let administrators = list_of_bank(tx).await?;
        for practice in practices {
            found.entry(*practice).or_insert_with(|| administrators.clone());
        }
    }
    Ok(found)
}

/// The bank's administrators.
pub async fn list_of_bank(tx: &mut Tx) -> Result<Vec<Person>, DbError> {
    let administrators = account::store::list_people_of_kind(tx, PersonKind::BankAdministrator).await?;
    Ok(administrators.into_iter().map(of_recipient).collect())
}

fn of_recipient(to: Recipient) -> Person {
    Person { name: to.name.clone(), role: String::new(), to }
}

fn person(name: &str, role: &str, address: &str, account: AccountId) -> Person {
    let to = Recipient { address: address.to_owned(), name: name.to_owned(), account: Some(account) };
    Person { name: name.to_owned(), role: role.to_owned(), to }
}
