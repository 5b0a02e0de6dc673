//! What a practice owes when it cancels: steps of hours before the start, each with its share of the pay.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::ground::form_fields::{Wrong, whole_number};
use crate::ground::words;

/// More steps than this nobody would read.
const MOST_STEPS: usize = 10;
/// Sixty days.
const MOST_HOURS: i64 = 1_440;
/// From so many hours on, people count whole days.
const HOURS_SAID_IN_DAYS: i32 = 72;

/// A step: who cancels less than so many hours before the start owes so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeStep {
    /// Hours before the start, as they pass: a night in which the clocks change has an hour more or less.
    pub within_hours: i32,
    /// The share of the pay, in per cent.
    pub percent: i32,
}

impl FeeStep {
    /// The last moment at which this step does not count yet.
    fn until(self, starts_at: DateTime<Utc>) -> DateTime<Utc> {
        starts_at - TimeDelta::hours(self.within_hours.into())
    }

    /// "less than 24 hours before the start".
    #[must_use]
    pub fn when(self) -> String {
        format!("less than {} before the start", hours_in_words(self.within_hours))
    }
}

/// "24 hours", "7 days".
fn hours_in_words(hours: i32) -> String {
    if hours >= HOURS_SAID_IN_DAYS && hours % 24 == 0 {
        words::count(i64::from(hours / 24), "day", "days")
    } else {
        words::count(hours.into(), "hour", "hours")
    }
}

/// Steps from the nearest to the start outwards, none of which costs more than one nearer to it. Without any, cancelling
/// costs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeeSteps(Vec<FeeStep>);

impl FeeSteps {
    /// Reads steps as they are typed, one a line: "24 hours: 100%", "3 days: 75%", "24: 100".
    pub fn read(typed: &str) -> Result<Self, Wrong> {
        let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut steps: Vec<FeeStep> = lines.map(read_step).collect::<Result<_, _>>()?;
        steps.sort_by_key(|step| step.within_hours);
        let wrong = |step: &FeeStep, wanted| {
            let line = format!("{} hours: {}%", step.within_hours, step.percent);
            Err(Wrong::Line { line, wanted })
        };
        for (nearer, farther) in steps.iter().zip(steps.iter().skip(1)) {
            if nearer.within_hours == farther.within_hours {
                return wrong(farther, "must have other hours than every other step");
            }
            if nearer.percent < farther.percent {
                return wrong(farther, "must cost no more than a step that is nearer to the start");
            }
        }
        match steps.get(MOST_STEPS) {
            Some(step) => wrong(step, "is one step too many: 10 is the most"),
            None => Ok(Self(steps)),
        }
    }

    /// The steps, from the nearest to the start outwards.
    #[must_use]
    pub fn steps(&self) -> &[FeeStep] {
        &self.0
    }

    /// The step that counts for whoever cancels at `at`; none where cancelling costs nothing then. At exactly so many
    /// hours before the start its step does not count yet.
    #[must_use]
    pub fn at(&self, starts_at: DateTime<Utc>, at: DateTime<Utc>) -> Option<FeeStep> {
        self.0.iter().find(|step| at > step.until(starts_at)).copied()
    }

    /// The next step that counts after `at`, with the last moment at which it does not yet.
    #[must_use]
    pub fn next_after(
        &self,
        starts_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Option<(DateTime<Utc>, FeeStep)> {
        let next = self.0.iter().rev().find(|step| at <= step.until(starts_at));
        next.map(|step| (step.until(starts_at), *step))
    }
}

fn read_step(line: &str) -> Result<FeeStep, Wrong> {
    let wanted = "must have hours or days before the start and a share of the pay, like 24 hours: 100%";
    let unread = |()| Wrong::Line { line: line.chars().take(40).collect(), wanted };
    let (span, share) = line.split_once(':').ok_or(()).map_err(unread)?;
    let span = span.trim();
    let days = span.strip_suffix("days").or_else(|| span.strip_suffix("day"));
    let hours = span.strip_suffix("hours").or_else(|| span.strip_suffix("hour")).unwrap_or(span);
    let (typed, each) = days.map_or((hours, 1), |days| (days, 24));
    let share = share.trim();
    let read = |typed, most| {
        let number = whole_number(typed, 1, most).map_err(|_wrong| unread(()))?;
        i32::try_from(number).map_err(|_large| unread(()))
    };
    let within_hours = read(typed, MOST_HOURS / each)? * i32::try_from(each).unwrap_or(1);
    Ok(FeeStep { within_hours, percent: read(share.strip_suffix('%').unwrap_or(share), 100)? })
}

impl fmt::Display for FeeSteps {
    /// As they are typed, one a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{} hours: {}%", step.within_hours, step.percent)?;
        }
        Ok(())
    }
}

/// What a practice owes when it cancels, as a bank decides it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelling {
    /// The steps of most bookings.
    pub steps: FeeSteps,
    /// A booking made less than so many hours before the start is one at short notice; 0 where none is.
    pub short_notice_hours: i32,
    /// The steps of bookings at short notice.
    pub short_notice_steps: FeeSteps,
}

