//! SQL of the pairs of a plan.

use crate::eligibility::not_again::LeftOutReason;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PlanId, SessionId};
use crate::terms::bank::Band;
use crate::work::planning::Pair;
use crate::work::planning::why::Why;
use chrono::{DateTime, NaiveDate, Utc};

/// A pair of a plan, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPair {
    /// Who and where.
    pub pair: Pair,
    /// Agreed rate in pence an hour.
    pub rate_pence_per_hour: i32,
    /// Pay for the whole session in pence.
    pub pay_pence: i32,
    /// Road metres from home.
    pub road_metres: i32,
    /// The pair's score in points.
    pub score: i64,
    /// Whether it is a booking that the plan kept.
    pub already_booked: bool,
    /// Who would be next, where somebody has room.
    pub runner_up: Option<RunnerUp>,
    /// What speaks for it.
    pub why: Vec<Why>,
    /// How many people may do the session.
    pub candidates: i32,
}

/// Somebody who could do a session instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunnerUp {
    /// Who.
    pub clinician: ClinicianId,
    /// Their pay for the whole session in pence.
    pub pay_pence: i32,
    /// Road metres from their home.
    pub road_metres: i32,
}

/// Adds the pairs of a plan.
pub async fn insert_pairs(tx: &mut Tx, plan: PlanId, pairs: &[NewPair]) -> Result<(), DbError> {
    let bank = tx.bank();
    let column = |of: fn(&NewPair) -> i32| pairs.iter().map(of).collect::<Vec<i32>>();
    sqlx::query(
        "insert into plan_pair (bank_id, plan_id, session_id, clinician_id, rate_pence_per_hour, pay_pence, road_metres,
                score, already_booked, why, candidates, runner_up, runner_up_pay_pence, runner_up_road_metres)
         select $1, $2, n.session_id, n.clinician_id, n.rate, n.pay, n.road, n.score, n.booked,
                string_to_array(n.why, ','), n.candidates, n.runner_up, n.runner_up_pay, n.runner_up_road
           from unnest($3::uuid[], $4::uuid[], $5::int[], $6::int[], $7::int[], $8::bigint[], $9::bool[], $10::text[],
                       $11::int[], $12::uuid[], $13::int[], $14::int[])
                as n (session_id, clinician_id, rate, pay, road, score, booked, why, candidates, runner_up,
                      runner_up_pay, runner_up_road)",
    )
    .bind(bank)
    .bind(plan)
    .bind(pairs.iter().map(|pair| pair.pair.session).collect::<Vec<_>>())
    .bind(pairs.iter().map(|pair| pair.pair.clinician).collect::<Vec<_>>())
    .bind(column(|pair| pair.rate_pence_per_hour))
    .bind(column(|pair| pair.pay_pence))
    .bind(column(|pair| pair.road_metres))
    .bind(pairs.iter().map(|pair| pair.score).collect::<Vec<_>>())
    .bind(pairs.iter().map(|pair| pair.already_booked).collect::<Vec<_>>())
    .bind(pairs.iter().map(|pair| joined(&pair.why)).collect::<Vec<_>>())
    .bind(column(|pair| pair.candidates))
    .bind(pairs.iter().map(|pair| pair.runner_up.map(|next| next.clinician.0)).collect::<Vec<_>>())
    .bind(pairs.iter().map(|pair| pair.runner_up.map(|next| next.pay_pence)).collect::<Vec<_>>())
    .bind(pairs.iter().map(|pair| pair.runner_up.map(|next| next.road_metres)).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("keeping the pairs of a plan"))?;
    Ok(())
}

/// Codes with a comma between them: what a list in a column of lists is written as.
fn joined(why: &[Why]) -> String {
    why.iter().map(|why| why.code()).collect::<Vec<_>>().join(",")
}

/// What a plan does on one date.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Day {
    /// The local date.
    pub date: NaiveDate,
    /// Pairs it proposes.
    pub proposed: i64,
    /// Proposed pairs the administrator left out.
    pub left_out: i64,
    /// Bookings it keeps.
    pub booked: i64,
    /// Places it leaves empty.
    pub empty: i64,
}

