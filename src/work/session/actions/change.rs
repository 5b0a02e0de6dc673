//! A session changes: what it pays and says, or when it is on its day. Whoever is booked is told.

use serde_json::json;

use super::lock_own_session;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::SessionId;
use crate::ground::not_done::NotDone;
use crate::work::booking::actions::change::{self, ChangeError, NewTime};
use crate::work::booking::changed::Changed;
use crate::work::booking::desk::Desk;
use crate::work::booking::error::DeskError;
use crate::work::booking::refusal::Refusal;
use crate::work::session::{AskedSession, SessionTimes, Terms, store};

/// Changes what a session of whoever acts pays, while nobody has agreed to it, and what its notes say. Refused where it
/// has moved on: somebody was offered it or booked meanwhile, or it has begun or was withdrawn.
pub async fn change_terms(tx: &mut Tx, desk: &Desk, id: SessionId, terms: &Terms) -> Result<(), DeskError> {
    let before = lock_own_session(tx, id).await?;
    let booked = change::lock_booked(tx, id).await?;
    if !store::change_terms(tx, id, terms).await? {
        return Err(Refusal::JustChanged.into());
    }
    if terms.supervisor != before.asked.supervisor {
        let changed = Changed::Supervisor { name: terms.supervisor.clone() };
        change::carry(tx, desk, &booked, &changed).await?;
    } else if terms.notes != before.asked.notes {
        change::carry(tx, desk, &booked, &Changed::Notes).await?;
    }
    let rate_pence_per_hour = (terms.rate_min_pence_per_hour, terms.rate_max_pence_per_hour);
    events::record(tx, &[Happened::SessionChanged { session: id, rate_pence_per_hour }]).await?;
    let rates = |(least, most): (i32, i32)| json!({ "rate_min_pence_per_hour": least, "rate_max_pence_per_hour": most });
    let asked = (before.asked.rate_min_pence_per_hour, before.asked.rate_max_pence_per_hour);
    let detail = audit::changed(rates(asked), rates(rate_pence_per_hour));
    Ok(audit::record(tx, Action::SessionChanged, id, detail).await?)
}

/// How many sessions ask for something else now, and how many stay as they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AskedChange {
    /// How many changed.
    pub changed: usize,
    /// How many stay, because somebody has agreed to them or may any moment.
    pub left: usize,
}

/// Changes what sessions of whoever acts ask for, each as long as nobody is booked, was offered it or has asked for it. The
/// caller has judged their times and rates.
pub async fn change_asked(tx: &mut Tx, sessions: &[AskedSession]) -> Result<AskedChange, NotDone> {
    let mut done = AskedChange::default();
    for asked in sessions {
        let before = lock_own_session(tx, asked.id).await?.asked;
        NotDone::unless(before.practice == asked.practice)?;
        if !store::asked::change_asked(tx, asked).await? {
            done.left += 1;
            continue;
        }
        done.changed += 1;
        let rate_pence_per_hour = (asked.rate_min_pence_per_hour, asked.rate_max_pence_per_hour);
        let session = asked.id;
        let mut happened = vec![Happened::SessionChanged { session, rate_pence_per_hour }];
        let span = |times: &SessionTimes| (times.starts_at, times.ends_at);
        let (before, after) = (span(&before.times), span(&asked.times));
        if before != after {
            happened.push(Happened::SessionMoved { session, before, span: after });
        }
        events::record(tx, &happened).await?;
        let detail = json!({
            "starts_at": asked.times.starts_at, "ends_at": asked.times.ends_at, "places": asked.places,
            "roles": asked.roles, "rate_min_pence_per_hour": asked.rate_min_pence_per_hour,
            "rate_max_pence_per_hour": asked.rate_max_pence_per_hour,
        });
        audit::record(tx, Action::SessionAskedOtherwise, asked.id, detail).await?;
    }
    Ok(done)
}

/// Changes when a session of whoever acts is, by agreement with those who are booked. `expects_booked` says whether
/// anybody was booked when they were asked. Refused where it has moved on since.
pub async fn change_time(
    tx: &mut Tx,
    desk: &Desk,
    id: SessionId,
    (times, expects_booked): (&SessionTimes, bool),
) -> Result<(), ChangeError> {
    let before = lock_own_session(tx, id).await.map_err(DeskError::from)?.asked.times;
    let booked = change::lock_booked(tx, id).await?;
    let time = NewTime { starts_at: times.starts_at, ends_at: times.ends_at, last_date: times.last_date() };
    change::refuse_what_hinders(tx, &booked, time).await?;
    // Whoever was booked since the page was shown was not asked.
    if (!booked.is_empty() && !expects_booked) || !store::change_times(tx, id, times).await? {
        return Err(DeskError::Refused(Refusal::JustChanged).into());
    }
    let (from, until) = (before.starts_at, before.ends_at);
    change::carry(tx, desk, &booked, &Changed::Time { from, until }).await?;
    let span = (times.starts_at, times.ends_at);
    events::record(tx, &[Happened::SessionMoved { session: id, before: (from, until), span }]).await?;
    let detail = json!({
        "from": from, "until": until, "starts_at": times.starts_at, "ends_at": times.ends_at,
    });
    audit::record(tx, Action::SessionMoved, id, detail).await?;
    Ok(())
}
