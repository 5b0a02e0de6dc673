//! SQL of the demonstration: recounts what the main job says of itself.

use chrono::NaiveDate;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, ClinicianId, MembershipId, PlanId, PracticeId};

/// What the database holds of one plan's consequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    /// Open sessions on the dates of the plan.
    pub sessions: i64,
    /// Places requested in the twelve weeks before this one.
    pub places_requested: i64,
    /// Those of them that were filled.
    pub places_filled: i64,
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

/// Counts what came of a plan, and the fill rate of the twelve weeks before the one of `today`.
pub async fn count(tx: &mut Tx, plan: PlanId, today: NaiveDate) -> Result<Count, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "with past as (
             select s.id, s.places from session s
              where s.bank_id = $1
                and s.local_date >= date_trunc('week', $3::date)::date - 84
                and s.local_date < date_trunc('week', $3::date)::date
                and (s.state = 'open' or s.starts_at - s.withdrawn_at < interval '7 days'))
         select (select count(*) from session s join plan p on p.bank_id = s.bank_id and p.id = $2
                  where s.bank_id = $1 and s.state = 'open'
                    and s.local_date between p.from_date and p.until_date) as sessions,
                (select coalesce(sum(places), 0)::bigint from past) as places_requested,
                (select count(*) from live_booking b join past on past.id = b.session_id
                  where b.bank_id = $1) as places_filled,
                (select count(*) from offer o where o.bank_id = $1 and o.plan_id = $2) as offers,
                (select count(*) from offer o where o.bank_id = $1 and o.plan_id = $2 and o.state = 'accepted') as accepted,
                (select count(*) from offer o where o.bank_id = $1 and o.plan_id = $2 and o.state = 'declined') as declined,
                (select count(*) from live_booking b join offer o on o.bank_id = b.bank_id and o.id = b.offer_id
                  where b.bank_id = $1 and o.plan_id = $2) as bookings,
                (select count(*) from mail m where m.bank_id = $1 and m.state = 'sent') as mails_sent,
                (select count(*) from mail m where m.bank_id = $1 and m.state in ('pending', 'sending', 'uncertain'))
                    as mails_waiting",
    )
    .bind(bank)
    .bind(plan)
    .bind(today)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting what came of a plan"))
}

/// A clinician who could ask for sessions.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Asking {
    pub(super) account: AccountId,
    pub(super) membership: MembershipId,
    pub(super) clinician: ClinicianId,
    pub(super) email: String,
}

/// The clinicians of the bank, in order of their addresses.
pub(super) async fn list_clinicians(tx: &mut Tx) -> Result<Vec<Asking>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select a.id as account, c.membership_id as membership, c.id as clinician, a.email
           from clinician c join account a on a.id = c.account_id
          where c.bank_id = $1 order by a.email",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who could ask for sessions"))
}

/// A manager and a practice of theirs.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Managing {
    /// Their account.
    pub account: AccountId,
    /// Their membership.
    pub membership: MembershipId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The practice.
    pub practice: PracticeId,
}

/// Who manages which practice, by practice.
pub async fn list_managing(tx: &mut Tx) -> Result<Vec<Managing>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select a.id as account, m.id as membership, a.name, a.email, p.practice_id as practice
           from practice_manager p
           join membership m on m.bank_id = p.bank_id and m.id = p.membership_id
           join account a on a.id = m.account_id
          where p.bank_id = $1
          order by p.practice_id, m.id",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who manages which practice"))
}
