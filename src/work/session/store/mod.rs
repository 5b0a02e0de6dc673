//! SQL of sessions.

pub mod asked;
pub mod band;
pub mod closing;
pub mod file;
pub mod same;
pub mod standing;
pub mod template;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{AskedSession, Posted, Session, SessionState, SessionTimes, Terms};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{PracticeId, SeriesId, SessionId};
use crate::terms::bank::Band;

/// The columns of a [`SessionRow`], for a statement that calls the view `session_as_posted` `s`.
macro_rules! session_columns {
    () => {
        "s.id, s.practice_id, s.series_id, s.local_date, s.local_start, s.local_end, s.local_end_date, s.time_zone,
         s.starts_at, s.ends_at, s.band, s.places, s.priority, s.rate_min_pence_per_hour, s.rate_max_pence_per_hour,
         s.notes, s.supervisor, s.withdrawn_at, s.withdrawn_reason, s.posted_at, s.roles, s.competencies"
    };
}
use session_columns;

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: SessionId,
    practice_id: PracticeId,
    series_id: Option<SeriesId>,
    local_date: NaiveDate,
    local_start: NaiveTime,
    local_end: NaiveTime,
    local_end_date: NaiveDate,
    time_zone: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    band: Band,
    places: i16,
    priority: i16,
    rate_min_pence_per_hour: i32,
    rate_max_pence_per_hour: i32,
    notes: String,
    supervisor: String,
    withdrawn_at: Option<DateTime<Utc>>,
    withdrawn_reason: Option<String>,
    posted_at: DateTime<Utc>,
    roles: Vec<String>,
    competencies: Vec<String>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let state = match (row.withdrawn_at, row.withdrawn_reason) {
            (Some(at), Some(reason)) => SessionState::Withdrawn { at, reason },
            _ => SessionState::Open,
        };
        let times = SessionTimes {
            local_date: row.local_date,
            local_start: row.local_start,
            local_end_date: row.local_end_date,
            local_end: row.local_end,
            time_zone: row.time_zone.parse().unwrap_or(chrono_tz::Europe::London),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
        };
        let asked = AskedSession {
            id: row.id,
            practice: row.practice_id,
            series: row.series_id,
            times,
            band: row.band,
            roles: row.roles,
            competencies: row.competencies,
            places: row.places,
            priority: row.priority,
            rate_min_pence_per_hour: row.rate_min_pence_per_hour,
            rate_max_pence_per_hour: row.rate_max_pence_per_hour,
            notes: row.notes,
            supervisor: row.supervisor,
        };
        Self { asked, state, posted_at: row.posted_at }
    }
}

/// The session of that id in a bank.
pub async fn find_session(tx: &mut Tx, id: SessionId) -> Result<Option<Session>, DbError> {
    let bank = tx.bank();
    let row: Option<SessionRow> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        " from session_as_posted s where s.bank_id = $1 and s.id = $2",
    ))
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a session"))?;
    Ok(row.map(Session::from))
}

/// Locks a session until the transaction ends, and says whether it exists. Everything that changes a session, its
/// offers or its bookings locks the session first, then the clinician, then the offer, so that no two wait for
/// each other.
pub async fn lock_session(tx: &mut Tx, id: SessionId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let found: Option<i32> =
        sqlx::query_scalar("select 1 from session where bank_id = $1 and id = $2 for update")
            .bind(bank)
            .bind(id)
            .fetch_optional(tx.connection())
            .await
            .map_err(failed("locking a session"))?;
    Ok(found.is_some())
}

/// What stands of these sessions; nothing where there are none.
pub async fn find_posted(tx: &mut Tx, ids: &[SessionId]) -> Result<Option<Posted>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select min(local_date) as first, count(*) filter (where state = 'open') as open,
                count(*) filter (where state = 'withdrawn') as withdrawn
           from session where bank_id = $1 and id = any($2)
         having count(*) > 0",
    )
    .bind(bank)
    .bind(ids)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("reading what stands of sessions that were posted"))
}

