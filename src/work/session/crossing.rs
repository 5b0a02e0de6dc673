//! Work that begins in one band and goes on in another. It is paid by the band in which it begins; a practice that wants
//! both paid by their own band posts two sessions that touch where the band changes.

use chrono::{NaiveDate, NaiveTime};

use super::SessionTimes;
use super::series::{Expansion, Occurrence, Pattern};
use crate::ground::words;
use crate::terms::bank::calendar::{WallTime, wall_time};
use crate::terms::bank::{Band, Catalogue};

/// Where the band of work changes while it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    start: NaiveTime,
    end: NaiveTime,
    /// The local date on which the other band begins.
    pub date: NaiveDate,
    /// The local time at which it begins.
    pub time: NaiveTime,
    /// The band in which the work begins.
    pub from: Band,
    /// The other.
    pub to: Band,
    /// Whether the band changes once more before the work ends.
    pub has_more: bool,
}

impl Crossing {
    /// The first change of band in work between two local times; none where it is all in one.
    #[must_use]
    pub fn between(
        catalogue: &Catalogue,
        (date, start): (NaiveDate, NaiveTime),
        (end_date, end): (NaiveDate, NaiveTime),
    ) -> Option<Self> {
        let from = catalogue.band_at(date, start)?;
        let changes = catalogue.band_changes((date, start), (end_date, end));
        let (changes_on, time, to) = *changes.first()?;
        Some(Self { start, end, date: changes_on, time, from, to, has_more: changes.len() > 1 })
    }

    /// The first change of band in a session.
    #[must_use]
    pub fn of(catalogue: &Catalogue, times: &SessionTimes) -> Option<Self> {
        let (begins, ends) = ((times.local_date, times.local_start), (times.local_end_date, times.local_end));
        Self::between(catalogue, begins, ends)
    }

    /// The change of band in what is typed, on its first date.
    #[must_use]
    pub fn of_pattern(catalogue: &Catalogue, pattern: &Pattern) -> Option<Self> {
        let end_date = if pattern.ends_next_day { pattern.date.succ_opt()? } else { pattern.date };
        Self::between(catalogue, (pattern.date, pattern.start), (end_date, pattern.end))
    }

    /// What it means for the pay, and why.
    #[must_use]
    pub fn sentence(&self) -> String {
        let [start, end, time] = [self.start, self.end, self.time].map(words::time_of_day);
        let (from, to) = (self.from.within_a_sentence(), words::capitalised(self.to.within_a_sentence()));
        let then = if self.has_more { ", and the band changes once more later" } else { "" };
        format!(
            "{start} to {end} begins in {from}, so all of it is paid as {from}: a session is paid by the band in which it \
             begins. {to} begins at {time}{then}."
        )
    }

    /// "6pm to 6:30pm (core hours) and 6:30pm to 10pm (evening)": the two sessions; none where two are not enough.
    #[must_use]
    pub fn two_sessions(&self) -> Option<String> {
        let [start, end, time] = [self.start, self.end, self.time].map(words::time_of_day);
        let (from, to) = (self.from.within_a_sentence(), self.to.within_a_sentence());
        (!self.has_more).then(|| format!("{start} to {time} ({from}) and {time} to {end} ({to})"))
    }
}

impl Expansion {
    /// The same with two sessions in the place of each whose band changes once. What the clocks do to the time of the
    /// change leaves a session whole.
    #[must_use]
    pub fn in_two(self, catalogue: &Catalogue) -> Self {
        let occurrences = self.occurrences.into_iter().flat_map(|one| two_of(one, catalogue)).collect();
        Self { occurrences, ..self }
    }
}