impl Cancelling {
    /// The steps of a booking that is made at `made_at`: it keeps them.
    #[must_use]
    pub fn steps_for(&self, starts_at: DateTime<Utc>, made_at: DateTime<Utc>) -> &FeeSteps {
        let is_short = starts_at - made_at < TimeDelta::hours(self.short_notice_hours.into());
        if is_short { &self.short_notice_steps } else { &self.steps }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::{Strategy, any, proptest};
    use proptest::{prop_assert, prop_assert_eq};

    use super::{Cancelling, FeeStep, FeeSteps};
    use crate::ground::form_fields::Wrong;
    use crate::ground::words;

    /// The scale of an agency (Medico Partners): under 24 hours all, under 72 three quarters, under a week a fifth.
    fn usual() -> FeeSteps {
        FeeSteps::read("24: 100\n72 hours: 75%\n7 days: 20%").unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn steps_are_read_as_people_write_them_and_sorted() {
        let read = FeeSteps::read(" 7 days: 20 % \r\n\n72: 75%\n24 hours : 100").unwrap();
        assert_eq!(read, usual());
        assert_eq!(read.to_string(), "24 hours: 100%\n72 hours: 75%\n168 hours: 20%");
        assert_eq!(FeeSteps::read(&read.to_string()), Ok(read));
        assert_eq!(FeeSteps::read(" \n"), Ok(FeeSteps::default()));
    }

    #[test]
    fn what_is_no_step_is_named() {
        let said = |typed: &str| FeeSteps::read(typed).unwrap_err().sentence("list of steps");
        for typed in ["24", "24: 0%", "24: 101", "0: 50", "61 days: 5", "a day: 5", "24: half", "1.5: 10"] {
            assert!(said(typed).contains(&format!("“{typed}” must have hours or days")), "{}", said(typed));
        }
        assert!(said("24: 50\n1 day: 40").contains("“24 hours: 40%” must have other hours"));
        assert!(
            said("24: 50\n48: 60").contains("“48 hours: 60%” must cost no more than a step that is nearer")
        );
        let many: Vec<String> = (1..=11).map(|hours| format!("{hours}: 10")).collect();
        assert!(matches!(FeeSteps::read(&many.join("\n")), Err(Wrong::Line { .. })));
    }

    #[test]
    fn hours_are_counted_as_they_pass_over_both_clock_changes() {
        // Monday 26 October 2026, 8:30am, the day after clocks went back: 72 hours before was 9:30am by summer time.
        let (until, step) =
            usual().next_after(at("2026-10-26T08:30:00Z"), at("2026-10-20T00:00:00Z")).unwrap();
        assert_eq!((words::moment(until).as_str(), step.percent), ("Friday 23 October 2026, 9:30am", 75));
        // Monday 29 March 2027, 8:30am, the day after they went forward.
        let (until, _) = usual().next_after(at("2027-03-29T07:30:00Z"), at("2027-03-23T00:00:00Z")).unwrap();
        assert_eq!(words::moment(until), "Friday 26 March 2027, 7:30am");
    }

    #[test]
    fn bookings_at_short_notice_have_steps_of_their_own() {
        let short = FeeSteps::read("72: 100\n7 days: 50").unwrap();
        let terms = Cancelling { steps: usual(), short_notice_hours: 168, short_notice_steps: short.clone() };
        let start = at("2026-11-10T08:30:00Z");
        assert_eq!(terms.steps_for(start, start - TimeDelta::hours(168)), &usual());
        assert_eq!(terms.steps_for(start, start - TimeDelta::seconds(168 * 3_600 - 1)), &short);
        assert_eq!(Cancelling::default().steps_for(start, start), &FeeSteps::default());
    }

    fn steps() -> impl Strategy<Value = FeeSteps> {
        let step = (1..=1_440_i32, 1..=100_i32);
        proptest::collection::btree_map(1..=1_440_i32, step, 0..8).prop_map(|steps| {
            let mut shares: Vec<i32> = steps.values().map(|(_, share)| *share).collect();
            shares.sort_unstable_by(|one, other| other.cmp(one));
            let pairs = steps.keys().zip(shares);
            FeeSteps(pairs.map(|(hours, percent)| FeeStep { within_hours: *hours, percent }).collect())
        })
    }

    fn percent(step: Option<FeeStep>) -> i32 {
        step.map_or(0, |step| step.percent)
    }

    proptest! {
        #[test]
        fn each_step_begins_just_after_its_edge_and_waiting_never_costs_less(
            steps in steps(),
            // Starts lie around both changes of the clocks of 2026 and 2027.
            start in 0..3_600_i64 * 24 * 8,
            is_spring in any::<bool>(),
            waited in 0..3_600_i64 * 24 * 61,
        ) {
            let base = if is_spring { "2027-03-26T00:00:00Z" } else { "2026-10-23T00:00:00Z" };
            let start = at(base) + TimeDelta::seconds(start);
            let second = TimeDelta::seconds(1);
            for step in steps.steps() {
                let edge = start - TimeDelta::hours(step.within_hours.into());
                prop_assert_eq!(steps.at(start, edge + second), Some(*step));
                prop_assert!(steps.at(start, edge) != Some(*step));
            }
            let now = start - TimeDelta::seconds(waited);
            prop_assert!(percent(steps.at(start, now)) <= percent(steps.at(start, now + second)));
            if let Some((until, next)) = steps.next_after(start, now) {
                prop_assert!(until >= now);
                prop_assert_eq!(steps.at(start, until), steps.at(start, now));
                prop_assert_eq!(steps.at(start, until + second), Some(next));
            } else {
                prop_assert_eq!(steps.at(start, now), steps.at(start, start));
            }
        }
    }
}
