//! A plan: who is placed where, how good that is, what proves it, and why the rest is empty.
//!
//! The types are those of the file format `locumbank.plan/1`, in both directions.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The name of the plan format, the value of its `format` key.
pub const PLAN_FORMAT: &str = "locumbank.plan/1";

/// A plan for one problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`PLAN_FORMAT`] when this engine wrote it.
    #[serde(default)]
    pub format: String,
    /// Sum of the scores of all assignments, in points.
    pub score: i64,
    /// No plan for this problem scores more than this.
    pub upper_bound: i64,
    /// 100 × (`upper_bound` − `score`) ÷ |`upper_bound`|, in per cent.
    pub gap: Millionths,
    /// What shows that `upper_bound` holds.
    pub bound_proof: BoundProof,
    /// Places filled, bookings among them.
    pub filled: u64,
    /// Places asked for.
    pub places: u64,
    /// No plan for this problem fills more places than this.
    #[serde(default)]
    pub fill_upper_bound: Option<u64>,
    /// Every placed pair, booked ones among them, in order of the sessions' ids, then the clinicians'.
    pub assignments: Vec<Assignment>,
    /// Every session with places left, in order of id.
    #[serde(default)]
    pub unfilled: Vec<Unfilled>,
    /// The certificate: a price of zero or more for each session, left out where it is zero.
    #[serde(default)]
    pub prices: Vec<Price>,
    /// The certificate of `fill_upper_bound`, in millionths of a place.
    #[serde(default)]
    pub fill_prices: Vec<Price>,
    /// How long planning took; the only field in which two equal runs may differ.
    #[serde(default)]
    pub seconds: Millionths,
    /// Which engine made the plan, with its version.
    #[serde(default)]
    pub engine: String,
    /// The seed of the budget.
    #[serde(default)]
    pub seed: u64,
}

/// One clinician placed in one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The session's id.
    pub session: String,
    /// The clinician's id.
    pub clinician: String,
    /// Agreed rate in pence an hour.
    pub rate_pence_per_hour: i64,
    /// Pay for the whole session in pence.
    pub pay_pence: i64,
    /// Road metres from home.
    pub road_metres: i64,
    /// The pair's score in points.
    pub score: i64,
}

/// What shows that the upper bound holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundProof {
    /// The plan's own prices, which anyone can verify from the file.
    Prices,
    /// A finished or stopped branch and bound, which is tighter than any prices.
    BranchAndBound,
}

/// A session with places left, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfilled {
    /// The session's id.
    pub session: String,
    /// Places that nobody fills.
    pub places_left: u32,
    /// Why, in one word.
    pub reason: UnfilledReason,
    /// How many clinicians of an accepted role each rule keeps out, each counted under the first that fails.
    #[serde(default)]
    pub blocked: BTreeMap<RuleCode, u32>,
    /// Changes that were tried and would bring somebody in, cheapest first.
    #[serde(default)]
    pub remedies: Vec<Remedy>,
}

/// Why a place is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnfilledReason {
    /// Nobody besides those placed in it already may do it.
    NoEligibleClinician,
    /// Somebody may, and all of them are booked, worth more elsewhere or out of hours.
    AllEligibleBetterUsed,
    /// Every pair that is left scores zero or less.
    NotWorthFilling,
}

/// The rules that keep a clinician out of a session, in the order in which they are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleCode {
    /// The session doesn't take their role.
    Role,
    /// A needed competency is missing or out of date.
    Competency,
    /// Their clearance ends before the session does.
    Clearance,
    /// No span they offer contains the session.
    Availability,
    /// They ask more than the session may pay, or don't work in its band.
    Rate,
    /// The practice is farther than they travel.
    Distance,
    /// One of the two refuses the other.
    Refused,
    /// They are not to be proposed for it again.
    NotAgain,
    /// It is open to others first.
    Audience,
    /// They are in another session at that time.
    Overlap,
    /// They could not drive there in time.
    Travel,
    /// They would not have their rest between two days.
    Rest,
    /// Their hours of that week are used up.
    WeeklyHours,
    /// Their hours of that day are used up.
    DailyHours,
}

impl RuleCode {
    /// Every rule, in the published order.
    pub const ALL: [Self; 14] = [
        Self::Role,
        Self::Competency,
        Self::Clearance,
        Self::Availability,
        Self::Rate,
        Self::Distance,
        Self::Refused,
        Self::NotAgain,
        Self::Audience,
        Self::Overlap,
        Self::Travel,
        Self::Rest,
        Self::WeeklyHours,
        Self::DailyHours,
    ];

    /// Its name in files and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Competency => "competency",
            Self::Clearance => "clearance",
            Self::Availability => "availability",
            Self::Rate => "rate",
            Self::Distance => "distance",
            Self::Refused => "refused",
            Self::NotAgain => "not_again",
            Self::Audience => "audience",
            Self::Overlap => "overlap",
            Self::Travel => "travel",
            Self::Rest => "rest",
            Self::WeeklyHours => "weekly_hours",
            Self::DailyHours => "daily_hours",
        }
    }
}

