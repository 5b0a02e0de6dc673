//! SQL of the fairness ledger: what people asked for, were offered and were given.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::ClinicianId;

/// What somebody asked for, was offered and was given in a span of time, beside the medians of all in the bank of whom any
/// of it is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Ledger {
    /// Sessions they asked for.
    pub asked: i64,
    /// Sessions they were offered, or that a round gave them.
    pub offered: i64,
    /// Sessions they were booked in, without those that somebody else cancelled.
    pub got: i64,
    /// Minutes of work in these: what decides whose turn it is.
    pub minutes: i64,
    /// The median of what people asked for.
    pub median_asked: i64,
    /// The median of what they were offered.
    pub median_offered: i64,
    /// The median of what they were booked in.
    pub median_got: i64,
    /// The median of their minutes.
    pub median_minutes: i64,
}

/// The ledger of somebody from an instant until now.
pub async fn load_ledger(
    tx: &mut Tx,
    clinician: ClinicianId,
    from: DateTime<Utc>,
) -> Result<Ledger, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "with counted as (
             select c.id, asked.many as asked, offers.many + rounds.many as offered, got.many as got, got.minutes
               from clinician c
              cross join lateral (select count(*) as many from request q
                                   where q.bank_id = c.bank_id and q.clinician_id = c.id
                                     and q.requested_at >= $3 and q.requested_at <= $4) asked
              cross join lateral (select count(*) as many from offer o
                                   where o.bank_id = c.bank_id and o.clinician_id = c.id
                                     and o.offered_at >= $3 and o.offered_at <= $4) offers
              cross join lateral (select count(*) as many from request q
                                    join round r on r.bank_id = q.bank_id and r.id = q.round_id
                                   where q.bank_id = c.bank_id and q.clinician_id = c.id
                                     and r.decided_at >= $3 and r.decided_at <= $4
                                     and q.asked_by is not null and q.state <> 'not_given') rounds
              cross join lateral (select count(*) as many,
                                         coalesce(sum(extract(epoch from b.ends_at - b.starts_at) / 60), 0)::bigint
                                             as minutes
                                    from booking b
                                   where b.bank_id = c.bank_id and b.clinician_id = c.id
                                     and b.made_at >= $3 and b.made_at <= $4
                                     and (b.state = 'live' or b.cancelled_side = 'clinician')) got
              where c.bank_id = $1)
         select coalesce(max(asked) filter (where id = $2), 0) as asked,
                coalesce(max(offered) filter (where id = $2), 0) as offered,
                coalesce(max(got) filter (where id = $2), 0) as got,
                coalesce(max(minutes) filter (where id = $2), 0) as minutes,
                coalesce(percentile_disc(0.5) within group (order by asked), 0) as median_asked,
                coalesce(percentile_disc(0.5) within group (order by offered), 0) as median_offered,
                coalesce(percentile_disc(0.5) within group (order by got), 0) as median_got,
                coalesce(percentile_disc(0.5) within group (order by minutes), 0) as median_minutes
           from counted
          where id = $2 or asked + offered + got > 0",
    )
    .bind(bank)
    .bind(clinician)
    .bind(from)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("adding up what somebody asked for, was offered and was given"))
}
