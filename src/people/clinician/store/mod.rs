//! SQL of clinicians, their rates and their preferences.

use super::{Clinician, Engagement, PreferenceKind, Rates};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClinicianId, MembershipId, PracticeId};
use crate::terms::bank::Band;

/// The columns of a [`ClinicianRow`], for a statement that calls the view `clinician_by_name` `c`.
macro_rules! clinician_columns {
    () => {
        "c.id, c.account_id, c.name, c.email, c.role, c.afc_band, c.registration_number, c.home_postcode,
         c.latitude_microdegrees, c.longitude_microdegrees, c.max_travel_metres, c.max_minutes_per_week,
         c.max_minutes_per_day, c.rest_minutes, c.engagement"
    };
}
pub(crate) use clinician_columns;

/// A clinician as the database has them.
#[derive(sqlx::FromRow)]
pub(crate) struct ClinicianRow {
    id: ClinicianId,
    pub(crate) account_id: AccountId,
    name: String,
    email: String,
    role: String,
    afc_band: Option<i16>,
    registration_number: Option<String>,
    home_postcode: String,
    latitude_microdegrees: i32,
    longitude_microdegrees: i32,
    max_travel_metres: i32,
    max_minutes_per_week: Option<i32>,
    max_minutes_per_day: Option<i32>,
    rest_minutes: i32,
    engagement: Engagement,
}

impl From<ClinicianRow> for Clinician {
    fn from(row: ClinicianRow) -> Self {
        Self {
            id: row.id,
            account: row.account_id,
            name: row.name,
            email: row.email,
            role: row.role,
            afc_band: row.afc_band,
            registration_number: row.registration_number,
            home_district: row.home_postcode,
            latitude_microdegrees: row.latitude_microdegrees,
            longitude_microdegrees: row.longitude_microdegrees,
            max_travel_metres: row.max_travel_metres,
            max_minutes_per_week: row.max_minutes_per_week,
            max_minutes_per_day: row.max_minutes_per_day,
            rest_minutes: row.rest_minutes,
            engagement: row.engagement,
        }
    }
}

/// The clinician that a membership is for.
pub async fn find_clinician_of_membership(
    tx: &mut Tx,
    membership: MembershipId,
) -> Result<Option<Clinician>, DbError> {
    let bank = tx.bank();
    let row: Option<ClinicianRow> = sqlx::query_as(concat!(
        "select ",
        clinician_columns!(),
        " from clinician_by_name c where c.bank_id = $1 and c.membership_id = $2",
    ))
    .bind(bank)
    .bind(membership)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the clinician of a membership"))?;
    Ok(row.map(Clinician::from))
}

/// The clinician that a person is or was in the bank.
pub async fn find_clinician_of_person(
    tx: &mut Tx,
    account: AccountId,
) -> Result<Option<ClinicianId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select id from clinician where bank_id = $1 and account_id = $2")
        .bind(bank)
        .bind(account)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding the clinician that a person is"))
}

/// The clinician of that id in the bank.
pub async fn find_clinician(tx: &mut Tx, id: ClinicianId) -> Result<Option<Clinician>, DbError> {
    let bank = tx.bank();
    let row: Option<ClinicianRow> = sqlx::query_as(concat!(
        "select ",
        clinician_columns!(),
        " from clinician_by_name c where c.bank_id = $1 and c.id = $2",
    ))
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a clinician"))?;
    Ok(row.map(Clinician::from))
}

/// Locks the row of a clinician until the transaction ends; whether there is one. The order of locks is session,
/// then clinician, then offer.
pub async fn lock_clinician(tx: &mut Tx, id: ClinicianId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let found: Option<ClinicianId> =
        sqlx::query_scalar("select id from clinician where bank_id = $1 and id = $2 for update")
            .bind(bank)
            .bind(id)
            .fetch_optional(tx.connection())
            .await
            .map_err(failed("locking a clinician"))?;
    Ok(found.is_some())
}

/// Adds a clinician, whose account and membership are there already. Name and address are the account's.
pub async fn insert_clinician(
    tx: &mut Tx,
    membership: MembershipId,
    clinician: &Clinician,
) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "insert into clinician (bank_id, id, account_id, membership_id, role, afc_band, registration_number,
                home_postcode, latitude_microdegrees, longitude_microdegrees, max_travel_metres,
                max_minutes_per_week, max_minutes_per_day, rest_minutes, engagement, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)",
    )
    .bind(bank)
    .bind(clinician.id)
    .bind(clinician.account)
    .bind(membership)
    .bind(&clinician.role)
    .bind(clinician.afc_band)
    .bind(&clinician.registration_number)
    .bind(&clinician.home_district)
    .bind(clinician.latitude_microdegrees)
    .bind(clinician.longitude_microdegrees)
    .bind(clinician.max_travel_metres)
    .bind(clinician.max_minutes_per_week)
    .bind(clinician.max_minutes_per_day)
    .bind(clinician.rest_minutes)
    .bind(clinician.engagement)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a clinician"))?;
    Ok(())
}

/// Writes what a clinician keeps of their own: everything but name, address, role and band.
pub async fn update_details(tx: &mut Tx, clinician: &Clinician) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "update clinician
            set registration_number = $3, home_postcode = $4, latitude_microdegrees = $5, longitude_microdegrees = $6,
                max_travel_metres = $7, max_minutes_per_week = $8, max_minutes_per_day = $9, rest_minutes = $10,
                engagement = $11, changed_at = $12
          where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(clinician.id)
    .bind(&clinician.registration_number)
    .bind(&clinician.home_district)
    .bind(clinician.latitude_microdegrees)
    .bind(clinician.longitude_microdegrees)
    .bind(clinician.max_travel_metres)
    .bind(clinician.max_minutes_per_week)
    .bind(clinician.max_minutes_per_day)
    .bind(clinician.rest_minutes)
    .bind(clinician.engagement)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("changing a clinician's details"))?;
    Ok(())
}

