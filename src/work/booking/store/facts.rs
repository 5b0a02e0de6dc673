//! SQL of what pairs are judged by: three statements, however many pairs. Called under the locks of the transaction that
//! decides.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use sqlx::types::Json;

use crate::eligibility::facts::{ClinicianFacts, Neighbour, PairFacts, Place, RangeFacts, SessionFacts};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{
    AccountId, BankId, BookingId, ClearanceId, ClinicianId, PracticeId, RateExceptionId, RateRangeId,
    SessionId,
};
use crate::people::clinician::store::ClinicianRow;
use crate::people::credential::{DocumentEnd, Held};
use crate::people::lookup::Outcome;
use crate::terms::bank::Band;
use crate::terms::rules::WorkHours;

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
    opened_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
    bank_hours: Option<Json<WorkHours>>,
    time_zone: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    local_date: NaiveDate,
    last_date: NaiveDate,
    band: Band,
    places: i16,
    rate_min_pence_per_hour: i32,
    rate_max_pence_per_hour: i32,
    notes: String,
    supervisor: String,
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
            practice_opened_on: row.opened_on,
            practice_closed_on: row.closed_on,
            bank_hours: row.bank_hours.map_or(WorkHours::LAW, |hours| hours.0),
            zone: row.time_zone.parse().unwrap_or(Tz::Europe__London),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            local_date: row.local_date,
            last_date: row.last_date,
            band: row.band,
            places: row.places,
            rate_min_pence_per_hour: row.rate_min_pence_per_hour,
            rate_max_pence_per_hour: row.rate_max_pence_per_hour,
            notes: row.notes,
            supervisor: row.supervisor,
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
                p.latitude_microdegrees, p.longitude_microdegrees, p.opened_on, p.closed_on, s.time_zone, s.starts_at,
                s.ends_at, s.local_date, s.last_date, s.band, s.places, s.rate_min_pence_per_hour, s.rate_max_pence_per_hour, s.notes,
                s.supervisor,
                s.state = 'withdrawn' as is_withdrawn,
                (select h.value from bank_rule_in_force h where h.bank_id = s.bank_id and h.section = 'hours') as bank_hours,
                array(select r.role from session_role r where r.bank_id = s.bank_id and r.session_id = s.id
                       order by r.role) as roles,
                array(select n.competency from session_competency n where n.bank_id = s.bank_id
                       and n.session_id = s.id order by n.competency) as competency_codes,
                array(select c.name from session_competency n
                        join competency_of_bank c on c.bank_id = n.bank_id and c.code = n.competency
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
#[expect(clippy::struct_excessive_bools, reason = "the columns of the facts of a pair")]
struct PairRow {
    session_id: SessionId,
    #[sqlx(flatten)]
    clinician: ClinicianRow,
    role_name: String,
    is_member: bool,
    competencies: Vec<String>,
    valid_through: Vec<Option<NaiveDate>>,
    clearance_id: Option<ClearanceId>,
    cleared_until: Option<NaiveDate>,
    works_until: Option<NaiveDate>,
    document: Option<String>,
    document_ends: Option<NaiveDate>,
    is_decided_on_number: bool,
    off_register: Option<Outcome>,
    looked_up_on: Option<NaiveDate>,
    own_rate_pence_per_hour: Option<i32>,
    is_refused_by_practice: bool,
    refuses_practice: bool,
    range_id: Option<RateRangeId>,
    floor_pence_per_hour: Option<i32>,
    ceiling_pence_per_hour: Option<i32>,
    exception_id: Option<RateExceptionId>,
    exception_pence_per_hour: Option<i32>,
}

impl PairRow {
    fn into_facts(self, session: SessionFacts, neighbours: Vec<Neighbour>) -> PairFacts {
        let limits = self.floor_pence_per_hour.zip(self.ceiling_pence_per_hour);
        let range = self.range_id.zip(limits).map(|(id, (floor, ceiling))| RangeFacts {
            id,
            floor_pence_per_hour: floor,
            ceiling_pence_per_hour: ceiling,
            exception: self.exception_id.zip(self.exception_pence_per_hour),
        });
        let held = self.competencies.into_iter().zip(self.valid_through);
        let clinician = ClinicianFacts {
            person: self.clinician.into(),
            role_name: self.role_name,
            is_member: self.is_member,
            held: held.map(|(competency, valid_through)| Held { competency, valid_through }).collect(),
            clearance: self.clearance_id.zip(self.cleared_until),
            works_until: self.works_until,
            document: self.document.map(|name| DocumentEnd { name, ends: self.document_ends }),
            is_decided_on_number: self.is_decided_on_number,
            off_register: self.off_register.zip(self.looked_up_on),
            own_rate_pence_per_hour: self.own_rate_pence_per_hour,
            is_refused_by_practice: self.is_refused_by_practice,
            refuses_practice: self.refuses_practice,
        };
        PairFacts { session, clinician, range, neighbours }
    }
}

/// The facts of these pairs of the bank, in their order, without those that are not there. Exceptions count that did at
/// `as_of`.
pub async fn list_pairs(
    tx: &mut Tx,
    pairs: &[(SessionId, ClinicianId)],
    as_of: DateTime<Utc>,
) -> Result<Vec<PairFacts>, DbError> {
    let session_ids: Vec<SessionId> = pairs.iter().map(|(session, _)| *session).collect();
    let sessions = list_sessions(tx, &session_ids).await?;
    let rows = list_pair_rows(tx, pairs, as_of).await?;
    let rows: Vec<(PairRow, SessionFacts)> = rows
        .into_iter()
        .filter_map(|row| {
            let at = sessions.binary_search_by_key(&row.session_id, |session| session.id).ok()?;
            Some((row, sessions[at].clone()))
        })
        .collect();
    let accounts: Vec<AccountId> = rows.iter().map(|(row, _)| row.clinician.account_id).collect();
    let first = sessions.iter().map(|session| session.starts_at).min();
    let last = sessions.iter().map(|session| session.ends_at).max();
    let Some(span) = first.zip(last) else { return Ok(Vec::new()) };
    let booked = list_neighbours(tx, &accounts, span).await?;
    let facts = rows.into_iter().map(|(row, session)| {
        let neighbours = booked.iter().filter(|other| {
            other.account_id == row.clinician.account_id
                && other.ends_at > session.starts_at - around()
                && other.starts_at < session.ends_at + around()
        });
        let neighbours = neighbours.map(NeighbourRow::neighbour).collect();
        row.into_facts(session, neighbours)
    });
    Ok(facts.collect())
}

async fn list_pair_rows(
    tx: &mut Tx,
    pairs: &[(SessionId, ClinicianId)],
    as_of: DateTime<Utc>,
) -> Result<Vec<PairRow>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select s.id as session_id, c.id, c.account_id, a.name, a.email, c.role, c.afc_band, c.registration_number,
                c.home_postcode, c.latitude_microdegrees, c.longitude_microdegrees, c.max_travel_metres,
                c.max_minutes_per_week, c.max_minutes_per_day, c.rest_minutes, c.engagement, r.name as role_name,
                m.ended_at is null and a.disabled_at is null as is_member,
                array(select h.competency from clinician_competency h where h.bank_id = c.bank_id
                       and h.clinician_id = c.id order by h.competency) as competencies,
                array(select h.valid_through from clinician_competency h where h.bank_id = c.bank_id
                       and h.clinician_id = c.id order by h.competency) as valid_through,
                newest.id as clearance_id, newest.cleared_until, newest.works_until, newest.document,
                newest.document_ends,
                coalesce(decided.decided_on_number in ('', coalesce(c.registration_number, '')), false) as is_decided_on_number,
                off.outcome as off_register, off.looked_up_on,
                (select w.rate_pence_per_hour from clinician_rate w where w.bank_id = c.bank_id
                    and w.clinician_id = c.id and w.band = s.band) as own_rate_pence_per_hour,
                exists (select from practice_refusal f where f.bank_id = c.bank_id and f.clinician_id = c.id
                           and f.practice_id = s.practice_id) as is_refused_by_practice,
                exists (select from practice_preference f where f.bank_id = c.bank_id and f.clinician_id = c.id
                           and f.practice_id = s.practice_id and f.kind = 'refused') as refuses_practice,
                g.id as range_id, g.floor_pence_per_hour, g.ceiling_pence_per_hour,
                e.id as exception_id, e.rate_max_pence_per_hour as exception_pence_per_hour
           from unnest($2::uuid[], $3::uuid[]) with ordinality as n (session_id, clinician_id, place)
           join session s on s.bank_id = $1 and s.id = n.session_id
           join clinician c on c.bank_id = $1 and c.id = n.clinician_id
           join membership m on m.bank_id = c.bank_id and m.id = c.membership_id
           join account a on a.id = c.account_id
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
           left join clearance_in_force newest on newest.bank_id = c.bank_id and newest.clinician_id = c.id
           left join clearance decided on decided.bank_id = newest.bank_id and decided.id = newest.id
           left join newest_lookup off
             on off.bank_id = c.bank_id and off.clinician_id = c.id and off.is_off_register
           left join lateral range_in_force(s.bank_id, c.role, s.band, s.local_date) g on true
           left join lateral (
                select x.id, x.rate_max_pence_per_hour from standing_rate_exception($4) x
                 where x.bank_id = s.bank_id and x.session_id = s.id
                 order by x.rate_max_pence_per_hour desc, x.id limit 1) e on true
          order by n.place",
    )
    .bind(bank)
    .bind(pairs.iter().map(|(session, _)| session.0).collect::<Vec<_>>())
    .bind(pairs.iter().map(|(_, clinician)| clinician.0).collect::<Vec<_>>())
    .bind(as_of)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading what pairs are judged by"))
}

