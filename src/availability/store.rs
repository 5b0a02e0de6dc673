//! SQL of availability: patterns, single entries, time away.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, Weekday};
use sqlx::PgConnection;

use super::{Availability, Entry, Hours, Pattern, TimeAway};
use crate::db::{DbError, failed};
use crate::id::{AvailabilityId, BankId, ClinicianId};

#[derive(sqlx::FromRow)]
struct PatternRow {
    clinician_id: ClinicianId,
    id: AvailabilityId,
    weekday: i16,
    start_time: NaiveTime,
    end_time: NaiveTime,
    from_date: NaiveDate,
    until_date: Option<NaiveDate>,
}

impl PatternRow {
    /// None for a weekday that the table's own check rules out.
    fn pattern(&self) -> Option<Pattern> {
        let from_monday = u8::try_from(self.weekday - 1).ok()?;
        Some(Pattern {
            id: self.id,
            weekday: Weekday::try_from(from_monday).ok()?,
            hours: Hours { start: self.start_time, end: self.end_time },
            from_date: self.from_date,
            until_date: self.until_date,
        })
    }
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    clinician_id: ClinicianId,
    id: AvailabilityId,
    local_date: NaiveDate,
    start_time: NaiveTime,
    end_time: NaiveTime,
}

#[derive(sqlx::FromRow)]
struct AwayRow {
    clinician_id: ClinicianId,
    id: AvailabilityId,
    from_date: NaiveDate,
    until_date: NaiveDate,
}

