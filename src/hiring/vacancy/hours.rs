//! How much somebody works in a week, said as a whole-time equivalent, in sessions or in hours. Nine sessions of 4 hours 10
//! minutes are a full week of 37.5 hours (BMA model contract), so that each can be told in hours.

use serde::{Deserialize, Serialize};

use super::named;
use crate::ground::words;

/// Minutes of a full week: 37.5 hours.
pub const FULL_WEEK_MINUTES: i32 = 2_250;

named! {
    /// What the hours of a post are counted in.
    HoursUnit {
        /// Parts of a full week of 37.5 hours.
        WholeTime "whole_time" "Whole-time equivalent (1 is 37.5 hours)";
        /// Sessions of 4 hours 10 minutes.
        Sessions "sessions" "Sessions a week (of 4 hours 10 minutes)";
        /// Hours.
        Hours "hours" "Hours a week";
    }
}

impl HoursUnit {
    /// Minutes of one of it.
    #[must_use]
    pub fn minutes(self) -> i64 {
        match self {
            Self::WholeTime => FULL_WEEK_MINUTES.into(),
            Self::Sessions => 250,
            Self::Hours => 60,
        }
    }
}

/// The hours of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// What they are counted in.
    pub unit: HoursUnit,
    /// The least, in hundredths of the unit.
    pub least_hundredths: i64,
    /// The most.
    pub most_hundredths: i64,
}

impl Hours {
    /// The least and the most in whole minutes a week, never none.
    #[must_use]
    pub fn minutes(&self) -> (i32, i32) {
        let minutes = |hundredths: i64| {
            let minutes = hundredths.saturating_mul(self.unit.minutes()) / 100;
            i32::try_from(minutes).unwrap_or(i32::MAX).max(1)
        };
        (minutes(self.least_hundredths), minutes(self.most_hundredths))
    }

    /// "4 to 6 sessions a week (16 hours 40 minutes to 25 hours)".
    #[must_use]
    pub fn text(&self) -> String {
        let span = |first: String, last: String| {
            if first == last { first } else { format!("{first} to {last}") }
        };
        let said = span(words::decimal(self.least_hundredths), words::decimal(self.most_hundredths));
        let one = self.least_hundredths == 100 && self.most_hundredths == 100;
        let (least, most) = self.minutes();
        let hours = span(words::duration(least.into()), words::duration(most.into()));
        match self.unit {
            HoursUnit::WholeTime if one => format!("Full time ({hours} a week)"),
            HoursUnit::WholeTime => format!("{said} whole-time equivalent ({hours} a week)"),
            HoursUnit::Sessions if one => format!("1 session a week ({hours})"),
            HoursUnit::Sessions => format!("{said} sessions a week ({hours})"),
            HoursUnit::Hours => format!("{hours} a week"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FULL_WEEK_MINUTES, Hours, HoursUnit};

    #[test]
    fn hours_are_told_as_they_are_counted_and_in_hours() {
        let hours =
            |unit, least_hundredths, most_hundredths| Hours { unit, least_hundredths, most_hundredths };
        for (hours, text) in [
            (hours(HoursUnit::WholeTime, 100, 100), "Full time (37 hours 30 minutes a week)"),
            (hours(HoursUnit::WholeTime, 60, 60), "0.6 whole-time equivalent (22 hours 30 minutes a week)"),
            (
                hours(HoursUnit::Sessions, 400, 600),
                "4 to 6 sessions a week (16 hours 40 minutes to 25 hours)",
            ),
            (hours(HoursUnit::Sessions, 100, 100), "1 session a week (4 hours 10 minutes)"),
            (hours(HoursUnit::Hours, 1_850, 1_850), "18 hours 30 minutes a week"),
        ] {
            assert_eq!(hours.text(), text);
        }
        assert_eq!(hours(HoursUnit::Sessions, 900, 900).minutes().0, FULL_WEEK_MINUTES);
    }
}