/// Which of these pairs may not be brought together yet, because the session is not open to the clinician.
pub async fn list_not_open(
    tx: &mut Tx,
    pairs: &[(SessionId, ClinicianId)],
) -> Result<Vec<(SessionId, ClinicianId)>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.id, n.clinician_id
           from unnest($2::uuid[], $3::uuid[]) as n (session_id, clinician_id)
           join session s on s.bank_id = $1 and s.id = n.session_id
          where not is_open_to(s.open_to_all_from, s.bank_id, s.id, n.clinician_id, $4)",
    )
    .bind(bank)
    .bind(pairs.iter().map(|(session, _)| session.0).collect::<Vec<_>>())
    .bind(pairs.iter().map(|(_, clinician)| clinician.0).collect::<Vec<_>>())
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("asking to whom sessions are open"))
}

/// Around a session so far other bookings can matter to it: a whole week and the rest beside it.
fn around() -> TimeDelta {
    TimeDelta::days(8)
}

#[derive(sqlx::FromRow)]
struct NeighbourRow {
    account_id: AccountId,
    id: BookingId,
    practice_id: PracticeId,
    practice_name: String,
    latitude_microdegrees: i32,
    longitude_microdegrees: i32,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl NeighbourRow {
    fn neighbour(&self) -> Neighbour {
        Neighbour {
            booking: self.id,
            practice: self.practice_id,
            practice_name: self.practice_name.clone(),
            place: Place {
                latitude_microdegrees: self.latitude_microdegrees,
                longitude_microdegrees: self.longitude_microdegrees,
            },
            starts_at: self.starts_at,
            ends_at: self.ends_at,
        }
    }
}

/// What these people are booked for around a span of time, in every bank, in order of time.
async fn list_neighbours(
    tx: &mut Tx,
    accounts: &[AccountId],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<NeighbourRow>, DbError> {
    sqlx::query_as(
        "select account_id, id, practice_id, practice_name, latitude_microdegrees, longitude_microdegrees, starts_at,
                ends_at
           from bookings_of_people($1::uuid[], tstzrange($2, $3))
          order by starts_at, id",
    )
    .bind(accounts)
    .bind(from - around())
    .bind(until + around())
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what people are booked for around sessions"))
}
