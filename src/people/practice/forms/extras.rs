//! The form by which a practice says what it pays beside the rate.

use chrono::NaiveDate;

use crate::ground::form_fields::{Field, FieldErrors, RawForm, pounds_as_pence, text};
use crate::people::practice::extras::{ExtraUnit, NewExtra};

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtraField {
    /// What it is called.
    Name,
    /// What it is counted in.
    Unit,
    /// The price of one.
    Price,
    /// From when.
    From,
}

impl Field for ExtraField {
    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Unit => "unit",
            Self::Price => "price",
            Self::From => "from",
        }
    }
}

/// Reads an extra. What was agreed before stays agreed, so that no day before `today` can be named.
pub fn parse_extra(raw: &RawForm, today: NaiveDate) -> Result<NewExtra, FieldErrors<ExtraField>> {
    let mut errors = FieldErrors::none();
    let name = errors.keep(ExtraField::Name, "name", text(raw.get("name"), 60));
    let unit = ExtraUnit::ALL.into_iter().find(|unit| unit.code() == raw.get("unit"));
    if unit.is_none() {
        errors.add(ExtraField::Unit, "Select what it is counted in");
    }
    let price = errors.keep(ExtraField::Price, "price", pounds_as_pence(raw.get("price"), 1, 100_000));
    let from = raw.date("from");
    let from =
        if from.is_empty() { Some(today) } else { errors.keep(ExtraField::From, "first day", from.read()) };
    if from.is_some_and(|from| from < today) {
        errors.add(ExtraField::From, "Enter today or a later day: what was agreed before stays agreed");
    }
    let read = name.zip(unit).zip(price).zip(from);
    errors.finish(read.map(|(((name, unit), price), valid_from)| NewExtra {
        name,
        unit,
        pence_per_unit: i32::try_from(price).ok(),
        valid_from,
    }))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::parse_extra;
    use crate::ground::form_fields::RawForm;
    use crate::people::practice::extras::ExtraUnit;

    #[test]
    fn an_extra_has_a_name_a_unit_and_a_price_from_today_on() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let read = |pairs: &[(&str, &str)]| {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            parse_extra(&RawForm::from_pairs(pairs.iter().map(owned).collect()), today)
        };
        let extra = read(&[("name", "Mileage"), ("unit", "mile"), ("price", "0.55")]).unwrap();
        assert_eq!((extra.unit, extra.pence_per_unit, extra.valid_from), (ExtraUnit::Mile, Some(55), today));
        let past = [("from-day", "1"), ("from-month", "11"), ("from-year", "2026")];
        let errors = read(&past).unwrap_err();
        for field in ["name", "unit", "price", "from"] {
            assert!(!errors.of(field).is_empty(), "{field}");
        }
    }
}
