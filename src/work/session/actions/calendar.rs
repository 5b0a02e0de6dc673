//! An administrator changes the bank's calendar: sessions that are posted follow it where they can, and both sides of those
//! that were agreed otherwise are told.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::reband::{OutOfBand, Stays, find_out_of_band, reband_sessions};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::SessionId;
use crate::ground::mail::Letterhead;
use crate::ground::words;
use crate::terms::bank::BandHours;
use crate::terms::bank::actions::{add_holiday, choose_bands, choose_weekend_holidays};
use crate::terms::bank::calendar::{BankHoliday, bands_in_words};
use crate::terms::bank::holidays::HolidayRule;
use crate::work::booking::actions::tell_calendar::{Moved, tell_of_calendar};
use crate::work::booking::error::DeskError;

/// What is to become of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarChange {
    /// A day is a bank holiday.
    Holiday(BankHoliday),
    /// Holidays on a weekend count so.
    Weekends(HolidayRule),
    /// The bands have these times from now on; the number of the version that was seen.
    Bands(Vec<BandHours>, i32),
}

impl CalendarChange {
    /// What changes, for whoever is to agree.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        match self {
            Self::Holiday(holiday) => {
                vec![format!("{} is a bank holiday: {}", words::full_date(holiday.date), holiday.title)]
            }
            Self::Weekends(rule) => {
                let counts = if rule.day_itself_counts {
                    "the day itself counts beside its substitute"
                } else {
                    "the substitute alone counts"
                };
                vec![format!("From {} on, {counts}", words::full_date(rule.valid_from))]
            }
            Self::Bands(rows, _) => bands_in_words(rows),
        }
    }
}

/// Why the calendar stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// Whoever changes it has not seen what it touches.
    #[error("changing a calendar without having seen what it touches")]
    AskFirst(Vec<OutOfBand>),
    /// That day is a bank holiday already.
    #[error("adding a bank holiday that is known")]
    Known,
    /// Somebody has given the bands other times since.
    #[error("giving bands other times after somebody else has")]
    Since,
    /// Both sides could not be told.
    #[error("telling of a change of the calendar")]
    Desk(#[from] DeskError),
    /// The database failed.
    #[error("changing a calendar")]
    Database(#[from] DbError),
}

/// A name for exactly what a change touches.
#[must_use]
pub fn name_of(touched: &[OutOfBand]) -> String {
    let mut hash = Sha256::new();
    for out in touched {
        hash.update(out.session.id.0.as_bytes());
        hash.update([u8::from(out.stays.is_none())]);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Changes the calendar, for a reason, where whoever does has `seen` what it touches, by its name; gives that.
pub async fn change_calendar(
    tx: &mut Tx,
    letterhead: &Letterhead,
    (change, why): (&CalendarChange, &str),
    seen: &str,
) -> Result<Vec<OutOfBand>, CalendarError> {
    let before: BTreeSet<SessionId> =
        find_out_of_band(tx).await?.into_iter().map(|out| out.session.id).collect();
    match change {
        CalendarChange::Holiday(holiday) => {
            if !add_holiday(tx, holiday, why).await? {
                return Err(CalendarError::Known);
            }
        }
        CalendarChange::Weekends(rule) => choose_weekend_holidays(tx, *rule, why).await?,
        CalendarChange::Bands(rows, seen) => {
            if !choose_bands(tx, rows, (*seen, why)).await? {
                return Err(CalendarError::Since);
            }
        }
    }
    let mut touched = reband_sessions(tx).await?;
    touched.retain(|out| !before.contains(&out.session.id));
    if name_of(&touched) != seen {
        return Err(CalendarError::AskFirst(touched));
    }
    let agreed = touched.iter().filter(|out| out.stays == Some(Stays::Agreed));
    let moved: Vec<Moved> =
        agreed.map(|out| Moved { session: out.session.id, from: out.session.band, to: out.band }).collect();
    tell_of_calendar(tx, letterhead, &moved).await?;
    Ok(touched)
}