/// The dates of a plan on which there is any session, in order.
pub async fn list_days(tx: &mut Tx, plan: PlanId) -> Result<Vec<Day>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select d.date, sum(d.proposed)::bigint as proposed, sum(d.left_out)::bigint as left_out,
                sum(d.booked)::bigint as booked, sum(d.empty)::bigint as empty
           from (select s.local_date as date, count(*) filter (where not p.already_booked) as proposed,
                        count(*) filter (where p.left_out) as left_out,
                        count(*) filter (where p.already_booked) as booked, 0 as empty
                   from plan_pair p join session s on s.bank_id = p.bank_id and s.id = p.session_id
                  where p.bank_id = $1 and p.plan_id = $2
                  group by s.local_date
                  union all
                 select s.local_date, 0, 0, 0, sum(u.places_left)
                   from plan_unfilled u join session s on s.bank_id = u.bank_id and s.id = u.session_id
                  where u.bank_id = $1 and u.plan_id = $2
                  group by s.local_date) d
          group by d.date
          order by d.date",
    )
    .bind(bank)
    .bind(plan)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the days of a plan"))
}

/// How the place of a pair stands, beside the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Standing {
    /// The plan kept a booking.
    Booked,
    /// They accepted the plan's offer, and are booked.
    Accepted,
    /// They declined the plan's offer.
    Declined,
    /// They did not answer the plan's offer in time.
    Lapsed,
    /// The plan's offer was taken back.
    Withdrawn,
    /// This person holds an open offer of it.
    Offered,
    /// Every place without a booking is held by an open offer to somebody else.
    Held,
    /// Nothing stands in the way of an offer.
    Free,
}

/// A pair of a plan, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PairRow {
    /// The session.
    pub session_id: SessionId,
    /// The clinician.
    pub clinician_id: ClinicianId,
    /// When the session starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When the work is.
    pub band: Band,
    /// The practice's name.
    pub practice: String,
    /// The clinician's name.
    pub clinician: String,
    /// The clinician's role.
    pub role: String,
    /// Agreed rate in pence an hour.
    pub rate_pence_per_hour: i32,
    /// Pay for the whole session in pence.
    pub pay_pence: i32,
    /// Road metres from home.
    pub road_metres: i32,
    /// How the place stands now.
    pub standing: Standing,
    /// Left out by an administrator.
    pub left_out: bool,
    /// Why, where they said so.
    pub left_out_reason: Option<LeftOutReason>,
    /// Who would be next, where somebody has room: their name, pay in pence and road metres.
    pub runner_up: Option<String>,
    /// What they would be paid, in pence.
    pub runner_up_pay_pence: Option<i32>,
    /// Their way, in road metres.
    pub runner_up_road_metres: Option<i32>,
    /// How many offers of the bank they answered or let lapse in the last year.
    pub offers_before: i64,
    /// How many of these they accepted.
    pub accepted_before: i64,
    /// What speaks for the pair.
    pub why: Vec<Why>,
    /// How many people may do the session.
    pub candidates: i32,
}

