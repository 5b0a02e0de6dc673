//! SQL of what pages show of requests.

use chrono::{DateTime, Utc};

use super::state_of;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, ClinicianId, MembershipId, RequestId, RoundId, SessionId};
use crate::work::request::RequestState;

/// A request in a list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RequestLine {
    /// The request.
    pub id: RequestId,
    /// Its session.
    pub session_id: SessionId,
    /// When the session starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The practice.
    pub practice_name: String,
    /// Who asks.
    pub clinician_name: String,
    /// The name of their role.
    pub role_name: String,
    /// When they asked.
    pub requested_at: DateTime<Utc>,
    state: String,
    reason: Option<String>,
    booking_id: Option<BookingId>,
    /// Which choice of theirs it is, in a round.
    pub choice: i16,
    /// How many asked for the session in the round, once that is decided.
    pub asked_by: Option<i32>,
    /// The round that it gathers in, or was decided in.
    pub round_id: Option<RoundId>,
    /// The round's number.
    pub round_number: Option<i32>,
    /// When the round closes.
    pub closes_at: Option<DateTime<Utc>>,
    /// By when the practice confirms what the round proposes.
    pub confirm_by: Option<DateTime<Utc>>,
    /// Whose turn it was when the round was decided, from 1.
    pub turn: Option<i32>,
    /// How many the whole list has.
    pub total: i64,
}

impl RequestLine {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> RequestState {
        state_of(&self.state, self.reason.clone(), self.booking_id)
    }
}

/// A clinician's requests: those that nobody has answered, soonest session first, then the others, newest first.
pub async fn list_of_clinician(
    tx: &mut Tx,
    clinician: ClinicianId,
    (limit, offset): (i64, i64),
) -> Result<Vec<RequestLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select q.id, q.session_id, s.starts_at, s.ends_at, p.name as practice_name, '' as clinician_name,
                '' as role_name, q.requested_at, q.state, q.reason, q.booking_id, q.choice, q.asked_by, q.round_id,
                d.number as round_number, d.closes_at, d.confirm_by, e.turn, count(*) over () as total
           from request q
           join session s on s.bank_id = q.bank_id and s.id = q.session_id
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
           left join round d on d.bank_id = q.bank_id and d.id = q.round_id
           left join round_entry e on e.bank_id = q.bank_id and e.round_id = q.round_id
                                  and e.clinician_id = q.clinician_id
          where q.bank_id = $1 and q.clinician_id = $2
          order by q.state in ('waiting', 'proposed') desc,
                   case when q.state in ('waiting', 'proposed') then s.starts_at end,
                   q.requested_at desc, q.id
          limit $3 offset $4",
    )
    .bind(bank)
    .bind(clinician)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a clinician's requests"))
}

/// The requests that nobody has answered to the practices that a member manages, of one session where it is named: what
/// rounds propose first, then the soonest session, and of one session in the order of asking.
pub async fn list_waiting_for(
    tx: &mut Tx,
    membership: MembershipId,
    session: Option<SessionId>,
    (limit, offset): (i64, i64),
) -> Result<Vec<RequestLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select q.id, q.session_id, s.starts_at, s.ends_at, p.name as practice_name, a.name as clinician_name,
                r.name as role_name, q.requested_at, q.state, q.reason, q.booking_id, q.choice, q.asked_by, q.round_id,
                d.number as round_number, d.closes_at, d.confirm_by, e.turn, count(*) over () as total
           from request q
           join session s on s.bank_id = q.bank_id and s.id = q.session_id
           join practice_manager m on m.bank_id = s.bank_id and m.practice_id = s.practice_id
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
           join clinician c on c.bank_id = q.bank_id and c.id = q.clinician_id
           join account a on a.id = c.account_id
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
           left join round d on d.bank_id = q.bank_id and d.id = q.round_id
           left join round_entry e on e.bank_id = q.bank_id and e.round_id = q.round_id
                                  and e.clinician_id = q.clinician_id
          where q.bank_id = $1 and m.membership_id = $2 and q.state in ('waiting', 'proposed')
            and ($3::uuid is null or q.session_id = $3)
          order by q.state = 'proposed' desc, s.starts_at, q.session_id, q.requested_at, q.id
          limit $4 offset $5",
    )
    .bind(bank)
    .bind(membership)
    .bind(session)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the requests to a member's practices"))
}

/// How often a clinician has worked at a session's practice: live bookings there that are over.
pub async fn count_worked_there(
    tx: &mut Tx,
    (session, clinician): (SessionId, ClinicianId),
) -> Result<i64, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_scalar(
        "select count(*) from live_booking b
           join session s on s.bank_id = b.bank_id and s.practice_id = b.practice_id
          where b.bank_id = $1 and s.id = $2 and b.clinician_id = $3 and b.ends_at <= $4",
    )
    .bind(bank)
    .bind(session)
    .bind(clinician)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting what somebody worked at a practice"))
}
