//! Joining by the link of an invitation.

use super::log;
use crate::ground::actor::Actor;
use crate::ground::audit::Action;
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactError, Reliants};
use crate::ground::id::{AccountId, BankId, ClinicianId, MembershipId};
use crate::ground::sign_in::{PersonKind, TokenHash};
use crate::people::account::store::{NewAccount, find_credentials, insert_account};
use crate::people::agreement::actions::{NotAccepted, accept_for};
use crate::people::clinician::store::{find_clinician_of_membership, insert_clinician};
use crate::people::clinician::{Clinician, Details};
use crate::people::invitation::{Invitation, store};
use crate::people::membership::actions::begin;
use crate::people::practice::store::insert_practice_manager;

/// Who joins.
#[derive(Debug, Clone)]
pub enum Joiner {
    /// Somebody without an account.
    New {
        /// Their name.
        name: String,
        /// The Argon2id hash of the password they chose.
        password_hash: String,
    },
    /// Whose account it is, proved by its password.
    Known(AccountId),
}

/// What a clinician says of themselves when they join.
#[derive(Debug, Clone)]
pub struct Profession {
    /// Their role, by code.
    pub role: String,
    /// The rest.
    pub details: Details,
}

/// An acceptance.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The hash of the link's token.
    pub link: TokenHash,
    /// Who joins.
    pub joiner: Joiner,
    /// For clinicians, what they do.
    pub profession: Option<Profession>,
    /// The version of the bank's terms of use that they accept, where it has any.
    pub terms: Option<i32>,
}

/// Somebody who has joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// The bank.
    pub bank: BankId,
    /// Their account.
    pub account: AccountId,
    /// Their membership.
    pub membership: MembershipId,
    /// As what.
    pub kind: PersonKind,
}

/// Why somebody has not joined.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The link opens nothing: used, lapsed, withdrawn or never there; or they are here already; or their account is
    /// closed.
    #[error("the link opens nothing")]
    Gone,
    /// The address has an account, which it had not when the page was shown.
    #[error("the address has an account")]
    AccountThere,
    /// The terms of use have changed since they were read.
    #[error("the terms of use could not be accepted")]
    Terms(#[from] NotAccepted),
    /// What relied on a clinician's acting here, who comes back, could not be judged anew.
    #[error("beginning a membership again")]
    Reliance(#[from] FactError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Makes the person a member, and ends the invitation. The invitation's row is locked, so of two acceptances, or of an
/// acceptance and a withdrawal, one comes first and the other finds it ended.
pub async fn accept(
    tx: &mut Tx,
    reliants: &Reliants,
    acceptance: &Acceptance,
) -> Result<Joined, AcceptError> {
    let bank = store::find_bank_of_link(tx, &acceptance.link).await?.ok_or(AcceptError::Gone)?;
    tx.go_to_bank(bank).await?;
    let invitation = store::lock_open_of_link(tx, &acceptance.link).await?.ok_or(AcceptError::Gone)?;
    let kind = invitation.kind;
    let emails = [invitation.email.as_str()];
    if !store::list_members_of(tx, &emails, kind, &invitation.practices).await?.is_empty() {
        return Err(AcceptError::Gone);
    }
    let account = account_of(tx, &invitation, &acceptance.joiner).await?;
    tx.go_on_as(Actor::LinkHolder { bank: invitation.bank_id, account: Some(account) });
    let membership = begin(tx, reliants, account, kind).await?;
    if let Some(version) = acceptance.terms {
        accept_for(tx, membership, version).await?;
    }
    for practice in &invitation.practices {
        insert_practice_manager(tx, membership, *practice).await?;
    }
    if kind == PersonKind::Clinician {
        let profession = acceptance.profession.as_ref().ok_or(AcceptError::Gone)?;
        insert_record(tx, account, membership, profession).await?;
    }
    store::mark_accepted(tx, &invitation, account, membership).await?;
    let done = match invitation.said {
        Some(_) => Action::JoinedByThemselves,
        None => Action::InvitationAccepted,
    };
    log(tx, done, &invitation).await?;
    Ok(Joined { bank: invitation.bank_id, account, membership, kind })
}

/// The account that joins: a new one, or the one that the address has.
async fn account_of(tx: &mut Tx, invitation: &Invitation, joiner: &Joiner) -> Result<AccountId, AcceptError> {
    match joiner {
        Joiner::Known(account) => {
            let found = find_credentials(tx, &invitation.email).await?;
            let found = found.filter(|found| !found.is_closed && found.account_id == *account);
            found.map(|found| found.account_id).ok_or(AcceptError::Gone)
        }
        Joiner::New { name, password_hash } => {
            let account = NewAccount {
                id: AccountId::new(),
                email: invitation.email.clone(),
                name: name.clone(),
                password_hash: Some(password_hash.clone()),
            };
            insert_account(tx, &account).await.map_err(|error| match error.constraint() {
                Some("account_email_key") => AcceptError::AccountThere,
                _ => error.into(),
            })?;
            Ok(account.id)
        }
    }
}

/// The record of a clinician, which one who comes back has already and changes on their own pages.
async fn insert_record(
    tx: &mut Tx,
    account: AccountId,
    membership: MembershipId,
    Profession { role, details }: &Profession,
) -> Result<(), DbError> {
    if find_clinician_of_membership(tx, membership).await?.is_some() {
        return Ok(());
    }
    let clinician = Clinician {
        id: ClinicianId::new(),
        account,
        name: String::new(),
        email: String::new(),
        role: role.clone(),
        afc_band: None,
        registration_number: details.registration_number.clone(),
        home_district: details.home_district.clone(),
        latitude_microdegrees: details.home_microdegrees.0,
        longitude_microdegrees: details.home_microdegrees.1,
        max_travel_metres: details.max_travel_metres,
        max_minutes_per_week: details.max_minutes_per_week,
        max_minutes_per_day: details.max_minutes_per_day,
        rest_minutes: details.rest_minutes,
        engagement: details.engagement,
    };
    insert_clinician(tx, membership, &clinician).await
}
