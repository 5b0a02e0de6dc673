//! SQL of what a booking is judged by. Called under the locks of the transaction that books, once for each fact.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{
    AccountId, BankId, ClearanceId, ClinicianId, PracticeId, RateExceptionId, RateRangeId, SessionId,
};
use crate::people::clinician::Engagement;
use crate::terms::bank::Band;
use crate::work::booking::facts::{ClinicianFacts, Neighbour, Place, RangeFacts, SessionFacts};

#[derive(sqlx::FromRow)]
struct SessionRow {
    bank_id: BankId,
    bank_name: String,
    id: SessionId,
    practice_id: PracticeId,
    practice_name: String,
    practice_address: String,
    latitude_microdegrees: i32,
    longitude_microdegrees: i32,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    local_date: NaiveDate,
    last_date: NaiveDate,
    band: Band,
    places: i16,
    rate_min_pence_per_hour: i32,
    rate_max_pence_per_hour: i32,
    notes: String,
    is_withdrawn: bool,
    roles: Vec<String>,
    competency_codes: Vec<String>,
    competency_names: Vec<String>,
}

impl From<SessionRow> for SessionFacts {
    fn from(row: SessionRow) -> Self {
        Self {
            bank: row.bank_id,
            bank_name: row.bank_name,
            id: row.id,
            practice: row.practice_id,
            practice_name: row.practice_name,
            practice_address: row.practice_address,
            place: Place {
                latitude_microdegrees: row.latitude_microdegrees,
                longitude_microdegrees: row.longitude_microdegrees,
            },
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            local_date: row.local_date,
            last_date: row.last_date,
            band: row.band,
            places: row.places,
            rate_min_pence_per_hour: row.rate_min_pence_per_hour,
            rate_max_pence_per_hour: row.rate_max_pence_per_hour,
            notes: row.notes,
            is_withdrawn: row.is_withdrawn,
            roles: row.roles,
            competencies: row.competency_codes.into_iter().zip(row.competency_names).collect(),
        }
    }
}

/// These sessions with their practices, in order of id.
pub async fn list_sessions(tx: &mut Tx, sessions: &[SessionId]) -> Result<Vec<SessionFacts>, DbError> {
    let bank = tx.bank();
    let rows: Vec<SessionRow> = sqlx::query_as(
        "select s.bank_id, b.name as bank_name, s.id, s.practice_id, p.name as practice_name,
                concat_ws(', ', nullif(p.address, ''), p.postcode) as practice_address,
                p.latitude_microdegrees, p.longitude_microdegrees, s.starts_at, s.ends_at, s.local_date,
                s.last_date, s.band, s.places, s.rate_min_pence_per_hour, s.rate_max_pence_per_hour, s.notes,
                s.state = 'withdrawn' as is_withdrawn,
                array(select r.role from session_role r where r.bank_id = s.bank_id and r.session_id = s.id
                       order by r.role) as roles,
                array(select n.competency from session_competency n where n.bank_id = s.bank_id
                       and n.session_id = s.id order by n.competency) as competency_codes,
                array(select c.name from session_competency n join competency c on c.code = n.competency
                       where n.bank_id = s.bank_id and n.session_id = s.id
                       order by n.competency) as competency_names
           from session s
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
           join bank b on b.id = s.bank_id
          where s.bank_id = $1 and s.id = any($2)
          order by s.id",
    )
    .bind(bank)
    .bind(sessions)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading sessions for the booking desk"))?;
    Ok(rows.into_iter().map(SessionFacts::from).collect())
}

#[derive(sqlx::FromRow)]
struct ClinicianRow {
    id: ClinicianId,
    account_id: AccountId,
    name: String,
    email: String,
    role: String,
    role_name: String,
    engagement: Engagement,
    competencies: Vec<String>,
    valid_through: Vec<Option<NaiveDate>>,
    clearance_id: Option<ClearanceId>,
    cleared_until: Option<NaiveDate>,
    own_rate_pence_per_hour: Option<i32>,
    is_refused_by_practice: bool,
    refuses_practice: bool,
}

impl From<ClinicianRow> for ClinicianFacts {
    fn from(row: ClinicianRow) -> Self {
        Self {
            id: row.id,
            account: row.account_id,
            name: row.name,
            email: row.email,
            role: row.role,
            role_name: row.role_name,
            engagement: row.engagement,
            competencies: row.competencies.into_iter().zip(row.valid_through).collect(),
            clearance: row.clearance_id.zip(row.cleared_until),
            own_rate_pence_per_hour: row.own_rate_pence_per_hour,
            is_refused_by_practice: row.is_refused_by_practice,
            refuses_practice: row.refuses_practice,
        }
    }
}

