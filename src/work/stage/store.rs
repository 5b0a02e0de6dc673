//! SQL of stages: the only place that writes the table.

use chrono::{DateTime, Utc};

use super::{Audience, NewStage, Opens, Stage};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, PreferredListId, SessionId};
use crate::terms::rules::Releasing;

#[derive(sqlx::FromRow)]
struct StageRow {
    audience: String,
    list_id: Option<PreferredListId>,
    list_name: String,
    hours_before: Option<i32>,
    opens_at: DateTime<Utc>,
    keeps_previous: bool,
}

/// The stages of a session, in order.
pub async fn list_stages(tx: &mut Tx, session: SessionId) -> Result<Vec<Stage>, DbError> {
    let bank = tx.bank();
    let rows: Vec<StageRow> = sqlx::query_as(
        "select g.audience, g.list_id, coalesce(l.name, '') as list_name, g.hours_before, g.opens_at, g.keeps_previous
           from session_stage g
           left join preferred_list l on l.bank_id = g.bank_id and l.id = g.list_id
          where g.bank_id = $1 and g.session_id = $2
          order by g.number",
    )
    .bind(bank)
    .bind(session)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the stages of a session"))?;
    let stage = |row: StageRow| Stage {
        audience: Audience::of_code(&row.audience, row.list_id),
        list_name: row.list_name,
        hours_before: row.hours_before,
        opens_at: row.opens_at,
        keeps_previous: row.keeps_previous,
    };
    Ok(rows.into_iter().map(stage).collect())
}

/// Forgets the stages of a session: it is open to everybody.
pub async fn delete_stages(tx: &mut Tx, session: SessionId) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("delete from session_stage where bank_id = $1 and session_id = $2")
        .bind(bank)
        .bind(session)
        .execute(tx.connection())
        .await
        .map_err(failed("forgetting the stages of a session"))?;
    Ok(())
}

/// Adds the stages of a session that has none.
pub async fn insert_stages(
    tx: &mut Tx,
    (session, starts_at): (SessionId, DateTime<Utc>),
    stages: &[NewStage],
) -> Result<(), DbError> {
    let bank = tx.bank();
    let hours = |stage: &NewStage| match stage.opens {
        Opens::HoursBefore(hours) => Some(hours),
        Opens::At(_) => None,
    };
    let list = |stage: &NewStage| match stage.audience {
        Audience::Preferred(list) => list.map(|list| list.0),
        Audience::WorkedHere | Audience::Everybody => None,
    };
    sqlx::query(
        "insert into session_stage (bank_id, session_id, number, audience, list_id, hours_before, opens_at, keeps_previous)
         select $1, $2, n.number, n.audience, n.list_id, n.hours_before, n.opens_at, n.keeps_previous
           from unnest($3::text[], $4::uuid[], $5::integer[], $6::timestamptz[], $7::boolean[])
                with ordinality as n (audience, list_id, hours_before, opens_at, keeps_previous, number)",
    )
    .bind(bank)
    .bind(session)
    .bind(stages.iter().map(|stage| stage.audience.code()).collect::<Vec<_>>())
    .bind(stages.iter().map(list).collect::<Vec<_>>())
    .bind(stages.iter().map(hours).collect::<Vec<_>>())
    .bind(stages.iter().map(|stage| stage.opens.moment(starts_at)).collect::<Vec<_>>())
    .bind(stages.iter().map(|stage| stage.keeps_previous).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("adding the stages of a session"))?;
    Ok(())
}

/// Gives sessions that were just posted the stages of the bank's rule: the practice's preferred people at once, where it has
/// named any; people who have worked there; then everybody. A session that is so near that it would be open to
/// everybody already has none, and so has one whose first audience would be everybody.
pub async fn insert_by_rule(tx: &mut Tx, sessions: &[SessionId], rule: Releasing) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "with posted as (
             select s.id, s.starts_at - make_interval(hours => $5) as to_all_at,
                    s.starts_at - make_interval(hours => $4) as worked_here_at,
                    exists (select from preferred_list l
                              join preferred_person p on p.bank_id = l.bank_id and p.list_id = l.id
                             where l.bank_id = s.bank_id and l.practice_id = s.practice_id) as has_preferred
               from session s where s.bank_id = $1 and s.id = any($2)),
         released as (
             select * from posted where to_all_at > $3 and (has_preferred or $4 > 0))
         insert into session_stage (bank_id, session_id, number, audience, hours_before, opens_at, keeps_previous)
         select $1, id, 1, 'preferred', null, $3, true from released where has_preferred
          union all
         select $1, id, 2, 'worked_here', case when has_preferred then $4 end,
                case when has_preferred then worked_here_at else $3 end, $6
           from released where $4 > 0
          union all
         select $1, id, 3, 'everybody', $5, to_all_at, $6 from released",
    )
    .bind(bank)
    .bind(sessions)
    .bind(now)
    .bind(rule.worked_here_hours)
    .bind(rule.everybody_hours)
    .bind(rule.keeps_previous)
    .execute(tx.connection())
    .await
    .map_err(failed("releasing sessions in the stages of the bank"))?;
    Ok(())
}

/// Notes up to `most` stages, in whatever bank, that have opened; gives each with its bank, session and audience.
pub async fn mark_opened(tx: &mut Tx, most: i64) -> Result<Vec<(BankId, SessionId, Audience)>, DbError> {
    let now = tx.now();
    let rows: Vec<(BankId, SessionId, String)> = sqlx::query_as(
        "update session_stage g set opened_at = $1
           from (select d.bank_id, d.session_id, d.number from session_stage d
                  where d.opened_at is null and d.opens_at <= $1
                  order by d.opens_at, d.bank_id, d.session_id, d.number limit $2 for update skip locked) due
          where g.bank_id = due.bank_id and g.session_id = due.session_id and g.number = due.number
        returning g.bank_id, g.session_id, g.audience",
    )
    .bind(now)
    .bind(most)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("noting that stages have opened"))?;
    let opened = |(bank, session, audience): (BankId, SessionId, String)| {
        (bank, session, Audience::of_code(&audience, None))
    };
    Ok(rows.into_iter().map(opened).collect())
}

/// The banks in which a stage has opened whose audience was not told yet.
pub async fn list_banks_to_tell(tx: &mut Tx) -> Result<Vec<BankId>, DbError> {
    sqlx::query_scalar(
        "select distinct bank_id from session_stage where opened_at is not null and told_at is null order by bank_id",
    )
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing banks whose stages have opened"))
}

/// The sessions of the bank with a stage that has opened and whose audience was not told yet: each with whether that is
/// everybody.
pub async fn list_to_tell(tx: &mut Tx) -> Result<Vec<(SessionId, bool)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select session_id, bool_or(audience = 'everybody') from session_stage
          where bank_id = $1 and opened_at is not null and told_at is null
          group by session_id order by session_id",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing sessions whose stages have opened"))
}

/// Notes that the audience of the stages of these sessions that have opened was told.
pub async fn mark_told(tx: &mut Tx, sessions: &[SessionId]) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "update session_stage set told_at = $3
          where bank_id = $1 and session_id = any($2) and opened_at is not null and told_at is null",
    )
    .bind(bank)
    .bind(sessions)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting who was told that a stage has opened"))?;
    Ok(())
}
