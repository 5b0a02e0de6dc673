//! Everything that decides what one person can be offered, in few statements.

use chrono::{Days, NaiveDate};

use super::{DAYS_LOOKED_AHEAD, Profile};
use crate::ground::db::{DbError, Tx, failed};
use crate::people::availability::store::load_availability;
use crate::people::clinician::Clinician;
use crate::people::credential::store::record::{Whose, find_record};
use crate::terms::rate::store::load_rate_table;
use matching::road_metres;
use matching_model::position::Position;

/// The profile of a person of the bank, with what they have said about the four weeks from `today`. Four statements.
pub async fn load_profile(tx: &mut Tx, whose: Whose, today: NaiveDate) -> Result<Option<Profile>, DbError> {
    let Some(record) = find_record(tx, whose).await? else { return Ok(None) };
    let clinician = &record.clinician;
    let last = today.checked_add_days(Days::new(DAYS_LOOKED_AHEAD)).unwrap_or(today);
    Ok(Some(Profile {
        availability: load_availability(tx, clinician.id, today, last).await?,
        ranges: load_rate_table(tx).await?,
        practices_within_reach: count_practices_within_reach(tx, clinician, today).await?,
        record,
    }))
}

/// How many practices that are open on `today` lie within the distance `clinician` travels.
async fn count_practices_within_reach(
    tx: &mut Tx,
    clinician: &Clinician,
    today: NaiveDate,
) -> Result<usize, DbError> {
    let bank = tx.bank();
    let places: Vec<(i32, i32)> = sqlx::query_as(
        "select latitude_microdegrees, longitude_microdegrees
           from practice
          where bank_id = $1 and practice_is_open(opened_on, closed_on, $2)",
    )
    .bind(bank)
    .bind(today)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing where practices are"))?;
    let home = Position::from_microdegrees(clinician.latitude_microdegrees, clinician.longitude_microdegrees);
    let is_near = |(latitude, longitude): &(i32, i32)| {
        let practice = Position::from_microdegrees(*latitude, *longitude);
        road_metres(&home, &practice) <= i64::from(clinician.max_travel_metres)
    };
    Ok(places.iter().filter(|place| is_near(place)).count())
}
