//! What a clinician asks: for a session, and about it.

use locumbank::ground::id::{QuestionId, RequestId, SessionId};

use crate::support::seed::{Clinician, Seed};

/// The clinician asks for the session.
pub(super) async fn requested(seed: &mut Seed, session: SessionId, clinician: &Clinician) -> String {
    let (bank, id) = (seed.bank, RequestId::new());
    sqlx::query(
        "insert into request (bank_id, id, session_id, clinician_id, note, requested_at)
         values ($1, $2, $3, $4, 'I know your system', '2026-11-01')",
    )
    .bind(bank)
    .bind(id)
    .bind(session)
    .bind(clinician.id)
    .execute(seed.connection())
    .await
    .expect("a request");
    id.to_string()
}

/// The clinician asks something about the session.
pub(super) async fn asked_about(seed: &mut Seed, session: SessionId, clinician: &Clinician) -> String {
    let (bank, id) = (seed.bank, QuestionId::new());
    sqlx::query(
        "insert into question (bank_id, id, session_id, clinician_id, words, asked_at)
         values ($1, $2, $3, $4, 'Is there somewhere to park?', '2026-11-01')",
    )
    .bind(bank)
    .bind(id)
    .bind(session)
    .bind(clinician.id)
    .execute(seed.connection())
    .await
    .expect("a question");
    id.to_string()
}
