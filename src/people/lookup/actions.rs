//! What a register says of somebody is recorded, by an administrator who looked or from a file of the register. Whoever is
//! off the register is offered nothing and not booked: what they are offered ends, what they are booked for is put on the
//! list of bookings to look at, and they are told.

use chrono::NaiveDate;
use serde_json::json;

use super::messages::off_register;
use super::{Lookup, Outcome, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::ground::id::{ClinicianId, LookupId};
use crate::ground::mail::{self, Letterhead, Recipient};
use crate::ground::not_done::NotDone;
use crate::people::clinician::Clinician;
use crate::people::clinician::store::find_clinician;
use crate::terms::bank::store::find_bank;

/// A look-up to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLookup {
    /// Whom it is about.
    pub clinician: ClinicianId,
    /// The register: "GMC".
    pub register: String,
    /// The number that was looked up.
    pub number: String,
    /// What the register said.
    pub outcome: Outcome,
    /// The name that it has, where it is another.
    pub name_on_register: Option<String>,
    /// On which day it said so.
    pub looked_up_on: NaiveDate,
    /// The file it is from; "" where whoever acts looked.
    pub source: String,
}

/// Why a look-up was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum NotRecorded {
    /// They have another number now than was looked up.
    #[error("recording a look-up of a number that they have no more")]
    OtherNumber,
    /// There is no such clinician, or whoever records it has not seen what falls with it.
    #[error(transparent)]
    Fact(#[from] FactError),
    /// The mail could not be written.
    #[error("writing a mail about a look-up")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("recording a look-up")]
    Database(#[from] DbError),
}

/// Records a look-up of a clinician of the bank. What rests on their registration is judged anew, and whoever is found off
/// the register is told.
pub async fn record_look_up(tx: &mut Tx, reliants: &Reliants, new: &NewLookup) -> Result<(), NotRecorded> {
    let announced = reliants.announce(tx, FactChange::Registration(new.clinician)).await?;
    let person = find_clinician(tx, new.clinician).await?.ok_or(FactError::NotFound)?;
    if person.registration_number.as_deref() != Some(new.number.as_str()) {
        return Err(NotRecorded::OtherNumber);
    }
    let before = store::find_newest(tx, new.clinician).await?;
    let id = LookupId::new();
    store::insert_lookup(tx, id, new).await?;
    let newest = store::find_newest(tx, new.clinician).await?;
    reliants.settle(tx, announced).await?;
    if let Some(newest) = newest.filter(|newest| is_news(before.as_ref(), newest)) {
        tell_off_register(tx, &reliants.means.letterhead, person, (id, &newest)).await?;
    }
    events::record(tx, &[Happened::LookedUp(new.clinician, new.outcome.code())]).await?;
    let detail = json!({
        "register": new.register,
        "outcome": new.outcome,
        "looked_up_on": new.looked_up_on,
        "source": new.source,
    });
    Ok(audit::record(tx, Action::RegisterLookedUp, new.clinician, detail).await?)
}

/// Whether the newest look-up is the first to say that somebody is off the register.
fn is_news(before: Option<&Lookup>, newest: &Lookup) -> bool {
    !newest.outcome.is_registered() && before.is_none_or(|before| before.outcome.is_registered())
}

async fn tell_off_register(
    tx: &mut Tx,
    letterhead: &Letterhead,
    person: Clinician,
    (id, lookup): (LookupId, &Lookup),
) -> Result<(), NotRecorded> {
    let bank = tx.bank();
    let bank = find_bank(tx, bank).await?.ok_or(FactError::from(NotDone::NotFound))?;
    let number = person.registration_number.unwrap_or_default();
    let to = Recipient { address: person.email, name: person.name, account: Some(person.account) };
    let mail = off_register::mail(&bank, (id, lookup, &number), &to, letterhead)?;
    mail::store::insert_mail(tx, &mail).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_news;
    use crate::people::lookup::Outcome;
    use crate::people::lookup::examples::looked_up;

    #[test]
    fn somebody_is_told_once_that_they_are_off_the_register() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let says = |outcome| looked_up(outcome, day);
        assert!(is_news(None, &says(Outcome::Lapsed)));
        assert!(is_news(Some(&says(Outcome::Conditions)), &says(Outcome::NotFound)));
        assert!(!is_news(Some(&says(Outcome::Lapsed)), &says(Outcome::NotFound)));
        assert!(!is_news(Some(&says(Outcome::Lapsed)), &says(Outcome::Found)));
        assert!(!is_news(None, &says(Outcome::Conditions)));
    }
}
