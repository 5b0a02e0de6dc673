//! What the booking desk does by itself: reminds of offers and bookings, and lets offers lapse when their time runs
//! out. Each works in transactions of a size that holds nobody up, until nothing is due.

use serde_json::Value;

use super::actions::answer::lapse;
use super::actions::remind;
use super::error::DeskError;
use crate::ground::app::App;
use crate::ground::mail::Letterhead;
use crate::ground::queue::JobError;

/// Lets every offer lapse whose time to answer has run out.
pub async fn lapse_offers(app: &App, _payload: Value) -> Result<(), JobError> {
    let (letterhead, now) = (Letterhead::of(app), app.clock.now());
    loop {
        let letterhead = letterhead.clone();
        let lapsed = app.db.change(move |connection| {
            let letterhead = letterhead.clone();
            Box::pin(async move { lapse(connection, &letterhead, now).await })
        });
        if lapsed.await.map_err(failed)? == 0 {
            return Ok(());
        }
    }
}

/// Reminds of every offer that is about to lapse.
pub async fn remind_of_offers(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    loop {
        let reminded = app.db.change(move |connection| Box::pin(remind::remind_of_offers(connection, now)));
        if reminded.await.map_err(failed)? == 0 {
            return Ok(());
        }
    }
}

/// Reminds both sides of every booking that begins in two days.
pub async fn remind_of_bookings(app: &App, _payload: Value) -> Result<(), JobError> {
    let (letterhead, now) = (Letterhead::of(app), app.clock.now());
    loop {
        let letterhead = letterhead.clone();
        let reminded = app.db.change(move |connection| {
            let letterhead = letterhead.clone();
            Box::pin(async move { remind::remind_of_bookings(connection, &letterhead, now).await })
        });
        if reminded.await.map_err(failed)? == 0 {
            return Ok(());
        }
    }
}

fn failed(error: DeskError) -> JobError {
    match error {
        DeskError::Database(error) => error.into(),
        other => JobError::Failed(other.to_string()),
    }
}
