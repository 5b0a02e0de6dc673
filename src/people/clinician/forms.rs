//! What clinicians enter about themselves: details and limits, rates, skills.

use super::register::registration_number;
use super::{Clinician, Details, EMPLOYED_MINUTES_PER_WEEK, Engagement, LEAST_REST_MINUTES, Rates};
use crate::ground::form_fields::{
    Field, FieldErrors, RawForm, Wrong, optional, postcode_district, pounds_as_pence, whole_number,
};
use crate::terms::bank::places::find_place;
use crate::terms::bank::{Band, Role};

/// The furthest anybody travels, in miles: from one end of England to the other.
const FURTHEST_MILES: i64 = 300;

/// The highest rate anybody may ask: £1,000 an hour. It catches pence typed as pounds.
const HIGHEST_PENCE_PER_HOUR: i64 = 100_000;

/// The fields of the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetailsField {
    /// On what terms.
    Engagement,
    /// The number on the register.
    Registration,
    /// The postcode district of the home.
    Home,
    /// Miles by road.
    Travel,
    /// Hours a week.
    Week,
    /// Hours a day.
    Day,
    /// Hours of rest between days.
    Rest,
}

impl Field for DetailsField {
    fn name(self) -> &'static str {
        match self {
            Self::Engagement => "engagement",
            Self::Registration => "registration",
            Self::Home => "home",
            Self::Travel => "travel",
            Self::Week => "week",
            Self::Day => "day",
            Self::Rest => "rest",
        }
    }
}

/// Reads the details of somebody in `role`.
pub fn parse_details(raw: &RawForm, role: &Role) -> Result<Details, FieldErrors<DetailsField>> {
    let mut errors = FieldErrors::none();
    let engagement = Engagement::from_code(raw.get("engagement"));
    if engagement.is_none() {
        errors.add(DetailsField::Engagement, "Select how you work for the bank");
    }
    let registration_number = registration_number(role, raw.get("registration"))
        .map_err(|sentence| errors.add(DetailsField::Registration, sentence))
        .ok();
    let home = errors.keep(DetailsField::Home, "postcode district", postcode_district(raw.get("home")));
    let place = home.as_deref().and_then(find_place);
    if let (Some(home), None) = (&home, &place) {
        errors.add(
            DetailsField::Home,
            format!("{home} is not a postcode district we know. Check the first half of your postcode"),
        );
    }
    let miles = whole_number(raw.get("travel"), 0, FURTHEST_MILES);
    let miles = errors.keep(DetailsField::Travel, "travel in miles", miles);
    let most_a_week = match engagement {
        Some(Engagement::Employed) => EMPLOYED_MINUTES_PER_WEEK / 60,
        _ => 7 * 24,
    };
    let week = optional(raw.get("week"), |typed| hours_as_minutes(typed, most_a_week));
    let week = errors.keep(DetailsField::Week, "hours a week", week);
    let day = optional(raw.get("day"), |typed| hours_as_minutes(typed, 24));
    let day = errors.keep(DetailsField::Day, "hours a day", day);
    let rest = match engagement {
        Some(Engagement::Employed) => Some(LEAST_REST_MINUTES),
        _ => {
            errors.keep(DetailsField::Rest, "number of hours of rest", hours_as_minutes(raw.get("rest"), 48))
        }
    };
    let details = || {
        let place = place?;
        Some(Details {
            engagement: engagement?,
            registration_number: registration_number?,
            home_district: home?,
            home_microdegrees: (place.latitude_microdegrees, place.longitude_microdegrees),
            max_travel_metres: metres_of_miles(miles?),
            max_minutes_per_week: week?,
            max_minutes_per_day: day?,
            rest_minutes: rest?,
        })
    };
    let details = details();
    errors.finish(details)
}

/// The form filled in with a record.
#[must_use]
pub fn details_of(person: &Clinician) -> RawForm {
    let text = |name: DetailsField, value: String| (name.name().to_owned(), value);
    let hours = |minutes: Option<i32>| minutes.map(hours_text).unwrap_or_default();
    RawForm::from_pairs(vec![
        text(DetailsField::Engagement, person.engagement.code().to_owned()),
        text(DetailsField::Registration, person.registration_number.clone().unwrap_or_default()),
        text(DetailsField::Home, person.home_district.clone()),
        text(DetailsField::Travel, miles_of_metres(person.max_travel_metres).to_string()),
        text(DetailsField::Week, hours(person.max_minutes_per_week)),
        text(DetailsField::Day, hours(person.max_minutes_per_day)),
        text(DetailsField::Rest, hours(Some(person.rest_minutes))),
    ])
}

