//! Each night, bank by bank: one that fails keeps no other from its own.

use serde_json::Value;

use super::actions::{Earnest, erase_by_time as erase};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::queue::JobError;
use crate::terms::bank::store::list_banks;

/// Erases what each bank keeps no longer.
pub async fn erase_by_time(app: &App, _: Value) -> Result<(), JobError> {
    let banks = list_banks(&mut app.db.look(Actor::SERVICE).await?).await?;
    let mut failed = None;
    for bank in banks {
        match erase(&app.db, bank.id, Earnest::AsTheRuleIsOld).await {
            Ok((only_counts, counts)) => {
                tracing::info!(bank = %bank.id, only_counts, ?counts, "what is kept no longer was erased");
            }
            Err(error) => {
                tracing::error!(bank = %bank.id, %error, "what is kept no longer was not erased");
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}
