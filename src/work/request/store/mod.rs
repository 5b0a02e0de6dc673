//! SQL of requests: the only place that writes the table.

pub mod came_back;
pub mod finding;
pub mod lists;
pub mod rounds;

use chrono::{DateTime, Utc};

use super::{Request, RequestState};
use crate::eligibility::obstacle::Obstacle;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{
    BankId, BookingId, ClinicianId, MembershipId, OfferId, RequestId, RoundId, SessionId,
};
use matching_model::plan::RuleCode;

/// A request's columns, as statements give them.
#[derive(sqlx::FromRow)]
struct RequestRow {
    bank_id: BankId,
    id: RequestId,
    session_id: SessionId,
    clinician_id: ClinicianId,
    state: String,
    note: String,
    requested_at: DateTime<Utc>,
    reason: Option<String>,
    booking_id: Option<BookingId>,
    round_id: Option<RoundId>,
    choice: i16,
}

/// Where a request stands, by its columns.
fn state_of(state: &str, reason: Option<String>, booking: Option<BookingId>) -> RequestState {
    match (state, booking) {
        ("accepted", Some(booking)) => RequestState::Accepted(booking),
        ("declined", _) => RequestState::Declined(reason.unwrap_or_default()),
        ("ended", _) => RequestState::Ended(reason.unwrap_or_default()),
        ("not_given", _) => RequestState::NotGiven(reason.unwrap_or_default()),
        ("withdrawn", _) => RequestState::Withdrawn,
        ("proposed", _) => RequestState::Proposed,
        _ => RequestState::Waiting,
    }
}

impl From<RequestRow> for Request {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            session: row.session_id,
            clinician: row.clinician_id,
            state: state_of(&row.state, row.reason, row.booking_id),
            note: row.note,
            requested_at: row.requested_at,
            round: row.round_id,
            choice: row.choice,
        }
    }
}

/// Writes a new request.
pub async fn insert_request(tx: &mut Tx, request: &Request) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into request (bank_id, id, session_id, clinician_id, note, requested_at, round_id)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(bank)
    .bind(request.id)
    .bind(request.session)
    .bind(request.clinician)
    .bind(&request.note)
    .bind(request.requested_at)
    .bind(request.round)
    .execute(tx.connection())
    .await
    .map_err(failed("asking for a session"))?;
    Ok(())
}

/// How a session stands for a clinician who looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// Whether it is to come and has a place that nobody is booked in.
    pub wants_somebody: bool,
    /// Whether it is open to them yet.
    pub is_open_to_them: bool,
    /// Their offer of it, where it can be accepted.
    pub offer_id: Option<OfferId>,
    /// Their request for it, where nobody has answered it.
    pub request_id: Option<RequestId>,
}

impl Standing {
    /// Refuses whom a session is not open to yet, unless they have an offer of it or a request for it.
    pub fn refuse_unless_open(&self) -> Result<(), Obstacle> {
        let is_theirs = self.offer_id.is_some() || self.request_id.is_some();
        if self.is_open_to_them || is_theirs { Ok(()) } else { Err(Obstacle::Rule(RuleCode::Audience)) }
    }
}

/// How a session stands for a clinician; none where it is not of their role, or its practice takes them no more.
pub async fn find_standing(
    tx: &mut Tx,
    (session, clinician): (SessionId, ClinicianId),
) -> Result<Option<Standing>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.state = 'open' and s.starts_at > $4
                and s.places > (select count(*) from live_booking b
                                 where b.bank_id = s.bank_id and b.session_id = s.id) as wants_somebody,
                is_open_to(s.open_to_all_from, s.bank_id, s.id, c.id, $4) as is_open_to_them,
                (select o.id from answerable_offer($4) o
                  where o.bank_id = s.bank_id and o.session_id = s.id and o.clinician_id = c.id) as offer_id,
                (select q.id from request q
                  where q.bank_id = s.bank_id and q.session_id = s.id and q.clinician_id = c.id
                    and q.state in ('waiting', 'proposed')) as request_id
           from clinician c
           join session s on s.bank_id = c.bank_id and s.id = $3
           join session_role r on r.bank_id = s.bank_id and r.session_id = s.id and r.role = c.role
          where c.bank_id = $1 and c.id = $2
            and not exists (select from practice_refusal f where f.bank_id = s.bank_id
                               and f.practice_id = s.practice_id and f.clinician_id = c.id)",
    )
    .bind(bank)
    .bind(clinician)
    .bind(session)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("asking how a session stands for a clinician"))
}

