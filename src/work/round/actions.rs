//! What can be done about rounds themselves: the next one is announced.

use serde_json::json;

use super::{Round, store};
use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::id::RoundId;
use crate::terms::bank::store::find_bank;
use crate::terms::rules::store::load_decided;

/// Why no round was announced.
#[derive(Debug, thiserror::Error)]
pub enum NotAnnounced {
    /// The machine has no chance to give.
    #[error("drawing a seed")]
    Chance(#[source] getrandom::Error),
    /// The database failed.
    #[error("announcing a round")]
    Database(#[from] DbError),
}

/// A secret that nobody can guess: 256 bits, in hexadecimal digits.
pub fn draw_secret() -> Result<String, NotAnnounced> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(NotAnnounced::Chance)?;
    Ok(hex::encode(bytes))
}

/// Announces the bank's next round, with its terms and the hash of its seed, unless one that is to open is there, or its
/// administrators hold none.
pub async fn announce_next_round(tx: &mut Tx) -> Result<Option<RoundId>, NotAnnounced> {
    let now = tx.now();
    let id = tx.bank();
    let last = store::find_newest(tx).await?;
    if last.as_ref().is_some_and(|last| last.opens_at > now) {
        return Ok(None);
    }
    let rule = load_decided(tx).await?.rounds;
    let bank = find_bank(tx, id).await?;
    let Some((rule, bank)) = rule.zip(bank) else { return Ok(None) };
    let next = Round::next(rule, last.as_ref(), bank.time_zone, now, draw_secret()?);
    let Some(round) = next else { return Ok(None) };
    if !store::insert_round(tx, &round).await? {
        return Ok(None);
    }
    let detail = json!({ "number": round.number, "seed_hash": round.seed_hash });
    audit::record(tx, Action::RoundAnnounced, round.id, detail).await?;
    Ok(Some(round.id))
}
