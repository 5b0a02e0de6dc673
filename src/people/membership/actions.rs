//! What can be done with the people of a bank.

use serde_json::json;

use super::messages::{membership_begun, membership_ended};
use super::{MembershipLine, Person, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::facts::{FactChange, FactError, Fallout, Reliants};
use crate::ground::id::{AccountId, MembershipId, PracticeId};
use crate::ground::mail::{self, Letterhead};
use crate::ground::sign_in::{self, PersonKind};
use crate::people::account::actions::second_factor::{FactorError, reset_second_factor};
use crate::people::account::store::password::find_holder;
use crate::people::account::store::{begin_membership, mark_membership_ended};
use crate::people::clinician::store::find_clinician_of_person;
use crate::people::practice::store::{delete_practice_manager, insert_practice_manager};
use crate::terms::bank::store::find_bank;

/// The constraint that keeps an administrator.
const KEEPS_ONE: &str = "bank_keeps_an_administrator";

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    /// There is no such person or membership in the bank.
    #[error("acting on a membership that is not there")]
    NotFound,
    /// It has ended already.
    #[error("the membership has ended already")]
    Ended,
    /// It is the last administrator's.
    #[error("a bank keeps an administrator")]
    LastAdministrator,
    /// They were never a clinician here, so there is no record of what they do.
    #[error("nobody becomes a clinician without a record")]
    NoRecord,
    /// What relied on it could not be settled, or was not agreed to.
    #[error("settling what relied on a membership")]
    Reliance(#[from] FactError),
    /// Nobody resets their own second factor.
    #[error("resetting one's own second factor")]
    Own,
    /// Their second factor could not be reset.
    #[error("resetting a second factor")]
    Factor(#[from] FactorError),
    /// A mail could not be written.
    #[error("writing a mail about a membership")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("changing a membership")]
    Database(#[source] DbError),
}

impl From<DbError> for MembershipError {
    fn from(error: DbError) -> Self {
        if error.constraint() == Some(KEEPS_ONE) { Self::LastAdministrator } else { Self::Database(error) }
    }
}

/// Lets a person act in the bank as this kind, from now on or again. Of a clinician who comes back, what relied on their
/// acting here is judged anew.
pub async fn begin(
    tx: &mut Tx,
    reliants: &Reliants,
    account: AccountId,
    kind: PersonKind,
) -> Result<MembershipId, FactError> {
    let clinician = match kind {
        PersonKind::Clinician => find_clinician_of_person(tx, account).await?,
        _ => None,
    };
    let announced = match clinician {
        Some(clinician) => Some(reliants.announce(tx, FactChange::Membership(clinician)).await?),
        None => None,
    };
    let membership = begin_membership(tx, account, kind).await?;
    events::record(tx, &[Happened::PersonJoined(membership, kind)]).await?;
    if let Some(announced) = announced {
        reliants.settle(tx, announced).await?;
    }
    Ok(membership)
}

/// The person of an account and their memberships of the bank.
async fn load(tx: &mut Tx, account: AccountId) -> Result<(Person, Vec<MembershipLine>), MembershipError> {
    let now = tx.now();
    let person = store::find_person(tx, account, (now, now)).await?.ok_or(MembershipError::NotFound)?;
    let memberships = store::list_memberships_here(tx, account).await?;
    Ok((person, memberships))
}

/// Lets somebody who is known in the bank act as another kind too, or again; as practice manager, for these practices
/// beside those they have. They are told. Somebody becomes a clinician only by an invitation, since a clinician says
/// themselves what they do; one who was comes back with their record.
pub async fn add_membership(
    tx: &mut Tx,
    reliants: &Reliants,
    account: AccountId,
    (kind, practices): (PersonKind, &[PracticeId]),
) -> Result<(), MembershipError> {
    let (person, memberships) = load(tx, account).await?;
    let known = memberships.iter().find(|known| known.kind == kind);
    if kind == PersonKind::Clinician && known.is_none_or(|known| known.clinician.is_none()) {
        return Err(MembershipError::NoRecord);
    }
    let goes_on = known.filter(|known| known.ended_at.is_none());
    let membership = match goes_on {
        Some(known) => known.id,
        None => begin(tx, reliants, account, kind).await?,
    };
    for practice in practices {
        insert_practice_manager(tx, membership, *practice).await?;
    }
    let detail = json!({ "kind": kind.code(), "practices": practices });
    audit::record(tx, Action::MembershipBegun, account, detail).await?;
    let bank = find_bank(tx, tx.bank()).await?.ok_or(MembershipError::NotFound)?;
    let named = store::list_memberships_here(tx, account).await?;
    let named = named.into_iter().find(|line| line.id == membership).ok_or(MembershipError::NotFound)?;
    let letter = membership_begun::mail(&bank, &person, &named, (tx.now(), &reliants.means.letterhead))?;
    mail::store::insert_mail(tx, &letter).await?;
    Ok(())
}

/// Ends a membership: the person can do nothing here as this kind any more. A clinician's open offers are taken back and
/// their bookings flagged, to which whoever ends it has agreed; a practice manager manages no practice any more. They are
/// told.
pub async fn end_membership(
    tx: &mut Tx,
    reliants: &Reliants,
    account: AccountId,
    id: MembershipId,
) -> Result<Fallout, MembershipError> {
    let (person, memberships) = load(tx, account).await?;
    let line = memberships.into_iter().find(|line| line.id == id).ok_or(MembershipError::NotFound)?;
    let announced = match line.clinician {
        Some(clinician) => Some(reliants.announce(tx, FactChange::Membership(clinician)).await?),
        None => None,
    };
    let (_, kind) = mark_membership_ended(tx, id).await?.ok_or(MembershipError::Ended)?;
    events::record(tx, &[Happened::PersonLeft(id, kind)]).await?;
    let practices = delete_practice_manager(tx, id).await?;
    let fallout = match announced {
        Some(announced) => reliants.settle(tx, announced).await?,
        None => Fallout::default(),
    };
    let detail = json!({
        "kind": kind.code(), "practices": practices,
        "withdrawn_offers": fallout.offers.len(), "flagged_bookings": fallout.flagged.len(),
    });
    audit::record(tx, Action::MembershipEnded, account, detail).await?;
    let bank = find_bank(tx, tx.bank()).await?.ok_or(MembershipError::NotFound)?;
    let letter = membership_ended::mail(&bank, &person, &line, tx.now())?;
    mail::store::insert_mail(tx, &letter).await?;
    Ok(fallout)
}

/// Ends every sign-in of a person of the bank, wherever they act, and says how many there were: whoever lost a laptop lost
/// it for every bank.
pub async fn end_sign_ins_of_person(tx: &mut Tx, account: AccountId) -> Result<u64, MembershipError> {
    load(tx, account).await?;
    let ended = sign_in::store::mark_others_ended(tx, account, None).await?;
    if ended > 0 {
        let detail = json!({ "ended_sign_ins": ended });
        audit::record(tx, Action::SignInEndedForPerson, account, detail).await?;
    }
    Ok(ended)
}

/// Takes the second factor of another person of the bank away, who has lost it. Whoever has lost their own asks another
/// administrator.
pub async fn reset_factor_of_person(
    tx: &mut Tx,
    letterhead: &Letterhead,
    account: AccountId,
) -> Result<(), MembershipError> {
    load(tx, account).await?;
    if tx.account() == Some(account) {
        return Err(MembershipError::Own);
    }
    let holder = find_holder(tx, account).await?.ok_or(MembershipError::NotFound)?;
    Ok(reset_second_factor(tx, letterhead, &holder).await?)
}
