//! Sealing the log as time passes, and comparing it with its seals.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::seal::{SealHash, Verdict, chained};
use super::store::seal as store;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::{DbError, Tx};
use crate::ground::queue::JobError;

/// Lines that are read at once.
const BATCH: i64 = 5_000;
/// What the first seal follows.
const FIRST: SealHash = [0; 32];

/// Seals what was written since the last seal.
pub async fn seal_log(app: &App, _payload: Value) -> Result<(), JobError> {
    // The lock ends with this short transaction, so that writers wait no longer than for one another.
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    store::lock_log(&mut tx).await?;
    let until = store::find_last_position(&mut tx).await?;
    tx.commit().await?;
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    store::lock_seals(&mut tx).await?;
    let last = store::find_last_seal(&mut tx).await?;
    let (after, before) = last.map_or((0, FIRST), |seal| (seal.position, as_hash(&seal.hash)));
    if until <= after {
        tx.give_up().await?;
        return Ok(());
    }
    let hash = hash_of(&mut tx, (after, until), before).await?;
    store::insert_seal(&mut tx, until, &hash).await?;
    tx.commit().await?;
    // Told to the log of the process, which is kept elsewhere: there the seals can't be made anew.
    let hash = URL_SAFE_NO_PAD.encode(hash);
    tracing::info!(position = until, hash, "the audit log was sealed");
    Ok(())
}

/// Compares the log with its seals, and what lies beside it with the hashes in it.
pub async fn compare_with_seals(tx: &mut Tx) -> Result<Verdict, DbError> {
    let (mut after, mut hash) = (0, FIRST);
    while let Some(seal) = store::find_seal_after(tx, after).await? {
        hash = hash_of(tx, (after, seal.position), hash).await?;
        if hash.as_slice() != seal.hash {
            return Ok(Verdict::Altered { after, until: seal.position });
        }
        after = seal.position;
    }
    Ok(match store::find_other_detail(tx, after).await? {
        Some(position) => Verdict::OtherDetail { position },
        None => Verdict::Whole { sealed_until: after },
    })
}

/// The hash of the chain at the end of a stretch of the log.
async fn hash_of(
    tx: &mut Tx,
    (mut after, until): (i64, i64),
    mut hash: SealHash,
) -> Result<SealHash, DbError> {
    loop {
        let lines = store::list_lines(tx, (after, until), BATCH).await?;
        let Some(last) = lines.last() else { return Ok(hash) };
        after = last.position;
        hash = lines.iter().fold(hash, |hash, line| chained(&hash, line));
    }
}

/// A hash as the database keeps it; its length is kept by a constraint.
fn as_hash(bytes: &[u8]) -> SealHash {
    bytes.try_into().unwrap_or(FIRST)
}
