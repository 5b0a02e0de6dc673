//! What practices and clinicians have said of each other.

use locumbank::ground::id::{PracticeId, SessionId};

use crate::support::seed::{Clinician, Seed};

/// A list of the practice with the clinician on it.
pub async fn preferred_list(seed: &mut Seed, practice: PracticeId, clinician: &Clinician) -> String {
    let bank = seed.bank;
    let id: uuid::Uuid = sqlx::query_scalar(
        "with list as (insert into preferred_list (bank_id, id, practice_id, name, made_at)
                       values ($1, gen_random_uuid(), $2, 'Known here', '2026-11-01') returning bank_id, id)
         insert into preferred_person (bank_id, list_id, clinician_id, named_at)
         select bank_id, id, $3, '2026-11-01' from list returning list_id",
    )
    .bind(bank)
    .bind(practice)
    .bind(clinician.id)
    .fetch_one(seed.connection())
    .await
    .expect("a list of preferred people");
    id.to_string()
}

/// The clinician declined the session.
pub async fn given_back_by(seed: &mut Seed, session: SessionId, clinician: &Clinician) {
    let bank = seed.bank;
    sqlx::query(
        "insert into not_again (bank_id, session_id, clinician_id, cause, since)
         values ($1, $2, $3, 'declined', '2026-11-01')",
    )
    .bind(bank)
    .bind(session)
    .bind(clinician.id)
    .execute(seed.connection())
    .await
    .expect("a session given back");
}
