//! What the booking desk does by itself: reminds of offers and bookings, and lets offers lapse when their time runs
//! out. Each works in transactions of a size that holds nobody up, until nothing is due.

use serde_json::Value;

use super::actions::answer::lapse;
use super::actions::remind;
use super::error::DeskError;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::queue::JobError;

/// Lets every offer lapse whose time to answer has run out.
pub async fn lapse_offers(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let lapsed = lapse(&mut tx, &letterhead).await.map_err(failed)?;
        tx.commit().await?;
        if lapsed == 0 {
            return Ok(());
        }
    }
}

/// Reminds of every offer that is about to lapse.
pub async fn remind_of_offers(app: &App, _payload: Value) -> Result<(), JobError> {
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let reminded = remind::remind_of_offers(&mut tx).await.map_err(failed)?;
        tx.commit().await?;
        if reminded == 0 {
            return Ok(());
        }
    }
}

/// Reminds both sides of every booking that begins in two days.
pub async fn remind_of_bookings(app: &App, _payload: Value) -> Result<(), JobError> {
    let letterhead = app.letterhead();
    loop {
        let mut tx = app.db.begin(Actor::SERVICE).await?;
        let reminded = remind::remind_of_bookings(&mut tx, &letterhead).await.map_err(failed)?;
        tx.commit().await?;
        if reminded == 0 {
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
