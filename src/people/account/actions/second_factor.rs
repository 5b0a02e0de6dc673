//! A second factor is set up, used, renewed, turned off by its person, and reset by an administrator.

use serde_json::json;

use crate::ground::actor::Actor;
use crate::ground::audit::{self, Action};
use crate::ground::data_key::{DataKey, NONCE, SealError};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::AccountId;
use crate::ground::mail::{self, Letterhead};
use crate::ground::sign_in::{self, TokenHash};
use crate::people::account::Holder;
use crate::people::account::messages::second_factor_changed::{self, Changed};
use crate::people::account::second_factor::{Given, SharedSecret, recovery_hash, step_of};
use crate::people::account::store::second_factor as store;

/// Why a second factor was not changed.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// Nothing is being set up, or something else since.
    #[error("no second factor is being set up")]
    NothingPending,
    /// The code is not one of the app's, or was used.
    #[error("the code is not one of the second factor")]
    WrongCode,
    /// There is none.
    #[error("there is no second factor")]
    None,
    /// The secret could not be sealed.
    #[error("sealing a second factor")]
    Unsealed(#[from] SealError),
    /// The mail about it can't be written.
    #[error("the mail about a second factor can't be written: {0}")]
    Unwritten(#[from] askama::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbError),
}

/// What the secret of an account is sealed for.
fn purpose(account: AccountId) -> Vec<u8> {
    [b"second factor:".as_slice(), account.0.as_bytes()].concat()
}

/// The secret of an account that was sealed; none where it was sealed by another key.
#[must_use]
pub fn opened(key: &DataKey, account: AccountId, sealed: Option<&[u8]>) -> Option<SharedSecret> {
    key.open(&purpose(account), sealed?)?.try_into().ok()
}

/// Seals by the newest key the secrets of second factors that an older one has sealed; how many were, and how many no key
/// opens. `nonce` gives another number each time.
pub async fn reseal_second_factors(
    tx: &mut Tx,
    key: &DataKey,
    nonce: impl Fn() -> Result<[u8; NONCE], getrandom::Error>,
) -> Result<(i64, i64), FactorError> {
    let (mut resealed, mut lost) = (0, 0);
    for (account, secret) in store::list_sealed(tx).await? {
        let purpose = purpose(account);
        if key.is_of_newest(&purpose, &secret) {
            continue;
        }
        let Some(plain) = key.open(&purpose, &secret) else {
            lost += 1;
            continue;
        };
        let sealed = key.seal(&purpose, &plain, nonce().map_err(|_no_chance| SealError)?)?;
        if store::replace_sealed(tx, account, (&secret, &sealed)).await? {
            resealed += 1;
        }
    }
    Ok((resealed, lost))
}

/// Begins to set up a second factor for this account with a secret made by chance. What is there goes on until the new one
/// is confirmed.
pub async fn begin_second_factor(
    tx: &mut Tx,
    key: &DataKey,
    account: AccountId,
    (secret, nonce): (&SharedSecret, [u8; NONCE]),
) -> Result<(), FactorError> {
    let sealed = key.seal(&purpose(account), secret, nonce)?;
    Ok(store::upsert_pending(tx, account, &sealed).await?)
}

/// Confirms the second factor that is being set up by a code of it; from now on it is demanded, and these recovery codes
/// stand in for it. Every other sign-in of theirs ends.
pub async fn confirm_second_factor(
    tx: &mut Tx,
    (key, letterhead): (&DataKey, &Letterhead),
    holder: &Holder,
    (code, recovery): (&str, &[[u8; 32]]),
    kept: &TokenHash,
) -> Result<(), FactorError> {
    let account = holder.account;
    let pending = store::find_second_factor(tx, account).await?.sealed_pending;
    let pending = pending.ok_or(FactorError::NothingPending)?;
    let secret = opened(key, account, Some(&pending)).ok_or(FactorError::NothingPending)?;
    let step = step_of(&secret, code, tx.now()).ok_or(FactorError::WrongCode)?;
    if !store::mark_confirmed(tx, account, &pending, step).await? {
        return Err(FactorError::NothingPending);
    }
    store::replace_recovery_codes(tx, account, recovery).await?;
    sign_in::store::mark_others_ended(tx, account, Some(kept)).await?;
    finish(tx, letterhead, holder, Changed::SetUp).await
}

/// Whether what somebody gives proves that they have the second factor of this account. Each code and each recovery code is
/// taken once. Of a recovery code its person is told.
pub async fn use_second_factor(
    tx: &mut Tx,
    (key, letterhead): (&DataKey, &Letterhead),
    holder: &Holder,
    given: &Given,
) -> Result<(), FactorError> {
    let account = holder.account;
    let is_used = match given {
        Given::Code(code) => {
            let kept = store::find_second_factor(tx, account).await?;
            let secret = opened(key, account, kept.sealed_secret.as_deref());
            match secret.and_then(|secret| step_of(&secret, code, tx.now())) {
                Some(step) => store::mark_step_used(tx, account, step).await?,
                None => false,
            }
        }
        Given::Recovery(code) => {
            store::mark_recovery_used(tx, account, &recovery_hash(account, code)).await?
        }
    };
    match given {
        _ if !is_used => Err(FactorError::WrongCode),
        Given::Code(_) => Ok(()),
        Given::Recovery(_) => {
            // Whoever gave it acts for its account from here on, in the log too.
            tx.go_on_as(Actor::LinkHolder { bank: holder.bank, account: Some(account) });
            finish(tx, letterhead, holder, Changed::RecoveryCodeUsed).await
        }
    }
}

/// Puts new recovery codes in the place of those there are.
pub async fn renew_recovery_codes(
    tx: &mut Tx,
    letterhead: &Letterhead,
    holder: &Holder,
    recovery: &[[u8; 32]],
) -> Result<(), FactorError> {
    let kept = store::find_second_factor(tx, holder.account).await?;
    kept.confirmed_at.ok_or(FactorError::None)?;
    store::replace_recovery_codes(tx, holder.account, recovery).await?;
    finish(tx, letterhead, holder, Changed::NewRecoveryCodes).await
}

/// Takes the second factor of whoever acts away, who may sign in without one.
pub async fn end_second_factor(
    tx: &mut Tx,
    letterhead: &Letterhead,
    holder: &Holder,
) -> Result<(), FactorError> {
    if !store::delete_second_factor(tx, holder.account).await? {
        return Err(FactorError::None);
    }
    finish(tx, letterhead, holder, Changed::Ended).await
}

/// Takes somebody's second factor away who has lost it, for another person or for the operator: they sign in by their
/// password alone, and set up another where one is demanded. Every sign-in of theirs ends.
pub async fn reset_second_factor(
    tx: &mut Tx,
    letterhead: &Letterhead,
    holder: &Holder,
) -> Result<(), FactorError> {
    if !store::delete_second_factor(tx, holder.account).await? {
        return Err(FactorError::None);
    }
    sign_in::store::mark_others_ended(tx, holder.account, None).await?;
    finish(tx, letterhead, holder, Changed::Reset).await
}

/// What follows each of these: it is logged, and its person is told.
async fn finish(
    tx: &mut Tx,
    letterhead: &Letterhead,
    holder: &Holder,
    changed: Changed,
) -> Result<(), FactorError> {
    let action = match changed {
        Changed::SetUp => Action::SecondFactorSetUp,
        Changed::Ended => Action::SecondFactorEnded,
        Changed::Reset => Action::SecondFactorReset,
        Changed::RecoveryCodeUsed => Action::RecoveryCodeUsed,
        Changed::NewRecoveryCodes => Action::RecoveryCodesRenewed,
    };
    // In the log of the bank in which it was done; from the bank that writes to its person.
    let acting = tx.actor().bank().unwrap_or(holder.bank);
    tx.go_to_bank(acting).await?;
    audit::record(tx, action, holder.account, json!({})).await?;
    let mail = second_factor_changed::mail(holder, changed, tx.now(), letterhead)?;
    tx.go_to_bank(holder.bank).await?;
    mail::store::insert_mail(tx, &mail).await?;
    Ok(())
}
