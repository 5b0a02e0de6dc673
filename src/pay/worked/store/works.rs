//! SQL of bookings with everything that was said of what was worked.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{
    AccountId, BookingId, ClinicianId, MembershipId, PracticeId, SessionId, WorkQueryId,
};
use crate::pay::worked::{Hours, Outcome, Taken, Worth};
use crate::people::practice::extras::Extra;

/// A sign-off as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SignedOff {
    /// Which of the booking's it is.
    pub version: i32,
    /// From when until when they worked; none where they did not come.
    pub hours: Option<Hours>,
    /// What they did beside.
    pub extras: Vec<Taken>,
    /// What is paid for the hours.
    pub pay_pence: i32,
    /// What is paid beside.
    pub extras_pence: i32,
    /// Why it says what it says.
    pub reason: String,
    /// Who gave it.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl SignedOff {
    /// What it comes to.
    #[must_use]
    pub fn worth(&self) -> Worth {
        Worth { pay_pence: self.pay_pence, extras_pence: self.extras_pence }
    }
}

/// What a clinician says they worked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Said {
    /// From when until when.
    #[serde(flatten)]
    pub hours: Hours,
    /// What they did beside.
    pub extras: Vec<Taken>,
    /// What they add.
    pub note: String,
    /// When they said it.
    pub at: DateTime<Utc>,
}

/// A question about a sign-off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Query {
    /// Its id.
    pub id: WorkQueryId,
    /// About which sign-off.
    pub version: i32,
    /// What was asked.
    pub question: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What was answered.
    pub answer: Option<String>,
}

/// A booking with everything that was said of what was worked.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Work {
    /// The booking.
    pub id: BookingId,
    /// Its session.
    pub session_id: SessionId,
    /// Who was booked.
    pub clinician_id: ClinicianId,
    /// Their account.
    pub account_id: AccountId,
    /// Their name.
    pub clinician_name: String,
    /// Where mail reaches them.
    pub clinician_email: String,
    /// The name of their role.
    pub role_name: String,
    /// Where they were booked.
    pub practice_id: PracticeId,
    /// The practice's name.
    pub practice_name: String,
    /// The bank's name.
    pub bank_name: String,
    /// The zone of the bank's clocks.
    pub time_zone: String,
    /// When the session was to start.
    pub starts_at: DateTime<Utc>,
    /// When it was to end.
    pub ends_at: DateTime<Utc>,
    /// The agreed rate.
    pub rate_pence_per_hour: i32,
    /// Whether the booking counts.
    pub is_live: bool,
    /// What was agreed beside the rate when it was made.
    #[sqlx(json)]
    pub agreed: Vec<Extra>,
    /// Its sign-offs, the newest first.
    #[sqlx(json)]
    pub sign_offs: Vec<SignedOff>,
    /// What its clinician says.
    #[sqlx(json(nullable))]
    pub said: Option<Said>,
    /// What was asked about its sign-offs, the newest first.
    #[sqlx(json)]
    pub queries: Vec<Query>,
    /// How many the whole list has.
    pub total: i64,
}

impl Work {
    /// The zone of the bank's clocks.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.time_zone.parse().unwrap_or(Tz::Europe__London)
    }

    /// The hours that were booked.
    #[must_use]
    pub fn booked(&self) -> Hours {
        Hours { starts_at: self.starts_at, ends_at: self.ends_at, break_minutes: 0 }
    }

    /// That everything went as it was booked.
    #[must_use]
    pub fn as_booked(&self) -> Outcome {
        Outcome::Attended { hours: self.booked(), extras: Vec::new() }
    }

    /// The sign-off that counts.
    #[must_use]
    pub fn newest(&self) -> Option<&SignedOff> {
        self.sign_offs.first()
    }

    /// The number of the sign-off that counts; 0 where there is none.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.newest().map_or(0, |newest| newest.version)
    }

    /// The question that waits for an answer.
    #[must_use]
    pub fn open_query(&self) -> Option<&Query> {
        self.queries.iter().find(|query| query.answer.is_none())
    }

    /// Whether its clinician says something else than was booked.
    #[must_use]
    pub fn is_said_otherwise(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.hours != self.booked() || !said.extras.is_empty())
    }

    /// Whether it counts and is over.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.is_live && self.ends_at <= now
    }
}

