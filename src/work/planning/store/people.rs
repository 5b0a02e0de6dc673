//! SQL that reads everybody who may be placed, with all that a plan asks about them: one statement, a row a person.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PracticeId, SessionId};
use crate::people::availability::spans::spans;
use crate::people::availability::store::{AvailabilityRow, availability_of_clinician};
use crate::people::clinician::store::{ClinicianRow, clinician_columns};
use crate::people::clinician::{Clinician, Rates};
use crate::people::credential::{DocumentEnd, Held};
use matching_model::problem::Span;

/// Whose facts are read.
#[derive(Debug, Clone)]
pub enum Whom {
    /// Everybody who works with the bank.
    Everybody,
    /// These of them.
    These(Vec<ClinicianId>),
    /// Those of them who work in one of these roles, by code.
    OfRoles(Vec<String>),
}

/// Of which time the facts are read.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// The bank's zone.
    pub zone: Tz,
    /// The first and the last local date for which availability counts.
    pub dates: (NaiveDate, NaiveDate),
    /// Bookings that touch this span take time.
    pub around: (DateTime<Utc>, DateTime<Utc>),
    /// A practice counts as known to whoever worked there since.
    pub known_since: DateTime<Utc>,
    /// Work counts as much worked since.
    pub worked_since: DateTime<Utc>,
}

/// Somebody who may be placed.
#[derive(Debug, Clone)]
pub struct PersonFacts {
    /// Who they are.
    pub record: Clinician,
    /// What they ask at least.
    pub rates: Rates,
    /// What they can show, by code.
    pub held: Vec<Held>,
    /// The last date on which they may work, by the decision in force and their documents; none where nothing was decided,
    /// or on another number of theirs.
    pub works_until: Option<NaiveDate>,
    /// The document that ends before the decision does, or that is not recorded.
    pub document: Option<DocumentEnd>,
    /// Practices they like to work at.
    pub prefers: Vec<PracticeId>,
    /// Practices they will not work at.
    pub refuses: Vec<PracticeId>,
    /// Practices that do not take them.
    pub refused_by: Vec<PracticeId>,
    /// When they can work, in order and merged.
    pub available: Vec<Span>,
    /// Their live bookings, in this bank or in another, by session.
    pub bookings: Vec<BookingRow>,
    /// Where they worked, and how many minutes of that count as worked lately.
    pub recent_work: Vec<(PracticeId, i64)>,
}

/// Time that is taken by a booking.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct BookingRow {
    /// The session.
    pub session_id: SessionId,
    /// Where it is.
    pub practice_id: PracticeId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Millionths of a degree north of the practice.
    pub latitude_microdegrees: i32,
    /// Millionths of a degree east of it.
    pub longitude_microdegrees: i32,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    clinician: ClinicianRow,
    rates: Option<Json<Rates>>,
    held: Option<Json<Vec<Held>>>,
    works_until: Option<NaiveDate>,
    document: Option<String>,
    document_ends: Option<NaiveDate>,
    prefers: Option<Vec<PracticeId>>,
    refuses: Option<Vec<PracticeId>>,
    refused_by: Option<Vec<PracticeId>>,
    availability: Option<Json<Vec<AvailabilityRow>>>,
    bookings: Option<Json<Vec<BookingRow>>>,
    recent_work: Option<Json<Vec<(PracticeId, i64)>>>,
}

impl Row {
    fn facts(self, when: &When) -> PersonFacts {
        fn all<T>(read: Option<Json<Vec<T>>>) -> Vec<T> {
            read.map(|read| read.0).unwrap_or_default()
        }
        let said = all(self.availability).into_iter().collect();
        let available = spans(&said, when.zone, when.dates.0, when.dates.1);
        PersonFacts {
            record: self.clinician.into(),
            rates: self.rates.map(|rates| rates.0).unwrap_or_default(),
            held: all(self.held),
            works_until: self.works_until,
            document: self.document.map(|name| DocumentEnd { name, ends: self.document_ends }),
            prefers: self.prefers.unwrap_or_default(),
            refuses: self.refuses.unwrap_or_default(),
            refused_by: self.refused_by.unwrap_or_default(),
            available: available
                .iter()
                .map(|span| Span { start: span.starts_at, end: span.ends_at })
                .collect(),
            bookings: all(self.bookings),
            recent_work: all(self.recent_work),
        }
    }
}