/// Whole miles as road metres, rounded to the nearest: a mile is 1,609.344 m.
fn metres_of_miles(miles: i64) -> i32 {
    i32::try_from((miles * 1_609_344 + 500) / 1_000).unwrap_or(i32::MAX)
}

/// Road metres as whole miles, rounded to the nearest.
fn miles_of_metres(metres: i32) -> i64 {
    (i64::from(metres) * 1_000 + 804_672) / 1_609_344
}

/// Hours as people write them, "37", "37.5" or "7:30", as minutes; at most `most_hours`.
fn hours_as_minutes(typed: &str, most_hours: i64) -> Result<i32, Wrong> {
    let wrong = Wrong::NotLike { example: "37.5" };
    let typed = typed.trim();
    let number = |text: &str, figures: usize| {
        let fits = (1..=figures).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse::<i64>().ok() } else { None }
    };
    let minutes = if let Some((hours, minutes)) = typed.split_once(':') {
        let minutes = number(minutes, 2).filter(|minutes| *minutes < 60);
        number(hours, 3).zip(minutes).map(|(hours, minutes)| hours * 60 + minutes)
    } else if let Some((hours, part)) = typed.split_once('.') {
        let hundredths = number(part, 2).map(|value| if part.len() == 1 { value * 10 } else { value });
        number(hours, 3).zip(hundredths).map(|(hours, hundredths)| hours * 60 + hundredths * 60 / 100)
    } else {
        number(typed, 3).map(|hours| hours * 60)
    };
    match minutes {
        None => Err(wrong),
        Some(minutes) if minutes > most_hours * 60 => {
            Err(Wrong::OutOfRange { least: "0".to_owned(), most: most_hours.to_string() })
        }
        Some(minutes) => i32::try_from(minutes).map_err(|_too_many| wrong),
    }
}

/// Minutes as hours in a form: "37", "37.5", "7:50".
fn hours_text(minutes: i32) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => hours.to_string(),
        (hours, rest) if rest % 6 == 0 => format!("{hours}.{}", rest / 6),
        (hours, rest) => format!("{hours}:{rest:02}"),
    }
}

/// The rate of one band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateField(pub Band);

impl Field for RateField {
    fn name(self) -> &'static str {
        match self.0 {
            Band::Core => "rate-core",
            Band::Evening => "rate-evening",
            Band::Saturday => "rate-saturday",
            Band::SundayOrBankHoliday => "rate-sunday",
            Band::Night => "rate-night",
        }
    }
}

/// Reads what somebody asks an hour, by band. A band left empty is one they don't work in.
pub fn parse_rates(raw: &RawForm) -> Result<Rates, FieldErrors<RateField>> {
    let mut errors = FieldErrors::none();
    let mut rates = Rates::new();
    for band in Band::ALL {
        let field = RateField(band);
        let typed = raw.get(field.name());
        let read = optional(typed, |typed| pounds_as_pence(typed, 1, HIGHEST_PENCE_PER_HOUR));
        let rate = errors.keep(field, "rate in pounds", read).flatten();
        if let Some(pence) = rate.and_then(|pence| i32::try_from(pence).ok()) {
            rates.insert(band, pence);
        }
    }
    errors.finish(Some(rates))
}

