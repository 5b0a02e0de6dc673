//! SQL of where sessions stand: who is booked, which offers are out, and why the last plan left places empty.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use super::{Session, SessionRow, session_columns};
use crate::eligibility::empty::{Blocked, EmptyReason};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, MembershipId, PracticeId, SessionId};
use crate::terms::rules::FeeSteps;

/// A session, and what has come of it so far.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionSoFar {
    /// The session.
    pub session: Session,
    /// The name of its practice.
    pub practice: String,
    /// Who is booked, by place.
    pub booked: Vec<Booked>,
    /// How its offers stand; none where none was made.
    pub offered: Option<Offered>,
    /// Why the newest plan left places of it empty; none where no plan did.
    pub left_empty: Option<LeftEmpty>,
}

/// Somebody who is booked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Booked {
    /// The booking.
    pub booking_id: BookingId,
    /// The clinician's name.
    pub name: String,
    /// The role they are booked in.
    pub role: String,
    /// The agreed rate, in pence an hour.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// What the practice owes when it cancels.
    pub fee_steps: FeeSteps,
}

/// How the offers of a session stand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Offered {
    /// Offers that wait for an answer.
    pub open: i64,
    /// Offers declined.
    pub declined: i64,
    /// Offers nobody answered in time.
    pub lapsed: i64,
    /// When the first open offer has to be answered.
    pub next_answer_by: Option<DateTime<Utc>>,
}

/// Why a plan left places of a session empty.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct LeftEmpty {
    /// The reason.
    pub reason: EmptyReason,
    /// How many people each rule keeps out.
    pub blocked: Blocked,
}

/// The columns of a [`Row`] beside the session's, for a statement that calls the view `session_as_posted` `s` and the
/// practice `p`, and has the moment as `$2`.
macro_rules! so_far_columns {
    () => {
        "p.name as practice,
         (select coalesce(jsonb_agg(jsonb_build_object('booking_id', b.id, 'name', a.name, 'role', b.role,
                                                       'rate_pence_per_hour', b.rate_pence_per_hour,
                                                       'pay_pence', b.pay_pence, 'fee_steps', b.fee_steps)
                                    order by b.place_no), '[]')
            from live_booking b join account a on a.id = b.account_id
           where b.bank_id = s.bank_id and b.session_id = s.id) as booked,
         (select jsonb_build_object(
                     'open', count(*) filter (where o.state = 'open' and o.expires_at > $2),
                     'declined', count(*) filter (where o.state = 'declined'),
                     'lapsed', count(*) filter (where o.state = 'lapsed' or (o.state = 'open' and o.expires_at <= $2)),
                     'next_answer_by', min(o.expires_at) filter (where o.state = 'open' and o.expires_at > $2))
            from offer o
           where o.bank_id = s.bank_id and o.session_id = s.id
          having count(*) > 0) as offered,
         (select jsonb_build_object('reason', u.reason, 'blocked', u.blocked)
            from plan_unfilled u join plan l on l.bank_id = u.bank_id and l.id = u.plan_id
           where u.bank_id = s.bank_id and u.session_id = s.id and l.ready_at is not null
           order by l.ready_at desc, l.id desc
           limit 1) as left_empty"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    session: SessionRow,
    practice: String,
    booked: Json<Vec<Booked>>,
    offered: Option<Json<Offered>>,
    left_empty: Option<Json<LeftEmpty>>,
}

impl From<Row> for SessionSoFar {
    fn from(row: Row) -> Self {
        Self {
            session: row.session.into(),
            practice: row.practice,
            booked: row.booked.0,
            offered: row.offered.map(|offered| offered.0),
            left_empty: row.left_empty.map(|left| left.0),
        }
    }
}

/// The session of that id in the bank, as it stands now.
pub async fn find_session_so_far(tx: &mut Tx, id: SessionId) -> Result<Option<SessionSoFar>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let row: Option<Row> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        ", ",
        so_far_columns!(),
        " from session_as_posted s
          join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
         where s.bank_id = $1 and s.id = $3",
    ))
    .bind(bank)
    .bind(now)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a session as it stands"))?;
    Ok(row.map(SessionSoFar::from))
}

/// The session of that id as it stands now, where a practice manager acts for its practice.
pub async fn find_session_managed_by(
    tx: &mut Tx,
    membership: MembershipId,
    id: SessionId,
) -> Result<Option<SessionSoFar>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let row: Option<Row> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        ", ",
        so_far_columns!(),
        " from session_as_posted s
          join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          join practice_manager m on m.bank_id = s.bank_id and m.practice_id = s.practice_id and m.membership_id = $4
         where s.bank_id = $1 and s.id = $3",
    ))
    .bind(bank)
    .bind(now)
    .bind(id)
    .bind(membership)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a session of a manager as it stands"))?;
    Ok(row.map(SessionSoFar::from))
}

/// Which sessions are looked for to be withdrawn; what is none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Their practice.
    pub practice: Option<PracticeId>,
    /// The first and the last local date on which they start.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// A session of whose series they are.
    pub series_of: Option<SessionId>,
    /// These alone.
    pub ids: Option<Vec<SessionId>>,
}

/// Up to `most` open sessions still to begin that a practice manager acts for, as they stand now, by start.
pub async fn list_sessions_to_withdraw(
    tx: &mut Tx,
    membership: MembershipId,
    sought: &Sought,
    most: i64,
) -> Result<Vec<SessionSoFar>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        ", ",
        so_far_columns!(),
        " from session_as_posted s
          join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          join practice_manager m on m.bank_id = s.bank_id and m.practice_id = s.practice_id and m.membership_id = $3
         where s.bank_id = $1 and s.state = 'open' and s.starts_at > $2
           and ($4::uuid is null or s.practice_id = $4)
           and ($5::date is null or s.local_date between $5 and $6)
           and ($7::uuid is null
                or s.series_id = (select o.series_id from session o where o.bank_id = $1 and o.id = $7))
           and ($8::uuid[] is null or s.id = any($8))
         order by s.starts_at, s.id
         limit $9",
    ))
    .bind(bank)
    .bind(now)
    .bind(membership)
    .bind(sought.practice)
    .bind(sought.days.map(|(from, _)| from))
    .bind(sought.days.map(|(_, until)| until))
    .bind(sought.series_of)
    .bind(sought.ids.as_deref())
    .bind(most)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing sessions that can be withdrawn"))?;
    Ok(rows.into_iter().map(SessionSoFar::from).collect())
}

/// The sessions of these practices that start on a local date from `from` to `until` (both included), withdrawn ones
/// too, as they stand now, in order of time.
pub async fn list_sessions_of_practices(
    tx: &mut Tx,
    practices: &[PracticeId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<SessionSoFar>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        ", ",
        so_far_columns!(),
        " from session_as_posted s
          join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
         where s.bank_id = $1 and s.practice_id = any($3) and s.local_date between $4 and $5
         order by s.local_date, s.starts_at, s.id",
    ))
    .bind(bank)
    .bind(now)
    .bind(practices)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the sessions of practices as they stand"))?;
    Ok(rows.into_iter().map(SessionSoFar::from).collect())
}
