//! Everything that decides what one person can be offered, in few statements.

use chrono::{Days, NaiveDate};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::ClinicianRow;
use crate::ground::db::{DbError, failed};
use crate::ground::id::{BankId, ClinicianId, MembershipId};
use crate::people::availability::store::load_availability;
use crate::people::clinician::blocks::DAYS_LOOKED_AHEAD;
use crate::people::clinician::{Clinician, HeldCompetency, Profile, Rates};
use crate::people::credential::Clearance;
use crate::terms::bank::Role;
use crate::terms::rate::store::load_rate_table;
use matching::road_metres;
use matching_model::position::Position;

/// Which clinician is meant.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// The one that this membership is for: the person who is signed in.
    Membership(MembershipId),
    /// The one of this id.
    Clinician(ClinicianId),
}

#[derive(sqlx::FromRow)]
struct ProfileRow {
    #[sqlx(flatten)]
    clinician: ClinicianRow,
    role_name: String,
    role_plural: String,
    regulator: Option<String>,
    register_pattern: Option<String>,
    register_example: Option<String>,
    rates: Json<Rates>,
    held: Json<Vec<HeldCompetency>>,
    clearance: Option<Json<Clearance>>,
}

/// The profile of a person of the bank, with what they have said about the four weeks from `today`. Four statements.
pub async fn load_profile(
    connection: &mut PgConnection,
    bank: BankId,
    whose: Whose,
    today: NaiveDate,
) -> Result<Option<Profile>, DbError> {
    let Some(row) = find_profile_row(connection, bank, whose).await? else { return Ok(None) };
    let clinician = Clinician::from(row.clinician);
    let last = today.checked_add_days(Days::new(DAYS_LOOKED_AHEAD)).unwrap_or(today);
    let mut availability = load_availability(connection, bank, Some(&[clinician.id]), today, last).await?;
    let role = Role {
        code: clinician.role.clone(),
        name: row.role_name,
        plural: row.role_plural,
        regulator: row.regulator,
        register_pattern: row.register_pattern,
        register_example: row.register_example,
    };
    Ok(Some(Profile {
        role,
        rates: row.rates.0,
        held: row.held.0,
        clearance: row.clearance.map(|clearance| clearance.0),
        availability: availability.remove(&clinician.id).unwrap_or_default(),
        ranges: load_rate_table(connection, bank).await?,
        practices_within_reach: count_practices_within_reach(connection, bank, &clinician, today).await?,
        clinician,
    }))
}

async fn find_profile_row(
    connection: &mut PgConnection,
    bank: BankId,
    whose: Whose,
) -> Result<Option<ProfileRow>, DbError> {
    let (membership, id) = match whose {
        Whose::Membership(membership) => (Some(membership), None),
        Whose::Clinician(id) => (None, Some(id)),
    };
    sqlx::query_as(
        "select c.id, c.account_id, a.name, a.email, c.role, c.afc_band, c.registration_number, c.home_postcode,
                c.latitude_microdegrees, c.longitude_microdegrees, c.max_travel_metres, c.max_minutes_per_week,
                c.max_minutes_per_day, c.rest_minutes, c.engagement,
                r.name as role_name, r.plural as role_plural, r.regulator, r.register_pattern, r.register_example,
                (select coalesce(jsonb_object_agg(t.band, t.rate_pence_per_hour), '{}')
                   from clinician_rate t where t.bank_id = c.bank_id and t.clinician_id = c.id) as rates,
                (select coalesce(jsonb_agg(jsonb_build_object('code', k.code, 'name', k.name, 'kind', k.kind,
                                                              'valid_through', h.valid_through)
                                           order by k.kind, k.name), '[]')
                   from clinician_competency h join competency k on k.code = h.competency
                  where h.bank_id = c.bank_id and h.clinician_id = c.id) as held,
                (select jsonb_build_object('id', l.id, 'clinician', l.clinician_id, 'role', l.role,
                                           'cleared_until', l.cleared_until, 'reason', l.reason,
                                           'decided_by', l.decided_by, 'decided_by_name', d.name,
                                           'decided_at', l.decided_at)
                   from clearance l join account d on d.id = l.decided_by
                  where l.bank_id = c.bank_id and l.clinician_id = c.id and l.role = c.role
                  order by l.position desc
                  limit 1) as clearance
           from clinician c
           join account a on a.id = c.account_id
           join role r on r.code = c.role
          where c.bank_id = $1
            and c.id = (select w.id from clinician w where w.bank_id = $1 and (w.membership_id = $2 or w.id = $3))",
    )
    .bind(bank)
    .bind(membership)
    .bind(id)
    .fetch_optional(connection)
    .await
    .map_err(failed("finding a clinician with what they ask and hold"))
}

/// How many practices that are open on `today` lie within the distance `clinician` travels.
async fn count_practices_within_reach(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: &Clinician,
    today: NaiveDate,
) -> Result<usize, DbError> {
    let places: Vec<(i32, i32)> = sqlx::query_as(
        "select latitude_microdegrees, longitude_microdegrees
           from practice
          where bank_id = $1 and (closed_on is null or closed_on >= $2)",
    )
    .bind(bank)
    .bind(today)
    .fetch_all(connection)
    .await
    .map_err(failed("listing where practices are"))?;
    let home = Position::from_microdegrees(clinician.latitude_microdegrees, clinician.longitude_microdegrees);
    let is_near = |(latitude, longitude): &(i32, i32)| {
        let practice = Position::from_microdegrees(*latitude, *longitude);
        road_metres(&home, &practice) <= i64::from(clinician.max_travel_metres)
    };
    Ok(places.iter().filter(|place| is_near(place)).count())
}
