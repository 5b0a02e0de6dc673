//! What clinicians have in their diaries.

use locumbank::ground::id::AvailabilityId;

use super::{Holdings, Record};
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

/// The plan proposes the clinician for the session.
pub(super) async fn proposed(seed: &mut Seed, own: &Holdings) -> String {
    let id = |record| uuid::Uuid::parse_str(&own[&record]).expect("an id");
    let (session, clinician) = (id(Record::GivenBack), id(Record::Clinician));
    sqlx::query(
        "insert into plan_pair (bank_id, plan_id, session_id, clinician_id, rate_pence_per_hour, pay_pence, road_metres,
                                score, already_booked)
         values ($1, $2, $3, $4, 8800, 36667, 12900, 1000000, false)",
    )
    .bind(seed.bank)
    .bind(id(Record::Plan))
    .bind(session)
    .bind(clinician)
    .execute(seed.connection())
    .await
    .expect("a pair");
    format!("{session}.{clinician}")
}
