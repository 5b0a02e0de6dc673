//! SQL of the bookings and offers that a changed fact concerns.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::facts::Diary;
use crate::ground::id::{BankId, BookingId, ClinicianId, PracticeId, SessionId};

/// An open offer, or a live booking of a session that has not begun.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Concerned {
    /// Its bank.
    pub bank_id: BankId,
    /// Whether it is an offer; else it is a booking.
    pub is_offer: bool,
    /// The offer or the booking.
    pub id: Uuid,
    /// The session.
    pub session_id: SessionId,
    /// Whose it is.
    pub clinician_id: ClinicianId,
    /// What was offered or agreed, in pence an hour.
    pub rate_pence_per_hour: i32,
}

/// Those of a clinician, at one practice where one is named, in order of session.
pub async fn list_of_clinician(
    tx: &mut Tx,
    clinician: ClinicianId,
    practice: Option<PracticeId>,
) -> Result<Vec<Concerned>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select o.bank_id, true as is_offer, o.id, o.session_id, o.clinician_id, o.rate_pence_per_hour
           from open_offer o
           join session s on s.bank_id = o.bank_id and s.id = o.session_id
          where o.bank_id = $1 and o.clinician_id = $2 and ($3::uuid is null or s.practice_id = $3)
         union all
         select b.bank_id, false, b.id, b.session_id, b.clinician_id, b.rate_pence_per_hour
           from live_booking b
          where b.bank_id = $1 and b.clinician_id = $2 and b.starts_at > $4
            and ($3::uuid is null or b.practice_id = $3)
          order by session_id, is_offer, id",
    )
    .bind(bank)
    .bind(clinician)
    .bind(practice)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a fact about a clinician concerns"))
}

/// Those of sessions at these practices, in order of session.
pub async fn list_of_practices(tx: &mut Tx, practices: &[PracticeId]) -> Result<Vec<Concerned>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select o.bank_id, true as is_offer, o.id, o.session_id, o.clinician_id, o.rate_pence_per_hour
           from open_offer o
           join session s on s.bank_id = o.bank_id and s.id = o.session_id
          where o.bank_id = $1 and s.practice_id = any($2)
         union all
         select b.bank_id, false, b.id, b.session_id, b.clinician_id, b.rate_pence_per_hour
           from live_booking b
          where b.bank_id = $1 and b.practice_id = any($2) and b.starts_at > $3
          order by session_id, is_offer, id",
    )
    .bind(bank)
    .bind(practices)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a fact about practices concerns"))
}

/// Those of people of a role, in order of session.
pub async fn list_of_role(tx: &mut Tx, role: &str) -> Result<Vec<Concerned>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select o.bank_id, true as is_offer, o.id, o.session_id, o.clinician_id, o.rate_pence_per_hour
           from open_offer o
           join clinician c on c.bank_id = o.bank_id and c.id = o.clinician_id
          where o.bank_id = $1 and c.role = $2
         union all
         select b.bank_id, false, b.id, b.session_id, b.clinician_id, b.rate_pence_per_hour
           from live_booking b
          where b.bank_id = $1 and b.role = $2 and b.starts_at > $3
          order by session_id, is_offer, id",
    )
    .bind(bank)
    .bind(role)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what the needs of a role concern"))
}

/// Those of people whom the bank employs, in order of session.
pub async fn list_of_employed(tx: &mut Tx) -> Result<Vec<Concerned>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select o.bank_id, true as is_offer, o.id, o.session_id, o.clinician_id, o.rate_pence_per_hour
           from open_offer o
           join clinician c on c.bank_id = o.bank_id and c.id = o.clinician_id
          where o.bank_id = $1 and c.engagement = 'employed'
         union all
         select b.bank_id, false, b.id, b.session_id, b.clinician_id, b.rate_pence_per_hour
           from live_booking b
           join clinician c on c.bank_id = b.bank_id and c.id = b.clinician_id
          where b.bank_id = $1 and c.engagement = 'employed' and b.starts_at > $2
          order by session_id, is_offer, id",
    )
    .bind(bank)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what the hours of a bank concern"))
}

/// The open offers to people of a role of work in a band from a date on, in order of session. What is booked keeps the
/// range it was agreed under.
pub async fn list_of_range(
    tx: &mut Tx,
    (role, band): (&str, &str),
    from: NaiveDate,
) -> Result<Vec<Concerned>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select o.bank_id, true as is_offer, o.id, o.session_id, o.clinician_id, o.rate_pence_per_hour
           from open_offer o
           join session s on s.bank_id = o.bank_id and s.id = o.session_id
           join clinician c on c.bank_id = o.bank_id and c.id = o.clinician_id
          where o.bank_id = $1 and c.role = $2 and s.band = $3 and s.local_date >= $4
          order by o.session_id, o.id",
    )
    .bind(bank)
    .bind(role)
    .bind(band)
    .bind(from)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the offers that a rate range concerns"))
}

