//! SQL of practices' guides.

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, PracticeId};
use crate::people::practice::guide::Guide;

/// The guide of a practice; an empty one where nothing was said.
pub async fn find_guide(tx: &mut Tx, practice: PracticeId) -> Result<Guide, DbError> {
    let bank = tx.bank();
    let found = sqlx::query_as(
        "select version, phone, clinical_system, parking, arrival, contact_name, contact_phone
           from practice_guide where bank_id = $1 and practice_id = $2",
    )
    .bind(bank)
    .bind(practice)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the guide of a practice"))?;
    Ok(found.unwrap_or_default())
}

/// The guides of these practices, each with its practice.
pub async fn list_guides(tx: &mut Tx, practices: &[PracticeId]) -> Result<Vec<(PracticeId, Guide)>, DbError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        practice_id: PracticeId,
        #[sqlx(flatten)]
        guide: Guide,
    }
    let bank = tx.bank();
    let rows: Vec<Row> = sqlx::query_as(
        "select practice_id, version, phone, clinical_system, parking, arrival, contact_name, contact_phone
           from practice_guide where bank_id = $1 and practice_id = any($2) order by practice_id",
    )
    .bind(bank)
    .bind(practices)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the guides of practices"))?;
    Ok(rows.into_iter().map(|row| (row.practice_id, row.guide)).collect())
}

/// Keeps a guide in the place of the version that it was made from. False where another was kept since.
pub async fn upsert_guide(tx: &mut Tx, practice: PracticeId, guide: &Guide) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into practice_guide as g (bank_id, practice_id, version, phone, clinical_system, parking, arrival,
                                          contact_name, contact_phone, changed_by, changed_at)
         values ($1, $2, $3 + 1, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict (bank_id, practice_id) do update
            set version = excluded.version, phone = excluded.phone, clinical_system = excluded.clinical_system,
                parking = excluded.parking, arrival = excluded.arrival, contact_name = excluded.contact_name,
                contact_phone = excluded.contact_phone, changed_by = excluded.changed_by, changed_at = excluded.changed_at
          where g.version = $3",
    )
    .bind(bank)
    .bind(practice)
    .bind(guide.version)
    .bind(&guide.phone)
    .bind(&guide.clinical_system)
    .bind(&guide.parking)
    .bind(&guide.arrival)
    .bind(&guide.contact_name)
    .bind(&guide.contact_phone)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping the guide of a practice"))?;
    Ok(done.rows_affected() == 1)
}

/// Whether this person is booked at the practice for a session that is not over, or manages it.
pub async fn is_side_of_booking(
    tx: &mut Tx,
    practice: PracticeId,
    account: AccountId,
) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_scalar(
        "select exists (select from live_booking b
                         where b.bank_id = $1 and b.practice_id = $2 and b.account_id = $3 and b.ends_at > $4)
             or exists (select from practice_manager m
                          join membership s on s.bank_id = m.bank_id and s.id = m.membership_id
                         where m.bank_id = $1 and m.practice_id = $2 and s.account_id = $3 and s.ended_at is null)",
    )
    .bind(bank)
    .bind(practice)
    .bind(account)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("asking whether somebody is a side of a booking"))
}
