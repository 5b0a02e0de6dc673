//! The form of a role or a competency.

use chrono::{Months, NaiveDate};

use super::actions::Wish;
use super::{CompetencyTerm, Register, RoleTerm, Term, TermKind};
use crate::ground::form_fields::{Field, FieldErrors, RawDate, RawForm, optional, text, whole_number};
use crate::ground::words;
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::number_form::NumberForm;

/// The most letters of a name.
const MOST_LETTERS: usize = 60;

/// The most letters of a reason.
const MOST_LETTERS_OF_WHY: usize = 300;

/// What is used no more ends at most so many months ahead.
const MONTHS_AHEAD: Months = Months::new(24);

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermField {
    /// The name, singular.
    Name,
    /// The name, plural.
    Plural,
    /// Who keeps the register.
    Regulator,
    /// What its numbers look like.
    Form,
    /// A number to show.
    Example,
    /// The lowest band of Agenda for Change.
    Lowest,
    /// The highest.
    Highest,
    /// What a competency is.
    Sort,
    /// The last day of use.
    Until,
    /// Why.
    Why,
}

impl Field for TermField {
    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Plural => "plural",
            Self::Regulator => "regulator",
            Self::Form => "form",
            Self::Example => "example",
            Self::Lowest => "lowest",
            Self::Highest => "highest",
            Self::Sort => "sort",
            Self::Until => "until",
            Self::Why => "why",
        }
    }
}

/// Reads the form. `before` is what the term says now, where it is there. What is used no more ends `today` or later.
pub fn parse(raw: &RawForm, before: Option<&Term>, today: NaiveDate) -> Result<Wish, FieldErrors<TermField>> {
    let mut errors = FieldErrors::none();
    let name = errors.keep(TermField::Name, "name", text(raw.get("name"), MOST_LETTERS));
    let used_until = read_until(raw, before.and_then(Term::used_until), today, &mut errors);
    let term = match TermKind::of_code(raw.get("kind")) {
        TermKind::Role => read_role(raw, name, used_until, &mut errors).map(Term::Role),
        TermKind::Competency => {
            let known = CompetencyKind::ALL.into_iter().find(|kind| kind.code() == raw.get("sort"));
            let kind = match before {
                Some(Term::Competency(before)) => Some(before.kind),
                _ => known,
            };
            if kind.is_none() {
                errors.add(TermField::Sort, "Select what it is");
            }
            name.zip(kind).map(|(name, kind)| Term::Competency(CompetencyTerm { name, kind, used_until }))
        }
    };
    let why = errors.keep(TermField::Why, "reason", text(raw.get("why"), MOST_LETTERS_OF_WHY));
    let code = Some(raw.get("code").to_owned()).filter(|code| !code.is_empty());
    let seen = raw.get("version").parse().unwrap_or_default();
    errors.finish(term.zip(why).map(|(term, why)| Wish { code, seen, term, why }))
}

fn read_role(
    raw: &RawForm,
    name: Option<String>,
    used_until: Option<NaiveDate>,
    errors: &mut FieldErrors<TermField>,
) -> Option<RoleTerm> {
    let plural = text(raw.get("plural"), MOST_LETTERS);
    let plural = errors.keep(TermField::Plural, "name of several", plural);
    let register = read_register(raw, errors);
    let band = |typed: &str| whole_number(typed, 2, 9);
    let lowest = errors.keep(TermField::Lowest, "lowest band", optional(raw.get("lowest"), band));
    let highest = errors.keep(TermField::Highest, "highest band", optional(raw.get("highest"), band));
    let (lowest, highest) = (lowest?, highest?);
    if highest.or(lowest) < lowest.or(highest) {
        errors.add(TermField::Highest, "The highest band must be the lowest or above it");
    }
    let both = lowest.or(highest).zip(highest.or(lowest));
    let afc_bands =
        both.and_then(|(lowest, highest)| i16::try_from(lowest).ok().zip(i16::try_from(highest).ok()));
    let needs_supervisor = raw.is_ticked("supervised", "yes");
    Some(RoleTerm { name: name?, plural: plural?, register, afc_bands, needs_supervisor, used_until })
}

/// The register; none where no field says anything of it, or something is wrong.
fn read_register(raw: &RawForm, errors: &mut FieldErrors<TermField>) -> Option<Register> {
    let fields = ["regulator", "form", "example"];
    if fields.iter().all(|field| raw.get(field).trim().is_empty()) {
        return None;
    }
    let regulator = text(raw.get("regulator"), MOST_LETTERS);
    let regulator = errors.keep(TermField::Regulator, "regulator", regulator);
    let form = NumberForm::of_written(raw.get("form"));
    if form.is_none() {
        let sentence =
            "Enter what its numbers look like with # for a figure and @ for a letter, like ##@####@";
        errors.add(TermField::Form, sentence);
    }
    let example: String = raw.get("example").split_whitespace().collect::<String>().to_uppercase();
    let (regulator, form) = (regulator?, form?);
    if !form.fits(&example) {
        let sentence = format!("The example must be a number {}, as the form says", form.in_words());
        errors.add(TermField::Example, sentence);
        return None;
    }
    Some(Register { regulator, form, example })
}

