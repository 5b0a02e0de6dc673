//! What clinicians have in their diaries.

use locumbank::ground::id::AvailabilityId;

use crate::support::seed::{Clinician, Seed};

/// A single date on which a clinician can work.
pub async fn free_on_a_date(seed: &mut Seed, clinician: &Clinician) -> String {
    let id = AvailabilityId::new();
    let bank = seed.bank;
    sqlx::query(
        "insert into availability_entry (bank_id, id, clinician_id, local_date, start_time, end_time)
         values ($1, $2, $3, '2026-11-14', '09:00', '17:00')",
    )
    .bind(bank)
    .bind(id)
    .bind(clinician.id)
    .execute(seed.connection())
    .await
    .expect("a date they can work on");
    id.to_string()
}

/// Time in which a clinician is away.
pub async fn away(seed: &mut Seed, clinician: &Clinician) -> String {
    let id = AvailabilityId::new();
    let bank = seed.bank;
    sqlx::query(
        "insert into time_away (bank_id, id, clinician_id, from_date, until_date)
         values ($1, $2, $3, '2026-12-20', '2026-12-31')",
    )
    .bind(bank)
    .bind(id)
    .bind(clinician.id)
    .execute(seed.connection())
    .await
    .expect("time away");
    id.to_string()
}
