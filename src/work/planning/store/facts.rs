//! SQL that reads the sessions a plan is made for, with their practices.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::types::Json;

use super::people::Whom;
use crate::eligibility::not_again::Cause;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, PracticeId, SessionId};
use crate::terms::bank::Band;
use crate::terms::rules::store::Decided;
use crate::work::planning::Pair;

/// Which records are read.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The first local date of a session.
    pub from: NaiveDate,
    /// The last.
    pub until: NaiveDate,
    /// A session is filled only when it starts later than this.
    pub starts_after: DateTime<Utc>,
    /// Only these sessions; all of the dates where there is no list.
    pub sessions: Option<Vec<SessionId>>,
    /// Who may do them.
    pub clinicians: Whom,
    /// Whether what rounds decide is left to them: sessions for which requests gather, and places that a round proposes
    /// somebody for.
    pub leaves_rounds: bool,
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
    /// Whether a round decides about it, whose requests gather still.
    pub is_in_round: bool,
    /// Places that a round proposes somebody for, whom the practice has yet to confirm.
    pub proposed: i64,
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
    /// Whose open offers hold places of it.
    pub offered_to: Vec<ClinicianId>,
    /// Who is not proposed for it again, and what made it so.
    pub not_again: Json<BTreeMap<ClinicianId, Cause>>,
    /// To whom alone it is open yet, or was offered; none where it is open to everybody.
    pub open_to: Option<Vec<ClinicianId>>,
}

impl SessionRow {
    /// Places that nobody is booked in or proposed for.
    #[must_use]
    pub fn places_left(&self) -> i64 {
        i64::from(self.places) - self.booked - self.proposed
    }

    /// The pairs whose open offers hold places of it.
    pub fn open_offers(&self) -> impl Iterator<Item = Pair> {
        self.offered_to.iter().map(|clinician| Pair { session: self.id, clinician: *clinician })
    }
}

/// The open sessions of the scope that start late enough, in order of id.
pub async fn list_sessions(tx: &mut Tx, scope: &Scope) -> Result<Vec<SessionRow>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.id, s.practice_id, s.local_date, s.starts_at, s.ends_at, s.band, s.places, s.priority,
                (select count(*) from live_booking b
                  where b.bank_id = s.bank_id and b.session_id = s.id) as booked,
                $7 and exists (select from round r
                                where r.bank_id = s.bank_id and r.opens_at <= $6 and r.decided_at is null
                                  and r.sessions_from <= s.starts_at) as is_in_round,
                (select count(*) from request q
                  where $7 and q.bank_id = s.bank_id and q.session_id = s.id and q.state = 'proposed') as proposed,
                s.rate_min_pence_per_hour, s.rate_max_pence_per_hour,
                (select max(e.rate_max_pence_per_hour)
                   from standing_rate_exception($6) e
                  where e.bank_id = s.bank_id and e.session_id = s.id) as exception_pence_per_hour,
                s.roles, s.competencies,
                array(select o.clinician_id from open_offer o
                       where o.bank_id = s.bank_id and o.session_id = s.id order by o.place_no, o.id) as offered_to,
                (select coalesce(jsonb_object_agg(n.clinician_id, n.cause), '{}') from not_again n
                  where n.bank_id = s.bank_id and n.session_id = s.id) as not_again,
                case when not coalesce(h.open_to_all_from <= $6, true)
                     then array(select a.clinician_id from audience_at(s.bank_id, s.id, $6) a
                                 union
                                select o.clinician_id from open_offer o
                                 where o.bank_id = s.bank_id and o.session_id = s.id) end as open_to
           from session_as_posted s
           join session h on h.bank_id = s.bank_id and h.id = s.id
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          where s.bank_id = $1 and s.local_date between $2 and $3 and s.state = 'open' and s.starts_at > $4
            and practice_is_open(p.opened_on, p.closed_on, s.local_date)
            and ($5::uuid[] is null or s.id = any($5))
          order by s.id",
    )
    .bind(bank)
    .bind(scope.from)
    .bind(scope.until)
    .bind(scope.starts_after)
    .bind(&scope.sessions)
    .bind(now)
    .bind(scope.leaves_rounds)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading the sessions to be filled"))
}

/// Where a practice is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
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

/// The practices of a bank, in order of id, and what it has decided about plans, in one statement.
pub async fn load_practices_and_rules(tx: &mut Tx) -> Result<(Vec<PracticeRow>, Decided), DbError> {
    let bank = tx.bank();
    let (practices, rules): (Json<Vec<PracticeRow>>, Json<BTreeMap<String, Value>>) = sqlx::query_as(
        "select (select coalesce(jsonb_agg(p order by p.id), '[]')
                   from (select id, name, latitude_microdegrees, longitude_microdegrees
                           from practice where bank_id = $1) p),
                (select coalesce(jsonb_object_agg(r.section, r.value), '{}')
                   from bank_rule_in_force r where r.bank_id = $1)",
    )
    .bind(bank)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("reading the places of work and the bank's rules"))?;
    Ok((practices.0, Decided::of(rules.0)))
}