/// The form filled in with rates.
#[must_use]
pub fn rates_of(rates: &Rates) -> RawForm {
    let pounds = |pence: i32| match (pence / 100, pence % 100) {
        (pounds, 0) => pounds.to_string(),
        (pounds, rest) => format!("{pounds}.{rest:02}"),
    };
    let pair = |(band, pence): (&Band, &i32)| (RateField(*band).name().to_owned(), pounds(*pence));
    RawForm::from_pairs(rates.iter().map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::{Details, details_of, hours_as_minutes, hours_text, parse_details, parse_rates, rates_of};
    use crate::ground::form_fields::{FieldErrors, RawForm};
    use crate::people::clinician::Engagement;
    use crate::terms::bank::{Band, Role};

    fn gp() -> Role {
        Role {
            code: "gp".to_owned(),
            name: "GP".to_owned(),
            plural: "GPs".to_owned(),
            regulator: Some("GMC".to_owned()),
            register_pattern: Some("^[0-9]{7}$".to_owned()),
            register_example: Some("7012345".to_owned()),
            used_until: None,
            needs_supervisor: false,
        }
    }

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        RawForm::from_pairs(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    fn typed(change: (&str, &str)) -> Result<Details, FieldErrors<super::DetailsField>> {
        let usual = [
            ("engagement", "self_employed"),
            ("registration", "7012345"),
            ("home", "bh1 4ab"),
            ("travel", "20"),
            ("week", "37.5"),
            ("day", ""),
            ("rest", "11"),
        ];
        let mut pairs = vec![change];
        pairs.extend(usual);
        parse_details(&form(&pairs), &gp())
    }

    #[test]
    fn details_are_read_and_shown_again() {
        let details = typed(("", "")).unwrap();
        assert_eq!((details.home_district.as_str(), details.max_travel_metres), ("BH1", 32_187));
        assert!((50_000_000..51_000_000).contains(&details.home_microdegrees.0), "Bournemouth");
        assert_eq!((details.max_minutes_per_week, details.max_minutes_per_day), (Some(2_250), None));
        let mut person = crate::people::profile::examples::clinician();
        assert_eq!(details.put_into(&mut person), ["home", "week"]);
        assert_eq!(details.put_into(&mut person), [""; 0]);
        assert_eq!(parse_details(&details_of(&person), &gp()), Ok(details));
    }

    #[test]
    fn each_detail_is_refused_in_words_of_its_own() {
        let table = [
            ("engagement", "", "Select how you work for the bank"),
            ("registration", "12", "Enter your GMC number with 7 figures, like 7012345"),
            ("home", "", "Enter a postcode district, like BH1"),
            (
                "home",
                "ZZ99",
                "ZZ99 is not a postcode district we know. Check the first half of your postcode",
            ),
            ("travel", "301", "Travel in miles must be between 0 and 300"),
            ("week", "169", "Hours a week must be between 0 and 168"),
            ("day", "25", "Hours a day must be between 0 and 24"),
            ("rest", "", "Enter a number of hours of rest, like 37.5"),
        ];
        for (field, value, sentence) in table {
            assert_eq!(typed((field, value)).unwrap_err().of(field), sentence, "{field} {value}");
        }
    }

    #[test]
    fn the_law_sets_rest_and_weeks_of_the_employed() {
        let employed = |pairs: &[(&str, &str)]| {
            let mut all = vec![
                ("engagement", "employed"),
                ("registration", ""),
                ("home", "BH1"),
                ("travel", "0"),
                ("day", ""),
            ];
            all.extend_from_slice(pairs);
            parse_details(&form(&all), &gp())
        };
        let details = employed(&[("rest", "2"), ("week", "48")]).unwrap();
        assert_eq!((details.engagement, details.rest_minutes), (Engagement::Employed, 660));
        let errors = employed(&[("week", "48.5")]).unwrap_err();
        assert_eq!(errors.of("week"), "Hours a week must be between 0 and 48");
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        let read = |typed| hours_as_minutes(typed, 168);
        assert_eq!(
            [read("37"), read("37.5"), read("37.25"), read("7:50")],
            [Ok(2_220), Ok(2_250), Ok(2_235), Ok(470)]
        );
        for typed in ["", "x", "-1", "7:60", "7.555", "1e3", "7:", ".5"] {
            assert!(read(typed).is_err(), "{typed}");
        }
        assert_eq!([hours_text(2_220), hours_text(2_250), hours_text(470)], ["37", "37.5", "7:50"]);
    }

    #[test]
    fn an_empty_rate_is_no_rate() {
        let rates = parse_rates(&form(&[("rate-core", "88"), ("rate-evening", "£95.50")])).unwrap();
        assert_eq!(rates, [(Band::Core, 8_800), (Band::Evening, 9_550)].into());
        assert_eq!(parse_rates(&rates_of(&rates)), Ok(rates));
        let errors = parse_rates(&form(&[("rate-sunday", "8800.00")])).unwrap_err();
        assert_eq!(errors.of("rate-sunday"), "Rate in pounds must be between £0.01 and £1,000");
    }
}
