//! SQL of what a round gave somebody and what came back.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, ClinicianId, RequestId, RoundId, SessionId};
use crate::work::request::Request;
use crate::work::request::store::RequestRow;

/// Sessions of decided rounds, in whatever bank, with a place that nobody is booked in, offered or proposed for, and with
/// somebody who asked for them and was not given them, while practices confirm beyond `confirm_after`.
pub async fn list_came_back(
    tx: &mut Tx,
    confirm_after: DateTime<Utc>,
) -> Result<Vec<(BankId, RoundId, SessionId)>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select distinct q.bank_id, q.round_id, q.session_id
           from round d
           join request q on q.bank_id = d.bank_id and q.round_id = d.id and q.state = 'not_given'
           join session s on s.bank_id = q.bank_id and s.id = q.session_id and s.state = 'open' and s.starts_at > $1
          where d.decided_at is not null and d.confirm_by > $2
            and exists (select from request g
                         where g.bank_id = q.bank_id and g.round_id = q.round_id and g.session_id = q.session_id
                           and g.asked_by is not null and g.state in ('declined', 'withdrawn', 'ended'))
            and s.places > (select count(*) from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id)
                         + (select count(*) from answerable_offer($1) o
                             where o.bank_id = s.bank_id and o.session_id = s.id)
                         + (select count(*) from request p
                             where p.bank_id = s.bank_id and p.session_id = s.id and p.state = 'proposed')
          order by q.bank_id, q.round_id, q.session_id",
    )
    .bind(now)
    .bind(confirm_after)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what came back to a round"))
}

/// Whether a session that the caller has locked has a place that nobody is booked in, offered or proposed for.
pub async fn wants_proposal(tx: &mut Tx, session: SessionId) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_scalar(
        "select exists (select from session s
                         where s.bank_id = $1 and s.id = $2 and s.state = 'open' and s.starts_at > $3
                           and s.places > (select count(*) from live_booking b
                                            where b.bank_id = s.bank_id and b.session_id = s.id)
                                        + (select count(*) from answerable_offer($3) o
                                            where o.bank_id = s.bank_id and o.session_id = s.id)
                                        + (select count(*) from request p
                                            where p.bank_id = s.bank_id and p.session_id = s.id
                                              and p.state = 'proposed'))",
    )
    .bind(bank)
    .bind(session)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("asking whether a session wants a proposal"))
}

/// Who asked for a session in a round, was not given it, wants more than they were given and has not asked anew since, in
/// order of turn; locked until the transaction ends.
pub async fn lock_next_in_turn(
    tx: &mut Tx,
    round: RoundId,
    session: SessionId,
) -> Result<Vec<Request>, DbError> {
    let bank = tx.bank();
    let rows: Vec<RequestRow> = sqlx::query_as(
        "select q.bank_id, q.id, q.session_id, q.clinician_id, q.state, q.note, q.requested_at, q.reason, q.booking_id,
                q.round_id, q.choice
           from request q
           join round_entry e on e.bank_id = q.bank_id and e.round_id = q.round_id and e.clinician_id = q.clinician_id
          where q.bank_id = $1 and q.round_id = $2 and q.session_id = $3 and q.state = 'not_given' and e.turn is not null
            and not exists (select from request w
                             where w.bank_id = q.bank_id and w.session_id = q.session_id
                               and w.clinician_id = q.clinician_id and w.id <> q.id
                               and w.state in ('waiting', 'proposed', 'accepted'))
            and (e.most is null
                 or e.most > (select count(*) from request g
                               where g.bank_id = q.bank_id and g.round_id = q.round_id
                                 and g.clinician_id = q.clinician_id and g.state in ('proposed', 'accepted')))
          order by e.turn
            for update of q",
    )
    .bind(bank)
    .bind(round)
    .bind(session)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who is next in turn"))?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// The sessions that rounds propose a clinician for.
pub async fn list_proposed_of(tx: &mut Tx, clinician: ClinicianId) -> Result<Vec<SessionId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select session_id from request
          where bank_id = $1 and clinician_id = $2 and state = 'proposed' order by session_id",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what somebody is proposed for"))
}

/// Proposes a request after all that the round did not give, which the caller has locked.
pub async fn mark_proposed_after_all(tx: &mut Tx, request: RequestId) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update request set state = 'proposed', reason = null, settled_at = null, settled_by = null
          where bank_id = $1 and id = $2 and state = 'not_given'",
    )
    .bind(bank)
    .bind(request)
    .execute(tx.connection())
    .await
    .map_err(failed("proposing a request after all"))?;
    Ok(())
}
