//! Sessions are posted, one or a series at once.

use chrono::NaiveDate;
use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::events::{self, Happened};
use crate::ground::id::{PracticeId, SeriesId, SessionFileId, SessionId};
use crate::ground::idempotency;
use crate::ground::not_done::NotDone;
use crate::people::practice::actions::find_own_practice;
use crate::work::session::row::FormRow;
use crate::work::session::store::file;
use crate::work::session::{AskedSession, Posted, store};
use crate::work::stage::actions::release_by_rule;

/// Sessions of one practice, to be posted together.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Names the posting, so that asking twice posts once.
    pub key: String,
    /// Whose they are.
    pub practice: PracticeId,
    /// What joins them, where there are several, and the last date.
    pub series: Option<(SeriesId, NaiveDate)>,
    /// The sessions, whose times and rates the caller has judged.
    pub sessions: Vec<AskedSession>,
}

/// Posts sessions for a practice of whoever acts. A posting of the same key before is refused by the database.
pub async fn post_sessions(tx: &mut Tx, posting: &Posting) -> Result<(), NotDone> {
    find_own_practice(tx, posting.practice).await?;
    NotDone::unless(posting.sessions.iter().all(|session| session.practice == posting.practice))?;
    let posted: Vec<SessionId> = posting.sessions.iter().map(|session| session.id).collect();
    idempotency::store::insert_result(tx, &posting.key, &json!(posted)).await?;
    if let Some((series, until)) = posting.series {
        store::insert_series(tx, series, posting.practice, until).await?;
    }
    store::insert_sessions(tx, &posting.sessions).await?;
    release_by_rule(tx, &posted).await?;
    let happened: Vec<Happened> = posting.sessions.iter().map(AskedSession::as_posted).collect();
    events::record(tx, &happened).await?;
    for session in &posting.sessions {
        let detail = json!({
            "practice": session.practice,
            "series": session.series,
            "starts_at": session.times.starts_at,
            "ends_at": session.times.ends_at,
            "places": session.places,
            "rate_min_pence_per_hour": session.rate_min_pence_per_hour,
            "rate_max_pence_per_hour": session.rate_max_pence_per_hour,
        });
        audit::record(tx, Action::SessionPosted, session.id, detail).await?;
    }
    Ok(())
}

/// Keeps the rows of a file that whoever acts had looked through, in the place of the one before.
pub async fn keep_file(tx: &mut Tx, id: SessionFileId, rows: &[FormRow]) -> Result<(), NotDone> {
    file::upsert_file(tx, id, rows).await.map_err(NotDone::from)
}

/// Posts the sessions of a file, a posting for each practice, and lets the file go. A file that is posted already, or in
/// whose place another came, is not there.
pub async fn post_file(tx: &mut Tx, id: SessionFileId, postings: &[Posting]) -> Result<(), NotDone> {
    NotDone::unless(file::delete_file(tx, id).await?)?;
    for posting in postings {
        post_sessions(tx, posting).await?;
    }
    Ok(())
}

/// What stands of the sessions that were posted under a key; nothing where none was.
pub async fn find_posted(tx: &mut Tx, key: &str) -> Result<Option<Posted>, DbError> {
    let posted = idempotency::store::find_result(tx, key).await?;
    let Some(Ok(ids)) = posted.map(serde_json::from_value::<Vec<SessionId>>) else { return Ok(None) };
    store::find_posted(tx, &ids).await
}