/// A bank's open sessions that start on a local date from `from` to `until` (both included), by date and id.
pub async fn list_open_sessions_between(
    tx: &mut Tx,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Session>, DbError> {
    let bank = tx.bank();
    let rows: Vec<SessionRow> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        " from session_as_posted s
          where s.bank_id = $1 and s.local_date between $2 and $3 and s.state = 'open'
          order by s.local_date, s.id",
    ))
    .bind(bank)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing open sessions"))?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Adds sessions with their roles and competencies, however many, in three statements.
pub async fn insert_sessions(tx: &mut Tx, sessions: &[AskedSession]) -> Result<(), DbError> {
    insert_session_rows(tx, sessions).await?;
    let pairs = |of: fn(&AskedSession) -> &Vec<String>| -> (Vec<SessionId>, Vec<String>) {
        sessions.iter().flat_map(|session| of(session).iter().map(|code| (session.id, code.clone()))).unzip()
    };
    let (ids, roles) = pairs(|session| &session.roles);
    insert_session_roles(tx, &ids, &roles).await?;
    let (ids, competencies) = pairs(|session| &session.competencies);
    insert_session_competencies(tx, &ids, &competencies).await
}

async fn insert_session_rows(tx: &mut Tx, sessions: &[AskedSession]) -> Result<(), DbError> {
    fn column<T>(sessions: &[AskedSession], of: impl Fn(&AskedSession) -> T) -> Vec<T> {
        sessions.iter().map(of).collect()
    }
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into session (bank_id, id, practice_id, series_id, local_date, local_start, local_end,
                local_end_date, time_zone, starts_at, ends_at, band, places, priority, rate_min_pence_per_hour,
                rate_max_pence_per_hour, notes, supervisor, posted_by, posted_at)
         select $1, n.id, n.practice_id, n.series_id, n.local_date, n.local_start, n.local_end, n.local_end_date,
                n.time_zone, n.starts_at, n.ends_at, n.band, n.places, n.priority, n.rate_min, n.rate_max, n.notes,
                n.supervisor, $19, $20
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::time[], $7::time[], $8::date[],
                $9::text[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::smallint[], $14::smallint[],
                $15::integer[], $16::integer[], $17::text[], $18::text[])
             as n (id, practice_id, series_id, local_date, local_start, local_end, local_end_date, time_zone,
                starts_at, ends_at, band, places, priority, rate_min, rate_max, notes, supervisor)",
    )
    .bind(bank)
    .bind(column(sessions, |session| session.id.0))
    .bind(column(sessions, |session| session.practice.0))
    .bind(column(sessions, |session| session.series.map(|series| series.0)))
    .bind(column(sessions, |session| session.times.local_date))
    .bind(column(sessions, |session| session.times.local_start))
    .bind(column(sessions, |session| session.times.local_end))
    .bind(column(sessions, |session| session.times.local_end_date))
    .bind(column(sessions, |session| session.times.time_zone.name()))
    .bind(column(sessions, |session| session.times.starts_at))
    .bind(column(sessions, |session| session.times.ends_at))
    .bind(column(sessions, |session| session.band.code()))
    .bind(column(sessions, |session| session.places))
    .bind(column(sessions, |session| session.priority))
    .bind(column(sessions, |session| session.rate_min_pence_per_hour))
    .bind(column(sessions, |session| session.rate_max_pence_per_hour))
    .bind(column(sessions, |session| session.notes.clone()))
    .bind(column(sessions, |session| session.supervisor.clone()))
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding sessions"))?;
    Ok(())
}

async fn insert_session_roles(tx: &mut Tx, sessions: &[SessionId], roles: &[String]) -> Result<(), DbError> {
    let bank = tx.bank();
    let ids: Vec<uuid::Uuid> = sessions.iter().map(|id| id.0).collect();
    sqlx::query(
        "insert into session_role (bank_id, session_id, role)
         select $1, n.session_id, n.role from unnest($2::uuid[], $3::text[]) as n (session_id, role)",
    )
    .bind(bank)
    .bind(ids)
    .bind(roles)
    .execute(tx.connection())
    .await
    .map_err(failed("adding the roles of sessions"))?;
    Ok(())
}

