//! SQL of offers: the only place that writes the table.

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, ClinicianId, OfferId, SessionId};
use crate::ground::sign_in::TokenHash;
use crate::work::booking::offer::{Offer, OfferState, OfferToMake};

/// An offer's columns, as statements give them.
#[derive(sqlx::FromRow)]
pub(super) struct OfferRow {
    bank_id: BankId,
    id: OfferId,
    session_id: SessionId,
    place_no: i16,
    clinician_id: ClinicianId,
    rate_pence_per_hour: i32,
    pay_pence: i32,
    road_metres: i32,
    state: String,
    offered_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    answer_reason: Option<String>,
}

impl From<OfferRow> for Offer {
    fn from(row: OfferRow) -> Self {
        let at = row.answered_at.unwrap_or(row.expires_at);
        let state = match row.state.as_str() {
            "open" => OfferState::Open,
            "accepted" => OfferState::Accepted { at },
            "declined" => OfferState::Declined { at, reason: row.answer_reason },
            "withdrawn" => OfferState::Withdrawn { at, reason: row.answer_reason.unwrap_or_default() },
            _ => OfferState::Lapsed { at },
        };
        Self {
            bank: row.bank_id,
            id: row.id,
            session: row.session_id,
            place_no: row.place_no,
            clinician: row.clinician_id,
            rate_pence_per_hour: row.rate_pence_per_hour,
            pay_pence: row.pay_pence,
            road_metres: row.road_metres,
            offered_at: row.offered_at,
            expires_at: row.expires_at,
            state,
        }
    }
}

/// The offer of that id.
pub async fn find_offer(tx: &mut Tx, offer: OfferId) -> Result<Option<Offer>, DbError> {
    let bank = tx.bank();
    let row: Option<OfferRow> = sqlx::query_as(
        "select bank_id, id, session_id, place_no, clinician_id, rate_pence_per_hour, pay_pence, road_metres, state,
                offered_at, expires_at, answered_at, answer_reason
           from offer
          where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(offer)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding an offer"))?;
    Ok(row.map(Offer::from))
}

/// The offer whose link carries this token, in whatever bank.
pub async fn find_offer_of_link(tx: &mut Tx, token: &TokenHash) -> Result<Option<Offer>, DbError> {
    let row: Option<OfferRow> = sqlx::query_as(
        "select bank_id, id, session_id, place_no, clinician_id, rate_pence_per_hour, pay_pence, road_metres, state,
                offered_at, expires_at, answered_at, answer_reason
           from offer_of_link($1)",
    )
    .bind(token.0.as_slice())
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the offer of a link"))?;
    Ok(row.map(Offer::from))
}

/// The account of a clinician.
pub async fn find_account(tx: &mut Tx, clinician: ClinicianId) -> Result<Option<AccountId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select account_id from clinician where bank_id = $1 and id = $2")
        .bind(bank)
        .bind(clinician)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding a clinician's account"))
}

/// A person to be told about an offer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Holder {
    /// The clinician.
    pub clinician_id: ClinicianId,
    /// Their account.
    pub account_id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The name of their role.
    pub role_name: String,
}

/// Who these clinicians are, as far as a mail needs to know.
pub async fn list_holders(tx: &mut Tx, clinicians: &[ClinicianId]) -> Result<Vec<Holder>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select c.id as clinician_id, c.account_id, c.name, c.email, r.name as role_name
           from clinician_by_name c
           join role_of_bank r on r.bank_id = c.bank_id and r.code = c.role
          where c.bank_id = $1 and c.id = any($2)
          order by c.id",
    )
    .bind(bank)
    .bind(clinicians)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who holds offers"))
}

/// The places of sessions that are taken, each with whether it is booked (or else offered).
pub async fn list_taken_places(
    tx: &mut Tx,
    sessions: &[SessionId],
) -> Result<Vec<(SessionId, i16, bool)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select session_id, place_no, true from live_booking where bank_id = $1 and session_id = any($2)
         union all
         select session_id, place_no, false from open_offer where bank_id = $1 and session_id = any($2)",
    )
    .bind(bank)
    .bind(sessions)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the taken places of sessions"))
}

/// Which clinicians hold open offers of these sessions.
pub async fn list_open_pairs(
    tx: &mut Tx,
    sessions: &[SessionId],
) -> Result<Vec<(SessionId, ClinicianId)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select session_id, clinician_id from open_offer where bank_id = $1 and session_id = any($2)",
    )
    .bind(bank)
    .bind(sessions)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who holds open offers"))
}

/// An open offer with the name of whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HeldOffer {
    /// The offer.
    pub id: OfferId,
    /// Whom it is held for.
    pub clinician_id: ClinicianId,
    /// Their name.
    pub name: String,
    /// Until when it can be answered.
    pub expires_at: DateTime<Utc>,
}

/// The open offers of a session, the first to expire first.
pub async fn list_held_offers(tx: &mut Tx, session: SessionId) -> Result<Vec<HeldOffer>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select o.id, o.clinician_id, c.name, o.expires_at
           from open_offer o
           join clinician_by_name c on c.bank_id = o.bank_id and c.id = o.clinician_id
          where o.bank_id = $1 and o.session_id = $2
          order by o.expires_at, o.id",
    )
    .bind(bank)
    .bind(session)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who holds open offers of a session"))
}

