//! SQL that reads what a plan is made from. A constant number of statements, whatever the size of the bank.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, ClinicianId, PracticeId, SessionId};
use crate::terms::bank::Band;

/// Which records are read.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The bank.
    pub bank: BankId,
    /// The first local date of a session.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
    /// A session is filled only when it starts later than this.
    pub starts_after: DateTime<Utc>,
    /// Only these sessions; all of the dates where there is no list.
    pub sessions: Option<Vec<SessionId>>,
    /// Only these clinicians; everybody where there is no list.
    pub clinicians: Option<Vec<ClinicianId>>,
}

/// A session that can still be filled.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Where it is.
    pub practice_id: PracticeId,
    /// The local date on which it starts, which decides the range in force.
    pub local_date: NaiveDate,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// When the work is.
    pub band: Band,
    /// How many people it takes.
    pub places: i16,
    /// How many are booked, whoever they are.
    pub booked: i64,
    /// How much it matters, 1 to 1,000.
    pub priority: i16,
    /// Pence an hour the practice pays at least.
    pub rate_min_pence_per_hour: i32,
    /// Pence an hour the practice pays at most.
    pub rate_max_pence_per_hour: i32,
    /// The highest rate an approved exception allows, in pence an hour.
    pub exception_pence_per_hour: Option<i32>,
    /// The roles that may do it.
    pub roles: Vec<String>,
    /// The competencies it needs.
    pub competencies: Vec<String>,
}

/// The clinicians of a bank who work in one of these roles.
pub async fn list_clinicians_of_roles(tx: &mut Tx, roles: &[String]) -> Result<Vec<ClinicianId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select id from clinician where bank_id = $1 and role = any($2) order by id")
        .bind(bank)
        .bind(roles)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing the clinicians of some roles"))
}

/// The open sessions of the scope that start late enough, in order of id.
pub async fn list_sessions(tx: &mut Tx, scope: &Scope) -> Result<Vec<SessionRow>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select s.id, s.practice_id, s.local_date, s.starts_at, s.ends_at, s.band, s.places, s.priority,
                (select count(*) from live_booking b
                  where b.bank_id = s.bank_id and b.session_id = s.id) as booked,
                s.rate_min_pence_per_hour, s.rate_max_pence_per_hour,
                (select max(e.rate_max_pence_per_hour)
                   from standing_rate_exception($6) e
                  where e.bank_id = s.bank_id and e.session_id = s.id) as exception_pence_per_hour,
                s.roles, s.competencies
           from session_as_posted s
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          where s.bank_id = $1 and s.local_date between $2 and $3 and s.state = 'open' and s.starts_at > $4
            and practice_is_open(p.opened_on, p.closed_on, s.local_date)
            and ($5::uuid[] is null or s.id = any($5))
          order by s.id",
    )
    .bind(scope.bank)
    .bind(scope.from)
    .bind(scope.until)
    .bind(scope.starts_after)
    .bind(&scope.sessions)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the sessions to be filled"))
}

/// Where a practice is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PracticeRow {
    /// Its id.
    pub id: PracticeId,
    /// Its name.
    pub name: String,
    /// Millionths of a degree north.
    pub latitude_microdegrees: i32,
    /// Millionths of a degree east.
    pub longitude_microdegrees: i32,
}

/// The practices of a bank, in order of id.
pub async fn list_practices(tx: &mut Tx) -> Result<Vec<PracticeRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, name, latitude_microdegrees, longitude_microdegrees from practice where bank_id = $1 order by id",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the places of work"))
}

/// Time that is taken by a booking, in this bank or in another.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BookingRow {
    /// The clinician, as this bank knows them.
    pub clinician_id: ClinicianId,
    /// The session.
    pub session_id: SessionId,
    /// Where it is.
    pub practice_id: PracticeId,
    /// Its place in the session, from 1.
    pub place_no: i16,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Millionths of a degree north of the practice.
    pub latitude_microdegrees: i32,
    /// Millionths of a degree east of it.
    pub longitude_microdegrees: i32,
}

/// The live bookings of a bank's clinicians, wherever they are, that touch a span of time.
pub async fn list_bookings(
    tx: &mut Tx,
    clinicians: &[ClinicianId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<BookingRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select c.id as clinician_id, b.session_id, b.practice_id, b.place_no, b.starts_at, b.ends_at,
                b.latitude_microdegrees, b.longitude_microdegrees
           from clinician c
           join bookings_of_people(
                    array(select o.account_id from clinician o where o.bank_id = $1 and o.id = any($2)),
                    tstzrange($3, $4)) b on b.account_id = c.account_id
          where c.bank_id = $1 and c.id = any($2)
          order by b.session_id, c.id",
    )
    .bind(bank)
    .bind(clinicians)
    .bind(from)
    .bind(until)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the time that bookings take"))
}

/// An offer that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OfferRow {
    /// The session.
    pub session_id: SessionId,
    /// Whom it was made to.
    pub clinician_id: ClinicianId,
    /// Its place in the session, from 1.
    pub place_no: i16,
}

/// The open offers of sessions.
pub async fn list_offers(tx: &mut Tx, sessions: &[SessionId]) -> Result<Vec<OfferRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select session_id, clinician_id, place_no
           from offer
          where bank_id = $1 and session_id = any($2) and state = 'open'
          order by session_id, place_no, id",
    )
    .bind(bank)
    .bind(sessions)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the offers that are out"))
}

/// Who worked where since `since`: minutes of booked work begun before `now`, by clinician and practice.
pub async fn list_recent_work(
    tx: &mut Tx,
    (since, now): (DateTime<Utc>, DateTime<Utc>),
    fairness_since: DateTime<Utc>,
) -> Result<Vec<(ClinicianId, PracticeId, i64)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select clinician_id, practice_id,
                coalesce(sum(extract(epoch from ends_at - starts_at) / 60) filter (where starts_at >= $4), 0)::bigint
           from live_booking
          where bank_id = $1 and starts_at >= $2 and starts_at < $3
          group by clinician_id, practice_id
          order by clinician_id, practice_id",
    )
    .bind(bank)
    .bind(since)
    .bind(now)
    .bind(fairness_since)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading who worked where"))
}