async fn insert_session_competencies(
    tx: &mut Tx,
    sessions: &[SessionId],
    competencies: &[String],
) -> Result<(), DbError> {
    let bank = tx.bank();
    let ids: Vec<uuid::Uuid> = sessions.iter().map(|id| id.0).collect();
    sqlx::query(
        "insert into session_competency (bank_id, session_id, competency)
         select $1, n.session_id, n.competency from unnest($2::uuid[], $3::text[]) as n (session_id, competency)",
    )
    .bind(bank)
    .bind(ids)
    .bind(competencies)
    .execute(tx.connection())
    .await
    .map_err(failed("adding the competencies of sessions"))?;
    Ok(())
}

/// Adds a series.
pub async fn insert_series(
    tx: &mut Tx,
    id: SeriesId,
    practice: PracticeId,
    until: NaiveDate,
) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "insert into session_series (bank_id, id, practice_id, until_date, created_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(bank)
    .bind(id)
    .bind(practice)
    .bind(until)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a series of sessions"))?;
    Ok(())
}

/// Marks an open session withdrawn. Gives whether there was one to withdraw.
pub async fn mark_session_withdrawn(tx: &mut Tx, id: SessionId, reason: &str) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update session set state = 'withdrawn', withdrawn_at = $3, withdrawn_reason = $4
          where bank_id = $1 and id = $2 and state = 'open'",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .bind(reason)
    .execute(tx.connection())
    .await
    .map_err(failed("withdrawing a session"))?;
    Ok(done.rows_affected() == 1)
}

/// Changes the hours of an open session that starts after `now` and that no offer is out for; bookings move with it.
/// Gives whether there was such a session. The database refuses, by name, `booking_clinician_once_at_a_time` and
/// `booking_clearance_covers`.
pub async fn change_times(tx: &mut Tx, id: SessionId, times: &SessionTimes) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update session s
            set local_start = $3, local_end = $4, local_end_date = $5, starts_at = $6, ends_at = $7
          where s.bank_id = $1 and s.id = $2 and s.state = 'open' and s.starts_at > $8
            and not exists (select 1 from answerable_offer($8) o
                             where o.bank_id = s.bank_id and o.session_id = s.id)",
    )
    .bind(bank)
    .bind(id)
    .bind(times.local_start)
    .bind(times.local_end)
    .bind(times.local_end_date)
    .bind(times.starts_at)
    .bind(times.ends_at)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("changing when a session is"))?;
    Ok(done.rows_affected() == 1)
}

/// Changes what an open session that starts after `now` pays and says. A rate is changed only while nobody is booked
/// and no offer is out, and not before it is open to everybody: whoever was asked first is not asked for less. Gives whether there was such a session.
pub async fn change_terms(tx: &mut Tx, id: SessionId, terms: &Terms) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update session s
            set rate_min_pence_per_hour = $3, rate_max_pence_per_hour = $4, notes = $5, supervisor = $6
          where s.bank_id = $1 and s.id = $2 and s.state = 'open' and s.starts_at > $8
            and (not $7 or coalesce(s.open_to_all_from <= $8, true)
                           and not exists (select 1 from live_booking b
                                        where b.bank_id = s.bank_id and b.session_id = s.id)
                           and not exists (select 1 from answerable_offer($8) o
                                        where o.bank_id = s.bank_id and o.session_id = s.id))",
    )
    .bind(bank)
    .bind(id)
    .bind(terms.rate_min_pence_per_hour)
    .bind(terms.rate_max_pence_per_hour)
    .bind(&terms.notes)
    .bind(&terms.supervisor)
    .bind(terms.changes_rate)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("changing a session"))?;
    Ok(done.rows_affected() == 1)
}
