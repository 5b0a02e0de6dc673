//! How a session is repeated: the rules of RFC 5545 that the form offers, each from the first date on.

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

/// How a session is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// `FREQ=WEEKLY` with `INTERVAL`: every so many weeks.
    Weekly(u8),
    /// `FREQ=MONTHLY` with `BYDAY`: on the same weekday of each month, such as the second Tuesday; the fifth is the last.
    Monthly,
}

impl Repeat {
    /// Every rule that the form offers, in its order.
    pub const ALL: [Self; 4] = [Self::Weekly(1), Self::Weekly(2), Self::Weekly(4), Self::Monthly];

    /// The name in a form.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Weekly(2) => "fortnightly",
            Self::Weekly(4) => "four-weekly",
            Self::Weekly(_) => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// What the form calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weekly(2) => "Every two weeks",
            Self::Weekly(4) => "Every four weeks",
            Self::Weekly(_) => "Every week",
            Self::Monthly => "Every month on the same weekday, such as the second Tuesday",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// The dates from `first` to `last`, both included where the rule has them.
    #[must_use]
    pub fn dates(self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        match self {
            Self::Weekly(weeks) => {
                let step = usize::from(weeks.max(1)) * 7;
                first.iter_days().step_by(step).take_while(|date| *date <= last).collect()
            }
            Self::Monthly => {
                let months = (0..).map_while(|ahead| first.checked_add_months(Months::new(ahead)));
                let dates = months.map(|month| same_weekday(first, month));
                dates.take_while(|date| *date <= last).collect()
            }
        }
    }

    /// The date after `first`.
    #[must_use]
    pub fn second(self, first: NaiveDate) -> NaiveDate {
        let far = first + TimeDelta::weeks(6);
        self.dates(first, far).get(1).copied().unwrap_or(far)
    }
}

/// The date in `month` that is the same weekday of its month as `first` is: the last one where `first` is a fifth.
fn same_weekday(first: NaiveDate, month: NaiveDate) -> NaiveDate {
    let nth = u8::try_from((first.day() - 1) / 7 + 1).unwrap_or(1);
    let of = |nth| NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), first.weekday(), nth);
    of(nth).or_else(|| of(4)).unwrap_or(month)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::Repeat;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dates(rule: Repeat, first: &str, last: &str) -> Vec<String> {
        rule.dates(day(first), day(last)).into_iter().map(|date| date.format("%m-%d").to_string()).collect()
    }

    #[test]
    fn each_rule_gives_its_dates() {
        assert_eq!(dates(Repeat::Weekly(1), "2026-11-10", "2026-11-24"), ["11-10", "11-17", "11-24"]);
        assert_eq!(dates(Repeat::Weekly(2), "2026-11-10", "2026-12-10"), ["11-10", "11-24", "12-08"]);
        assert_eq!(dates(Repeat::Weekly(4), "2026-11-10", "2026-12-08"), ["11-10", "12-08"]);
        // The second Tuesday, and the fifth Monday, which is the last where a month has four.
        assert_eq!(dates(Repeat::Monthly, "2026-11-10", "2027-01-31"), ["11-10", "12-08", "01-12"]);
        assert_eq!(dates(Repeat::Monthly, "2026-11-30", "2027-02-28"), ["11-30", "12-28", "01-25", "02-22"]);
        assert_eq!(dates(Repeat::Weekly(1), "2026-11-10", "2026-11-09"), Vec::<String>::new());
    }

    #[test]
    fn a_rule_is_known_by_its_name() {
        for rule in Repeat::ALL {
            assert_eq!(Repeat::of_code(rule.code()), Some(rule));
            assert!(rule.second(day("2026-11-30")) > day("2026-11-30"));
        }
        assert_eq!(Repeat::of_code(""), None);
        assert_eq!(Repeat::Monthly.second(day("2026-11-30")), day("2026-12-28"));
    }
}
