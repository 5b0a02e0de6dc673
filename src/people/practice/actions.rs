//! What a practice can do: say whom it does not take, and what those need who come.

use serde_json::json;

use super::extras::NewExtra;
use super::guide::Guide;
use super::{Practice, Trust, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::ground::id::{ClinicianId, PracticeId, PreferredListId};
use crate::ground::not_done::NotDone;
use crate::terms::bank::store::list_roles;

/// The practice of that id, unless whoever acts does not manage it: then there is none.
pub async fn find_own_practice(tx: &mut Tx, id: PracticeId) -> Result<Practice, NotDone> {
    let membership = tx.membership().ok_or(NotDone::NotFound)?;
    store::find_practice_managed_by(tx, membership, id).await?.ok_or(NotDone::NotFound)
}

/// A practice of whoever acts does not take a clinician any more: what relied on its taking them ends. Saying it twice
/// says it once.
pub async fn refuse_clinician(
    tx: &mut Tx,
    reliants: &Reliants,
    (practice, clinician): (PracticeId, ClinicianId),
    reason: &str,
) -> Result<(), FactError> {
    find_own_practice(tx, practice).await?;
    let person = store::refusals::find_colleague(tx, clinician).await?;
    NotDone::unless(person.is_some())?;
    let announced = reliants.announce(tx, FactChange::Refusal(practice, clinician)).await?;
    if store::refusals::insert_refusal(tx, (practice, clinician), reason).await? {
        let detail = json!({ "clinician": clinician });
        audit::record(tx, Action::PracticeClinicianRefused, practice, detail).await?;
    }
    // The form that asks for it has said which offers end.
    reliants.settle(tx, announced).await?;
    Ok(())
}

/// Why a guide stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum GuideNotChanged {
    /// There is no such practice of theirs.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The database failed.
    #[error("changing the guide of a practice")]
    Database(#[from] DbError),
    /// Somebody else has changed it since.
    #[error("changing a guide that somebody has changed since")]
    Since,
}

/// Changes what a practice of whoever acts says to those who come, from the version that they have seen. Said twice it is
/// said once.
pub async fn change_guide(tx: &mut Tx, practice: PracticeId, guide: &Guide) -> Result<(), GuideNotChanged> {
    find_own_practice(tx, practice).await?;
    let standing = store::guide::find_guide(tx, practice).await?;
    if standing.says_the_same(guide) {
        return Ok(());
    }
    if !store::guide::upsert_guide(tx, practice, guide).await? {
        return Err(GuideNotChanged::Since);
    }
    let detail = json!({ "version": guide.version + 1 });
    Ok(audit::record(tx, Action::PracticeGuideChanged, practice, detail).await?)
}

/// A practice of whoever acts decides what it pays for something beside the rate, from a day on. What is booked already keeps
/// what counted when it was booked.
pub async fn decide_extra(tx: &mut Tx, practice: PracticeId, extra: &NewExtra) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    let (named, price) = ((extra.name.as_str(), extra.unit), extra.pence_per_unit);
    store::extras::insert_extra(tx, practice, named, price, extra.valid_from).await?;
    let detail = json!({
        "unit": extra.unit, "pence_per_unit": extra.pence_per_unit, "valid_from": extra.valid_from,
    });
    Ok(audit::record(tx, Action::PracticeExtraDecided, practice, detail).await?)
}

/// A practice of whoever acts takes a clinician again.
pub async fn take_clinician_again(
    tx: &mut Tx,
    practice: PracticeId,
    clinician: ClinicianId,
) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    NotDone::unless(store::refusals::delete_refusal(tx, practice, clinician).await?)?;
    let detail = json!({ "clinician": clinician });
    Ok(audit::record(tx, Action::PracticeClinicianTakenAgain, practice, detail).await?)
}

/// A practice of whoever acts books somebody, or everybody of a role, at once when they ask. Saying it twice says it once.
pub async fn trust(tx: &mut Tx, practice: PracticeId, whom: &Trust) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    NotDone::unless(is_known(tx, whom).await?)?;
    if store::trust::insert_trust(tx, practice, whom).await? {
        audit::record(tx, Action::PracticeTrusts, practice, whom.detail()).await?;
    }
    Ok(())
}

/// Requests of somebody, or of a role, wait for the answer of a practice of whoever acts again. Saying it twice says it once.
pub async fn stop_trusting(tx: &mut Tx, practice: PracticeId, whom: &Trust) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    NotDone::unless(is_known(tx, whom).await?)?;
    if store::trust::delete_trust(tx, practice, whom).await? {
        audit::record(tx, Action::PracticeTrustEnded, practice, whom.detail()).await?;
    }
    Ok(())
}

/// A practice of whoever acts begins a list of preferred people. One of the same name is that one.
pub async fn make_list(tx: &mut Tx, practice: PracticeId, name: &str) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    if let Some(list) = store::preferred::insert_list(tx, practice, name).await? {
        let detail = json!({ "list": list, "name": name });
        audit::record(tx, Action::PracticeListMade, practice, detail).await?;
    }
    Ok(())
}

/// A practice of whoever acts removes a list of preferred people. A stage that was open to it is open to all its lists.
pub async fn remove_list(tx: &mut Tx, practice: PracticeId, list: PreferredListId) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    NotDone::unless(store::preferred::delete_list(tx, practice, list).await?)?;
    Ok(audit::record(tx, Action::PracticeListRemoved, practice, json!({ "list": list })).await?)
}

/// A practice of whoever acts puts somebody on a list of its own. Saying it twice says it once.
pub async fn prefer(
    tx: &mut Tx,
    practice: PracticeId,
    (list, clinician): (PreferredListId, ClinicianId),
) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    let lists = store::preferred::list_lists(tx, practice).await?;
    NotDone::unless(lists.iter().any(|known| known.id == list))?;
    NotDone::unless(store::refusals::find_colleague(tx, clinician).await?.is_some())?;
    if store::preferred::insert_person(tx, (list, clinician)).await? {
        let detail = json!({ "list": list, "clinician": clinician });
        audit::record(tx, Action::PracticePrefers, practice, detail).await?;
    }
    Ok(())
}

/// A practice of whoever acts takes somebody off a list of its own.
pub async fn prefer_no_more(
    tx: &mut Tx,
    practice: PracticeId,
    (list, clinician): (PreferredListId, ClinicianId),
) -> Result<(), NotDone> {
    find_own_practice(tx, practice).await?;
    NotDone::unless(store::preferred::delete_person(tx, practice, (list, clinician)).await?)?;
    let detail = json!({ "list": list, "clinician": clinician });
    Ok(audit::record(tx, Action::PracticePrefersNoMore, practice, detail).await?)
}

/// Whether the bank has such a clinician or role.
async fn is_known(tx: &mut Tx, whom: &Trust) -> Result<bool, DbError> {
    Ok(match whom {
        Trust::Clinician(id) => store::refusals::find_colleague(tx, *id).await?.is_some(),
        Trust::Role(code) => list_roles(tx).await?.iter().any(|role| role.code == *code),
    })
}
