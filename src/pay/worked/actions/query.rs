//! A clinician asks about a sign-off, and the practice answers in words.

use serde_json::json;

use super::sign_off::subject_of;
use super::{NotSaid, own_work};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened, OfWork};
use crate::ground::id::BookingId;
use crate::ground::mail::Letterhead;
use crate::ground::mail::store::insert_mails;
use crate::ground::sign_in::PersonKind;
use crate::pay::worked::messages::{query_answered, sign_off_queried};
use crate::pay::worked::store::keep::{insert_query, mark_answered};
use crate::work::booking::people::list_of_practice;

/// Whoever acts asks about the sign-off of a booking of theirs: one question at a time.
pub async fn ask_about(
    tx: &mut Tx,
    letterhead: &Letterhead,
    booking: BookingId,
    question: &str,
) -> Result<(), NotSaid> {
    let work = own_work(tx, PersonKind::Clinician, booking).await?;
    if work.newest().is_none() {
        return Err(NotSaid::NothingThere);
    }
    if !insert_query(tx, &work, question).await? {
        return Err(NotSaid::Asked);
    }
    events::record(tx, &[Happened::Work(subject_of(&work), OfWork::Queried)]).await?;
    audit::record(tx, Action::WorkQueried, booking, json!({ "version": work.version() })).await?;
    let practice = list_of_practice(tx, work.practice_id).await?;
    let number = work.queries.len() + 1;
    let mail = sign_off_queried::mail(tx.bank(), &work, (question, number), &practice, letterhead)?;
    insert_mails(tx, &[mail]).await?;
    Ok(())
}

/// Somebody of the practice answers the question in words: the sign-off stays as it is.
pub async fn answer(
    tx: &mut Tx,
    letterhead: &Letterhead,
    booking: BookingId,
    answer: &str,
) -> Result<(), NotSaid> {
    let work = own_work(tx, PersonKind::PracticeManager, booking).await?;
    let query = work.open_query().ok_or(NotSaid::NothingThere)?;
    if mark_answered(tx, &[booking], answer).await? == 0 {
        return Err(NotSaid::NothingThere);
    }
    events::record(tx, &[Happened::Work(subject_of(&work), OfWork::Answered)]).await?;
    audit::record(tx, Action::WorkQueryAnswered, booking, json!({ "version": work.version() })).await?;
    let mail = query_answered::mail(tx.bank(), &work, (query, answer), letterhead)?;
    insert_mails(tx, &[mail]).await?;
    Ok(())
}
