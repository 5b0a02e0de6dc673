//! SQL of availability: patterns, single entries, time away.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};

use super::{Availability, Entry, Hours, Pattern, TimeAway};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AvailabilityId, ClinicianId};

/// What a clinician has said that touches the dates from `$3` to `$4`, in parentheses, for a statement that calls their row
/// `c`: an [`AvailabilityRow`] each.
macro_rules! availability_of_clinician {
    () => {
        "(select id, weekday, start_time, end_time, from_date, until_date
            from availability_pattern
           where bank_id = c.bank_id and clinician_id = c.id and from_date <= $4 and (until_date is null or until_date >= $3)
           union all
          select id, null, start_time, end_time, local_date, local_date
            from availability_entry
           where bank_id = c.bank_id and clinician_id = c.id and local_date between $3 and $4
           union all
          select id, null, null, null, from_date, until_date
            from time_away
           where bank_id = c.bank_id and clinician_id = c.id and from_date <= $4 and until_date >= $3)"
    };
}
pub(crate) use availability_of_clinician;

/// One thing that a clinician has said. With a weekday it is a pattern, with times alone a single date, and without
/// either time away.
#[derive(sqlx::FromRow, serde::Deserialize)]
pub(crate) struct AvailabilityRow {
    id: AvailabilityId,
    weekday: Option<i16>,
    start_time: Option<NaiveTime>,
    end_time: Option<NaiveTime>,
    from_date: NaiveDate,
    until_date: Option<NaiveDate>,
}

impl FromIterator<AvailabilityRow> for Availability {
    fn from_iter<Rows: IntoIterator<Item = AvailabilityRow>>(rows: Rows) -> Self {
        let mut availability = Self::default();
        for row in rows {
            put(&mut availability, &row);
        }
        availability
    }
}

fn put(availability: &mut Availability, row: &AvailabilityRow) {
    let (id, from_date) = (row.id, row.from_date);
    let hours = row.start_time.zip(row.end_time).map(|(start, end)| Hours { start, end });
    let weekday = row.weekday.and_then(|weekday| u8::try_from(weekday - 1).ok()).map(Weekday::try_from);
    match (weekday, hours) {
        (Some(Ok(weekday)), Some(hours)) => {
            let until_date = row.until_date;
            availability.patterns.push(Pattern { id, weekday, hours, from_date, until_date });
        }
        (None, Some(hours)) => availability.entries.push(Entry { id, date: from_date, hours }),
        _ => {
            let until_date = row.until_date.unwrap_or(from_date);
            availability.away.push(TimeAway { id, from_date, until_date });
        }
    }
}

/// What a clinician has said that touches the dates from `first` to `last`.
pub async fn load_availability(
    tx: &mut Tx,
    clinician: ClinicianId,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Availability, DbError> {
    let bank = tx.bank();
    let rows: Vec<AvailabilityRow> = sqlx::query_as(concat!(
        "select a.id, a.weekday, a.start_time, a.end_time, a.from_date, a.until_date
           from clinician c
          cross join lateral ",
        availability_of_clinician!(),
        " a
          where c.bank_id = $1 and c.id = $2
          order by a.weekday, a.from_date, a.start_time, a.id",
    ))
    .bind(bank)
    .bind(clinician)
    .bind(first)
    .bind(last)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing when a clinician can work"))?;
    Ok(rows.into_iter().collect())
}

/// Adds a weekly pattern.
pub async fn insert_pattern(tx: &mut Tx, clinician: ClinicianId, pattern: &Pattern) -> Result<(), DbError> {
    let bank = tx.bank();
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
    .execute(tx.connection())
    .await
    .map_err(failed("adding a weekly pattern"))?;
    Ok(())
}

/// Ends those of a clinician's patterns in `ids` that began before `date` the day before it.
pub async fn mark_patterns_ended(
    tx: &mut Tx,
    clinician: ClinicianId,
    ids: &[AvailabilityId],
    date: NaiveDate,
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update availability_pattern set until_date = $4::date - 1
          where bank_id = $1 and clinician_id = $2 and id = any($3) and from_date < $4",
    )
    .bind(bank)
    .bind(clinician)
    .bind(ids)
    .bind(date)
    .execute(tx.connection())
    .await
    .map_err(failed("ending weekly patterns"))?;
    Ok(())
}

/// Takes those of a clinician's patterns in `ids` away that would begin on `date` or later.
pub async fn delete_patterns_from(
    tx: &mut Tx,
    clinician: ClinicianId,
    ids: &[AvailabilityId],
    date: NaiveDate,
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "delete from availability_pattern
          where bank_id = $1 and clinician_id = $2 and id = any($3) and from_date >= $4",
    )
    .bind(bank)
    .bind(clinician)
    .bind(ids)
    .bind(date)
    .execute(tx.connection())
    .await
    .map_err(failed("taking weekly patterns away"))?;
    Ok(())
}

/// Adds hours on a single date.
pub async fn insert_entry(tx: &mut Tx, clinician: ClinicianId, entry: &Entry) -> Result<(), DbError> {
    let bank = tx.bank();
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
    .execute(tx.connection())
    .await
    .map_err(failed("adding a single date"))?;
    Ok(())
}

/// Takes a clinician's single date away; whether there was one.
pub async fn delete_entry(tx: &mut Tx, clinician: ClinicianId, id: AvailabilityId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done =
        sqlx::query("delete from availability_entry where bank_id = $1 and clinician_id = $2 and id = $3")
            .bind(bank)
            .bind(clinician)
            .bind(id)
            .execute(tx.connection())
            .await
            .map_err(failed("taking a single date away"))?;
    Ok(done.rows_affected() == 1)
}

/// Adds time away.
pub async fn insert_time_away(tx: &mut Tx, clinician: ClinicianId, away: &TimeAway) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into time_away (bank_id, id, clinician_id, from_date, until_date) values ($1, $2, $3, $4, $5)",
    )
    .bind(bank)
    .bind(away.id)
    .bind(clinician)
    .bind(away.from_date)
    .bind(away.until_date)
    .execute(tx.connection())
    .await
    .map_err(failed("adding time away"))?;
    Ok(())
}

/// Takes a clinician's time away back; whether there was one.
pub async fn delete_time_away(
    tx: &mut Tx,
    clinician: ClinicianId,
    id: AvailabilityId,
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query("delete from time_away where bank_id = $1 and clinician_id = $2 and id = $3")
        .bind(bank)
        .bind(clinician)
        .bind(id)
        .execute(tx.connection())
        .await
        .map_err(failed("taking time away back"))?;
    Ok(done.rows_affected() == 1)
}

/// The dates from `first` to `last` on which live bookings of a clinician begin, each with its start and end, in order
/// of time.
pub async fn list_booked_times(
    tx: &mut Tx,
    clinician: ClinicianId,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<(NaiveDate, DateTime<Utc>, DateTime<Utc>)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select s.local_date, s.starts_at, s.ends_at
           from live_booking b join session s on s.bank_id = b.bank_id and s.id = b.session_id
          where b.bank_id = $1 and b.clinician_id = $2 and s.local_date between $3 and $4
          order by s.starts_at",
    )
    .bind(bank)
    .bind(clinician)
    .bind(first)
    .bind(last)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the dates on which a clinician is booked"))
}
