//! SQL of the demonstration: recounts what the main job says of itself.

use sqlx::PgConnection;

use crate::db::{DbError, failed};
use crate::id::{BankId, PlanId};

/// What the database holds of one plan's consequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    /// Offers made from the plan.
    pub offers: i64,
    /// Offers of it that were accepted.
    pub accepted: i64,
    /// Offers of it that were declined.
    pub declined: i64,
    /// Live bookings that came of them.
    pub bookings: i64,
    /// Mails the outbox says were sent, of the whole bank.
    pub mails_sent: i64,
    /// Mails that still wait, of the whole bank.
    pub mails_waiting: i64,
}

/// Counts what came of a plan.
pub async fn count(connection: &mut PgConnection, bank: BankId, plan: PlanId) -> Result<Count, DbError> {
    sqlx::query_as(
        "select (select count(*) from offer o where o.bank_id = $1 and o.plan_id = $2) as offers,
                (select count(*) from offer o where o.bank_id = $1 and o.plan_id = $2 and o.state = 'accepted') as accepted,
                (select count(*) from offer o where o.bank_id = $1 and o.plan_id = $2 and o.state = 'declined') as declined,
                (select count(*) from booking b join offer o on o.bank_id = b.bank_id and o.id = b.offer_id
                  where b.bank_id = $1 and o.plan_id = $2 and b.state = 'live') as bookings,
                (select count(*) from mail m where m.bank_id = $1 and m.state = 'sent') as mails_sent,
                (select count(*) from mail m where m.bank_id = $1 and m.state in ('pending', 'sending', 'uncertain'))
                    as mails_waiting",
    )
    .bind(bank)
    .bind(plan)
    .fetch_one(connection)
    .await
    .map_err(failed("counting what came of a plan"))
}

/// Has PostgreSQL look at what was loaded, so that the first pages are as quick as the later ones.
pub async fn analyze(connection: &mut PgConnection) -> Result<(), DbError> {
    sqlx::query("analyze").execute(connection).await.map_err(failed("gathering statistics"))?;
    Ok(())
}
