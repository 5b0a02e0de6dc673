//! The forms of an account.

use super::password::{NewPassword, OwnWords};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, email};

/// The field of the form of a forgotten password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressField {
    /// Where mail reaches them.
    Email,
}

impl Field for AddressField {
    fn name(self) -> &'static str {
        "email"
    }
}

/// The address of whoever has forgotten their password, in lower case.
pub fn parse_address(raw: &RawForm) -> Result<String, FieldErrors<AddressField>> {
    let mut errors = FieldErrors::none();
    let address = errors.keep(AddressField::Email, "email address", email(raw.get("email")));
    errors.finish(address.map(|address| address.to_lowercase()))
}

/// The fields of the form that changes an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeField {
    /// The address they want.
    NewEmail,
    /// The password they have.
    Password,
    /// A code of the second factor they have.
    Code,
}

impl Field for ChangeField {
    fn name(self) -> &'static str {
        match self {
            Self::NewEmail => "new_email",
            Self::Password => "password",
            Self::Code => "code",
        }
    }
}

/// Another address than the present one, in lower case.
pub fn parse_new_address(raw: &RawForm, present: &str) -> Result<String, FieldErrors<ChangeField>> {
    let mut errors = FieldErrors::none();
    let read = email(raw.get(ChangeField::NewEmail.name()));
    let new = errors.keep(ChangeField::NewEmail, "email address", read).map(|new| new.to_lowercase());
    if new.as_deref() == Some(present) {
        errors.add(ChangeField::NewEmail, "Enter another address than the one you have");
    }
    if raw.exactly(ChangeField::Password.name()).is_empty() {
        errors.add(ChangeField::Password, "Enter your password");
    }
    errors.finish(new)
}

/// The fields of the forms that change a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordField {
    /// The one they have.
    Old,
    /// The one they want.
    New,
}

impl Field for PasswordField {
    fn name(self) -> &'static str {
        match self {
            Self::Old => "old_password",
            Self::New => "new_password",
        }
    }
}

/// A new password, entered once: the form shows it to whoever wants to see what they type.
pub fn parse_new(raw: &RawForm, own_words: &OwnWords) -> Result<NewPassword, FieldErrors<PasswordField>> {
    let new = NewPassword::parse(raw.exactly("new_password"), own_words);
    new.map_err(|refusal| FieldErrors::one(PasswordField::New, refusal.to_string()))
}

/// The old password beside a new one that is another.
pub fn parse_change(
    raw: &RawForm,
    own_words: &OwnWords,
) -> Result<(String, NewPassword), FieldErrors<PasswordField>> {
    let mut errors = FieldErrors::none();
    let old = Some(raw.exactly("old_password")).filter(|old| !old.is_empty());
    if old.is_none() {
        errors.add(PasswordField::Old, "Enter your current password");
    }
    let new = NewPassword::parse(raw.exactly("new_password"), own_words)
        .map_err(|refusal| errors.add(PasswordField::New, refusal.to_string()))
        .ok();
    if old == Some(raw.exactly("new_password")) {
        errors.add(PasswordField::New, "Enter a password that is not the one you have");
    }
    errors.finish(old.map(str::to_owned).zip(new))
}

#[cfg(test)]
mod tests {
    use super::{parse_address, parse_change};
    use crate::ground::form_fields::RawForm;
    use crate::people::account::password::OwnWords;

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        RawForm::from_pairs(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[test]
    fn an_address_is_read_as_accounts_have_it() {
        assert_eq!(parse_address(&form(&[("email", " Ann@Example.ORG ")])), Ok("ann@example.org".to_owned()));
        for wrong in ["", "ann", "a b@example.org"] {
            assert!(parse_address(&form(&[("email", wrong)])).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_change_names_the_old_password_and_another() {
        let errors = |old, new| {
            let read =
                parse_change(&form(&[("old_password", old), ("new_password", new)]), &OwnWords::default());
            read.err().map(|errors| errors.lines().iter().map(|line| line.field).collect::<Vec<_>>())
        };
        let (one, other) = ("lantern osprey gravel", "teapot meadow violin");
        assert_eq!(errors(one, other), None);
        assert_eq!(errors("", other), Some(vec!["old_password"]));
        assert_eq!(errors(one, one), Some(vec!["new_password"]));
        assert_eq!(errors("", ""), Some(vec!["old_password", "new_password"]));
    }
}
