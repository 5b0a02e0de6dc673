//! What a clinician enters for an alert.

use crate::ground::form_fields::{Field, FieldErrors, RawForm, postcode_district, whole_number};
use crate::letters::alert::NewAlert;
use crate::letters::mail_choice::Choice;
use crate::terms::bank::places::find_place;

/// Miles an alert reaches at most.
const MOST_MILES: i64 = 100;

/// The fields of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertField {
    /// The postcode district.
    Place,
    /// How far from there.
    Miles,
    /// At once or in the daily email.
    When,
}

impl Field for AlertField {
    fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Miles => "miles",
            Self::When => "when",
        }
    }
}

/// Reads an alert.
pub fn parse(raw: &RawForm) -> Result<NewAlert, FieldErrors<AlertField>> {
    let mut errors = FieldErrors::none();
    let district = errors.keep(AlertField::Place, "postcode district", postcode_district(raw.get("place")));
    let place = district.as_deref().and_then(find_place);
    if let (Some(district), None) = (&district, &place) {
        errors.add(
            AlertField::Place,
            format!("{district} is not a postcode district we know. Check the first half of the postcode"),
        );
    }
    let miles =
        errors.keep(AlertField::Miles, "distance in miles", whole_number(raw.get("miles"), 1, MOST_MILES));
    let choice = [Choice::AtOnce, Choice::Digest].into_iter().find(|choice| choice.code() == raw.get("when"));
    if choice.is_none() {
        errors.add(AlertField::When, "Select when emails come");
    }
    let entered = || {
        Some(NewAlert {
            district: district?,
            place: place?,
            // A mile is 1,609.344 metres.
            within_metres: i32::try_from(miles? * 1_609_344 / 1_000).ok()?,
            choice: choice?,
        })
    };
    let entered = entered();
    errors.finish(entered)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::ground::form_fields::RawForm;
    use crate::letters::mail_choice::Choice;

    fn form(place: &str, miles: &str, when: &str) -> RawForm {
        let pairs = [("place", place), ("miles", miles), ("when", when)];
        RawForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    #[test]
    fn an_alert_has_a_place_a_distance_and_a_time() {
        let entered = parse(&form("dt1 1aa", "10", "at_once")).unwrap();
        assert_eq!((entered.district.as_str(), entered.within_metres), ("DT1", 16_093));
        assert_eq!(entered.choice, Choice::AtOnce);
        for (place, miles, when, field) in [
            ("", "10", "at_once", "place"),
            ("ZZ9", "10", "at_once", "place"),
            ("DT1", "0", "at_once", "miles"),
            ("DT1", "101", "at_once", "miles"),
            ("DT1", "far", "at_once", "miles"),
            ("DT1", "10", "never", "when"),
            ("DT1", "10", "", "when"),
        ] {
            let errors = parse(&form(place, miles, when)).unwrap_err();
            assert!(!errors.of(field).is_empty(), "{place} {miles} {when}");
        }
    }
}
