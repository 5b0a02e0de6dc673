//! What a practice pays beside the rate, agreed before anybody is booked: a name, a unit and a price.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ground::words::pounds;

/// What an extra is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ExtraUnit {
    /// Each time.
    Each,
    /// Each 15 minutes.
    QuarterHour,
    /// Each mile.
    Mile,
}

impl ExtraUnit {
    /// Every unit, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Each, Self::QuarterHour, Self::Mile];

    /// The name in the database and in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::QuarterHour => "quarter_hour",
            Self::Mile => "mile",
        }
    }

    /// What the form calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Each => "Each",
            Self::QuarterHour => "15 minutes",
            Self::Mile => "Mile",
        }
    }

    /// After a price: "£12 each", "£22 for 15 minutes", "55p a mile".
    fn after_price(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::QuarterHour => "for 15 minutes",
            Self::Mile => "a mile",
        }
    }

    /// What the field for a quantity is counted in.
    #[must_use]
    pub fn counted(self) -> &'static str {
        match self {
            Self::Each => "How many",
            Self::QuarterHour => "How many times 15 minutes",
            Self::Mile => "How many miles",
        }
    }
}

/// Something that a practice pays beside the rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Extra {
    /// What it is called.
    pub name: String,
    /// What it is counted in.
    pub unit: ExtraUnit,
    /// The price of one, in pence.
    pub pence_per_unit: i32,
}

impl Extra {
    /// "Home visit, £12 each".
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{}, {}", self.name, self.price_in_words())
    }

    /// "£12 each".
    #[must_use]
    pub fn price_in_words(&self) -> String {
        format!("{} {}", pounds(self.pence_per_unit.into()), self.unit.after_price())
    }
}

/// What a practice decides to pay for something, from a day on. No price ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExtra {
    /// What it is called.
    pub name: String,
    /// What it is counted in.
    pub unit: ExtraUnit,
    /// The price of one, in pence.
    pub pence_per_unit: Option<i32>,
    /// The first day on which it counts.
    pub valid_from: NaiveDate,
}

/// All of them in a line: "Home visit, £12 each; mileage, £0.55 a mile". Empty where there are none.
#[must_use]
pub fn in_words(extras: &[Extra]) -> String {
    extras.iter().map(Extra::in_words).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::{Extra, ExtraUnit, in_words};

    #[test]
    fn a_price_says_for_what_it_is() {
        let extra = |name: &str, unit, pence_per_unit| Extra { name: name.to_owned(), unit, pence_per_unit };
        let extras = [
            extra("Home visit", ExtraUnit::Each, 1_200),
            extra("Extra patients", ExtraUnit::QuarterHour, 2_200),
            extra("Mileage", ExtraUnit::Mile, 55),
        ];
        assert_eq!(
            in_words(&extras),
            "Home visit, £12 each; Extra patients, £22 for 15 minutes; Mileage, £0.55 a mile"
        );
        assert_eq!(in_words(&[]), "");
    }
}
