//! What can be done about questions: ask one, and answer it.

use serde_json::json;

use super::messages::{question_answered, question_asked};
use super::{Answer, MOST_WAITING, Question, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::{QuestionId, SessionId};
use crate::ground::mail::{self, Letterhead};
use crate::people::clinician::actions::lock_own;
use crate::work::booking::error::DeskError;
use crate::work::booking::people;
use crate::work::booking::refusal::refuse_closed;
use crate::work::booking::store::facts::list_sessions;
use crate::work::booking::store::offers::list_holders;
use crate::work::request::store::find_standing;

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The practice has the question.
    Waits(QuestionId),
    /// It has the very same already.
    WaitedBefore(QuestionId),
    /// As many of theirs wait about this session as may.
    TooMany,
}

/// Whoever acts asks about a session that they can see and that has not begun. The same words again are the same question.
pub async fn ask_about(
    tx: &mut Tx,
    letterhead: &Letterhead,
    session: SessionId,
    words: &str,
) -> Result<Asked, DeskError> {
    let own = lock_own(tx).await?;
    find_standing(tx, (session, own)).await?.ok_or(DeskError::NotFound)?;
    let asked = store::list_of_session(tx, (session, own)).await?;
    let mut waiting = asked.iter().filter(|question| question.clinician == own && question.answers == 0);
    if let Some(same) = waiting.clone().find(|question| question.words == words) {
        return Ok(Asked::WaitedBefore(same.id));
    }
    if waiting.by_ref().count() >= usize::try_from(MOST_WAITING).unwrap_or(usize::MAX) {
        return Ok(Asked::TooMany);
    }
    let about = list_sessions(tx, &[session]).await?.pop().ok_or(DeskError::NotFound)?;
    refuse_closed(&about, tx.now())?;
    let question = Question {
        id: QuestionId::new(),
        session,
        clinician: own,
        words: words.to_owned(),
        asked_at: tx.now(),
        answers: 0,
        answer: None,
        answered_at: None,
    };
    store::insert_question(tx, &question).await?;
    audit::record(tx, Action::QuestionAsked, question.id, json!({ "session": session })).await?;
    let practice = people::list_of_practice(tx, about.practice).await?;
    let asker = list_holders(tx, &[own]).await?.pop().ok_or(DeskError::NotFound)?;
    let mail = question_asked::mail(&question, &about, (&people::of_holder(&asker), &practice), letterhead);
    mail::store::insert_mails(tx, &[mail.map_err(DeskError::Unwritten)?]).await?;
    Ok(Asked::Waits(question.id))
}

/// What came of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Everybody who sees the session reads it.
    Told,
    /// Somebody else answered meanwhile; theirs stands.
    Meanwhile,
}

/// Whoever acts answers a question about a session of a practice of theirs, or answers it anew; who asked is told.
pub async fn answer_question(
    tx: &mut Tx,
    letterhead: &Letterhead,
    id: QuestionId,
    answer: &Answer,
) -> Result<Answered, DeskError> {
    let membership = tx.membership().ok_or(DeskError::NotFound)?;
    let known = store::find_managed_by(tx, membership, id).await?.ok_or(DeskError::NotFound)?;
    if known.question.answer.as_ref() == Some(&answer.words) {
        return Ok(Answered::Told);
    }
    if !store::write_answer(tx, id, answer).await? {
        return Ok(Answered::Meanwhile);
    }
    let detail = json!({ "session": known.question.session, "answers": answer.after + 1 });
    audit::record(tx, Action::QuestionAnswered, id, detail).await?;
    let session = list_sessions(tx, &[known.question.session]).await?.pop().ok_or(DeskError::NotFound)?;
    let asker = list_holders(tx, &[known.question.clinician]).await?.pop().ok_or(DeskError::NotFound)?;
    let mail =
        question_answered::mail(&known.question, answer, &session, &people::of_holder(&asker), letterhead);
    mail::store::insert_mails(tx, &[mail.map_err(DeskError::Unwritten)?]).await?;
    Ok(Answered::Told)
}
