//! Whom somebody invites, as what, and for which practices.

use std::collections::BTreeMap;

use super::list_file::read_list;
use crate::ground::form_fields::{Field, FieldErrors, RawForm, SentFile, email, name_of_person};
use crate::ground::id::PracticeId;
use crate::ground::sign_in::PersonKind;
use crate::people::invitation::{Invite, Invitee, MOST_AT_ONCE};
use crate::people::practice::Practice;
use crate::people::practice::forms::{practices_named, practices_typed};

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteField {
    /// As what.
    Kind,
    /// For which practices.
    Practices,
    /// Who.
    People,
    /// Who, in a file.
    File,
}

impl Field for InviteField {
    fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Practices => "practices",
            Self::People => "people",
            Self::File => "file",
        }
    }
}

/// Among which practices somebody chooses.
#[derive(Debug, Clone)]
pub enum Choosable {
    /// Their own: they tick some.
    Own(Vec<Practice>),
    /// All of the bank, by code or name; these are the ones that were found of those that were entered.
    Found(Vec<Practice>),
}

/// One line of the list of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the list, from 1.
    pub number: usize,
    /// As it was typed.
    pub typed: String,
    /// Who it names, or what is wrong with it.
    pub read: Result<Invitee, String>,
}

/// What was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteEntered {
    /// As what.
    pub kind: PersonKind,
    /// For which practices.
    pub practices: Vec<Practice>,
    /// The lines that are not empty, in order.
    pub lines: Vec<Line>,
}

impl InviteEntered {
    /// What to do about those lines that can be read.
    #[must_use]
    pub fn wish(&self) -> Invite {
        Invite {
            kind: self.kind,
            practices: self.practices.iter().map(|practice| practice.id).collect(),
            people: self.lines.iter().filter_map(|line| line.read.clone().ok()).collect(),
        }
    }
}

/// The form with the people of a file in the place of those who are pasted; as it is where no file was sent.
pub fn with_file(raw: RawForm, file: &SentFile) -> Result<RawForm, (RawForm, FieldErrors<InviteField>)> {
    let people = InviteField::People.name();
    let read = match file {
        SentFile::None => return Ok(raw),
        _ if !raw.get(people).trim().is_empty() => Err("Paste a list or choose a file, not both".to_owned()),
        SentFile::TooLarge => Err("The file is too large for a list of people".to_owned()),
        SentFile::Read { bytes, .. } => read_list(bytes),
    };
    match read {
        Ok(list) => {
            let mut pairs = raw.without(&[people]);
            pairs.push((people.to_owned(), list));
            Ok(RawForm::from_pairs(pairs))
        }
        Err(sentence) => Err((raw, FieldErrors::one(InviteField::File, sentence))),
    }
}

/// Reads the form. A practice manager invites practice managers, and is not asked.
pub fn parse_invite(raw: &RawForm, choosable: &Choosable) -> Result<InviteEntered, FieldErrors<InviteField>> {
    let mut errors = FieldErrors::none();
    let kind = match choosable {
        Choosable::Own(_) => Some(PersonKind::PracticeManager),
        Choosable::Found(_) => PersonKind::of_code(raw.get(InviteField::Kind.name())),
    };
    if kind.is_none() {
        errors.add(InviteField::Kind, "Select what they are to do");
    }
    let practices = if kind == Some(PersonKind::PracticeManager) {
        let chosen = match choosable {
            Choosable::Own(own) => ticked(raw, own),
            Choosable::Found(found) => {
                practices_named(&practices_typed(raw, InviteField::Practices.name()), found)
            }
        };
        chosen.map_err(|sentence| errors.add(InviteField::Practices, sentence)).unwrap_or_default()
    } else {
        Vec::new()
    };
    let lines = read_lines(raw.get(InviteField::People.name()));
    match lines.len() {
        0 => errors.add(InviteField::People, "Enter at least one email address"),
        count if count > MOST_AT_ONCE => errors.add(
            InviteField::People,
            format!("Invite {MOST_AT_ONCE} people or fewer at once: there are {count} lines"),
        ),
        _ => {}
    }
    errors.finish(kind.map(|kind| InviteEntered { kind, practices, lines }))
}

fn ticked(raw: &RawForm, own: &[Practice]) -> Result<Vec<Practice>, String> {
    let is_ticked = |id: PracticeId| raw.is_ticked(InviteField::Practices.name(), &id.to_string());
    let chosen: Vec<Practice> = own.iter().filter(|practice| is_ticked(practice.id)).cloned().collect();
    if chosen.is_empty() { Err("Select at least one practice".to_owned()) } else { Ok(chosen) }
}

/// The lines of a list: an address each, or a name and the address in pointed brackets, as mail programs write them.
fn read_lines(typed: &str) -> Vec<Line> {
    let mut first_of: BTreeMap<String, usize> = BTreeMap::new();
    let lines = typed.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty());
    let line = |(number, typed): (usize, &str)| {
        let read = read_person(typed).and_then(|person| {
            let first = *first_of.entry(person.email.clone()).or_insert(number);
            if first == number { Ok(person) } else { Err(format!("The same address as in line {first}")) }
        });
        Line { number, typed: typed.to_owned(), read }
    };
    lines.map(line).collect()
}

