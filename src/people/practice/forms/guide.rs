//! The form by which a practice says what those need who come.

use crate::ground::form_fields::{Field, FieldErrors, RawForm, Wrong, optional, phone, text, text_of_lines};
use crate::people::practice::guide::Guide;

/// The most letters of where to park.
const MOST_LETTERS_OF_PARKING: usize = 300;
/// The most letters of how to arrive.
const MOST_LETTERS_OF_ARRIVAL: usize = 1_000;

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuideField {
    /// The practice's phone number.
    Phone,
    /// Its clinical system.
    System,
    /// Where to park.
    Parking,
    /// How to arrive.
    Arrival,
    /// Whom to ask for.
    ContactName,
    /// How to reach them.
    ContactPhone,
}

impl Field for GuideField {
    fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::System => "system",
            Self::Parking => "parking",
            Self::Arrival => "arrival",
            Self::ContactName => "contact_name",
            Self::ContactPhone => "contact_phone",
        }
    }
}

/// Reads a guide, of which everything may be left out; `systems` are the codes of the clinical systems there are.
pub fn parse_guide(raw: &RawForm, version: i32, systems: &[&str]) -> Result<Guide, FieldErrors<GuideField>> {
    let mut errors = FieldErrors::none();
    let mut line = |field: GuideField, what: &str, read: fn(&str) -> Result<String, Wrong>| {
        errors.keep(field, what, optional(raw.get(field.name()), read)).flatten().unwrap_or_default()
    };
    let phone_of_practice = line(GuideField::Phone, "phone number", phone);
    let parking =
        line(GuideField::Parking, "where to park", |typed| text_of_lines(typed, MOST_LETTERS_OF_PARKING));
    let arrival =
        line(GuideField::Arrival, "how to arrive", |typed| text_of_lines(typed, MOST_LETTERS_OF_ARRIVAL));
    let contact_name = line(GuideField::ContactName, "name", |typed| text(typed, 100));
    let contact_phone = line(GuideField::ContactPhone, "phone number on the day", phone);
    let system = raw.get("system");
    if !system.is_empty() && !systems.contains(&system) {
        errors.add(GuideField::System, "Select a clinical system");
    }
    if contact_name.is_empty() && !contact_phone.is_empty() {
        errors.add(GuideField::ContactName, "Enter whom to ask for at that number");
    }
    if !contact_name.is_empty() && contact_phone.is_empty() && !errors.has(GuideField::ContactPhone) {
        errors.add(GuideField::ContactPhone, "Enter the phone number at which they are reached on the day");
    }
    errors.finish(Some(Guide {
        version,
        phone: phone_of_practice,
        clinical_system: Some(system.to_owned()).filter(|code| !code.is_empty()),
        parking,
        arrival,
        contact_name,
        contact_phone,
    }))
}

#[cfg(test)]
mod tests {
    use super::parse_guide;
    use crate::ground::form_fields::RawForm;
    use crate::people::practice::guide::Guide;

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        RawForm::from_pairs(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn everything_may_be_left_out() {
        assert_eq!(parse_guide(&form(&[]), 2, &[]), Ok(Guide { version: 2, ..Guide::default() }));
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        let long = "x".repeat(1_001);
        for (pairs, field, sentence) in [
            (vec![("phone", "ring me")], "phone", "Enter a phone number, like"),
            (vec![("arrival", long.as_str())], "arrival", "How to arrive must"),
            (vec![("system", "abacus")], "system", "Select a clinical system"),
            (vec![("contact_name", "Sue")], "contact_phone", "Enter the phone number"),
            (vec![("contact_phone", "01305 000002")], "contact_name", "Enter whom to ask for"),
        ] {
            let errors = parse_guide(&form(&pairs), 0, &["emis_web"]).unwrap_err();
            assert!(errors.of(field).starts_with(sentence), "{field}: {}", errors.of(field));
        }
        let right = [("system", "emis_web"), ("contact_name", "Sue"), ("contact_phone", "01305 000002")];
        let guide = parse_guide(&form(&right), 0, &["emis_web"]).unwrap();
        assert_eq!(
            (guide.contact().as_str(), guide.clinical_system.as_deref()),
            ("Sue, 01305 000002", Some("emis_web"))
        );
    }
}
