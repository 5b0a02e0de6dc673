//! What somebody who joins says of themselves.

use secrecy::SecretString;

use crate::ground::form_fields::{Field, FieldErrors, RawForm, email, name_of_person, text};
use crate::people::account::password::{NewPassword, OwnWords};
use crate::people::clinician::forms::{DetailsField, parse_details};
use crate::people::invitation::Said;
use crate::people::invitation::actions::accept::Profession;
use crate::terms::bank::Role;

/// Hours of rest between days that a clinician begins with; they change it on their own pages.
const REST_HOURS: &str = "11";

/// The most letters kept of one thing that somebody has begun to write.
const MOST_LETTERS: usize = 100;

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinField {
    /// Their name.
    Name,
    /// A new password, or the one they have.
    Password,
    /// What they work as.
    Role,
    /// What else a clinician says.
    Details(DetailsField),
    /// Where mail reaches them, where no mail has.
    Email,
    /// That they accept the terms of use.
    Terms,
}

/// What is asked of a clinician who joins, in the order of the form.
const ASKED: [DetailsField; 4] =
    [DetailsField::Registration, DetailsField::Engagement, DetailsField::Home, DetailsField::Travel];

impl Field for JoinField {
    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Password => "password",
            Self::Role => "role",
            Self::Details(field) => field.name(),
            Self::Email => "email",
            Self::Terms => "terms",
        }
    }
}

/// What is asked of whom.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Whether the address has an account: then its password is asked, and otherwise a name and a new one.
    pub has_account: bool,
    /// Whether they join as a clinician.
    pub is_clinician: bool,
    /// The roles there are.
    pub roles: &'a [Role],
    /// The version of the terms of use that they have to accept, where there are any.
    pub terms: Option<i32>,
    /// The address and the bank's name, which no new password may be made of.
    pub own_words: [&'a str; 2],
}

/// How they prove who they are.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The password of the account there is.
    Password(SecretString),
    /// A name and a password for a new account.
    New(String, NewPassword),
}

/// What was entered.
#[derive(Debug, Clone)]
pub struct JoinEntered {
    /// Who they are.
    pub proof: Proof,
    /// For clinicians.
    pub profession: Option<Profession>,
    /// The version of the terms of use that they accept.
    pub terms: Option<i32>,
}

/// Reads the form.
pub fn parse_join(raw: &RawForm, asked: &Asked<'_>) -> Result<JoinEntered, FieldErrors<JoinField>> {
    let mut errors = FieldErrors::none();
    let typed = raw.exactly("password");
    let proof = if asked.has_account {
        if typed.is_empty() {
            errors.add(JoinField::Password, "Enter your password");
        }
        Some(Proof::Password(typed.to_owned().into()))
    } else {
        let name = errors.keep(JoinField::Name, "name", name_of_person(raw.get("name")));
        let [email, bank] = asked.own_words;
        let own_words = OwnWords::of(&[name.as_deref().unwrap_or_default(), email, bank]);
        let password = NewPassword::parse(typed, &own_words);
        let password = password.map_err(|refusal| errors.add(JoinField::Password, refusal.to_string()));
        name.zip(password.ok()).map(|(name, password)| Proof::New(name, password))
    };
    let profession = if asked.is_clinician {
        parse_profession(raw, asked.roles, &mut errors).map(Some)
    } else {
        Some(None)
    };
    if asked.terms.is_some_and(|version| !raw.is_ticked("terms", &version.to_string())) {
        errors.add(JoinField::Terms, "Read the terms of use, and accept them to join");
    }
    let terms = asked.terms;
    errors.finish(proof.zip(profession).map(|(proof, profession)| JoinEntered { proof, profession, terms }))
}

/// Reads what somebody writes on the public page: their address in lower case, and what they say.
pub fn parse_asked(raw: &RawForm, roles: &[Role]) -> Result<(String, Said), FieldErrors<JoinField>> {
    let mut errors = FieldErrors::none();
    let name = errors.keep(JoinField::Name, "name", name_of_person(raw.get("name")));
    let profession = parse_profession(raw, roles, &mut errors);
    let email = errors.keep(JoinField::Email, "email address", email(raw.get("email")));
    let read = name.zip(profession).zip(email);
    errors.finish(read.map(|(_, email)| (email, written(&Said::default(), raw))))
}

/// What somebody has written by now: what the form holds, and `before` where it is empty. Whatever could not be kept is left
/// out.
#[must_use]
pub fn written(before: &Said, raw: &RawForm) -> Said {
    let kept =
        |name: &str, before: &str| text(raw.get(name), MOST_LETTERS).unwrap_or_else(|_| before.to_owned());
    Said {
        name: kept("name", &before.name),
        role: kept("role", &before.role),
        registration: kept("registration", &before.registration),
        engagement: kept("engagement", &before.engagement),
        home: kept("home", &before.home),
        travel: kept("travel", &before.travel),
    }
}

/// The form filled in with what somebody has written.
#[must_use]
pub fn form_of(said: &Said) -> RawForm {
    let pair = |(name, value): (&str, &String)| (name.to_owned(), value.clone());
    let pairs = [
        ("name", &said.name),
        ("role", &said.role),
        ("registration", &said.registration),
        ("engagement", &said.engagement),
        ("home", &said.home),
        ("travel", &said.travel),
    ];
    RawForm::from_pairs(pairs.into_iter().map(pair).collect())
}

