//! The roles and competencies of a bank, as its administrators keep them: added, renamed, and used no more from a day on.
//! Each change is a version with date, who and why. What people hold and what sessions ask for stays as it is: a word that
//! the bank uses no more keeps its name, and is not offered to choose from.

pub mod actions;
pub mod forms;
pub mod pages;
pub mod store;

use chrono::NaiveDate;

use super::bank::CompetencyKind;
use super::bank::number_form::NumberForm;
use crate::ground::words;

/// Who keeps the register of a role, and what its numbers look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Who keeps it: "GMC".
    pub regulator: String,
    /// What its numbers look like.
    pub form: NumberForm,
    /// A number to show as an example.
    pub example: String,
}

/// A role as a bank has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleTerm {
    /// Its name, singular.
    pub name: String,
    /// Its name, plural.
    pub plural: String,
    /// Its register; none where it has none.
    pub register: Option<Register>,
    /// The lowest and the highest band of Agenda for Change, 2 to 9.
    pub afc_bands: Option<(i16, i16)>,
    /// Whether it works under the supervision of somebody whom the session names.
    pub needs_supervisor: bool,
    /// The last day on which the bank uses it.
    pub used_until: Option<NaiveDate>,
}

/// A competency as a bank has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompetencyTerm {
    /// Its name.
    pub name: String,
    /// Skill, system or document.
    pub kind: CompetencyKind,
    /// The last day on which the bank uses it.
    pub used_until: Option<NaiveDate>,
}

/// A role or a competency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A role.
    Role(RoleTerm),
    /// A competency.
    Competency(CompetencyTerm),
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// A role.
    Role,
    /// A competency.
    Competency,
}

impl TermKind {
    /// The name in addresses and forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Competency => "competency",
        }
    }

    /// The kind of that code: a role where it is none.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        if code == Self::Competency.code() { Self::Competency } else { Self::Role }
    }
}

impl Term {
    /// Which of the two it is.
    #[must_use]
    pub fn kind(&self) -> TermKind {
        match self {
            Self::Role(_) => TermKind::Role,
            Self::Competency(_) => TermKind::Competency,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Role(role) => &role.name,
            Self::Competency(competency) => &competency.name,
        }
    }

    /// The last day on which the bank uses it.
    #[must_use]
    pub fn used_until(&self) -> Option<NaiveDate> {
        match self {
            Self::Role(role) => role.used_until,
            Self::Competency(competency) => competency.used_until,
        }
    }

    /// What it says, as people read it: each with what it is called.
    #[must_use]
    pub fn rows(&self) -> Vec<(&'static str, String)> {
        let until = self.used_until().map_or_else(|| "No end".to_owned(), words::date_without_weekday);
        match self {
            Self::Role(role) => {
                let register = |of: fn(&Register) -> String| {
                    role.register.as_ref().map_or_else(|| "None".to_owned(), of)
                };
                vec![
                    ("Name", role.name.clone()),
                    ("Name of several", role.plural.clone()),
                    ("Register", register(|register| register.regulator.clone())),
                    (
                        "Its numbers",
                        register(|register| {
                            format!("{}, like {}", register.form.in_words(), register.example)
                        }),
                    ),
                    ("Agenda for Change", bands_in_words(role.afc_bands)),
                    (
                        "Supervisor",
                        if role.needs_supervisor { "Named on each session" } else { "Not needed" }.to_owned(),
                    ),
                    ("Last day of use", until),
                ]
            }
            Self::Competency(competency) => vec![
                ("Name", competency.name.clone()),
                ("What it is", competency.kind.name().to_owned()),
                ("Last day of use", until),
            ],
        }
    }
}

/// "Bands 7 to 8".
#[must_use]
pub fn bands_in_words(bands: Option<(i16, i16)>) -> String {
    match bands {
        None => "None".to_owned(),
        Some((lowest, highest)) if lowest == highest => format!("Band {lowest}"),
        Some((lowest, highest)) => format!("Bands {lowest} to {highest}"),
    }
}

/// What differs between two versions of a term, in words: "Name: Nurse associate, before Nursing associate". All of it where
/// there was none before.
#[must_use]
pub fn differences(before: Option<&Term>, after: &Term) -> Vec<String> {
    let Some(before) = before else {
        return after.rows().into_iter().map(|(label, value)| format!("{label}: {value}")).collect();
    };
    let pairs = after.rows().into_iter().zip(before.rows());
    let differing = pairs.filter(|((_, after), (_, before))| after != before);
    differing.map(|((label, after), (_, before))| format!("{label}: {after}, before {before}")).collect()
}

/// A role or a competency with where it stands in the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its code.
    pub code: String,
    /// The number of the version that counts, 0 where it counts as it comes with the service.
    pub number: i32,
    /// What it says.
    pub term: Term,
    /// How many people have it.
    pub people: i64,
}

#[cfg(test)]
mod tests {
    use super::{Register, RoleTerm, Term, differences};
    use crate::terms::bank::number_form::NumberForm;

    fn associate() -> RoleTerm {
        RoleTerm {
            name: "Nursing associate".to_owned(),
            plural: "Nursing associates".to_owned(),
            register: None,
            afc_bands: Some((4, 4)),
            needs_supervisor: false,
            used_until: None,
        }
    }

    #[test]
    fn what_differs_is_said_in_words() {
        let before = Term::Role(associate());
        let register = Register {
            regulator: "NMC".to_owned(),
            form: NumberForm::of_written("##@####@").unwrap(),
            example: "12A3456E".to_owned(),
        };
        let until = "2027-02-28".parse().ok();
        let after = Term::Role(RoleTerm { register: Some(register), used_until: until, ..associate() });
        assert_eq!(
            differences(Some(&before), &after),
            [
                "Register: NMC, before None",
                "Its numbers: as 2 figures, a letter, 4 figures and a letter, like 12A3456E, before None",
                "Last day of use: 28 February 2027, before No end",
            ]
        );
        assert_eq!(differences(Some(&before), &before), Vec::<String>::new());
        assert_eq!(differences(None, &before)[4], "Agenda for Change: Band 4");
    }
}
