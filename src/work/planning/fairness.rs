//! Those who were given little of what they offered come first.
//!
//! A clinician who worked none of the time they offer has [`MOST_POINTS`]; one who worked all of it has none; between,
//! in proportion. Worked are the minutes booked in the last eight weeks; offered are the minutes of availability in
//! the dates to be planned, at most what their weekly limit allows, scaled to eight weeks. At the weights a bank starts
//! with, the most is worth as much as £20 of pay: enough to decide between equals, never enough to leave a session
//! empty or to send somebody across the county.

use chrono::{NaiveDate, TimeDelta};

use matching_model::problem::Clinician;

/// The points of somebody who worked none of the time they offer.
pub const MOST_POINTS: i64 = 2_000;

/// How far back work is counted.
pub const WORKED_OVER: TimeDelta = TimeDelta::weeks(8);

/// The points of a clinician who worked `worked_minutes` in the last eight weeks, from the availability and the
/// weekly limit they have for the dates `from` to `until`. Nobody gains by offering nothing.
#[must_use]
pub fn fairness_points(
    clinician: &Clinician,
    (from, until): (NaiveDate, NaiveDate),
    worked_minutes: i64,
) -> i64 {
    let days = (until - from).num_days() + 1;
    let offered: i64 = clinician.available.iter().map(|span| (span.end - span.start).num_minutes()).sum();
    let in_eight_weeks = offered * WORKED_OVER.num_days() / days.max(1);
    let limit = clinician.max_minutes_per_week.map(|week| week * WORKED_OVER.num_weeks());
    let offered = limit.map_or(in_eight_weeks, |limit| in_eight_weeks.min(limit));
    if offered <= 0 {
        return 0;
    }
    MOST_POINTS * (offered - worked_minutes.clamp(0, offered)) / offered
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, NaiveDate, TimeDelta};

    use super::fairness_points;
    use matching_model::position::Position;
    use matching_model::problem::{Clinician, Span};

    /// Somebody who offers so many hours on each of the first so many days from 2 November 2026.
    fn offering(hours: i64, days: i64, max_minutes_per_week: Option<i64>) -> Clinician {
        let first: DateTime<chrono::Utc> = "2026-11-02T08:00:00Z".parse().unwrap();
        let span = |day| {
            let start = first + TimeDelta::days(day);
            Span { start, end: start + TimeDelta::hours(hours) }
        };
        Clinician {
            id: "C1".to_owned(),
            role: "gp".to_owned(),
            competencies: BTreeMap::new(),
            cleared_until: None,
            home: Position::from_microdegrees(50_720_000, -1_980_000),
            max_travel_metres: 25_000,
            rates: BTreeMap::new(),
            available: (0..days).map(span).collect(),
            max_minutes_per_week,
            max_minutes_per_day: None,
            rest_minutes: 660,
            prefers: Vec::new(),
            recent_practices: Vec::new(),
            refuses: Vec::new(),
            not_again: Vec::new(),
            fairness_points: 0,
        }
    }

    #[test]
    fn points_fall_from_the_most_to_none_as_more_of_the_offered_time_is_worked() {
        let week: (NaiveDate, NaiveDate) = ("2026-11-02".parse().unwrap(), "2026-11-08".parse().unwrap());
        // Five days of eight hours are 320 hours in eight weeks.
        let person = offering(8, 5, None);
        let points = |hours: i64| fairness_points(&person, week, hours * 60);
        assert_eq!(
            [points(0), points(80), points(160), points(320), points(400)],
            [2_000, 1_500, 1_000, 0, 0]
        );
    }

    #[test]
    fn nobody_gains_by_offering_nothing_or_more_than_their_own_limit() {
        let week: (NaiveDate, NaiveDate) = ("2026-11-02".parse().unwrap(), "2026-11-08".parse().unwrap());
        assert_eq!(fairness_points(&offering(8, 0, None), week, 0), 0);
        // Limited to ten hours a week, 40 of 80 hours are half.
        assert_eq!(fairness_points(&offering(8, 5, Some(600)), week, 40 * 60), 1_000);
    }
}
