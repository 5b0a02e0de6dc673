//! What commands ask about a person, and what can be wrong with it.

use clap::ValueEnum;

use crate::command::CommandError;
use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::{self, Typed};
use crate::ground::id::PracticeId;
use crate::ground::sign_in::PersonKind;
use crate::people::practice::store::find_practice_by_ods_code;

/// The kinds of people whom an operator brings in. Clinicians are invited by a bank administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Posts sessions for practices.
    PracticeManager,
    /// Clears clinicians, plans, and invites the others.
    BankAdministrator,
    /// Publishes rate ranges.
    Commissioner,
}

impl From<Kind> for PersonKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::PracticeManager => Self::PracticeManager,
            Kind::BankAdministrator => Self::BankAdministrator,
            Kind::Commissioner => Self::Commissioner,
        }
    }
}

/// What is wrong with what was said of a person.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// No bank has that code.
    #[error("no bank has the code {0}: import its practices first, or check the code")]
    NoBank(String),
    /// No practice has that code.
    #[error("no practice of this bank has the ODS code {0}: check the code")]
    NoPractice(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The address that `--email` names.
pub fn email_of(typed: &Typed) -> Result<String, CommandError> {
    form_fields::email(typed)
        .map_err(|wrong| CommandError::said(&format!("--email {typed}: {}", wrong.sentence("email address"))))
}

/// The name that `--name` says.
pub fn name_of(typed: &Typed) -> Result<String, CommandError> {
    form_fields::name_of_person(typed).map_err(|wrong| {
        CommandError::said(&format!("--name {:?}: {}", typed.as_str(), wrong.sentence("name")))
    })
}

/// The practice of that ODS code.
pub async fn find_practice_id(tx: &mut Tx, code: &str) -> Result<PracticeId, PersonError> {
    let practice = find_practice_by_ods_code(tx, code).await?;
    practice.map(|practice| practice.id).ok_or_else(|| PersonError::NoPractice(code.to_owned()))
}
