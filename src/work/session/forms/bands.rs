//! The form of the times of the bank's bands: for each kind of day the time from which each band counts, empty where that day
//! has none.

use chrono::NaiveTime;

use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text, time_of_day};
use crate::ground::words;
use crate::terms::bank::{Band, BandHours, DayKind};
use crate::work::session::actions::calendar::CalendarChange;

/// A time of the form: its name, the kind of day, the band, and what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandTime {
    /// The field's name.
    pub name: &'static str,
    /// The kind of day.
    pub day: DayKind,
    /// The band that begins then.
    pub band: Band,
    /// What it is called.
    pub label: &'static str,
}

const fn time(name: &'static str, day: DayKind, band: Band, label: &'static str) -> BandTime {
    BandTime { name, day, band, label }
}

/// Every time of the form, by kind of day.
pub const TIMES: [BandTime; 8] = [
    time("weekday-core", DayKind::Weekday, Band::Core, "Core hours from"),
    time("weekday-evening", DayKind::Weekday, Band::Evening, "Evening from"),
    time("weekday-night", DayKind::Weekday, Band::Night, "Night from"),
    time("saturday-saturday", DayKind::Saturday, Band::Saturday, "Saturday from"),
    time("saturday-evening", DayKind::Saturday, Band::Evening, "Evening from"),
    time("saturday-night", DayKind::Saturday, Band::Night, "Night from"),
    time(
        "sunday-sunday",
        DayKind::SundayOrBankHoliday,
        Band::SundayOrBankHoliday,
        "Sunday or bank holiday from",
    ),
    time("sunday-night", DayKind::SundayOrBankHoliday, Band::Night, "Night from"),
];

/// A field of the form, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandField(pub &'static str);

impl Field for BandField {
    fn name(self) -> &'static str {
        self.0
    }
}

/// Reads the form: the rows of the table of bands with the version that was seen, and why.
pub fn parse_bands(raw: &RawForm) -> Result<(CalendarChange, String), FieldErrors<BandField>> {
    let mut errors = FieldErrors::none();
    let mut rows: Vec<BandHours> = Vec::new();
    for time in TIMES {
        let field = BandField(time.name);
        let read = optional(raw.get(time.name), time_of_day);
        let Some(Some(from_time)) = errors.keep(field, "time", read) else { continue };
        if rows.iter().any(|row| row.day_kind == time.day && row.from_time == from_time) {
            let at = words::time_of_day(from_time);
            errors.add(field, format!("Another band of this day begins at {at}: enter another time"));
        }
        rows.push(BandHours { day_kind: time.day, from_time, band: time.band });
    }
    for day in [DayKind::Weekday, DayKind::Saturday, DayKind::SundayOrBankHoliday] {
        let first = TIMES.iter().find(|time| time.day == day).map(|time| time.name);
        if let Some(name) = first.filter(|_| rows.iter().all(|row| row.day_kind != day)) {
            errors.add(BandField(name), "Enter at least one time for this kind of day");
        }
    }
    let why = errors.keep(BandField("why"), "reason", text(raw.get("why"), 300));
    let seen = raw.get("version").parse().unwrap_or_default();
    errors.finish(why.map(|why| (CalendarChange::Bands(rows, seen), why)))
}

/// The form filled in with the table of bands that counts, at its version.
#[must_use]
pub fn bands_filled_in(rows: &[BandHours], version: i32) -> RawForm {
    let from = |time: &BandTime| {
        let row = rows.iter().find(|row| row.day_kind == time.day && row.band == time.band);
        let typed = row.map(|row| {
            if row.from_time == NaiveTime::MIN {
                "00:00".to_owned()
            } else {
                words::time_of_day(row.from_time)
            }
        });
        (time.name.to_owned(), typed.unwrap_or_default())
    };
    let mut pairs: Vec<(String, String)> = TIMES.iter().map(from).collect();
    pairs.push(("version".to_owned(), version.to_string()));
    RawForm::from_pairs(pairs)
}

#[cfg(test)]
mod tests {
    use super::{bands_filled_in, parse_bands};
    use crate::ground::form_fields::RawForm;
    use crate::terms::bank::presets;
    use crate::work::session::actions::calendar::CalendarChange;

    fn with(changes: &[(&str, &str)]) -> RawForm {
        let mut pairs = bands_filled_in(&presets::band_hours(), 2).without(&[]);
        pairs.push(("why".to_owned(), "Evenings begin earlier".to_owned()));
        pairs.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        pairs.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        RawForm::from_pairs(pairs)
    }

    #[test]
    fn the_table_is_filled_in_and_read_again_as_it_was() {
        let (change, why) = parse_bands(&with(&[])).unwrap();
        assert_eq!(change, CalendarChange::Bands(presets::band_hours(), 2));
        assert_eq!(why, "Evenings begin earlier");
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        for (changes, field, sentence) in [
            (vec![("weekday-core", "late")], "weekday-core", "Enter a time, like"),
            (vec![("weekday-evening", "8am")], "weekday-evening", "Another band of this day begins at 8am"),
            (vec![("saturday-saturday", "")], "saturday-saturday", "Enter at least one time"),
            (vec![("why", "")], "why", "Enter a reason"),
        ] {
            let errors = parse_bands(&with(&changes)).unwrap_err();
            assert!(errors.of(field).starts_with(sentence), "{field}: {}", errors.of(field));
        }
    }
}
