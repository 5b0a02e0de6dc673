//! Rate ranges: the commissioner's dated floor and ceiling, in pence an hour, by role and band.
//!
//! A range is published, never changed. For a date, the range with the latest `valid_from` on or before it counts,
//! and of two with the same date the one published last (`position`).

pub mod actions;
pub mod forms;
pub mod pages;
pub mod store;

use chrono::NaiveDate;

use crate::ground::id::RateRangeId;
use crate::ground::words;
use crate::terms::bank::Band;

/// A published range.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RateRange {
    /// Its id.
    pub id: RateRangeId,
    /// The role it is for.
    pub role: String,
    /// The band it is for.
    pub band: Band,
    /// The first day on which it counts.
    pub valid_from: NaiveDate,
    /// The least an hour pays, in pence.
    pub floor_pence_per_hour: i32,
    /// The most an hour pays, in pence.
    pub ceiling_pence_per_hour: i32,
    /// The order of publishing: of two ranges with the same date the higher counts.
    pub position: i64,
}

impl RateRange {
    /// Whether a rate, in pence an hour, lies inside.
    #[must_use]
    pub fn holds(&self, rate_pence_per_hour: i32) -> bool {
        (self.floor_pence_per_hour..=self.ceiling_pence_per_hour).contains(&rate_pence_per_hour)
    }

    /// "£76 to £98 an hour".
    #[must_use]
    pub fn span(&self) -> String {
        words::rate_span(self.floor_pence_per_hour.into(), self.ceiling_pence_per_hour.into())
    }

    /// "£76 to £98 an hour from 1 November 2026".
    #[must_use]
    pub fn span_and_date(&self) -> String {
        format!("{} from {}", self.span(), words::date_without_weekday(self.valid_from))
    }
}

/// Every range of a bank, to ask which one counts.
#[derive(Debug, Clone, Default)]
pub struct RateTable {
    ranges: Vec<RateRange>,
}

impl RateTable {
    /// A table of these ranges, in any order.
    #[must_use]
    pub fn new(mut ranges: Vec<RateRange>) -> Self {
        ranges.sort_by(|a, b| {
            (&a.role, a.band, a.valid_from, a.position).cmp(&(&b.role, b.band, b.valid_from, b.position))
        });
        Self { ranges }
    }

    /// The range in force for a role and band on a date, or none where the commissioner has published none.
    #[must_use]
    pub fn in_force(&self, role: &str, band: Band, date: NaiveDate) -> Option<&RateRange> {
        self.of(role, band).rev().find(|range| range.valid_from <= date)
    }

    /// The ranges of a role and band, the earliest first. A range that one of the same date replaced comes before it.
    #[must_use]
    pub fn of<'a, 'r>(
        &'a self,
        role: &'r str,
        band: Band,
    ) -> impl DoubleEndedIterator<Item = &'a RateRange> + use<'a, 'r> {
        self.ranges.iter().filter(move |range| range.role == role && range.band == band)
    }

    /// Roles that have any range, in order of their codes.
    #[must_use]
    pub fn roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> = self.ranges.iter().map(|range| range.role.as_str()).collect();
        roles.dedup();
        roles
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{RateRange, RateTable};
    use crate::ground::id::RateRangeId;
    use crate::terms::bank::Band;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(position: i64, band: Band, from: &str, floor: i32, ceiling: i32) -> RateRange {
        RateRange {
            id: RateRangeId::new(),
            role: "gp".to_owned(),
            band,
            valid_from: day(from),
            floor_pence_per_hour: floor,
            ceiling_pence_per_hour: ceiling,
            position,
        }
    }

    #[test]
    fn the_latest_range_on_or_before_a_date_counts() {
        let table = RateTable::new(vec![
            range(2, Band::Core, "2026-11-01", 7600, 9800),
            range(1, Band::Core, "2026-04-01", 7000, 9000),
            range(3, Band::Evening, "2026-04-01", 8000, 11000),
        ]);
        let floor =
            |date| table.in_force("gp", Band::Core, day(date)).map(|range| range.floor_pence_per_hour);
        assert_eq!(floor("2026-03-31"), None);
        assert_eq!(floor("2026-04-01"), Some(7000));
        assert_eq!(floor("2026-10-31"), Some(7000));
        assert_eq!(floor("2026-11-01"), Some(7600));
        assert_eq!(table.in_force("paramedic", Band::Core, day("2026-11-01")), None);
        assert_eq!(table.roles(), ["gp"]);
    }

    #[test]
    fn of_two_ranges_of_one_date_the_one_published_last_counts() {
        let table = RateTable::new(vec![
            range(8, Band::Core, "2026-11-01", 7700, 9900),
            range(7, Band::Core, "2026-11-01", 7600, 9800),
        ]);
        assert_eq!(table.in_force("gp", Band::Core, day("2026-12-01")).map(|range| range.position), Some(8));
    }

    #[test]
    fn both_ends_of_a_range_lie_inside_it() {
        let range = range(1, Band::Core, "2026-11-01", 7600, 9800);
        assert!(range.holds(7600) && range.holds(9800));
        assert!(!range.holds(7599) && !range.holds(9801));
        assert_eq!(range.span_and_date(), "£76 to £98 an hour from 1 November 2026");
    }
}