/// The last day of use. One that stands already may stay, though it is over.
fn read_until(
    raw: &RawForm,
    before: Option<NaiveDate>,
    today: NaiveDate,
    errors: &mut FieldErrors<TermField>,
) -> Option<NaiveDate> {
    let typed: RawDate = raw.date("until");
    if typed.is_empty() {
        return None;
    }
    let until = errors.keep(TermField::Until, "last day of use", typed.read())?;
    let last = today.checked_add_months(MONTHS_AHEAD).unwrap_or(today);
    if Some(until) != before && !(today..=last).contains(&until) {
        let (from, to) = (words::date_without_weekday(today), words::date_without_weekday(last));
        errors.add(TermField::Until, format!("The last day of use must be between today, {from}, and {to}"));
    }
    Some(until)
}

/// The form filled in with what a term says, at the version that counts.
#[must_use]
pub fn filled_in(kind: TermKind, standing: Option<&super::Standing>) -> RawForm {
    let mut pairs = vec![("kind", kind.code().to_owned())];
    if let Some(standing) = standing {
        pairs.push(("code", standing.code.clone()));
        pairs.push(("version", standing.number.to_string()));
        pairs.push(("name", standing.term.name().to_owned()));
        if let Some(date) = standing.term.used_until().map(RawDate::of) {
            pairs.extend([("until-day", date.day), ("until-month", date.month), ("until-year", date.year)]);
        }
        match &standing.term {
            Term::Role(role) => {
                pairs.push(("plural", role.plural.clone()));
                if let Some(register) = &role.register {
                    pairs.push(("regulator", register.regulator.clone()));
                    pairs.push(("form", register.form.written()));
                    pairs.push(("example", register.example.clone()));
                }
                if role.needs_supervisor {
                    pairs.push(("supervised", "yes".to_owned()));
                }
                if let Some((lowest, highest)) = role.afc_bands {
                    pairs.extend([("lowest", lowest.to_string()), ("highest", highest.to_string())]);
                }
            }
            Term::Competency(competency) => pairs.push(("sort", competency.kind.code().to_owned())),
        }
    }
    RawForm::from_pairs(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{filled_in, parse};
    use crate::ground::form_fields::RawForm;
    use crate::terms::catalogue::{Standing, Term, TermKind};

    const RIGHT: [(&str, &str); 9] = [
        ("kind", "role"),
        ("name", "Nursing associate"),
        ("plural", "Nursing associates"),
        ("regulator", "NMC"),
        ("form", "##@####@"),
        ("example", "12a 3456e"),
        ("lowest", "4"),
        ("highest", ""),
        ("why", "Two practices employ them"),
    ];

    fn with(changes: &[(&str, &str)]) -> RawForm {
        let kept = RIGHT.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RawForm::from_pairs(kept.chain(changes).map(pair).collect())
    }

    fn today() -> NaiveDate {
        "2026-11-02".parse().unwrap()
    }

    #[test]
    fn a_role_is_read_and_comes_back_as_it_was() {
        let wish = parse(&with(&[]), None, today()).unwrap();
        let Term::Role(role) = &wish.term else { panic!("a role") };
        assert_eq!(role.afc_bands, Some((4, 4)));
        assert_eq!(role.register.as_ref().map(|register| register.example.as_str()), Some("12A3456E"));
        let standing =
            Standing { code: "nursing_associate".to_owned(), number: 3, term: wish.term, people: 0 };
        let mut again = filled_in(TermKind::Role, Some(&standing)).without(&[]);
        again.push(("why".to_owned(), "Again".to_owned()));
        let again = parse(&RawForm::from_pairs(again), Some(&standing.term), today()).unwrap();
        assert_eq!((again.term, again.seen), (standing.term, 3));
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        for (changes, field, sentence) in [
            (vec![("name", "")], "name", "Enter a name"),
            (vec![("plural", "")], "plural", "Enter a name of several"),
            (vec![("regulator", "")], "regulator", "Enter a regulator"),
            (vec![("form", "[0-9]")], "form", "Enter what its numbers look like with # for a figure"),
            (vec![("example", "123")], "example", "The example must be a number as 2 figures, a letter, 4"),
            (vec![("lowest", "1")], "lowest", "Lowest band must be between 2 and 9"),
            (vec![("highest", "3")], "highest", "The highest band must be the lowest or above it"),
            (
                vec![("until-day", "1"), ("until-month", "11"), ("until-year", "2026")],
                "until",
                "The last day",
            ),
            (vec![("kind", "competency")], "sort", "Select what it is"),
            (vec![("why", "")], "why", "Enter a reason"),
        ] {
            let errors = parse(&with(&changes), None, today()).unwrap_err();
            assert!(errors.of(field).starts_with(sentence), "{field}: {}", errors.of(field));
        }
        let without = [("regulator", ""), ("form", ""), ("example", "")];
        assert!(parse(&with(&without), None, today()).is_ok(), "a role may have no register");
    }
}