/// A clinician as far as a session at `practice` in `band` is concerned.
pub async fn find_clinician(
    tx: &mut Tx,
    clinician: ClinicianId,
    practice: PracticeId,
    band: Band,
) -> Result<Option<ClinicianFacts>, DbError> {
    let bank = tx.bank();
    let row: Option<ClinicianRow> = sqlx::query_as(
        "select c.id, c.account_id, a.name, a.email, c.role, r.name as role_name, c.engagement,
                array(select h.competency from clinician_competency h where h.bank_id = c.bank_id
                       and h.clinician_id = c.id order by h.competency) as competencies,
                array(select h.valid_through from clinician_competency h where h.bank_id = c.bank_id
                       and h.clinician_id = c.id order by h.competency) as valid_through,
                newest.id as clearance_id, newest.cleared_until,
                (select w.rate_pence_per_hour from clinician_rate w where w.bank_id = c.bank_id
                    and w.clinician_id = c.id and w.band = $4) as own_rate_pence_per_hour,
                exists (select from practice_refusal f where f.bank_id = c.bank_id and f.clinician_id = c.id
                           and f.practice_id = $3) as is_refused_by_practice,
                exists (select from practice_preference f where f.bank_id = c.bank_id and f.clinician_id = c.id
                           and f.practice_id = $3 and f.kind = 'refused') as refuses_practice
           from clinician c
           join account a on a.id = c.account_id
           join role r on r.code = c.role
           left join lateral (
                select l.id, l.cleared_until from clearance l
                 where l.bank_id = c.bank_id and l.clinician_id = c.id and l.role = c.role
                 order by l.position desc limit 1) newest on true
          where c.bank_id = $1 and c.id = $2",
    )
    .bind(bank)
    .bind(clinician)
    .bind(practice)
    .bind(band)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("reading a clinician for the booking desk"))?;
    Ok(row.map(ClinicianFacts::from))
}

/// The range in force for a role on the session's date and band, with the exception for it that allows most at
/// `as_of`.
pub async fn find_range(
    tx: &mut Tx,
    session: &SessionFacts,
    role: &str,
    as_of: DateTime<Utc>,
) -> Result<Option<RangeFacts>, DbError> {
    type Row = (RateRangeId, i32, i32, Option<RateExceptionId>, Option<i32>);
    let row: Option<Row> = sqlx::query_as(
        "select r.id, r.floor_pence_per_hour, r.ceiling_pence_per_hour, e.id, e.rate_max_pence_per_hour
           from rate_range r
           left join lateral (
                select x.id, x.rate_max_pence_per_hour from rate_exception x
                 where x.bank_id = r.bank_id and x.session_id = $5 and x.approved_at <= $6 and x.revoked_at is null
                   and (x.expires_at is null or x.expires_at > $6)
                 order by x.rate_max_pence_per_hour desc, x.id limit 1) e on true
          where r.bank_id = $1 and r.role = $2 and r.band = $3 and r.valid_from <= $4
          order by r.valid_from desc, r.position desc
          limit 1",
    )
    .bind(session.bank)
    .bind(role)
    .bind(session.band)
    .bind(session.local_date)
    .bind(session.id)
    .bind(as_of)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the rate range in force for a booking"))?;
    Ok(row.map(|(id, floor_pence_per_hour, ceiling_pence_per_hour, exception, most)| RangeFacts {
        id,
        floor_pence_per_hour,
        ceiling_pence_per_hour,
        exception: exception.zip(most),
    }))
}

/// Days around a session whose bookings can matter to it: a whole week and the rest beside it.
const DAYS_AROUND: i64 = 8;

#[derive(sqlx::FromRow)]
struct NeighbourRow {
    practice_id: PracticeId,
    practice_name: String,
    latitude_microdegrees: i32,
    longitude_microdegrees: i32,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

/// What a person is booked for around a session, in every bank, in order of time.
pub async fn list_neighbours(
    tx: &mut Tx,
    account: AccountId,
    session: &SessionFacts,
) -> Result<Vec<Neighbour>, DbError> {
    let rows: Vec<NeighbourRow> = sqlx::query_as(
        "select b.practice_id, p.name as practice_name, p.latitude_microdegrees, p.longitude_microdegrees, b.starts_at,
                b.ends_at
           from booking b
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
          where b.account_id = $1 and b.state = 'live' and b.during && tstzrange($2, $3, '[)')
          order by b.starts_at, b.id",
    )
    .bind(account)
    .bind(session.starts_at - TimeDelta::days(DAYS_AROUND))
    .bind(session.ends_at + TimeDelta::days(DAYS_AROUND))
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a person is booked for around a session"))?;
    let neighbour = |row: NeighbourRow| Neighbour {
        practice: row.practice_id,
        practice_name: row.practice_name,
        place: Place {
            latitude_microdegrees: row.latitude_microdegrees,
            longitude_microdegrees: row.longitude_microdegrees,
        },
        starts_at: row.starts_at,
        ends_at: row.ends_at,
    };
    Ok(rows.into_iter().map(neighbour).collect())
}