/// What is on record of the people in `c`, a row each.
macro_rules! said_of_people {
    () => {
        "rate as (
              select c.id, json_object_agg(t.band, t.rate_pence_per_hour) as rates
                from c join clinician_rate t on t.bank_id = c.bank_id and t.clinician_id = c.id
               group by c.id),
         holding as (
              select c.id, json_agg(json_build_object('competency', h.competency, 'valid_through', h.valid_through)
                                    order by h.competency) as held
                from c join clinician_competency h on h.bank_id = c.bank_id and h.clinician_id = c.id
               group by c.id),
         preference as (
              select c.id, array_agg(f.practice_id order by f.practice_id) filter (where f.kind = 'preferred') as prefers,
                     array_agg(f.practice_id order by f.practice_id) filter (where f.kind = 'refused') as refuses
                from c join practice_preference f on f.bank_id = c.bank_id and f.clinician_id = c.id
               group by c.id),
         refusal as (
              select c.id, array_agg(r.practice_id order by r.practice_id) as refused_by
                from c join practice_refusal r on r.bank_id = c.bank_id and r.clinician_id = c.id
               group by c.id),"
    };
}

/// The work of the people in `c`: what takes their time between `$6` and `$7`, and where they worked since `$8`, with the
/// minutes since `$9`.
macro_rules! work_of_people {
    () => {
        "taken_time as (
              select c.id, json_agg(json_build_object('session_id', b.session_id, 'practice_id', b.practice_id,
                                                      'starts_at', b.starts_at, 'ends_at', b.ends_at,
                                                      'latitude_microdegrees', b.latitude_microdegrees,
                                                      'longitude_microdegrees', b.longitude_microdegrees)
                                    order by b.session_id) as bookings
                from bookings_of_people(array(select account_id from c), tstzrange($6, $7)) b
                join c on c.account_id = b.account_id
               group by c.id),
         work as (
              select c.id, b.practice_id,
                     coalesce(sum(extract(epoch from b.ends_at - b.starts_at) / 60)
                              filter (where b.starts_at >= $9), 0)::bigint as minutes
                from c join live_booking b on b.bank_id = c.bank_id and b.clinician_id = c.id
                       and b.starts_at >= $8 and b.starts_at < $10
               group by c.id, b.practice_id),
         recent as (
              select w.id, json_agg(json_build_array(w.practice_id, w.minutes) order by w.practice_id) as recent_work
                from work w
               group by w.id)"
    };
}

/// Those of `whom` who work with the bank and can sign in, in order of id. Each kind of fact is gathered for everybody
/// before it is joined: asked for each person by itself, a bank of 30,000 took about twice as long.
pub async fn list_people(tx: &mut Tx, whom: &Whom, when: &When) -> Result<Vec<PersonFacts>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let (these, roles) = match whom {
        Whom::Everybody => (None, None),
        Whom::These(ids) => (Some(ids), None),
        Whom::OfRoles(roles) => (None, Some(roles)),
    };
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "with c as materialized (
              select c.bank_id, ",
        clinician_columns!(),
        "       from clinician_by_name c
               where c.bank_id = $1 and ($2::uuid[] is null or c.id = any($2))
                 and ($5::text[] is null or c.role = any($5)) and c.acts),
         ",
        said_of_people!(),
        "
         offered_time as (
              select c.id, json_agg(json_build_object('id', a.id, 'weekday', a.weekday, 'start_time', a.start_time,
                                                      'end_time', a.end_time, 'from_date', a.from_date,
                                                      'until_date', a.until_date)
                                    order by a.weekday, a.from_date, a.start_time, a.id) as availability
                from c cross join lateral ",
        availability_of_clinician!(),
        " a
               group by c.id),
         ",
        work_of_people!(),
        "
         select ",
        clinician_columns!(),
        "     , rate.rates, holding.held, preference.prefers, preference.refuses, refusal.refused_by,
                offered_time.availability, taken_time.bookings, recent.recent_work,
                case when decision.decided_on_number in ('', coalesce(c.registration_number, ''))
                           and off.clinician_id is null
                     then clearance.works_until end as works_until,
                clearance.document, clearance.document_ends
           from c
           left join clearance_in_force clearance on clearance.bank_id = c.bank_id and clearance.clinician_id = c.id
           left join clearance decision on decision.bank_id = c.bank_id and decision.id = clearance.id
           left join newest_lookup off
             on off.bank_id = c.bank_id and off.clinician_id = c.id and off.is_off_register
           left join rate on rate.id = c.id
           left join holding on holding.id = c.id
           left join preference on preference.id = c.id
           left join refusal on refusal.id = c.id
           left join offered_time on offered_time.id = c.id
           left join taken_time on taken_time.id = c.id
           left join recent on recent.id = c.id
          order by c.id",
    ))
    .bind(bank)
    .bind(these)
    .bind(when.dates.0)
    .bind(when.dates.1)
    .bind(roles)
    .bind(when.around.0)
    .bind(when.around.1)
    .bind(when.known_since)
    .bind(when.worked_since)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading who may be placed"))?;
    Ok(rows.into_iter().map(|row| row.facts(when)).collect())
}