/// The request of that id, locked until the transaction ends.
pub async fn lock_request(tx: &mut Tx, id: RequestId) -> Result<Option<Request>, DbError> {
    let bank = tx.bank();
    let row: Option<RequestRow> = sqlx::query_as(
        "select bank_id, id, session_id, clinician_id, state, note, requested_at, reason, booking_id,
                round_id, choice
           from request where bank_id = $1 and id = $2 for update",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("locking a request"))?;
    Ok(row.map(Request::from))
}

/// The request of that id, if it is for a session of a practice that the member manages.
pub async fn find_managed_by(
    tx: &mut Tx,
    membership: MembershipId,
    id: RequestId,
) -> Result<Option<Request>, DbError> {
    let bank = tx.bank();
    let row: Option<RequestRow> = sqlx::query_as(
        "select q.bank_id, q.id, q.session_id, q.clinician_id, q.state, q.note, q.requested_at, q.reason, q.booking_id,
                q.round_id, q.choice
           from request q
           join session s on s.bank_id = q.bank_id and s.id = q.session_id
           join practice_manager m on m.bank_id = s.bank_id and m.practice_id = s.practice_id
          where q.bank_id = $1 and q.id = $2 and m.membership_id = $3",
    )
    .bind(bank)
    .bind(id)
    .bind(membership)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a request to a practice"))?;
    Ok(row.map(Request::from))
}

/// Settles a request that nobody has answered and that the caller has locked.
pub async fn mark_settled(tx: &mut Tx, id: RequestId, state: &RequestState) -> Result<(), DbError> {
    let (bank, now, by) = (tx.bank(), tx.now(), tx.account());
    let (name, reason, booking) = match state {
        RequestState::Waiting => ("waiting", None, None),
        RequestState::Proposed => ("proposed", None, None),
        RequestState::Accepted(booking) => ("accepted", None, Some(*booking)),
        RequestState::Declined(reason) => ("declined", Some(reason), None),
        RequestState::Withdrawn => ("withdrawn", None, None),
        RequestState::Ended(reason) => ("ended", Some(reason), None),
        RequestState::NotGiven(reason) => ("not_given", Some(reason), None),
    };
    sqlx::query(
        "update request set state = $3, reason = $4, booking_id = $5, settled_at = $6, settled_by = $7
          where bank_id = $1 and id = $2 and state in ('waiting', 'proposed')",
    )
    .bind(bank)
    .bind(id)
    .bind(name)
    .bind(reason)
    .bind(booking)
    .bind(now)
    .bind(by)
    .execute(tx.connection())
    .await
    .map_err(failed("settling a request"))?;
    Ok(())
}

/// Ends up to `most` requests, in whatever bank, whose session was filled or withdrawn, or has begun; gives them with
/// their banks.
pub async fn mark_overtaken(tx: &mut Tx, most: i64) -> Result<Vec<(BankId, Request)>, DbError> {
    let now = tx.now();
    let rows: Vec<RequestRow> = sqlx::query_as(
        "update request q set state = 'ended', settled_at = $1, reason = due.why
           from (select w.bank_id, w.id,
                        case when s.state <> 'open' then 'The practice withdrew the session.'
                             when s.starts_at <= $1 then 'The session has begun.'
                             else 'The session has been filled.' end as why
                   from request w
                   join session s on s.bank_id = w.bank_id and s.id = w.session_id
                  where w.state in ('waiting', 'proposed')
                    and (s.state <> 'open' or s.starts_at <= $1
                         or s.places <= (select count(*) from live_booking b
                                          where b.bank_id = s.bank_id and b.session_id = s.id))
                  order by w.bank_id, w.id limit $2 for update of w skip locked) due
          where q.bank_id = due.bank_id and q.id = due.id
        returning q.bank_id, q.id, q.session_id, q.clinician_id, q.state, q.note, q.requested_at, q.reason, q.booking_id,
                q.round_id, q.choice",
    )
    .bind(now)
    .bind(most)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("ending requests"))?;
    Ok(rows.into_iter().map(|row| (row.bank_id, Request::from(row))).collect())
}
