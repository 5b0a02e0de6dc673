//! SQL of the reminders to sign off.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, BookingId, PracticeId};

/// Days after which a practice is reminded, the first time and the last.
pub const AFTER_DAYS: (i16, i16) = (2, 5);

/// Of what ended longer ago nobody is reminded: bookings from before sign-offs were kept.
const AT_MOST_DAYS: i32 = 14;

/// Hours between one reminder of a practice and the next, whatever becomes due.
const HOURS_BETWEEN: i32 = 20;

/// Nobody is reminded before the first of these hours of the bank's clock, nor at the second or after it, where the bank has
/// decided nothing else.
const AWAKE: (i32, i32) = (7, 21);

/// Something that waits to be signed off.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Its bank.
    pub bank_id: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The practice.
    pub practice_id: PracticeId,
    /// The practice's name.
    pub practice_name: String,
    /// The booking.
    pub booking_id: BookingId,
    /// Who was booked.
    pub clinician_name: String,
    /// The name of their role.
    pub role_name: String,
    /// When the session started.
    pub starts_at: DateTime<Utc>,
    /// When it ended.
    pub ends_at: DateTime<Utc>,
    /// The reminder, by which it is known whether it is still true.
    pub reminder_id: Uuid,
}

/// Notes that practices are reminded of what has waited for two days, and again for five, in every bank. Gives how many.
pub async fn insert_due_reminders(tx: &mut Tx) -> Result<u64, DbError> {
    let now = tx.now();
    let done = sqlx::query(
        "insert into sign_off_reminder (bank_id, id, booking_id, after_days, reminded_at)
         select b.bank_id, gen_random_uuid(), b.id, due.after_days, $1
           from live_booking b
           join bank k on k.id = b.bank_id
           left join bank_rule_in_force h on h.bank_id = b.bank_id and h.section = 'answers'
           cross join lateral (select case when b.ends_at <= $1::timestamptz - make_interval(days => $3) then $3 else $2 end as after_days) due
          where b.ends_at <= $1::timestamptz - make_interval(days => $2) and b.ends_at > $1::timestamptz - make_interval(days => $4)
            and extract(hour from $1::timestamptz at time zone k.time_zone) >= coalesce((h.value ->> 'told_from_hour')::integer, $6)
            and extract(hour from $1::timestamptz at time zone k.time_zone) < coalesce((h.value ->> 'until_hour')::integer, $7)
            and not exists (select 1 from work_sign_off s where s.bank_id = b.bank_id and s.booking_id = b.id)
            and not exists (select 1 from sign_off_reminder r
                             where r.bank_id = b.bank_id and r.booking_id = b.id and r.after_days >= due.after_days)
            and not exists (select 1 from sign_off_reminder r
                              join booking o on o.bank_id = r.bank_id and o.id = r.booking_id
                             where o.bank_id = b.bank_id and o.practice_id = b.practice_id
                               and r.reminded_at > $1::timestamptz - make_interval(hours => $5))",
    )
    .bind(now)
    .bind(i32::from(AFTER_DAYS.0))
    .bind(i32::from(AFTER_DAYS.1))
    .bind(AT_MOST_DAYS)
    .bind(HOURS_BETWEEN)
    .bind(AWAKE.0)
    .bind(AWAKE.1)
    .execute(tx.connection())
    .await
    .map_err(failed("noting whom to remind to sign off"))?;
    Ok(done.rows_affected())
}

/// All that waits, of which its practice was ever reminded, at the practices that are reminded now. By bank and time.
pub async fn list_reminded_now(tx: &mut Tx) -> Result<Vec<Waiting>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select b.bank_id, k.name as bank_name, b.practice_id, p.name as practice_name, b.id as booking_id,
                a.name as clinician_name, r.name as role_name, b.starts_at, b.ends_at, newest.id as reminder_id
           from live_booking b
           join bank k on k.id = b.bank_id
           join practice p on p.bank_id = b.bank_id and p.id = b.practice_id
           join account a on a.id = b.account_id
           join role_of_bank r on r.bank_id = b.bank_id and r.code = b.role
           join lateral (select n.id from sign_off_reminder n where n.bank_id = b.bank_id and n.booking_id = b.id
                          order by n.after_days desc limit 1) newest on true
          where not exists (select 1 from work_sign_off s where s.bank_id = b.bank_id and s.booking_id = b.id)
            and exists (select 1 from sign_off_reminder n
                          join booking o on o.bank_id = n.bank_id and o.id = n.booking_id
                         where n.reminded_at = $1 and o.bank_id = b.bank_id and o.practice_id = b.practice_id)
          order by b.bank_id, b.starts_at, b.id",
    )
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what waits to be signed off at practices that are reminded"))
}
