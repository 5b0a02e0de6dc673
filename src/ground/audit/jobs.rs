//! Sealing the log as time passes, and comparing it with its seals.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sqlx::PgConnection;

use super::seal::{SealHash, Verdict, chained};
use super::store::seal as store;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::queue::JobError;

/// Lines that are read at once.
const BATCH: i64 = 5_000;
/// What the first seal follows.
const FIRST: SealHash = [0; 32];

/// Seals what was written since the last seal.
pub async fn seal_log(app: &App, _payload: Value) -> Result<(), JobError> {
    // The lock ends with this short transaction, so that writers wait no longer than for one another.
    let until = app.db.change(|connection| {
        Box::pin(async move {
            store::lock_log(connection).await?;
            store::find_last_position(connection).await
        })
    });
    let until: i64 = until.await?;
    let now = app.clock.now();
    let sealed = app.db.change(move |connection| {
        Box::pin(async move {
            store::lock_seals(connection).await?;
            let last = store::find_last_seal(connection).await?;
            let (after, before) = last.map_or((0, FIRST), |seal| (seal.position, as_hash(&seal.hash)));
            if until <= after {
                return Ok(None);
            }
            let hash = hash_of(connection, (after, until), before).await?;
            store::insert_seal(connection, until, &hash, now).await?;
            Ok::<_, DbError>(Some(hash))
        })
    });
    if let Some(hash) = sealed.await? {
        // Told to the log of the process, which is kept elsewhere: there the seals can't be made anew.
        let hash = URL_SAFE_NO_PAD.encode(hash);
        tracing::info!(position = until, hash, "the audit log was sealed");
    }
    Ok(())
}

/// Compares the log with its seals.
pub async fn compare_with_seals(connection: &mut PgConnection) -> Result<Verdict, DbError> {
    let (mut after, mut hash) = (0, FIRST);
    while let Some(seal) = store::find_seal_after(connection, after).await? {
        hash = hash_of(connection, (after, seal.position), hash).await?;
        if hash.as_slice() != seal.hash {
            return Ok(Verdict::Altered { after, until: seal.position });
        }
        after = seal.position;
    }
    Ok(Verdict::Whole { sealed_until: after })
}

/// The hash of the chain at the end of a stretch of the log.
async fn hash_of(
    connection: &mut PgConnection,
    (mut after, until): (i64, i64),
    mut hash: SealHash,
) -> Result<SealHash, DbError> {
    loop {
        let lines = store::list_lines(connection, (after, until), BATCH).await?;
        let Some(last) = lines.last() else { return Ok(hash) };
        after = last.position;
        hash = lines.iter().fold(hash, |hash, line| chained(&hash, line));
    }
}

/// A hash as the database keeps it; its length is kept by a constraint.
fn as_hash(bytes: &[u8]) -> SealHash {
    bytes.try_into().unwrap_or(FIRST)
}