/// Puts `rates` in the place of a clinician's rates, and gives those.
pub async fn replace_rates(tx: &mut Tx, clinician: ClinicianId, rates: &Rates) -> Result<Rates, DbError> {
    let bank = tx.bank();
    let before: Vec<(Band, i32)> = sqlx::query_as(
        "delete from clinician_rate where bank_id = $1 and clinician_id = $2 returning band, rate_pence_per_hour",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("taking a clinician's rates away"))?;
    let bands: Vec<&str> = rates.keys().map(|band| band.code()).collect();
    let pence: Vec<i32> = rates.values().copied().collect();
    sqlx::query(
        "insert into clinician_rate (bank_id, clinician_id, band, rate_pence_per_hour)
         select $1, $2, band, pence from unnest($3::text[], $4::int4[]) as given (band, pence)",
    )
    .bind(bank)
    .bind(clinician)
    .bind(bands)
    .bind(pence)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a clinician's rates"))?;
    Ok(before.into_iter().collect())
}

/// Writes what a clinician says about a practice of the bank, in the place of what they said before; whether there
/// is such a practice.
pub async fn upsert_preference(
    tx: &mut Tx,
    clinician: ClinicianId,
    practice: PracticeId,
    kind: PreferenceKind,
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "insert into practice_preference (bank_id, clinician_id, practice_id, kind)
         select p.bank_id, $2, p.id, $4 from practice p where p.bank_id = $1 and p.id = $3
         on conflict (bank_id, clinician_id, practice_id) do update set kind = excluded.kind",
    )
    .bind(bank)
    .bind(clinician)
    .bind(practice)
    .bind(kind)
    .execute(tx.connection())
    .await
    .map_err(failed("writing what a clinician says about a practice"))?;
    Ok(done.rows_affected() == 1)
}

/// Takes back what a clinician said about a practice; whether they had said anything.
pub async fn delete_preference(
    tx: &mut Tx,
    clinician: ClinicianId,
    practice: PracticeId,
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "delete from practice_preference where bank_id = $1 and clinician_id = $2 and practice_id = $3",
    )
    .bind(bank)
    .bind(clinician)
    .bind(practice)
    .execute(tx.connection())
    .await
    .map_err(failed("taking back what a clinician said about a practice"))?;
    Ok(done.rows_affected() == 1)
}

/// Who says something of a practice and nothing of its successor yet.
pub async fn list_preferences_to_carry(
    tx: &mut Tx,
    (practice, successor): (PracticeId, PracticeId),
) -> Result<Vec<ClinicianId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select f.clinician_id
           from practice_preference f
          where f.bank_id = $1 and f.practice_id = $2
            and not exists (select from practice_preference n
                             where n.bank_id = f.bank_id and n.practice_id = $3 and n.clinician_id = f.clinician_id)
          order by f.clinician_id",
    )
    .bind(bank)
    .bind(practice)
    .bind(successor)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what clinicians say that can be carried over"))
}

/// Lets what clinicians say of a practice hold of its successor too, unless they say something of that already. Gives whose
/// was carried over, and what they say.
pub async fn carry_preferences(
    tx: &mut Tx,
    (practice, successor): (PracticeId, PracticeId),
) -> Result<Vec<(ClinicianId, PreferenceKind)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "insert into practice_preference (bank_id, clinician_id, practice_id, kind)
         select f.bank_id, f.clinician_id, $3, f.kind
           from practice_preference f
          where f.bank_id = $1 and f.practice_id = $2
             on conflict (bank_id, clinician_id, practice_id) do nothing
         returning clinician_id, kind",
    )
    .bind(bank)
    .bind(practice)
    .bind(successor)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("carrying over what clinicians say about a practice"))
}

/// How many clinicians say something of the successor of a practice that is not what they say of the practice.
pub async fn count_said_otherwise(
    tx: &mut Tx,
    (practice, successor): (PracticeId, PracticeId),
) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select count(*)
           from practice_preference f
           join practice_preference n on n.bank_id = f.bank_id and n.clinician_id = f.clinician_id
          where f.bank_id = $1 and f.practice_id = $2 and n.practice_id = $3 and n.kind <> f.kind",
    )
    .bind(bank)
    .bind(practice)
    .bind(successor)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting what clinicians say otherwise of a successor"))
}

/// A practice somebody has said something about.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NamedPreference {
    /// The practice.
    pub practice_id: PracticeId,
    /// Its name.
    pub name: String,
    /// Its postcode.
    pub postcode: String,
    /// What they say.
    pub kind: PreferenceKind,
}

/// What a clinician says about practices, by what they say and the practice's name.
pub async fn list_named_preferences(
    tx: &mut Tx,
    clinician: ClinicianId,
) -> Result<Vec<NamedPreference>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select f.practice_id, p.name, p.postcode, f.kind
           from practice_preference f join practice p on p.bank_id = f.bank_id and p.id = f.practice_id
          where f.bank_id = $1 and f.clinician_id = $2
          order by f.kind, p.name, p.id",
    )
    .bind(bank)
    .bind(clinician)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a clinician says about practices"))
}
