//! An administrator decides a rule of the bank.

use serde_json::json;

use super::store;
use super::{Rule, Section, Version};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Reliants};
use crate::terms::bank::store::boards::rename_bank;

/// A rule as somebody wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The rule.
    pub rule: Rule,
    /// The number of the version that they have seen, 0 where there was none.
    pub seen: i32,
    /// Why they want it so.
    pub why: String,
}

/// Why a rule stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum NotDecided {
    /// Somebody has decided otherwise since.
    #[error("deciding a rule that somebody has changed since")]
    Since(Box<Version>),
    /// It says that already.
    #[error("deciding a rule that says so already")]
    Same,
    /// What relies on it could not be settled, or whoever decides has not seen what falls with it.
    #[error("deciding a rule")]
    Fact(#[from] FactError),
    /// The database failed.
    #[error("deciding a rule")]
    Database(#[from] DbError),
}

/// Decides a rule: adds a version, settles what relies on it, and gives the number of the version. Sent twice by the same
/// person it is decided once.
pub async fn decide_rule(tx: &mut Tx, reliants: &Reliants, wish: &Wish) -> Result<i32, NotDecided> {
    let section = wish.rule.section();
    if let Some(newest) = store::find_newest(tx, section).await? {
        let is_own = newest.decided_by.is_some() && newest.decided_by == tx.account();
        if newest.rule == wish.rule {
            return if is_own && newest.number == wish.seen + 1 {
                Ok(newest.number)
            } else {
                Err(NotDecided::Same)
            };
        }
        if newest.number != wish.seen {
            return Err(NotDecided::Since(Box::new(newest)));
        }
    }
    let announced = match section {
        Section::Hours => Some(reliants.announce(tx, FactChange::Hours).await?),
        _ => None,
    };
    if !store::insert_version(tx, &wish.rule, (wish.seen, &wish.why)).await? {
        let newest = store::find_newest(tx, section).await?.ok_or(FactError::NotFound)?;
        return Err(NotDecided::Since(Box::new(newest)));
    }
    if let Rule::About(about) = &wish.rule {
        rename_bank(tx, &about.name).await?;
    }
    if let Some(announced) = announced {
        reliants.settle(tx, announced).await?;
    }
    let detail = json!({ "section": section.code(), "version": wish.seen + 1 });
    audit::record(tx, Action::BankRuleDecided, tx.bank(), detail).await?;
    Ok(wish.seen + 1)
}
