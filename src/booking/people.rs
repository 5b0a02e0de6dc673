//! Whom the booking desk writes to.

use sqlx::PgConnection;

use super::facts::ClinicianFacts;
use super::messages::Person;
use super::store::bookings;
use super::store::offers::Holder;
use crate::db::DbError;
use crate::email::Recipient;
use crate::id::{AccountId, BankId, PracticeId};
use crate::practice;

/// A clinician who is booked.
#[must_use]
pub fn of_clinician(clinician: &ClinicianFacts) -> Person {
    person(&clinician.name, &clinician.role_name, &clinician.email, clinician.account)
}

/// A clinician who holds an offer.
#[must_use]
pub fn of_holder(holder: &Holder) -> Person {
    person(&holder.name, &holder.role_name, &holder.email, holder.account_id)
}

/// The people of a practice: its managers, or the bank's administrators where it has none, so that somebody is told.
pub async fn list_of_practice(
    connection: &mut PgConnection,
    bank: BankId,
    practice: PracticeId,
) -> Result<Vec<Person>, DbError> {
    let managers = practice::store::list_contacts(connection, bank, &[practice]).await?;
    if managers.is_empty() {
        let administrators = bookings::list_administrators(connection, bank).await?;
        return Ok(administrators.iter().map(|(id, name, email)| person(name, "", email, *id)).collect());
    }
    Ok(managers.iter().map(|it| person(&it.name, "", &it.email, it.account_id)).collect())
}

fn person(name: &str, role: &str, address: &str, account: AccountId) -> Person {
    let to = Recipient { address: address.to_owned(), name: name.to_owned(), account: Some(account) };
    Person { name: name.to_owned(), role: role.to_owned(), to }
}
