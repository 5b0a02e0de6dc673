//! A clinician's alert: new sessions near a place that fit them, told soon after they are posted, at once or in the
//! daily email as they choose.
//!
//! ```text
//! live ──▶ asked     two weeks before it lapses, a mail asks whether to keep it ──▶ live   renewed for a year
//!      ──▶ lapsed    nobody renewed it
//!      ──▶ ended     by its clinician
//! ```

pub mod actions;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod pages;
pub mod store;

use chrono::{DateTime, Months, TimeDelta, Utc};

use crate::ground::id::{AlertId, BankId, ClinicianId};
use crate::letters::mail_choice::Choice;
use crate::terms::bank::places::Place;
use matching::road_metres;
use matching_model::position::Position;

/// An alert lapses after so many months unless it is renewed.
pub const LIVES_MONTHS: u32 = 12;

/// So long before that a mail asks whether to keep it.
pub const ASKED_BEFORE: TimeDelta = TimeDelta::days(14);

/// Alerts a clinician may have: places, not every practice.
pub const MOST_ALERTS: i64 = 5;

/// New sessions one mail tells of at most.
pub const MOST_TOLD: usize = 10;

/// A posting is looked at so long after it, when its transaction has surely ended.
pub const SETTLED_AFTER: TimeDelta = TimeDelta::minutes(1);

/// An alert that a clinician asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// The postcode district.
    pub district: String,
    /// Its centre.
    pub place: Place,
    /// How far from there, by road.
    pub within_metres: i32,
    /// How the mails come.
    pub choice: Choice,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Alert {
    /// Its bank.
    pub bank_id: BankId,
    /// Its id.
    pub id: AlertId,
    /// Whose it is.
    pub clinician_id: ClinicianId,
    /// The postcode district it is about.
    pub place: String,
    /// Where that lies, in millionths of a degree north.
    pub latitude_microdegrees: i32,
    /// And east.
    pub longitude_microdegrees: i32,
    /// How far from there, by road.
    pub within_metres: i32,
    /// Sessions posted up to then have been told.
    pub told_until: DateTime<Utc>,
    /// When it lapses.
    pub lapses_at: DateTime<Utc>,
}

impl Alert {
    /// Whether a place lies within its distance.
    #[must_use]
    pub fn reaches(&self, place: &Position) -> bool {
        let own = Position::from_microdegrees(self.latitude_microdegrees, self.longitude_microdegrees);
        road_metres(&own, place) <= i64::from(self.within_metres)
    }
}

/// When an alert that is made or renewed at `now` lapses.
#[must_use]
pub fn lapses_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_add_months(Months::new(LIVES_MONTHS)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Alert, lapses_at};
    use crate::ground::id::{AlertId, BankId, ClinicianId};
    use matching::road_metres;
    use matching_model::position::Position;

    #[test]
    fn an_alert_reaches_as_far_as_it_says() {
        let now = DateTime::from_timestamp(1_793_610_000, 0).unwrap();
        let mut alert = Alert {
            bank_id: BankId::new(),
            id: AlertId::new(),
            clinician_id: ClinicianId::new(),
            place: "DT1".to_owned(),
            latitude_microdegrees: 50_715_000,
            longitude_microdegrees: -2_437_000,
            within_metres: 1,
            told_until: now,
            lapses_at: lapses_at(now),
        };
        let practice = Position::from_microdegrees(50_800_000, -2_437_000);
        let here = Position::from_microdegrees(50_715_000, -2_437_000);
        let away = i32::try_from(road_metres(&here, &practice)).unwrap();
        alert.within_metres = away;
        assert!(alert.reaches(&practice));
        alert.within_metres = away - 1;
        assert!(!alert.reaches(&practice));
    }

    #[test]
    fn an_alert_lapses_after_a_year() {
        let made = DateTime::parse_from_rfc3339("2028-02-29T09:00:00Z").unwrap().to_utc();
        assert_eq!(lapses_at(made).to_rfc3339(), "2029-02-28T09:00:00+00:00");
    }
}