fn parse_profession(
    raw: &RawForm,
    roles: &[Role],
    errors: &mut FieldErrors<JoinField>,
) -> Option<Profession> {
    let role = roles.iter().find(|role| role.code == raw.get("role"));
    if role.is_none() {
        errors.add(JoinField::Role, "Select what you work as");
    }
    // What is not asked begins as most people leave it. Without a role a number has no shape to be judged by.
    let asked = |field: &DetailsField| (field.name().to_owned(), raw.get(field.name()).to_owned());
    let is_judged = |field: &&DetailsField| role.is_some() || **field != DetailsField::Registration;
    let mut pairs: Vec<(String, String)> = ASKED.iter().filter(is_judged).map(asked).collect();
    pairs.push((DetailsField::Rest.name().to_owned(), REST_HOURS.to_owned()));
    let details = parse_details(&RawForm::from_pairs(pairs), role.or(roles.first())?);
    match details {
        Ok(details) => Some(Profession { role: role?.code.clone(), details }),
        Err(wrong) => {
            for field in ASKED.into_iter().filter(|field| wrong.has(*field)) {
                errors.add(JoinField::Details(field), wrong.of(field.name()));
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, JoinEntered, JoinField, Proof, form_of, parse_asked, parse_join, written};
    use crate::ground::form_fields::{FieldErrors, RawForm};
    use crate::terms::bank::Role;

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
        RawForm::from_pairs(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    fn read(
        pairs: &[(&str, &str)],
        has_account: bool,
        is_clinician: bool,
    ) -> Result<JoinEntered, FieldErrors<JoinField>> {
        let asked = Asked {
            has_account,
            is_clinician,
            roles: &[gp()],
            terms: None,
            own_words: ["ann.example@people.test", "Orchid bank"],
        };
        parse_join(&form(pairs), &asked)
    }

    #[test]
    fn who_has_an_account_says_their_password_and_nothing_else() {
        let entered = read(&[("password", "short")], true, false).unwrap();
        assert!(matches!(entered.proof, Proof::Password(_)) && entered.profession.is_none());
        assert_eq!(read(&[], true, false).unwrap_err().of("password"), "Enter your password");
    }

    #[test]
    fn a_new_person_chooses_a_name_and_a_password_that_is_not_made_of_it() {
        let errors = read(&[], false, false).unwrap_err();
        assert_eq!(errors.of("name"), "Enter a name");
        assert!(errors.has(JoinField::Password));
        let guessed = [("name", "Ann Gainsborough"), ("password", "AnnGainsborough")];
        assert!(read(&guessed, false, false).unwrap_err().has(JoinField::Password));
        let good = [("name", "Ann Gainsborough"), ("password", "lantern osprey gravel")];
        assert!(
            matches!(read(&good, false, false).unwrap().proof, Proof::New(name, _) if name == "Ann Gainsborough")
        );
    }

    #[test]
    fn a_clinician_says_what_matching_has_to_know() {
        let good = [
            ("password", "x"),
            ("role", "gp"),
            ("registration", "701 2345"),
            ("engagement", "self_employed"),
            ("home", "dt1"),
            ("travel", "20"),
        ];
        let profession = read(&good, true, true).unwrap().profession.unwrap();
        assert_eq!((profession.role.as_str(), profession.details.rest_minutes), ("gp", 660));
        assert_eq!(profession.details.registration_number.as_deref(), Some("7012345"));
        let errors = read(&[("password", "x"), ("registration", "12")], true, true).unwrap_err();
        assert_eq!(errors.of("role"), "Select what you work as");
        assert_eq!(errors.of("registration"), "", "a number is judged by its role");
        assert!(errors.has(JoinField::Details(super::DetailsField::Home)));
        let wrong = [&good[..2], &[("registration", "12")], &good[3..]].concat();
        assert!(
            read(&wrong, true, true).unwrap_err().of("registration").starts_with("Enter your GMC number")
        );
    }

    #[test]
    fn what_is_asked_on_the_public_page_is_judged_as_when_they_join() {
        let good = [
            ("name", "Ann Example"),
            ("role", "gp"),
            ("registration", "701 2345"),
            ("engagement", "self_employed"),
            ("home", "dt1"),
            ("travel", "20"),
            ("email", "Ann@People.test"),
        ];
        let (email, said) = parse_asked(&form(&good), &[gp()]).unwrap();
        assert_eq!((email.as_str(), said.registration.as_str()), ("ann@people.test", "701 2345"));
        assert_eq!(form_of(&said).get("home"), "dt1");
        let errors = parse_asked(&form(&[("role", "gp"), ("registration", "12")]), &[gp()]).unwrap_err();
        assert_eq!(errors.of("email"), "Enter an email address, like name@example.com");
        assert!(errors.of("registration").starts_with("Enter your GMC number"));
        assert!(errors.has(JoinField::Name));
    }

    #[test]
    fn what_is_left_empty_is_kept_as_it_was() {
        let before = written(&super::Said::default(), &form(&[("name", "Ann"), ("home", "BH1")]));
        let after = written(&before, &form(&[("name", ""), ("home", "DT1"), ("travel", &"9".repeat(101))]));
        assert_eq!((after.name.as_str(), after.home.as_str(), after.travel.as_str()), ("Ann", "DT1", ""));
    }
}