/// The columns of a [`Work`] but for the total, of a statement that calls the booking `b`, its practice `p`, its person `a`, its
/// role `r` and its bank `k`.
macro_rules! work_columns {
    () => {
        "b.id, b.session_id, b.clinician_id, b.account_id, a.name as clinician_name,
                    a.email as clinician_email, r.name as role_name, b.practice_id, p.name as practice_name,
                    k.name as bank_name, k.time_zone, b.starts_at, b.ends_at, b.rate_pence_per_hour,
                    b.state = 'live' as is_live,
                    (select coalesce(json_agg(json_build_object('name', x.name, 'unit', x.unit,
                                                                'pence_per_unit', x.pence_per_unit)), '[]')
                       from practice_extras_at(b.bank_id, b.practice_id, b.made_at) x) as agreed,
                    (select coalesce(json_agg(json_build_object(
                                'version', s.version, 'extras', s.extras, 'pay_pence', s.pay_pence,
                                'extras_pence', s.extras_pence, 'reason', s.reason, 'by', y.name, 'at', s.signed_at,
                                'hours', case when s.attended then json_build_object(
                                    'starts_at', s.starts_at, 'ends_at', s.ends_at, 'break_minutes', s.break_minutes) end)
                                order by s.version desc), '[]')
                       from work_sign_off s left join account y on y.id = s.signed_by
                      where s.bank_id = b.bank_id and s.booking_id = b.id) as sign_offs,
                    (select json_build_object('starts_at', d.starts_at, 'ends_at', d.ends_at, 'note', d.note,
                                              'break_minutes', d.break_minutes, 'extras', d.extras, 'at', d.said_at)
                       from work_said d where d.bank_id = b.bank_id and d.booking_id = b.id
                      order by d.said_at desc, d.id desc limit 1) as said,
                    (select coalesce(json_agg(json_build_object(
                                'id', q.id, 'version', q.version, 'question', q.question, 'asked_at', q.asked_at,
                                'answer', q.answer) order by q.asked_at desc), '[]')
                       from work_query q where q.bank_id = b.bank_id and q.booking_id = b.id) as queries"
    };
}

/// What such a statement joins to its booking.
macro_rules! work_joins {
    () => {
        " join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
          join account a on a.id = b.account_id
          join role_of_bank r on r.bank_id = b.bank_id and r.code = b.role
          join bank k on k.id = b.bank_id
         where "
    };
}

/// From where such a statement reads what is worked at the practices that a member manages.
macro_rules! at_own_practices {
    () => {
        ", count(*) over () as total from practice_manager m
           join booking b on b.bank_id = m.bank_id and b.practice_id = m.practice_id"
    };
}

/// The booking of that id, if it is the member's own: of a practice they manage, or of the clinician they are.
pub async fn find_own_work(
    tx: &mut Tx,
    membership: MembershipId,
    booking: BookingId,
) -> Result<Option<Work>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(concat!(
        "select ",
        work_columns!(),
        ", 1::bigint as total from booking b",
        work_joins!(),
        "b.bank_id = $1 and b.id = $3
            and (exists (select from practice_manager m where m.bank_id = b.bank_id and m.practice_id = b.practice_id
                            and m.membership_id = $2)
                 or exists (select from clinician c where c.bank_id = b.bank_id and c.id = b.clinician_id
                               and c.membership_id = $2))"
    ))
    .bind(bank)
    .bind(membership)
    .bind(booking)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding what was worked for a booking"))
}

/// These bookings, those of practices that the member manages alone.
pub async fn list_managed_works(
    tx: &mut Tx,
    membership: MembershipId,
    bookings: &[BookingId],
) -> Result<Vec<Work>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(concat!(
        "select ",
        work_columns!(),
        at_own_practices!(),
        work_joins!(),
        "m.bank_id = $1 and m.membership_id = $2 and b.id = any($3) order by b.starts_at, b.id"
    ))
    .bind(bank)
    .bind(membership)
    .bind(bookings)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what is to be signed off at once"))
}

/// What waits for a practice manager: bookings that have ended and are not signed off, and sign-offs that are questioned.
/// The oldest first.
pub async fn list_waiting_works(
    tx: &mut Tx,
    membership: MembershipId,
    (limit, offset): (i64, i64),
) -> Result<Vec<Work>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(concat!(
        "select ",
        work_columns!(),
        at_own_practices!(),
        work_joins!(),
        "m.bank_id = $1 and m.membership_id = $2 and b.state = 'live' and b.ends_at <= $3
            and (not exists (select from work_sign_off s where s.bank_id = b.bank_id and s.booking_id = b.id)
                 or exists (select from work_query q where q.bank_id = b.bank_id and q.booking_id = b.id
                               and q.answered_at is null))
          order by b.starts_at, p.name, b.id
          limit $4 offset $5"
    ))
    .bind(bank)
    .bind(membership)
    .bind(now)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what waits to be signed off"))
}

/// What a practice manager can sign off that began in a span of time, in order of time.
pub async fn list_unsigned_works(
    tx: &mut Tx,
    membership: MembershipId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Work>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(concat!(
        "select ",
        work_columns!(),
        at_own_practices!(),
        work_joins!(),
        "m.bank_id = $1 and m.membership_id = $2 and b.state = 'live' and b.ends_at <= $3
            and b.starts_at >= $4 and b.starts_at < $5
            and not exists (select from work_sign_off s where s.bank_id = b.bank_id and s.booking_id = b.id)
          order by b.starts_at, p.name, b.id
          limit 500"
    ))
    .bind(bank)
    .bind(membership)
    .bind(now)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the week that is to be signed off"))
}

/// What a clinician has worked, the newest first.
pub async fn list_works_of_clinician(
    tx: &mut Tx,
    clinician: ClinicianId,
    (limit, offset): (i64, i64),
) -> Result<Vec<Work>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(concat!(
        "select ",
        work_columns!(),
        ", count(*) over () as total from booking b",
        work_joins!(),
        "b.bank_id = $1 and b.clinician_id = $2 and b.state = 'live' and b.ends_at <= $3
          order by b.starts_at desc, b.id
          limit $4 offset $5"
    ))
    .bind(bank)
    .bind(clinician)
    .bind(now)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a clinician has worked"))
}
