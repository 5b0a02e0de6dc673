//! SQL of the sessions that a clinician looks through.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{ClinicianId, OfferId, RequestId, SessionId};

/// In which order sessions are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The soonest first.
    #[default]
    Soonest,
    /// The nearest first.
    Nearest,
    /// What pays the most an hour first.
    BestPaid,
}

/// What somebody looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// From this local date on; today where none is named.
    pub from: Option<NaiveDate>,
    /// To this local date.
    pub until: Option<NaiveDate>,
    /// No farther by road than so many metres.
    pub within_metres: Option<i32>,
    /// In which order.
    pub order: Order,
}

/// A session that wants somebody of the clinician's role.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FoundSession {
    /// The session.
    pub session_id: SessionId,
    /// The clinician's offer of it, where it is open.
    pub offer_id: Option<OfferId>,
    /// Their request for it, where it waits.
    pub request_id: Option<RequestId>,
    /// Road metres from their home, to about a half per cent.
    pub road_metres: i32,
    /// How many the whole list has.
    pub total: i64,
}

/// The sessions to come of the clinician's role that have a place nobody is booked in, and where they are not booked
/// themselves, as far as they are open to them or they have an offer or a request. Practices that take them no more, or
/// where they do not work, are left out.
///
/// Distances go by the plane that touches the Earth at the clinician's home (equirectangular projection), with the same
/// mean radius and road factor as matching, which is close enough to order and bound a list; what is agreed goes by
/// [`matching::road_metres`].
pub async fn list_found(
    tx: &mut Tx,
    clinician: ClinicianId,
    sought: &Sought,
    (limit, offset): (i64, i64),
) -> Result<Vec<FoundSession>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select s.id as session_id, o.id as offer_id, q.id as request_id, at.road_metres, count(*) over () as total
           from clinician c
           join session s on s.bank_id = c.bank_id and s.state = 'open' and s.starts_at > $3
           join session_role r on r.bank_id = s.bank_id and r.session_id = s.id and r.role = c.role
           join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
          cross join lateral (select (1.3 * 6371008.8 * pi() / 180e6 * sqrt(
                    power(p.latitude_microdegrees - c.latitude_microdegrees, 2)
                    + power((p.longitude_microdegrees - c.longitude_microdegrees)
                            * cos(radians(c.latitude_microdegrees / 1e6)), 2)))::integer as road_metres) at
           left join answerable_offer($3) o on o.bank_id = s.bank_id and o.session_id = s.id and o.clinician_id = c.id
           left join request q on q.bank_id = s.bank_id and q.session_id = s.id and q.clinician_id = c.id
                              and q.state in ('waiting', 'proposed')
          where c.bank_id = $1 and c.id = $2
            and ($4::date is null or s.local_date >= $4) and ($5::date is null or s.local_date <= $5)
            and ($6::integer is null or at.road_metres <= $6)
            and (is_open_to(s.open_to_all_from, s.bank_id, s.id, c.id, $3) or o.id is not null or q.id is not null)
            and s.places > (select count(*) from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id)
            and not exists (select from live_booking b
                             where b.bank_id = s.bank_id and b.session_id = s.id and b.clinician_id = c.id)
            and not exists (select from practice_refusal f where f.bank_id = s.bank_id
                               and f.practice_id = s.practice_id and f.clinician_id = c.id)
            and not exists (select from practice_preference f where f.bank_id = s.bank_id and f.kind = 'refused'
                               and f.practice_id = s.practice_id and f.clinician_id = c.id)
          order by case $7 when 'nearest' then at.road_metres when 'best_paid' then -s.rate_max_pence_per_hour end,
                   s.starts_at, s.id
          limit $8 offset $9",
    )
    .bind(bank)
    .bind(clinician)
    .bind(now)
    .bind(sought.from)
    .bind(sought.until)
    .bind(sought.within_metres)
    .bind(sought.order.code())
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding sessions for a clinician"))
}

impl Order {
    /// The name in addresses and statements.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Soonest => "soonest",
            Self::Nearest => "nearest",
            Self::BestPaid => "best_paid",
        }
    }

    /// The order of that name; the soonest first where there is none.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        [Self::Nearest, Self::BestPaid].into_iter().find(|order| order.code() == code).unwrap_or_default()
    }
}