/// Those of a person, in whatever bank, that lie around a change of their diary, in order of bank and session, without the
/// booking that changed it.
pub async fn list_of_person(tx: &mut Tx, diary: &Diary) -> Result<Vec<Concerned>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select bank_id, is_offer, id, session_id, clinician_id, rate_pence_per_hour
           from concerned_of_person($1, tstzrange($3, $4))
          where (is_offer or starts_at > $2) and id is distinct from $5
          order by bank_id, session_id, is_offer, id",
    )
    .bind(diary.account)
    .bind(now)
    .bind(diary.from)
    .bind(diary.until)
    .bind(diary.judged)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a person is offered and booked for"))
}

/// A booking that an administrator has to look at.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FlagRow {
    /// The booking.
    pub booking_id: Uuid,
    /// When its session begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The name of the practice.
    pub practice: String,
    /// Who is booked.
    pub clinician_id: ClinicianId,
    /// Their name.
    pub clinician: String,
    /// Why, in a sentence without a full stop.
    pub sentence: String,
    /// What can be done about it.
    pub next_step: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many there are in all.
    pub total: i64,
}

/// The bookings to look at whose sessions have not begun, in order of time: `most` of them after the first `skipped`.
pub async fn list_flags(tx: &mut Tx, (most, skipped): (i64, i64)) -> Result<Vec<FlagRow>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select f.booking_id, b.starts_at, b.ends_at, p.name as practice, b.clinician_id, a.name as clinician,
                f.sentence, f.next_step, f.since, count(*) over () as total
           from booking_flag f
           join live_booking b on b.bank_id = f.bank_id and b.id = f.booking_id and b.starts_at > $2
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
          where f.bank_id = $1
          order by b.starts_at, f.booking_id
          limit $3 offset $4",
    )
    .bind(bank)
    .bind(now)
    .bind(most)
    .bind(skipped)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the bookings to look at"))
}

/// The flag of a booking whose session has not begun.
pub async fn find_flag(tx: &mut Tx, booking: BookingId) -> Result<Option<FlagRow>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select f.booking_id, b.starts_at, b.ends_at, p.name as practice, b.clinician_id, a.name as clinician,
                f.sentence, f.next_step, f.since, 1::bigint as total
           from booking_flag f
           join live_booking b on b.bank_id = f.bank_id and b.id = f.booking_id and b.starts_at > $3
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
          where f.bank_id = $1 and f.booking_id = $2",
    )
    .bind(bank)
    .bind(booking)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the flag of a booking"))
}

/// Which of these bookings are flagged, each with the code of its reason.
pub async fn list_flagged(tx: &mut Tx, bookings: &[Uuid]) -> Result<Vec<(Uuid, String)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as("select booking_id, code from booking_flag where bank_id = $1 and booking_id = any($2)")
        .bind(bank)
        .bind(bookings)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("asking which bookings are flagged"))
}

/// Why a booking is flagged.
#[derive(Debug, Clone)]
pub struct NewFlag {
    /// The booking.
    pub booking: Uuid,
    /// The code of its reason.
    pub code: &'static str,
    /// Why, in a sentence without a full stop.
    pub sentence: String,
    /// What can be done about it.
    pub next_step: String,
}

/// Flags these bookings of the bank.
pub async fn upsert_flags(tx: &mut Tx, flags: &[NewFlag]) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "insert into booking_flag (bank_id, booking_id, code, sentence, next_step, since)
         select $1, n.booking_id, n.code, n.sentence, n.next_step, $6
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as n (booking_id, code, sentence, next_step)
             on conflict (bank_id, booking_id) do update
            set code = excluded.code, sentence = excluded.sentence, next_step = excluded.next_step",
    )
    .bind(bank)
    .bind(flags.iter().map(|flag| flag.booking).collect::<Vec<_>>())
    .bind(flags.iter().map(|flag| flag.code).collect::<Vec<_>>())
    .bind(flags.iter().map(|flag| flag.sentence.as_str()).collect::<Vec<_>>())
    .bind(flags.iter().map(|flag| flag.next_step.as_str()).collect::<Vec<_>>())
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("flagging bookings"))?;
    Ok(())
}

/// Takes the flags of these bookings away.
pub async fn delete_flags(tx: &mut Tx, bookings: &[Uuid]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("delete from booking_flag where bank_id = $1 and booking_id = any($2)")
        .bind(bank)
        .bind(bookings)
        .execute(tx.connection())
        .await
        .map_err(failed("taking flags from bookings"))?;
    Ok(())
}
