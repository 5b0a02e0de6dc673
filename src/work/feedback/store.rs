//! SQL of what was said of bookings: the only place that writes the table.

use chrono::{DateTime, Utc};

use super::{Both, Given, Said, Went};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BookingId, ClinicianId};
use crate::work::booking::Side;

#[derive(sqlx::FromRow)]
struct GivenRow {
    side: Side,
    went: Went,
    would_again: bool,
    words: String,
    given_at: DateTime<Utc>,
}

/// What both sides have said of a booking.
pub async fn load_feedback(tx: &mut Tx, booking: BookingId) -> Result<Both, DbError> {
    let bank = tx.bank();
    let rows: Vec<GivenRow> = sqlx::query_as(
        "select side, went, would_again, words, given_at from feedback where bank_id = $1 and booking_id = $2",
    )
    .bind(bank)
    .bind(booking)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading how a booking went"))?;
    let mut both = Both::default();
    for row in rows {
        let said = Said { went: row.went, would_again: row.would_again, words: row.words };
        let given = Some(Given { said, at: row.given_at });
        match row.side {
            Side::Practice => both.practice = given,
            Side::Clinician => both.clinician = given,
            Side::Bank => {}
        }
    }
    Ok(both)
}

/// Writes what one side says, in the place of what it said before, unless both have spoken; says whether it did.
pub async fn write_feedback(
    tx: &mut Tx,
    (booking, side): (BookingId, Side),
    said: &Said,
) -> Result<bool, DbError> {
    let (bank, now, by) = (tx.bank(), tx.now(), tx.account());
    let done = sqlx::query(
        "insert into feedback as f (bank_id, booking_id, side, went, would_again, words, given_by, given_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (bank_id, booking_id, side) do update
            set went = excluded.went, would_again = excluded.would_again, words = excluded.words,
                given_by = excluded.given_by, given_at = excluded.given_at
          where not exists (select from feedback other
                             where other.bank_id = f.bank_id and other.booking_id = f.booking_id and other.side <> f.side)",
    )
    .bind(bank)
    .bind(booking)
    .bind(side)
    .bind(said.went)
    .bind(said.would_again)
    .bind(&said.words)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("writing how a booking went"))?;
    Ok(done.rows_affected() == 1)
}

/// What a bank was told of a booking by one side, as its administrators read it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Line {
    /// Which side.
    pub side: Side,
    /// How it went.
    pub went: Went,
    /// Whether they would again.
    pub would_again: bool,
    /// In their own words.
    pub words: String,
    /// When.
    pub given_at: DateTime<Utc>,
    /// When the session began.
    pub starts_at: DateTime<Utc>,
    /// The practice.
    pub practice_name: String,
    /// The clinician.
    pub clinician_id: ClinicianId,
    /// Their name.
    pub clinician_name: String,
    /// How many there are.
    pub total: i64,
}

/// What the bank was told, the newest first; of what went badly alone, if that is asked for.
pub async fn list_feedback(
    tx: &mut Tx,
    only_bad: bool,
    (limit, offset): (i64, i64),
) -> Result<Vec<Line>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select f.side, f.went, f.would_again, f.words, f.given_at, b.starts_at, p.name as practice_name,
                b.clinician_id, a.name as clinician_name, count(*) over () as total
           from feedback f
           join booking b on b.bank_id = f.bank_id and b.id = f.booking_id
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
          where f.bank_id = $1 and (not $2 or f.went in ('badly', 'very_badly') or not f.would_again)
          order by f.given_at desc, f.booking_id, f.side
          limit $3 offset $4",
    )
    .bind(bank)
    .bind(only_bad)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading how bookings went"))
}