/// An offer with everything that is decided before it is written.
#[derive(Debug, Clone)]
pub struct NewOffer {
    /// Its id.
    pub id: OfferId,
    /// What was asked for.
    pub made: OfferToMake,
    /// Which place it holds.
    pub place_no: i16,
    /// The hash of its link's token.
    pub token_hash: TokenHash,
    /// Until when it can be answered.
    pub expires_at: DateTime<Utc>,
}

/// Adds offers in one statement.
pub async fn insert_offers(tx: &mut Tx, offers: &[NewOffer]) -> Result<(), DbError> {
    fn each<T>(offers: &[NewOffer], of: impl Fn(&NewOffer) -> T) -> Vec<T> {
        offers.iter().map(of).collect()
    }
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into offer (bank_id, id, session_id, place_no, clinician_id, plan_id, rate_pence_per_hour, pay_pence,
                            road_metres, token_hash, offered_by, offered_at, expires_at)
         select $1, n.id, n.session_id, n.place_no, n.clinician_id, n.plan_id, n.rate_pence_per_hour, n.pay_pence,
                n.road_metres, n.token_hash, $11, $12, n.expires_at
           from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::uuid[], $7::int[], $8::int[], $9::int[],
                       $10::bytea[], $13::timestamptz[])
                as n (id, session_id, place_no, clinician_id, plan_id, rate_pence_per_hour, pay_pence, road_metres,
                      token_hash, expires_at)",
    )
    .bind(bank)
    .bind(each(offers, |offer| offer.id.0))
    .bind(each(offers, |offer| offer.made.session.0))
    .bind(each(offers, |offer| offer.place_no))
    .bind(each(offers, |offer| offer.made.clinician.0))
    .bind(each(offers, |offer| offer.made.plan.map(|plan| plan.0)))
    .bind(each(offers, |offer| offer.made.rate_pence_per_hour))
    .bind(each(offers, |offer| offer.made.pay_pence))
    .bind(each(offers, |offer| offer.made.road_metres))
    .bind(each(offers, |offer| offer.token_hash.0.to_vec()))
    .bind(by)
    .bind(now)
    .bind(each(offers, |offer| offer.expires_at))
    .execute(tx.connection())
    .await
    .map_err(failed("adding offers"))?;
    Ok(())
}

/// Marks an open offer as accepted or declined; says whether it was open.
pub async fn mark_answered(
    tx: &mut Tx,
    offer: OfferId,
    is_accepted: bool,
    reason: Option<&str>,
) -> Result<bool, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let done = sqlx::query(
        "update offer
            set state = case when $3 then 'accepted' else 'declined' end, answered_at = $5, answer_reason = $4
          where bank_id = $1 and id = $2 and state = 'open'",
    )
    .bind(bank)
    .bind(offer)
    .bind(is_accepted)
    .bind(reason)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("marking an offer as answered"))?;
    Ok(done.rows_affected() == 1)
}

/// Marks these open offers of one bank as withdrawn, and gives those that were open.
pub async fn mark_withdrawn(tx: &mut Tx, offers: &[OfferId], reason: &str) -> Result<Vec<Offer>, DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let rows: Vec<OfferRow> = sqlx::query_as(
        "update offer
            set state = 'withdrawn', answered_at = $4, answer_reason = $3
          where bank_id = $1 and id = any($2) and state = 'open'
         returning bank_id, id, session_id, place_no, clinician_id, rate_pence_per_hour, pay_pence, road_metres, state,
                   offered_at, expires_at, answered_at, answer_reason",
    )
    .bind(bank)
    .bind(offers)
    .bind(reason)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("marking offers as withdrawn"))?;
    Ok(rows.into_iter().map(Offer::from).collect())
}

/// Locks the open offers of a session, in order of id.
pub async fn lock_open_offers_of_session(tx: &mut Tx, session: SessionId) -> Result<Vec<OfferId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select id from offer where bank_id = $1 and session_id = $2 and state = 'open' order by id for update",
    )
    .bind(bank)
    .bind(session)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("locking the open offers of a session"))
}

/// Marks up to `most` open offers whose time has run out by `now` as lapsed, and gives them. One that somebody is
/// answering at this moment is left to them.
pub async fn mark_lapsed(tx: &mut Tx, most: i64) -> Result<Vec<Offer>, DbError> {
    let now = tx.now();
    let rows: Vec<OfferRow> = sqlx::query_as(
        "update offer o
            set state = 'lapsed', answered_at = $1
           from (select bank_id, id from offer where state = 'open' and expires_at <= $1
                  order by expires_at, id limit $2 for update skip locked) due
          where o.bank_id = due.bank_id and o.id = due.id
         returning o.bank_id, o.id, o.session_id, o.place_no, o.clinician_id, o.rate_pence_per_hour, o.pay_pence,
                   o.road_metres, o.state, o.offered_at, o.expires_at, o.answered_at, o.answer_reason",
    )
    .bind(now)
    .bind(most)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("marking offers as lapsed"))?;
    Ok(rows.into_iter().map(Offer::from).collect())
}
