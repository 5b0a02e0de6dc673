//! The form by which a bank administrator books a clinician.

use crate::ground::form_fields::{Field, FieldErrors, RawForm, pounds_as_pence};

/// The highest rate the form takes, in pence an hour, whatever the range: £1,000.
const HIGHEST_PENCE_PER_HOUR: i64 = 100_000;

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookField {
    /// The agreed rate.
    Rate,
    /// That the clinician has agreed.
    Agreed,
}

impl Field for BookField {
    fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Agreed => "agreed",
        }
    }
}

/// Reads the agreed rate, in pence an hour, of a form that says the clinician has agreed.
pub fn read_booking(raw: &RawForm) -> Result<i32, FieldErrors<BookField>> {
    let mut errors = FieldErrors::none();
    let rate = pounds_as_pence(raw.get("rate"), 1, HIGHEST_PENCE_PER_HOUR);
    let rate = errors.keep(BookField::Rate, "rate", rate).and_then(|rate| i32::try_from(rate).ok());
    if !raw.is_ticked("agreed", "yes") {
        errors.add(BookField::Agreed, "Tick this once the clinician has agreed to the session and the rate");
    }
    errors.finish(rate)
}

#[cfg(test)]
mod tests {
    use super::read_booking;
    use crate::ground::form_fields::RawForm;

    fn form(rate: &str, agreed: &str) -> RawForm {
        let pairs = [("rate", rate), ("agreed", agreed)];
        RawForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    #[test]
    fn a_rate_and_a_yes_are_needed() {
        assert_eq!(read_booking(&form("88.50", "yes")), Ok(8_850));
        let errors = read_booking(&form("88.50", "")).unwrap_err();
        assert!(errors.of("agreed").starts_with("Tick this") && errors.of("rate").is_empty());
        assert_eq!(
            read_booking(&form("dear", "yes")).unwrap_err().of("rate"),
            "Enter a rate, like 88 or 88.50"
        );
    }
}
