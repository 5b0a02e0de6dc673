//! SQL of events: the only place that writes their table.

use super::Happened;
use super::subjects::Subjects;
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::AccountId;

/// Adds events, however many, in one statement, in the transaction's bank and at its time.
pub(super) async fn insert_events(
    tx: &mut Tx,
    by: Option<AccountId>,
    events: &[Happened],
) -> Result<(), DbError> {
    if events.is_empty() {
        return Ok(());
    }
    let subjects: Vec<Subjects> = events.iter().map(Happened::subjects).collect();
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "insert into event (bank_id, kind, at, account_id, session_id, clinician_id, offer_id, booking_id,
                            membership_id, clearance_id, rate_range_id, vacancy_id, application_id, detail)
         select $1, n.kind, $2, $3, n.session_id, n.clinician_id, n.offer_id, n.booking_id, n.membership_id,
                n.clearance_id, n.rate_range_id, n.vacancy_id, n.application_id, n.detail
           from unnest($4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[],
                       $11::uuid[], $12::uuid[], $13::uuid[], $14::jsonb[])
                as n (kind, session_id, clinician_id, offer_id, booking_id, membership_id, clearance_id,
                      rate_range_id, vacancy_id, application_id, detail)",
    )
    .bind(bank)
    .bind(now)
    .bind(by)
    .bind(events.iter().map(|event| event.kind().code()).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.session).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.clinician).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.offer).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.booking).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.membership).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.clearance).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.range).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.vacancy).collect::<Vec<_>>())
    .bind(subjects.iter().map(|of| of.application).collect::<Vec<_>>())
    .bind(events.iter().map(Happened::detail).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("writing what happened"))?;
    Ok(())
}