/// What touches the dates from `first` to `last`, of the clinicians in `of` or of everybody in the bank. Those who
/// have said nothing are not among the answers. Three statements, whatever the number of people.
pub async fn load_availability(
    connection: &mut PgConnection,
    bank: BankId,
    of: Option<&[ClinicianId]>,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<BTreeMap<ClinicianId, Availability>, DbError> {
    let mut found: BTreeMap<ClinicianId, Availability> = BTreeMap::new();
    for row in list_patterns_between(connection, bank, of, first, last).await? {
        found.entry(row.clinician_id).or_default().patterns.extend(row.pattern());
    }
    for row in list_entries_between(connection, bank, of, first, last).await? {
        let hours = Hours { start: row.start_time, end: row.end_time };
        let entry = Entry { id: row.id, date: row.local_date, hours };
        found.entry(row.clinician_id).or_default().entries.push(entry);
    }
    for row in list_time_away_between(connection, bank, of, first, last).await? {
        let away = TimeAway { id: row.id, from_date: row.from_date, until_date: row.until_date };
        found.entry(row.clinician_id).or_default().away.push(away);
    }
    Ok(found)
}

async fn list_patterns_between(
    connection: &mut PgConnection,
    bank: BankId,
    of: Option<&[ClinicianId]>,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<PatternRow>, DbError> {
    sqlx::query_as(
        "select clinician_id, id, weekday, start_time, end_time, from_date, until_date
           from availability_pattern
          where bank_id = $1 and ($2::uuid[] is null or clinician_id = any($2))
            and from_date <= $4 and (until_date is null or until_date >= $3)
          order by clinician_id, weekday, start_time, id",
    )
    .bind(bank)
    .bind(of)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
    .map_err(failed("listing weekly patterns"))
}

async fn list_entries_between(
    connection: &mut PgConnection,
    bank: BankId,
    of: Option<&[ClinicianId]>,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<EntryRow>, DbError> {
    sqlx::query_as(
        "select clinician_id, id, local_date, start_time, end_time
           from availability_entry
          where bank_id = $1 and ($2::uuid[] is null or clinician_id = any($2)) and local_date between $3 and $4
          order by clinician_id, local_date, start_time, id",
    )
    .bind(bank)
    .bind(of)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
    .map_err(failed("listing single dates"))
}

async fn list_time_away_between(
    connection: &mut PgConnection,
    bank: BankId,
    of: Option<&[ClinicianId]>,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<AwayRow>, DbError> {
    sqlx::query_as(
        "select clinician_id, id, from_date, until_date
           from time_away
          where bank_id = $1 and ($2::uuid[] is null or clinician_id = any($2)) and from_date <= $4 and until_date >= $3
          order by clinician_id, from_date, id",
    )
    .bind(bank)
    .bind(of)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
    .map_err(failed("listing time away"))
}

/// Adds a weekly pattern.
pub async fn insert_pattern(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: ClinicianId,
    pattern: &Pattern,
) -> Result<(), DbError> {
    let weekday = i16::try_from(pattern.weekday.number_from_monday()).unwrap_or(0);
    sqlx::query(
        "insert into availability_pattern (bank_id, id, clinician_id, weekday, start_time, end_time, from_date, until_date)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(bank)
    .bind(pattern.id)
    .bind(clinician)
    .bind(weekday)
    .bind(pattern.hours.start)
    .bind(pattern.hours.end)
    .bind(pattern.from_date)
    .bind(pattern.until_date)
    .execute(connection)
    .await
    .map_err(failed("adding a weekly pattern"))?;
    Ok(())
}

/// Ends the patterns of a clinician that still count on `date` the day before it.
pub async fn mark_patterns_ended(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: ClinicianId,
    date: NaiveDate,
) -> Result<(), DbError> {
    sqlx::query(
        "update availability_pattern set until_date = $3::date - 1
          where bank_id = $1 and clinician_id = $2 and from_date < $3 and (until_date is null or until_date >= $3)",
    )
    .bind(bank)
    .bind(clinician)
    .bind(date)
    .execute(connection)
    .await
    .map_err(failed("ending weekly patterns"))?;
    Ok(())
}

/// Takes the patterns away that would begin on `date` or later.
pub async fn delete_patterns_from(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: ClinicianId,
    date: NaiveDate,
) -> Result<(), DbError> {
    sqlx::query(
        "delete from availability_pattern where bank_id = $1 and clinician_id = $2 and from_date >= $3",
    )
    .bind(bank)
    .bind(clinician)
    .bind(date)
    .execute(connection)
    .await
    .map_err(failed("taking weekly patterns away"))?;
    Ok(())
}

/// Adds hours on a single date.
pub async fn insert_entry(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: ClinicianId,
    entry: &Entry,
) -> Result<(), DbError> {
    sqlx::query(
        "insert into availability_entry (bank_id, id, clinician_id, local_date, start_time, end_time)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(bank)
    .bind(entry.id)
    .bind(clinician)
    .bind(entry.date)
    .bind(entry.hours.start)
    .bind(entry.hours.end)
    .execute(connection)
    .await
    .map_err(failed("adding a single date"))?;
    Ok(())
}

/// Takes a clinician's single date away; whether there was one.
pub async fn delete_entry(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: ClinicianId,
    id: AvailabilityId,
) -> Result<bool, DbError> {
    let done =
        sqlx::query("delete from availability_entry where bank_id = $1 and clinician_id = $2 and id = $3")
            .bind(bank)
            .bind(clinician)
            .bind(id)
            .execute(connection)
            .await
            .map_err(failed("taking a single date away"))?;
    Ok(done.rows_affected() == 1)
}

/// Adds time away.
pub async fn insert_time_away(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: ClinicianId,
    away: &TimeAway,
) -> Result<(), DbError> {
    sqlx::query(
        "insert into time_away (bank_id, id, clinician_id, from_date, until_date) values ($1, $2, $3, $4, $5)",
    )
    .bind(bank)
    .bind(away.id)
    .bind(clinician)
    .bind(away.from_date)
    .bind(away.until_date)
    .execute(connection)
    .await
    .map_err(failed("adding time away"))?;
    Ok(())
}

/// Takes a clinician's time away back; whether there was one.
pub async fn delete_time_away(
    connection: &mut PgConnection,
    bank: BankId,
    clinician: ClinicianId,
    id: AvailabilityId,
) -> Result<bool, DbError> {
    let done = sqlx::query("delete from time_away where bank_id = $1 and clinician_id = $2 and id = $3")
        .bind(bank)
        .bind(clinician)
        .bind(id)
        .execute(connection)
        .await
        .map_err(failed("taking time away back"))?;
    Ok(done.rows_affected() == 1)
}