/// A single change that was tried, and whom it brings in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// What is changed.
    pub change: Change,
    /// To what: pence an hour, metres, minutes (signed for a shift) or a date, by the kind of change.
    pub to: RemedyValue,
    /// Whom it brings in.
    pub clinician: String,
    /// Which competency is renewed, for that change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competency: Option<String>,
    /// What filling the place then costs, in pence.
    pub cost_pence: i64,
    /// 1 when the whole plan fills one more place, 0 when another session would lose.
    pub gains: u32,
}

/// A kind of change that a remedy makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The session may pay more.
    RaiseRateMax,
    /// The clinician travels farther.
    ExtendTravel,
    /// The session moves by some minutes.
    ShiftStart,
    /// The clinician offers more time.
    ExtendAvailability,
    /// A competency is renewed.
    RenewCompetency,
    /// The clearance is extended.
    ExtendClearance,
    /// More minutes in the week.
    RaiseWeeklyMinutes,
    /// More minutes in the day.
    RaiseDailyMinutes,
}

/// The new value a remedy proposes: a whole number or a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RemedyValue {
    /// Pence an hour, metres or minutes.
    Number(i64),
    /// A date, `2027-12-31`.
    Date(String),
}

/// The price of one place in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The session's id.
    pub session: String,
    /// Points, zero or more.
    pub points: i64,
}

/// A number with six decimals, kept whole: 1,500,000 is written `1.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millionths(pub i64);

impl Millionths {
    /// The gap between a score and a bound in per cent, rounded to nearest at the sixth decimal.
    #[must_use]
    pub fn gap_percent(score: i64, upper_bound: i64) -> Self {
        let whole = i128::from(upper_bound).abs().max(1);
        let hundred_millionths = 100_000_000 * (i128::from(upper_bound) - i128::from(score));
        let rounded = (hundred_millionths + whole / 2).div_euclid(whole);
        Self(i64::try_from(rounded).unwrap_or(i64::MAX))
    }
}

impl std::fmt::Display for Millionths {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(out, "{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
    }
}

/// Why a text is not a number of ordinary size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a decimal number of ordinary size, such as 0.01")]
pub struct NotMillionths;

impl FromStr for Millionths {
    type Err = NotMillionths;

    fn from_str(text: &str) -> Result<Self, NotMillionths> {
        millionths_of(text).ok_or(NotMillionths)
    }
}

impl Serialize for Millionths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::Number::from_str(&self.to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Millionths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        millionths_of(&number.to_string())
            .ok_or_else(|| serde::de::Error::custom("expected a number of ordinary size"))
    }
}

/// Reads a decimal number as a program may have written it, with or without an exponent.
fn millionths_of(text: &str) -> Option<Millionths> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.trim_start_matches('+').parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or((1, mantissa), |rest| (-1, rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?.checked_add(6)?;
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let length = usize::try_from(point.max(0)).ok().filter(|length| *length <= 40)?;
    let mut value: i64 = 0;
    for digit in digits.chain(std::iter::repeat(b'0')).take(length) {
        value = value
            .checked_mul(10)?
            .checked_add(i64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?))?;
    }
    Some(Millionths(sign * value))
}

#[cfg(test)]
mod tests {
    use super::{Millionths, millionths_of};

    #[test]
    fn a_gap_is_counted_in_millionths_of_a_per_cent() {
        assert_eq!(Millionths::gap_percent(999, 1_000), Millionths(100_000));
        assert_eq!(Millionths::gap_percent(5, 5), Millionths(0));
        assert_eq!(Millionths::gap_percent(0, 0), Millionths(0));
        assert_eq!(Millionths::gap_percent(-2, -1), Millionths(100_000_000));
    }

    #[test]
    fn numbers_of_other_programs_are_read() {
        assert_eq!(millionths_of("0.0123"), Some(Millionths(12_300)));
        assert_eq!(millionths_of("1.5e-3"), Some(Millionths(1_500)));
        assert_eq!(millionths_of("12"), Some(Millionths(12_000_000)));
        assert_eq!(millionths_of("-0.25"), Some(Millionths(-250_000)));
        assert_eq!(millionths_of("1e-9"), Some(Millionths(0)));
        assert_eq!(millionths_of("1e30"), None);
    }

    #[test]
    fn a_number_written_is_the_number_read() {
        for value in [0, 1, 12_300, 99_999_999, -5] {
            let text = serde_json::to_string(&Millionths(value)).expect("writes");
            assert_eq!(serde_json::from_str::<Millionths>(&text).expect("reads"), Millionths(value));
        }
    }
}
