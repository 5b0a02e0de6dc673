//! SQL of requests that gather in rounds.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, ClinicianId, RequestId, RoundId, SessionId};
use crate::work::request::Request;
use crate::work::request::store::RequestRow;

/// A request that gathered in a round, with what decides about it beside the facts of the pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct GatheredRow {
    /// The request.
    pub id: RequestId,
    /// The session.
    pub session_id: SessionId,
    /// Who asks.
    pub clinician_id: ClinicianId,
    /// Which choice of theirs it is.
    pub choice: i16,
    /// Whether the session is to come and not withdrawn.
    pub is_open: bool,
    /// Places that nobody is booked in and no offer holds.
    pub places_left: i64,
    /// How much the session matters, 1 to 1,000.
    pub priority: i16,
    /// Whether the clinician prefers the practice.
    pub prefers: bool,
    /// Whether they worked there in the last eight weeks.
    pub knows: bool,
}

/// Everything that gathered in a round and waits, in order of id.
pub async fn list_gathered(tx: &mut Tx, round: RoundId) -> Result<Vec<GatheredRow>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select q.id, q.session_id, q.clinician_id, q.choice, s.state = 'open' and s.starts_at > $3 as is_open,
                greatest(0, s.places
                    - (select count(*) from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id)
                    - (select count(*) from answerable_offer($3) o
                        where o.bank_id = s.bank_id and o.session_id = s.id)) as places_left,
                s.priority,
                exists (select from practice_preference f
                         where f.bank_id = q.bank_id and f.clinician_id = q.clinician_id
                           and f.practice_id = s.practice_id and f.kind = 'preferred') as prefers,
                exists (select from live_booking b
                         where b.bank_id = q.bank_id and b.clinician_id = q.clinician_id
                           and b.practice_id = s.practice_id
                           and b.ends_at <= $3 and b.ends_at > $3 - interval '8 weeks') as knows
           from request q
           join session s on s.bank_id = q.bank_id and s.id = q.session_id
          where q.bank_id = $1 and q.round_id = $2 and q.state = 'waiting'
          order by q.id",
    )
    .bind(bank)
    .bind(round)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what gathered in a round"))
}

/// Locks the requests that wait in a round until the transaction ends, and gives them as they then stand, in order of id.
pub async fn lock_waiting(tx: &mut Tx, round: RoundId) -> Result<Vec<Request>, DbError> {
    let bank = tx.bank();
    let rows: Vec<RequestRow> = sqlx::query_as(
        "select bank_id, id, session_id, clinician_id, state, note, requested_at, reason, booking_id,
                round_id, choice
           from request
          where bank_id = $1 and round_id = $2 and state = 'waiting'
          order by id for update",
    )
    .bind(bank)
    .bind(round)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("locking what gathered in a round"))?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// Proposes these requests, which the caller has locked.
pub async fn mark_proposed(tx: &mut Tx, requests: &[RequestId]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update request set state = 'proposed' where bank_id = $1 and id = any($2) and state = 'waiting'",
    )
    .bind(bank)
    .bind(requests)
    .execute(tx.connection())
    .await
    .map_err(failed("proposing requests"))?;
    Ok(())
}

/// Says of these requests, which the caller has locked, that the round does not give them, each with why.
pub async fn mark_not_given(tx: &mut Tx, requests: &[(RequestId, &str)]) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "update request q set state = 'not_given', reason = n.reason, settled_at = $4
           from unnest($2::uuid[], $3::text[]) as n (id, reason)
          where q.bank_id = $1 and q.id = n.id and q.state = 'waiting'",
    )
    .bind(bank)
    .bind(requests.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind(requests.iter().map(|(_, why)| *why).collect::<Vec<_>>())
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("settling what a round does not give"))?;
    Ok(())
}

/// Keeps of each of these requests how many asked for its session.
pub async fn set_asked_by(tx: &mut Tx, requests: &[(RequestId, i32)]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update request q set asked_by = n.asked_by
           from unnest($2::uuid[], $3::integer[]) as n (id, asked_by)
          where q.bank_id = $1 and q.id = n.id",
    )
    .bind(bank)
    .bind(requests.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind(requests.iter().map(|(_, asked)| *asked).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("keeping how many asked for a session"))?;
    Ok(())
}

/// Puts a clinician's waiting requests of a round in order, each with which choice it is; gives how many there were.
pub async fn set_choices(
    tx: &mut Tx,
    (round, clinician): (RoundId, ClinicianId),
    choices: &[(RequestId, i16)],
) -> Result<u64, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "update request q set choice = n.choice
           from unnest($4::uuid[], $5::smallint[]) as n (id, choice)
          where q.bank_id = $1 and q.round_id = $2 and q.clinician_id = $3 and q.id = n.id and q.state = 'waiting'",
    )
    .bind(bank)
    .bind(round)
    .bind(clinician)
    .bind(choices.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind(choices.iter().map(|(_, choice)| *choice).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("putting requests in order"))?;
    Ok(done.rows_affected())
}

/// Ends up to `most` proposals, in whatever bank, that their practice did not confirm in time; gives them with their banks.
pub async fn mark_lapsed(tx: &mut Tx, why: &str, most: i64) -> Result<Vec<(BankId, Request)>, DbError> {
    let now = tx.now();
    let rows: Vec<RequestRow> = sqlx::query_as(
        "update request q set state = 'ended', settled_at = $1, reason = $2
           from (select w.bank_id, w.id
                   from request w
                   join round d on d.bank_id = w.bank_id and d.id = w.round_id
                  where w.state = 'proposed' and d.confirm_by <= $1
                    and (w.bank_id, w.round_id) = (
                        select l.bank_id, l.round_id from request l
                          join round c on c.bank_id = l.bank_id and c.id = l.round_id
                         where l.state = 'proposed' and c.confirm_by <= $1
                         order by c.confirm_by, l.bank_id, l.round_id limit 1)
                  order by w.clinician_id, w.id limit $3 for update of w skip locked) due
          where q.bank_id = due.bank_id and q.id = due.id
        returning q.bank_id, q.id, q.session_id, q.clinician_id, q.state, q.note, q.requested_at, q.reason, q.booking_id,
                q.round_id, q.choice",
    )
    .bind(now)
    .bind(why)
    .bind(most)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("ending proposals that nobody confirmed"))?;
    Ok(rows.into_iter().map(|row| (row.bank_id, Request::from(row))).collect())
}