/// The pairs of a plan on one date, in order of start and practice.
pub async fn list_pairs_of_day(tx: &mut Tx, plan: PlanId, date: NaiveDate) -> Result<Vec<PairRow>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select p.session_id, p.clinician_id, s.starts_at, s.ends_at, s.band, f.name as practice, c.name as clinician,
                c.role, p.rate_pence_per_hour, p.pay_pence, p.road_metres, p.left_out, p.why, p.candidates,
                n.reason as left_out_reason, r.name as runner_up, p.runner_up_pay_pence, p.runner_up_road_metres,
                h.offers as offers_before, h.accepted as accepted_before,
                case when p.already_booked then 'booked'
                     when exists (select 1 from open_offer o
                                   where o.bank_id = p.bank_id and o.session_id = p.session_id
                                     and o.clinician_id = p.clinician_id) then 'offered'
                     when o.state is not null then o.state
                     when s.places <= (select count(*) from live_booking b
                                        where b.bank_id = p.bank_id and b.session_id = p.session_id)
                                    + (select count(*) from open_offer o
                                        where o.bank_id = p.bank_id and o.session_id = p.session_id) then 'held'
                     else 'free' end as standing
           from plan_pair p
           join session s on s.bank_id = p.bank_id and s.id = p.session_id
           join practice f on f.bank_id = s.bank_id and f.id = s.practice_id
           join clinician_by_name c on c.bank_id = p.bank_id and c.id = p.clinician_id
           left join clinician_by_name r on r.bank_id = p.bank_id and r.id = p.runner_up
           cross join lateral (select count(*) as offers, count(*) filter (where y.state = 'accepted') as accepted
                                 from offer y
                                where y.bank_id = p.bank_id and y.clinician_id = p.clinician_id
                                  and y.state in ('accepted', 'declined', 'lapsed')
                                  and y.offered_at > $4::timestamptz - interval '1 year') h
           left join lateral (select f.state from offer f
                               where f.bank_id = p.bank_id and f.plan_id = p.plan_id and f.session_id = p.session_id
                                 and f.clinician_id = p.clinician_id and f.state <> 'open') o on true
           left join not_again n on n.bank_id = p.bank_id and n.session_id = p.session_id
                                and n.clinician_id = p.clinician_id and n.cause = 'left_out'
          where p.bank_id = $1 and p.plan_id = $2 and s.local_date = $3
          order by s.starts_at, f.name, s.id, c.name, c.id",
    )
    .bind(bank)
    .bind(plan)
    .bind(date)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the pairs of a day"))
}

/// Leaves a proposed pair out, or takes it in again; whether the plan proposes it.
pub async fn mark_left_out(
    tx: &mut Tx,
    plan: PlanId,
    pair: Pair,
    is_left_out: bool,
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update plan_pair set left_out = $5
          where bank_id = $1 and plan_id = $2 and session_id = $3 and clinician_id = $4 and not already_booked",
    )
    .bind(bank)
    .bind(plan)
    .bind(pair.session)
    .bind(pair.clinician)
    .bind(is_left_out)
    .execute(tx.connection())
    .await
    .map_err(failed("leaving a pair out of a plan"))?;
    Ok(done.rows_affected() == 1)
}

/// A pair to be offered, with the names that say what has moved.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ProposedRow {
    /// The session.
    pub session_id: SessionId,
    /// The clinician.
    pub clinician_id: ClinicianId,
    /// Agreed rate in pence an hour.
    pub rate_pence_per_hour: i32,
    /// Pay for the whole session in pence.
    pub pay_pence: i32,
    /// Road metres from home.
    pub road_metres: i32,
    /// The clinician's name.
    pub clinician: String,
    /// The practice's name.
    pub practice: String,
    /// The session's local date.
    pub local_date: NaiveDate,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// Whether an administrator left it out.
    pub left_out: bool,
}

impl ProposedRow {
    /// Who and where.
    #[must_use]
    pub fn pair(&self) -> Pair {
        Pair { session: self.session_id, clinician: self.clinician_id }
    }
}

/// The proposed pairs of a plan, those that were left out too, in order of start; of `only` one where that is asked for.
pub async fn list_proposed(
    tx: &mut Tx,
    plan: PlanId,
    only: Option<Pair>,
) -> Result<Vec<ProposedRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.session_id, p.clinician_id, p.rate_pence_per_hour, p.pay_pence, p.road_metres, c.name as clinician,
                f.name as practice, s.local_date, s.starts_at, p.left_out
           from plan_pair p
           join session s on s.bank_id = p.bank_id and s.id = p.session_id
           join practice f on f.bank_id = s.bank_id and f.id = s.practice_id
           join clinician_by_name c on c.bank_id = p.bank_id and c.id = p.clinician_id
          where p.bank_id = $1 and p.plan_id = $2 and not p.already_booked
            and ($3::uuid is null or (p.session_id = $3 and p.clinician_id = $4))
          order by s.starts_at, p.session_id, p.clinician_id",
    )
    .bind(bank)
    .bind(plan)
    .bind(only.map(|pair| pair.session))
    .bind(only.map(|pair| pair.clinician))
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the pairs to be offered"))
}
