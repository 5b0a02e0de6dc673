//! What offers and bookings need of the settings: how long an offer stands, and what stands on a mail's letterhead.

use chrono::TimeDelta;

use super::error::DeskError;
use crate::ground::app::App;
use crate::ground::db::Tx;
use crate::ground::facts::{Diary, FactChange, Reliants};
use crate::ground::mail::Letterhead;
use crate::ground::mail::links::LinkKey;
use crate::terms::rules::Answers;

/// The booking desk's rules and letterhead. Cheap enough to be cloned into a transaction.
#[derive(Debug, Clone)]
pub struct Desk {
    /// What stands on its mails.
    pub letterhead: Letterhead,
    /// Who relies on what people are booked for.
    pub reliants: Reliants,
    /// From which the links in mails are derived.
    pub link_key: LinkKey,
    /// How long and when clinicians are asked for answers, where their bank has decided nothing.
    pub answers: Answers,
    /// An offer lapses at the latest this long before its session starts.
    pub latest_before_start: TimeDelta,
}

impl Desk {
    /// The desk as the operator set it up.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let settings = &app.settings;
        Self {
            letterhead: app.letterhead(),
            reliants: app.reliants(),
            link_key: app.link_key.clone(),
            answers: Answers::of_settings(settings),
            latest_before_start: TimeDelta::minutes(settings.offers.latest_minutes_before_start),
        }
    }
}

/// What a person is booked for has changed: what else they are booked for or offered, in whatever bank, is judged anew.
/// The caller has locked them.
pub async fn settle_diary(tx: &mut Tx, reliants: &Reliants, diary: Diary) -> Result<(), DeskError> {
    let announced = reliants.announce(tx, FactChange::Diary(diary)).await?;
    reliants.settle(tx, announced).await?;
    Ok(())
}
