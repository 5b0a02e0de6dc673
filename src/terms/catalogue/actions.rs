//! An administrator adds a role or a competency, or decides what becomes of one.

use serde_json::json;

use super::Term;
use super::store;
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::store::needs::list_needs;

/// A role or a competency as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The code of the one that is to change; none of a new one.
    pub code: Option<String>,
    /// The number of the version that they have seen, 0 where there was none.
    pub seen: i32,
    /// What it is to say.
    pub term: Term,
    /// Why they want it so.
    pub why: String,
}

/// Why a role or a competency stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// There is none of that code.
    #[error("deciding a role or competency that is not there")]
    NotFound,
    /// Somebody has decided otherwise since.
    #[error("deciding a role or competency that somebody has changed since")]
    Since,
    /// Another is called so.
    #[error("naming a role or competency as another is named")]
    NameTaken,
    /// It says that already.
    #[error("deciding a role or competency that says so already")]
    Same,
    /// These roles need the document, by name.
    #[error("using a document no more that roles need")]
    Needed(Vec<String>),
    /// The database failed.
    #[error("deciding a role or competency")]
    Database(#[from] DbError),
}

/// Adds or changes a role or a competency: adds a version, and gives its code.
pub async fn keep_term(tx: &mut Tx, wish: &Wish) -> Result<String, NotKept> {
    let standing = store::list(tx, wish.term.kind()).await?;
    let is_named = |name: &str| name.to_lowercase() == wish.term.name().to_lowercase();
    let namesake = standing.iter().find(|it| is_named(it.term.name()));
    if namesake.is_some_and(|it| Some(&it.code) != wish.code.as_ref()) {
        return Err(NotKept::NameTaken);
    }
    let code = match &wish.code {
        None => add(tx, &wish.term).await?,
        Some(code) => {
            let before = standing.iter().find(|it| it.code == *code).ok_or(NotKept::NotFound)?;
            if before.term == wish.term {
                return Err(NotKept::Same);
            }
            refuse_needed(tx, code, &wish.term).await?;
            code.clone()
        }
    };
    let (version, why) = ((code.as_str(), wish.seen), wish.why.as_str());
    let (is_added, action) = match &wish.term {
        Term::Role(role) => (store::insert_role_decision(tx, version, role, why).await?, Action::RoleDecided),
        Term::Competency(competency) => (
            store::insert_competency_decision(tx, version, competency, why).await?,
            Action::CompetencyDecided,
        ),
    };
    if !is_added {
        return Err(NotKept::Since);
    }
    let detail = json!({ "code": code, "version": wish.seen + 1, "used_until": wish.term.used_until() });
    audit::record(tx, action, tx.bank(), detail).await?;
    Ok(code)
}

/// A document that roles need is needed as long as they do.
async fn refuse_needed(tx: &mut Tx, code: &str, term: &Term) -> Result<(), NotKept> {
    let Term::Competency(competency) = term else { return Ok(()) };
    if competency.kind != CompetencyKind::Document || competency.used_until.is_none() {
        return Ok(());
    }
    let needs = list_needs(tx).await?.into_iter().filter(|need| need.document == code);
    let roles: Vec<String> = needs.map(|need| need.role_name).collect();
    if roles.is_empty() { Ok(()) } else { Err(NotKept::Needed(roles)) }
}

/// Adds a word of this bank alone, under a code that is free: codes are of all banks, and another bank may have the same
/// word.
async fn add(tx: &mut Tx, term: &Term) -> Result<String, DbError> {
    let base = code_of(term.name());
    let mut number = 1;
    loop {
        let code = if number == 1 { base.clone() } else { format!("{base}_{number}") };
        let is_added = match term {
            Term::Role(role) => store::insert_role(tx, &code, role).await?,
            Term::Competency(competency) => store::insert_competency(tx, &code, competency).await?,
        };
        if is_added {
            return Ok(code);
        }
        number += 1;
    }
}

/// The name in files and in the database: small letters, figures and underscores, a letter first.
fn code_of(name: &str) -> String {
    let signs = name.to_lowercase();
    let signs = signs.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '_' });
    let parts: String = signs.collect();
    let parts: Vec<&str> = parts.split('_').filter(|part| !part.is_empty()).collect();
    let code = parts.join("_");
    if code.starts_with(|sign: char| sign.is_ascii_lowercase()) { code } else { format!("own_{code}") }
}

#[cfg(test)]
mod tests {
    use super::code_of;

    #[test]
    fn a_code_is_made_of_whatever_name() {
        for (name, code) in [
            ("Nursing associate", "nursing_associate"),
            ("24-hour ECG", "own_24_hour_ecg"),
            ("Co-ordinator’s aide", "co_ordinator_s_aide"),
            ("Ärztin", "rztin"),
            ("心", "own_"),
        ] {
            assert_eq!(code_of(name), code);
        }
    }
}