fn two_of(whole: Occurrence, catalogue: &Catalogue) -> Vec<Occurrence> {
    let times = whole.times;
    let crossing = Crossing::of(catalogue, &times).filter(|crossing| !crossing.has_more);
    let parted =
        crossing.and_then(|crossing| match wall_time(times.time_zone, crossing.date, crossing.time) {
            WallTime::Once(at) => Some((crossing, at)),
            WallTime::Twice(..) | WallTime::Never => None,
        });
    let Some((Crossing { date, time, to, .. }, at)) = parted else { return vec![whole] };
    let first = SessionTimes { local_end_date: date, local_end: time, ends_at: at, ..times };
    let second = SessionTimes { local_date: date, local_start: time, starts_at: at, ..times };
    let second = Occurrence {
        times: second,
        band: Some(to),
        bank_holiday: catalogue.bank_holiday(date).map(|holiday| holiday.title.clone()),
        is_after_change: true,
    };
    vec![Occurrence { times: first, ..whole }, second]
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveTime};
    use chrono_tz::Europe::London;

    use super::Crossing;
    use crate::terms::bank::holidays::{of_bank, released};
    use crate::terms::bank::{Band, Catalogue, presets};
    use crate::work::session::repeat::Repeat;
    use crate::work::session::series::Pattern;

    fn catalogue() -> Catalogue {
        Catalogue {
            band_hours: presets::band_hours(),
            bank_holidays: of_bank(&released(), &[], &[]),
            ..Catalogue::default()
        }
    }

    fn pattern(date: &str, start: &str, end: &str, ends_next_day: bool) -> Pattern {
        Pattern {
            date: date.parse().unwrap(),
            start: NaiveTime::parse_from_str(start, "%H:%M").unwrap(),
            end: NaiveTime::parse_from_str(end, "%H:%M").unwrap(),
            ends_next_day,
            until: None,
            also: Vec::new(),
            on_bank_holidays: true,
            leaves_out_skipped: false,
            which: None,
        }
    }

    /// On which date and at what time each band begins.
    type Changes = &'static [(&'static str, &'static str, Band)];

    /// Date, start, end, whether it ends the next day: the bands, and where each begins.
    #[test]
    fn each_change_of_band_is_found_and_told() {
        let table: [(&str, &str, &str, bool, Changes); 11] = [
            ("2026-11-10", "18:00", "22:00", false, &[("2026-11-10", "18:30", Band::Evening)]),
            ("2026-11-10", "06:00", "12:00", false, &[("2026-11-10", "08:00", Band::Core)]),
            ("2026-11-10", "08:00", "18:30", false, &[]),
            ("2026-11-10", "18:30", "00:00", true, &[]),
            ("2026-11-10", "22:00", "06:00", true, &[]),
            ("2026-11-13", "22:00", "02:00", true, &[("2026-11-14", "00:00", Band::Saturday)]),
            ("2026-11-13", "22:00", "00:00", true, &[]),
            ("2026-11-14", "20:00", "02:00", true, &[("2026-11-15", "00:00", Band::SundayOrBankHoliday)]),
            ("2026-12-25", "06:00", "22:00", false, &[]),
            ("2026-12-24", "22:00", "02:00", true, &[("2026-12-25", "00:00", Band::SundayOrBankHoliday)]),
            (
                "2026-11-10",
                "06:00",
                "22:00",
                false,
                &[("2026-11-10", "08:00", Band::Core), ("2026-11-10", "18:30", Band::Evening)],
            ),
        ];
        for (date, start, end, overnight, changes) in table {
            let typed = pattern(date, start, end, overnight);
            let crossing = Crossing::of_pattern(&catalogue(), &typed);
            let told =
                crossing.map(|one| (one.date.to_string(), one.time.format("%H:%M").to_string(), one.to));
            let expected =
                changes.first().map(|(date, time, to)| ((*date).to_owned(), (*time).to_owned(), *to));
            assert_eq!(told, expected, "{date} {start} to {end}");
            assert_eq!(
                crossing.is_some_and(|one| one.has_more),
                changes.len() > 1,
                "{date} {start} to {end}"
            );
        }
        let evening =
            Crossing::of_pattern(&catalogue(), &pattern("2026-11-10", "18:00", "22:00", false)).unwrap();
        assert_eq!(
            evening.sentence(),
            "6pm to 10pm begins in core hours, so all of it is paid as core hours: a session is paid by the band in which \
             it begins. Evening begins at 6:30pm."
        );
        assert_eq!(
            evening.two_sessions().unwrap(),
            "6pm to 6:30pm (core hours) and 6:30pm to 10pm (evening)"
        );
    }

    #[test]
    fn two_sessions_touch_and_are_as_long_as_the_one() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (date, start, end, overnight) in
            [("2026-11-10", "18:00", "22:00", false), ("2026-11-13", "22:00", "02:00", true)]
        {
            let typed = pattern(date, start, end, overnight);
            let whole = typed.expand(&catalogue(), London);
            let two = whole.clone().in_two(&catalogue());
            let [first, second] = two.occurrences.as_slice() else { panic!("two sessions") };
            let whole = &whole.occurrences[0].times;
            assert_eq!(first.times.ends_at, second.times.starts_at);
            assert_eq!((first.times.starts_at, second.times.ends_at), (whole.starts_at, whole.ends_at));
            assert_ne!(first.band, second.band);
            let of_calendar =
                |one: &super::Occurrence| catalogue().band_at(one.times.local_date, one.times.local_start);
            assert_eq!((first.band, second.band), (of_calendar(first), of_calendar(second)));
            assert!(!first.is_after_change && second.is_after_change);
        }
        // The third week is Christmas Day, which is one band.
        let mut weekly = pattern("2026-12-11", "18:00", "22:00", false);
        weekly.until = Some((Repeat::Weekly(1), day("2026-12-25")));
        let two = weekly.expand(&catalogue(), London).in_two(&catalogue());
        assert_eq!(two.occurrences.len(), 5);
    }
}
