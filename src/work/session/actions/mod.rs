//! What a practice can do with its sessions. Whose they are is asked here, of every change.

pub mod calendar;
pub mod change;
pub mod closing;
pub mod post;
pub mod reband;
pub mod template;
pub mod withdraw;

use crate::ground::db::Tx;
use crate::ground::id::SessionId;
use crate::ground::not_done::NotDone;
use crate::people::practice::actions::find_own_practice;
use crate::work::session::{Session, store};

/// The session of that id, locked until the transaction ends, unless it is not one of a practice of whoever acts: then
/// there is none.
async fn lock_own_session(tx: &mut Tx, id: SessionId) -> Result<Session, NotDone> {
    store::lock_session(tx, id).await?;
    let session = store::find_session(tx, id).await?.ok_or(NotDone::NotFound)?;
    find_own_practice(tx, session.asked.practice).await?;
    Ok(session)
}
