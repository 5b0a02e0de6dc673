//! As what else somebody is to act, and from when a second factor is demanded.

use chrono::NaiveDate;

use crate::ground::actor::PersonKind;
use crate::ground::form_fields::{Field, FieldErrors, RawForm};
use crate::people::practice::Practice;
use crate::people::practice::forms::{practices_named, practices_typed};

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddField {
    /// As what.
    Kind,
    /// For which practices.
    Practices,
}

impl Field for AddField {
    fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Practices => "practices",
        }
    }
}

/// What was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddEntered {
    /// As what.
    pub kind: PersonKind,
    /// For which practices: at least one for a practice manager, else none.
    pub practices: Vec<Practice>,
}

/// Reads the form: one of `choosable`; the practices among those `found` of what was typed.
pub fn parse_add(
    raw: &RawForm,
    choosable: &[PersonKind],
    found: &[Practice],
) -> Result<AddEntered, FieldErrors<AddField>> {
    let mut errors = FieldErrors::none();
    let kind = choosable.iter().copied().find(|kind| kind.code() == raw.get(AddField::Kind.name()));
    if kind.is_none() {
        errors.add(AddField::Kind, "Select what they are to do");
    }
    let practices = if kind == Some(PersonKind::PracticeManager) {
        practices_named(&practices_typed(raw, AddField::Practices.name()), found)
            .map_err(|sentence| errors.add(AddField::Practices, sentence))
            .unwrap_or_default()
    } else {
        Vec::new()
    };
    errors.finish(kind.map(|kind| AddEntered { kind, practices }))
}

/// The field of the form by which a bank demands a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemandField {
    /// From when.
    From,
}

impl Field for DemandField {
    fn name(self) -> &'static str {
        "from"
    }
}

/// From when a second factor is demanded: `today` or later; none where it is to be demanded of nobody.
pub fn parse_demand(raw: &RawForm, today: NaiveDate) -> Result<Option<NaiveDate>, FieldErrors<DemandField>> {
    if raw.get("choice") == "never" {
        return Ok(None);
    }
    let mut errors = FieldErrors::none();
    let from = errors.keep(DemandField::From, "date", raw.date(DemandField::From.name()).read());
    if from.is_some_and(|from| from < today) {
        errors.add(DemandField::From, "Date must be today or later");
    }
    errors.finish(from.map(Some))
}

#[cfg(test)]
mod tests {
    use super::parse_add;
    use crate::ground::actor::PersonKind;
    use crate::ground::form_fields::RawForm;
    use crate::people::practice::Practice;

    #[test]
    fn a_practice_manager_is_one_of_practices_and_nobody_else_is() {
        let form = |pairs: &[(&str, &str)]| {
            RawForm::from_pairs(
                pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            )
        };
        let found = [Practice { ods_code: "J81001".to_owned(), ..Practice::example() }];
        let all = [PersonKind::PracticeManager, PersonKind::Commissioner];
        let errors = parse_add(&form(&[("kind", "practice_manager")]), &all, &found).unwrap_err();
        assert_eq!(errors.of("practices"), "Enter the practices they are to manage, by ODS code or name");
        let entered =
            parse_add(&form(&[("kind", "practice_manager"), ("practices", "j81001")]), &all, &found);
        assert_eq!(entered.unwrap().practices.len(), 1);
        let entered = parse_add(&form(&[("kind", "commissioner"), ("practices", "J81001")]), &all, &found);
        assert!(entered.unwrap().practices.is_empty());
        for kind in ["", "clinician", "nonsense"] {
            let errors = parse_add(&form(&[("kind", kind)]), &all, &found).unwrap_err();
            assert_eq!(errors.of("kind"), "Select what they are to do", "{kind}");
        }
    }
}
