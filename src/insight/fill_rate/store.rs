//! SQL of fill rates. It only reads.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::Count;
use crate::eligibility::empty::{Blocked, EmptyReason};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{PracticeId, SessionId};
use crate::terms::bank::Band;
use crate::terms::bank::store::boards::list_merged;

/// Places requested and filled between two local dates, by week, practice and role: of the bank, and of those that became
/// part of it, whose history lies where it was. What these had under the code of a practice of the bank counts as its own.
pub async fn list_counts(tx: &mut Tx, span: (NaiveDate, NaiveDate)) -> Result<Vec<Count>, DbError> {
    let own = tx.bank();
    let mut counts = list_counts_of_bank(tx, span).await?;
    let merged = list_merged(tx).await?;
    if merged.is_empty() {
        return Ok(counts);
    }
    for bank in merged {
        tx.go_to_bank(bank).await?;
        let before = list_counts_of_bank(tx, span).await;
        tx.go_to_bank(own).await?;
        counts.extend(before?);
    }
    let named = list_practices_by_code(tx).await?;
    let mut together: BTreeMap<(NaiveDate, String, PracticeId, String), Count> = BTreeMap::new();
    for mut count in counts {
        if let Some((practice, name)) = named.get(&count.practice_code) {
            (count.practice, count.practice_name) = (*practice, name.clone());
        }
        let key = (count.week, count.practice_name.clone(), count.practice, count.role.clone());
        match together.get_mut(&key) {
            Some(known) => {
                known.requested += count.requested;
                known.filled += count.filled;
            }
            None => drop(together.insert(key, count)),
        }
    }
    Ok(together.into_values().collect())
}

/// The practices of the bank, by code.
async fn list_practices_by_code(tx: &mut Tx) -> Result<BTreeMap<String, (PracticeId, String)>, DbError> {
    let bank = tx.bank();
    let rows: Vec<(String, PracticeId, String)> =
        sqlx::query_as("select ods_code, id, name from practice where bank_id = $1")
            .bind(bank)
            .fetch_all(tx.connection())
            .await
            .map_err(failed("listing practices by code"))?;
    Ok(rows.into_iter().map(|(code, id, name)| (code, (id, name))).collect())
}

async fn list_counts_of_bank(
    tx: &mut Tx,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<Count>, DbError> {
    type Row = (NaiveDate, PracticeId, String, String, String, i64, i64);
    let bank = tx.bank();
    let rows: Vec<Row> = sqlx::query_as(
        "with requested as materialized (
             select s.id, s.local_date - (extract(isodow from s.local_date)::int - 1) as week, s.practice_id, s.places
               from session s
              where s.bank_id = $1 and s.local_date between $2 and $3
                and (s.state = 'open' or s.withdrawn_at > s.starts_at - interval '7 days')),
         booked as (
             select b.session_id, count(*) as places
               from live_booking b join requested on requested.id = b.session_id
              where b.bank_id = $1
              group by b.session_id),
         roles as (
             select r.session_id, min(r.role) as role
               from session_role r join requested on requested.id = r.session_id
              where r.bank_id = $1
              group by r.session_id)
         select s.week, s.practice_id, p.ods_code, p.name, coalesce(r.role, '') as role,
                sum(s.places)::bigint as requested, coalesce(sum(b.places), 0)::bigint as filled
           from requested s
           join practice p on p.bank_id = $1 and p.id = s.practice_id
           left join roles r on r.session_id = s.id
           left join booked b on b.session_id = s.id
          group by 1, 2, 3, 4, 5
          order by 1, 4, 2, 5",
    )
    .bind(bank)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("counting places requested and filled"))?;
    let count = |(week, practice, practice_code, practice_name, role, requested, filled): Row| Count {
        week,
        practice,
        practice_code,
        practice_name,
        role,
        requested,
        filled,
    };
    Ok(rows.into_iter().map(count).collect())
}

/// Which unfilled sessions are asked for.
#[derive(Debug, Clone)]
pub struct UnfilledFilter {
    /// The first local date.
    pub from: NaiveDate,
    /// The last, where there is one.
    pub until: Option<NaiveDate>,
    /// Only of this role.
    pub role: Option<String>,
    /// Only of this practice.
    pub practice: Option<PracticeId>,
}

/// A session with places nobody is booked in.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct UnfilledRow {
    /// The session.
    pub id: SessionId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Its local date.
    pub local_date: NaiveDate,
    /// When the work is.
    pub band: Band,
    /// The practice's name.
    pub practice: String,
    /// The roles it takes.
    pub roles: Vec<String>,
    /// Pence an hour it pays at least.
    pub rate_min_pence_per_hour: i32,
    /// Pence an hour it pays at most.
    pub rate_max_pence_per_hour: i32,
    /// Places nobody is booked in.
    pub places_left: i64,
    /// Offers that wait for an answer.
    pub offers_out: i64,
    /// Why the newest plan left it empty, where it did.
    pub reason: Option<EmptyReason>,
    /// How many people each rule kept out.
    pub blocked: Option<Json<Blocked>>,
    /// How many sessions there are in all.
    pub total: i64,
}

/// The unfilled sessions of a filter, soonest first: `most` of them after the first `skipped`.
pub async fn list_unfilled(
    tx: &mut Tx,
    filter: &UnfilledFilter,
    (most, skipped): (i64, i64),
) -> Result<Vec<UnfilledRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "with booked as (
             select b.session_id, count(*) as places
               from live_booking b
               join session s on s.bank_id = b.bank_id and s.id = b.session_id and s.local_date >= $2
              where b.bank_id = $1
              group by b.session_id),
         unfilled as (
             select s.*, s.places - coalesce(b.places, 0) as places_left, count(*) over () as total
               from session s
               left join booked b on b.session_id = s.id
              where s.bank_id = $1 and s.local_date >= $2 and ($3::date is null or s.local_date <= $3)
                and s.state = 'open' and s.places > coalesce(b.places, 0)
                and ($4::text is null or exists (select 1 from session_role r
                                                  where r.bank_id = s.bank_id and r.session_id = s.id and r.role = $4))
                and ($5::uuid is null or s.practice_id = $5)
              order by s.local_date, s.starts_at, s.id
              limit $6 offset $7)
         select s.id, s.starts_at, s.ends_at, s.local_date, s.band, p.name as practice,
                array(select r.role from session_role r
                       where r.bank_id = s.bank_id and r.session_id = s.id order by r.role) as roles,
                s.rate_min_pence_per_hour, s.rate_max_pence_per_hour, s.places_left,
                (select count(*) from open_offer o
                  where o.bank_id = s.bank_id and o.session_id = s.id) as offers_out,
                u.reason, u.blocked, s.total
           from unfilled s
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
           left join lateral (select n.reason, n.blocked
                                from plan_unfilled n join plan l on l.bank_id = n.bank_id and l.id = n.plan_id
                               where n.bank_id = s.bank_id and n.session_id = s.id
                               order by l.ready_at desc limit 1) u on true
          order by s.local_date, s.starts_at, s.id",
    )
    .bind(bank)
    .bind(filter.from)
    .bind(filter.until)
    .bind(&filter.role)
    .bind(filter.practice)
    .bind(most)
    .bind(skipped)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing unfilled sessions"))
}

/// The practices of a bank by name, to choose from.
pub async fn list_practice_names(tx: &mut Tx) -> Result<Vec<(PracticeId, String)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as("select id, name from practice where bank_id = $1 order by name, id")
        .bind(bank)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing the names of practices"))
}
