//! What somebody can do about the email they want.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Choice, Choices, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::id::AccountId;
use crate::ground::not_done::NotDone;

/// Keeps the choices of whoever acts. Kinds that are not among them stay as they are.
pub async fn choose(tx: &mut Tx, choices: &Choices) -> Result<(), NotDone> {
    let account = tx.account().ok_or(NotDone::NotFound)?;
    store::upsert_choices(tx, account, &choices.of_kinds).await?;
    match choices.quiet {
        Some(quiet) => store::upsert_quiet_hours(tx, account, quiet).await?,
        None => store::delete_quiet_hours(tx, account).await?,
    }
    let chosen: BTreeMap<_, _> =
        choices.of_kinds.iter().map(|(kind, choice)| (*kind, choice.code())).collect();
    let quiet = choices.quiet.map(|quiet| (quiet.starts_at, quiet.ends_at));
    let detail = json!({ "choices": chosen, "quiet": quiet });
    Ok(audit::record(tx, Action::MailChoiceChanged, account, detail).await?)
}

/// Ends a kind of mail for the account that a link is for.
pub async fn stop_kind_by_link(tx: &mut Tx, account: AccountId, kind: &'static str) -> Result<(), NotDone> {
    store::upsert_choices(tx, account, &[(kind, Choice::Never)]).await?;
    let detail = json!({ "kind": kind });
    Ok(audit::record(tx, Action::MailChoiceStoppedByLink, account, detail).await?)
}

/// Has a kind of mail come again to the account that a link is for.
pub async fn want_kind_by_link(tx: &mut Tx, account: AccountId, kind: &'static str) -> Result<(), NotDone> {
    store::delete_choice(tx, account, kind).await?;
    let detail = json!({ "kind": kind });
    Ok(audit::record(tx, Action::MailChoiceTakenBackByLink, account, detail).await?)
}
