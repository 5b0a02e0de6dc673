//! Documents and dated skills that an administrator has seen, and skills that clinicians say they have.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::ground::id::ClinicianId;
use crate::ground::not_done::NotDone;
use crate::people::clinician::actions::find_own;
use crate::people::clinician::store::find_clinician;
use crate::people::credential::{Held, store};
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::store::list_competencies;

/// Records what an administrator has seen of a clinician of the bank, in the place of what was known of it before. What
/// rested on a later end is judged anew.
pub async fn record_document(
    tx: &mut Tx,
    reliants: &Reliants,
    clinician: ClinicianId,
    held: &Held,
) -> Result<(), FactError> {
    NotDone::unless(find_clinician(tx, clinician).await?.is_some())?;
    let announced = reliants.announce(tx, FactChange::Document(clinician)).await?;
    store::upsert_held(tx, clinician, held).await?;
    reliants.settle(tx, announced).await?;
    let detail = json!({ "competency": held.competency, "valid_through": held.valid_through });
    Ok(audit::record(tx, Action::CredentialRecorded, clinician, detail).await?)
}

/// Takes back a record of a clinician of the bank that was made by mistake. What rested on it is judged anew.
pub async fn remove_document(
    tx: &mut Tx,
    reliants: &Reliants,
    clinician: ClinicianId,
    competency: &str,
) -> Result<(), FactError> {
    let announced = reliants.announce(tx, FactChange::Document(clinician)).await?;
    NotDone::unless(store::delete_held(tx, clinician, competency).await?)?;
    reliants.settle(tx, announced).await?;
    let detail = json!({ "competency": competency });
    Ok(audit::record(tx, Action::CredentialRemoved, clinician, detail).await?)
}

/// Keeps which skills and systems whoever acts says they know, by their codes. Codes that are no skill or system
/// change nothing. What rested on a skill that they no longer claim is judged anew.
pub async fn declare_skills(tx: &mut Tx, reliants: &Reliants, codes: &[String]) -> Result<(), FactError> {
    let id = find_own(tx).await?;
    let announced = reliants.announce(tx, FactChange::Skills(id)).await?;
    let known =
        list_competencies(tx).await?.into_iter().filter(|known| known.kind != CompetencyKind::Document);
    let codes: Vec<String> = known.map(|known| known.code).filter(|code| codes.contains(code)).collect();
    store::delete_self_declared_except(tx, id, &codes).await?;
    store::insert_self_declared(tx, id, &codes).await?;
    reliants.settle(tx, announced).await?;
    let detail = json!({ "skills_and_systems": codes });
    Ok(audit::record(tx, Action::ClinicianSkillsChanged, id, detail).await?)
}
