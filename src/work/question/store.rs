//! SQL of questions: the only place that writes the table.

use chrono::{DateTime, Utc};

use super::{Answer, Question};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, MembershipId, QuestionId, SessionId};

/// Writes a new question.
pub async fn insert_question(tx: &mut Tx, question: &Question) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into question (bank_id, id, session_id, clinician_id, words, asked_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(bank)
    .bind(question.id)
    .bind(question.session)
    .bind(question.clinician)
    .bind(&question.words)
    .bind(question.asked_at)
    .execute(tx.connection())
    .await
    .map_err(failed("asking about a session"))?;
    Ok(())
}

/// The questions of a session which a clinician may read, the oldest first: those that are answered, and their own.
pub async fn list_of_session(
    tx: &mut Tx,
    (session, clinician): (SessionId, ClinicianId),
) -> Result<Vec<Question>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, session_id, clinician_id, words, asked_at, answers, answer, answered_at
           from question
          where bank_id = $1 and session_id = $2 and (answers > 0 or clinician_id = $3)
          order by asked_at, id limit 200",
    )
    .bind(bank)
    .bind(session)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the questions of a session"))
}

/// Everything that was asked about a session, the newest first, up to 50.
pub async fn list_asked_about(tx: &mut Tx, session: SessionId) -> Result<Vec<Question>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, session_id, clinician_id, words, asked_at, answers, answer, answered_at
           from question where bank_id = $1 and session_id = $2
          order by asked_at desc, id limit 50",
    )
    .bind(bank)
    .bind(session)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading what is asked about a session"))
}

/// A question to a practice, as its people see it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Line {
    /// The question.
    #[sqlx(flatten)]
    pub question: Question,
    /// Who asks.
    pub asker: String,
    /// The practice.
    pub practice_name: String,
    /// When the session begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// How many there are beside those that were asked for.
    pub total: i64,
}

/// The questions about sessions of practices that the member manages: those that wait for an answer, the soonest session
/// first, and after them the answered, the newest answer first. Those about sessions that have begun are left out.
pub async fn list_managed_by(
    tx: &mut Tx,
    membership: MembershipId,
    (limit, offset): (i64, i64),
) -> Result<Vec<Line>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select q.id, q.session_id, q.clinician_id, q.words, q.asked_at, q.answers, q.answer, q.answered_at,
                a.name as asker, p.name as practice_name, s.starts_at, s.ends_at, count(*) over () as total
           from practice_manager m
           join session s on s.bank_id = m.bank_id and s.practice_id = m.practice_id and s.starts_at > $3
           join question q on q.bank_id = s.bank_id and q.session_id = s.id
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
           join clinician c on c.bank_id = q.bank_id and c.id = q.clinician_id
           join account a on a.id = c.account_id
          where m.bank_id = $1 and m.membership_id = $2
          order by q.answers > 0, case when q.answers = 0 then s.starts_at end, q.answered_at desc, q.id
          limit $4 offset $5",
    )
    .bind(bank)
    .bind(membership)
    .bind(now)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the questions to a practice"))
}

/// The question of that id with who asks it, if it is about a session of a practice that the member manages.
pub async fn find_managed_by(
    tx: &mut Tx,
    membership: MembershipId,
    id: QuestionId,
) -> Result<Option<Line>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select q.id, q.session_id, q.clinician_id, q.words, q.asked_at, q.answers, q.answer, q.answered_at,
                a.name as asker, p.name as practice_name, s.starts_at, s.ends_at, 1::bigint as total
           from question q
           join session s on s.bank_id = q.bank_id and s.id = q.session_id
           join practice_manager m on m.bank_id = s.bank_id and m.practice_id = s.practice_id
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
           join clinician c on c.bank_id = q.bank_id and c.id = q.clinician_id
           join account a on a.id = c.account_id
          where q.bank_id = $1 and q.id = $2 and m.membership_id = $3",
    )
    .bind(bank)
    .bind(id)
    .bind(membership)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a question to a practice"))
}

/// Writes the answer if as many were given before as its writer knew of; says whether it did.
pub async fn write_answer(tx: &mut Tx, id: QuestionId, answer: &Answer) -> Result<bool, DbError> {
    let (bank, now, by) = (tx.bank(), tx.now(), tx.account());
    let done = sqlx::query(
        "update question set answers = answers + 1, answer = $4, answered_at = $5, answered_by = $6
          where bank_id = $1 and id = $2 and answers = $3",
    )
    .bind(bank)
    .bind(id)
    .bind(answer.after)
    .bind(&answer.words)
    .bind(now)
    .bind(by)
    .execute(tx.connection())
    .await
    .map_err(failed("answering a question"))?;
    Ok(done.rows_affected() == 1)
}
