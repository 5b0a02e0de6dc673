//! What a post pays, in the way its practice says it, and what full time would earn in a year, by which all are compared.

use serde::{Deserialize, Serialize};

use super::named;
use crate::ground::words;

/// Sessions of a full week, of which GPs are paid by the year for each.
const SESSIONS_OF_FULL_TIME: i64 = 9;
/// Hours of a full year in hundred-thousandths: 37.5 a week in 52.143 weeks, by which Agenda for Change comes to its pay by
/// the hour.
const HOURS_OF_A_YEAR: (i64, i64) = (195_536_250, 100_000);

named! {
    /// For what a sum is paid.
    PayUnit {
        /// A year of full time.
        Year "year" "A year, for full time";
        /// A year of one session a week.
        Session "session" "A year, for each session a week (GPs)";
        /// An hour.
        Hour "hour" "An hour";
    }
}

/// What a post pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// The band of Agenda for Change it goes by.
    pub band: Option<String>,
    /// For what the sums are paid.
    pub unit: PayUnit,
    /// The least, in pence.
    pub least_pence: i64,
    /// The most.
    pub most_pence: i64,
}

impl Pay {
    /// The least and the most that full time would earn in a year, in pence.
    #[must_use]
    pub fn pence_per_year(&self) -> (i64, i64) {
        let year = |pence: i64| match self.unit {
            PayUnit::Year => pence,
            PayUnit::Session => pence.saturating_mul(SESSIONS_OF_FULL_TIME),
            PayUnit::Hour => pence.saturating_mul(HOURS_OF_A_YEAR.0) / HOURS_OF_A_YEAR.1,
        };
        (year(self.least_pence), year(self.most_pence))
    }

    /// "Band 5: £32,073 to £39,043 a year, full time".
    #[must_use]
    pub fn text(&self) -> String {
        let sums = span(self.least_pence, self.most_pence);
        let (least, most) = self.pence_per_year();
        let said = match self.unit {
            PayUnit::Year => format!("{sums} a year, full time"),
            PayUnit::Session => format!(
                "{sums} a year for each session a week ({} full time)",
                span(whole_pounds(least), whole_pounds(most))
            ),
            PayUnit::Hour => format!("{sums} an hour"),
        };
        self.band.as_ref().map_or(said.clone(), |band| format!("Band {band}: {said}"))
    }
}

/// "£32,073 to £39,043", or one sum where both are the same.
fn span(least: i64, most: i64) -> String {
    if least == most {
        words::pounds(least)
    } else {
        format!("{} to {}", words::pounds(least), words::pounds(most))
    }
}

fn whole_pounds(pence: i64) -> i64 {
    pence / 100 * 100
}

#[cfg(test)]
mod tests {
    use super::{Pay, PayUnit};

    fn pay(unit: PayUnit, least_pence: i64, most_pence: i64) -> Pay {
        Pay { band: None, unit, least_pence, most_pence }
    }

    #[test]
    fn every_way_of_paying_comes_to_a_year_of_full_time() {
        assert_eq!(pay(PayUnit::Year, 3_207_300, 3_904_300).pence_per_year(), (3_207_300, 3_904_300));
        // Nine sessions make full time.
        assert_eq!(pay(PayUnit::Session, 1_100_000, 1_200_000).pence_per_year(), (9_900_000, 10_800_000));
        // Agenda for Change pays £12.92 an hour at £25,272 a year.
        let (year, _) = pay(PayUnit::Hour, 1_292, 1_292).pence_per_year();
        assert!((2_527_200 - year).abs() < 1_000, "{year}");
    }

    #[test]
    fn pay_is_told_as_the_practice_says_it() {
        let band = Pay { band: Some("5".to_owned()), ..pay(PayUnit::Year, 3_207_300, 3_904_300) };
        assert_eq!(band.text(), "Band 5: £32,073 to £39,043 a year, full time");
        assert_eq!(pay(PayUnit::Hour, 1_293, 1_293).text(), "£12.93 an hour");
        assert_eq!(
            pay(PayUnit::Session, 1_100_000, 1_200_000).text(),
            "£11,000 to £12,000 a year for each session a week (£99,000 to £108,000 full time)"
        );
    }
}
