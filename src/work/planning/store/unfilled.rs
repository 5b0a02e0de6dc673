//! SQL of the places that a plan leaves empty.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::eligibility::empty::{Blocked, EmptyReason};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PlanId, SessionId};
use crate::terms::bank::Band;
use matching_model::plan::Remedy;

/// Places that a plan leaves empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnfilled {
    /// The session.
    pub session: SessionId,
    /// How many places.
    pub places_left: i16,
    /// Why.
    pub reason: EmptyReason,
    /// How many people each rule keeps out.
    pub blocked: Json<Blocked>,
    /// What would fill a place, the cheapest first.
    pub remedies: Json<Vec<Remedy>>,
}

/// Adds the places that a plan leaves empty.
pub async fn insert_unfilled(tx: &mut Tx, plan: PlanId, unfilled: &[NewUnfilled]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into plan_unfilled (bank_id, plan_id, session_id, places_left, reason, blocked, remedies)
         select $1, $2, n.session_id, n.places_left, n.reason, n.blocked, n.remedies
           from unnest($3::uuid[], $4::smallint[], $5::text[], $6::jsonb[], $7::jsonb[])
                as n (session_id, places_left, reason, blocked, remedies)",
    )
    .bind(bank)
    .bind(plan)
    .bind(unfilled.iter().map(|row| row.session).collect::<Vec<_>>())
    .bind(unfilled.iter().map(|row| row.places_left).collect::<Vec<_>>())
    .bind(unfilled.iter().map(|row| row.reason.code()).collect::<Vec<_>>())
    .bind(unfilled.iter().map(|row| row.blocked.clone()).collect::<Vec<_>>())
    .bind(unfilled.iter().map(|row| row.remedies.clone()).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("keeping the places a plan leaves empty"))?;
    Ok(())
}

/// A session a plan leaves empty, as it is shown.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct UnfilledRow {
    /// The session.
    pub session_id: SessionId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When the work is.
    pub band: Band,
    /// The practice's name.
    pub practice: String,
    /// The roles it takes.
    pub roles: Vec<String>,
    /// Pence an hour the practice pays at least.
    pub rate_min_pence_per_hour: i32,
    /// Pence an hour the practice pays at most.
    pub rate_max_pence_per_hour: i32,
    /// Places left.
    pub places_left: i16,
    /// Why.
    pub reason: EmptyReason,
    /// How many people each rule keeps out.
    pub blocked: Json<Blocked>,
    /// What would fill a place, the cheapest first.
    pub remedies: Json<Vec<Remedy>>,
    /// The names of those whom that brings in.
    pub names: Json<BTreeMap<ClinicianId, String>>,
}

/// The sessions a plan leaves empty on one date, in order of start and practice.
pub async fn list_unfilled_of_day(
    tx: &mut Tx,
    plan: PlanId,
    date: NaiveDate,
) -> Result<Vec<UnfilledRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select u.session_id, s.starts_at, s.ends_at, s.band, f.name as practice, s.roles, s.rate_min_pence_per_hour,
                s.rate_max_pence_per_hour, u.places_left, u.reason, u.blocked, u.remedies,
                (select coalesce(jsonb_object_agg(c.id, c.name), '{}')
                   from jsonb_array_elements(u.remedies) m
                   join clinician_by_name c on c.bank_id = u.bank_id and c.id = (m ->> 'clinician')::uuid) as names
           from plan_unfilled u
           join session_as_posted s on s.bank_id = u.bank_id and s.id = u.session_id
           join practice f on f.bank_id = s.bank_id and f.id = s.practice_id
          where u.bank_id = $1 and u.plan_id = $2 and s.local_date = $3
          order by s.starts_at, f.name, s.id",
    )
    .bind(bank)
    .bind(plan)
    .bind(date)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the empty sessions of a day"))
}