fn read_person(typed: &str) -> Result<Invitee, String> {
    let typed = typed.trim_end_matches([',', ';']).trim_end();
    let (name, address) = match typed.split_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"').trim(), rest.strip_suffix('>').unwrap_or(rest)),
        None => ("", typed),
    };
    let wrong = || "Enter an email address, like name@example.com, or Name <name@example.com>".to_owned();
    let address = email(address).map_err(|_wrong| wrong())?;
    let name = if name.is_empty() { Ok(String::new()) } else { name_of_person(name) };
    let name = name.map_err(|wrong| wrong.sentence("name"))?;
    Ok(Invitee { email: address, name })
}

#[cfg(test)]
mod tests {
    use super::{Choosable, InviteEntered, InviteField, parse_invite};
    use crate::ground::form_fields::{FieldErrors, RawForm};
    use crate::ground::id::PracticeId;
    use crate::ground::sign_in::PersonKind;
    use crate::people::practice::Practice;

    fn called(ods_code: &str, name: &str) -> Practice {
        Practice {
            id: PracticeId::new(),
            ods_code: ods_code.to_owned(),
            name: name.to_owned(),
            ..Practice::example()
        }
    }

    fn read(
        pairs: &[(&str, &str)],
        choosable: &Choosable,
    ) -> Result<InviteEntered, FieldErrors<InviteField>> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        parse_invite(&RawForm::from_pairs(pairs), choosable)
    }

    #[test]
    fn a_pasted_list_is_read_and_each_bad_line_named() {
        let list = "ann@people.test\n\n Ben Example <Ben@People.test>; \n\"Cas, Dr\" <cas@people.test>\nnobody\n\
                    ANN@people.test,\nDee <dee@>\n\"a b\"@people.test";
        let entered =
            read(&[("kind", "clinician"), ("people", list)], &Choosable::Found(Vec::new())).unwrap();
        let wish = entered.wish();
        let people: Vec<(&str, &str)> =
            wish.people.iter().map(|person| (person.name.as_str(), person.email.as_str())).collect();
        assert_eq!(
            people,
            [("", "ann@people.test"), ("Ben Example", "ben@people.test"), ("Cas, Dr", "cas@people.test")]
        );
        let bad: Vec<(usize, &str)> = entered
            .lines
            .iter()
            .filter_map(|line| Some((line.number, line.read.as_ref().err()?.as_str())))
            .collect();
        let wrong = "Enter an email address, like name@example.com, or Name <name@example.com>";
        assert_eq!(bad, [(5, wrong), (6, "The same address as in line 1"), (7, wrong), (8, wrong)]);
    }

    #[test]
    fn practices_are_named_by_code_or_name_and_a_name_of_two_is_refused() {
        let found = Choosable::Found(vec![
            called("J81001", "Orchid House Surgery"),
            called("J81002", "The Surgery"),
            called("J81003", "The Surgery"),
        ]);
        let with = |practices: &str| {
            let pairs = [("kind", "practice_manager"), ("people", "a@people.test"), ("practices", practices)];
            read(&pairs, &found)
        };
        let names = |entered: InviteEntered| {
            entered.practices.into_iter().map(|practice| practice.ods_code).collect::<Vec<_>>()
        };
        assert_eq!(
            names(with("orchid house surgery\nj81001\r\nJ81003").unwrap()),
            ["J81001", "J81003"],
            "each once"
        );
        for (typed, sentence) in [
            ("", "Enter the practices they are to manage, by ODS code or name"),
            ("The surgery", "2 practices are called “The surgery”. Enter the ODS code"),
            ("J89999", "“J89999” is no practice of the bank. Enter its ODS code, like J81006"),
        ] {
            assert_eq!(with(typed).unwrap_err().of("practices"), sentence);
        }
    }

    #[test]
    fn a_practice_manager_invites_practice_managers_to_practices_of_their_own() {
        let own = called("J81001", "Orchid House Surgery");
        let own_id = own.id.to_string();
        let choosable = Choosable::Own(vec![own]);
        let people = ("people", "a@people.test");
        let entered =
            read(&[("kind", "bank_administrator"), ("practices", &own_id), people], &choosable).unwrap();
        assert_eq!((entered.kind, entered.practices.len()), (PersonKind::PracticeManager, 1));
        let other = PracticeId::new().to_string();
        let errors = read(&[("practices", &other), people], &choosable).unwrap_err();
        assert_eq!(errors.of("practices"), "Select at least one practice");
    }

    #[test]
    fn an_empty_form_says_what_is_missing() {
        let errors = read(&[], &Choosable::Found(Vec::new())).unwrap_err();
        assert_eq!(errors.of("kind"), "Select what they are to do");
        assert_eq!(errors.of("people"), "Enter at least one email address");
        let many = "a@people.test\n".repeat(101);
        let errors =
            read(&[("kind", "clinician"), ("people", &many)], &Choosable::Found(Vec::new())).unwrap_err();
        assert_eq!(errors.of("people"), "Invite 100 people or fewer at once: there are 101 lines");
    }
}
