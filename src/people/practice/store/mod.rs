//! SQL of practices and of who manages them.

pub mod extras;
pub mod guide;
pub mod import;
pub mod preferred;
pub mod refusals;
pub mod successor;
pub mod trust;

use chrono::NaiveDate;

use super::{Contact, PlacedBy, Practice, PracticeKind};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{MembershipId, PracticeId};
use crate::terms::bank::places::Place;

/// The practice of that id in a bank.
pub async fn find_practice(tx: &mut Tx, id: PracticeId) -> Result<Option<Practice>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, ods_code, name, kind, address, postcode, latitude_microdegrees, longitude_microdegrees,
                placed_by, pcn_code, pcn_name, clinical_system, status, opened_on, closed_on, email
           from practice
          where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a practice"))
}

/// The practice of that ODS code (in capitals) in a bank.
pub async fn find_practice_by_ods_code(tx: &mut Tx, ods_code: &str) -> Result<Option<Practice>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, ods_code, name, kind, address, postcode, latitude_microdegrees, longitude_microdegrees,
                placed_by, pcn_code, pcn_name, clinical_system, status, opened_on, closed_on, email
           from practice
          where bank_id = $1 and ods_code = $2",
    )
    .bind(bank)
    .bind(ods_code)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a practice by its ODS code"))
}

/// The practices a practice manager acts for, by name.
pub async fn list_practices_managed_by(
    tx: &mut Tx,
    membership: MembershipId,
) -> Result<Vec<Practice>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.id, p.ods_code, p.name, p.kind, p.address, p.postcode, p.latitude_microdegrees,
                p.longitude_microdegrees, p.placed_by, p.pcn_code, p.pcn_name, p.clinical_system, p.status, p.opened_on,
                p.closed_on, p.email
           from practice_manager m
           join practice p on p.bank_id = m.bank_id and p.id = m.practice_id
          where m.bank_id = $1 and m.membership_id = $2
          order by p.name, p.id",
    )
    .bind(bank)
    .bind(membership)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the practices of a manager"))
}

/// The practice of that id, where a practice manager acts for it.
pub async fn find_practice_managed_by(
    tx: &mut Tx,
    membership: MembershipId,
    id: PracticeId,
) -> Result<Option<Practice>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.id, p.ods_code, p.name, p.kind, p.address, p.postcode, p.latitude_microdegrees,
                p.longitude_microdegrees, p.placed_by, p.pcn_code, p.pcn_name, p.clinical_system, p.status, p.opened_on,
                p.closed_on, p.email
           from practice_manager m
           join practice p on p.bank_id = m.bank_id and p.id = m.practice_id
          where m.bank_id = $1 and m.membership_id = $2 and m.practice_id = $3",
    )
    .bind(bank)
    .bind(membership)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a practice of a manager"))
}

/// The practices that are found by `search` (`migrations/0050_search.sql`: name, code, postcode, network or address), by
/// name. An empty search finds every practice.
pub async fn list_practices(
    tx: &mut Tx,
    search: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<Practice>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.id, p.ods_code, p.name, p.kind, p.address, p.postcode, p.latitude_microdegrees,
                p.longitude_microdegrees, p.placed_by, p.pcn_code, p.pcn_name, p.clinical_system, p.status, p.opened_on,
                p.closed_on, p.email
           from practice p
           join practices_found($1, $2) found on found.id = p.id
          where p.bank_id = $1
          order by p.name, p.id
          limit $3 offset $4",
    )
    .bind(bank)
    .bind(search)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing practices"))
}

/// How many practices [`list_practices`] finds in all.
pub async fn count_practices(tx: &mut Tx, search: &str) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select count(*) from practices_found($1, $2)")
        .bind(bank)
        .bind(search)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("counting practices"))
}

/// The bank's practices whose ODS code or whole name is one of these, however it is written, by name. A name finds all
/// that have it in the register.
pub async fn list_practices_called(tx: &mut Tx, called: &[String]) -> Result<Vec<Practice>, DbError> {
    let bank = tx.bank();
    let called: Vec<String> = called.iter().map(|text| text.to_lowercase()).collect();
    sqlx::query_as(
        "select id, ods_code, name, kind, address, postcode, latitude_microdegrees, longitude_microdegrees,
                placed_by, pcn_code, pcn_name, clinical_system, status, opened_on, closed_on, email
           from practice
          where bank_id = $1
            and (lower(ods_code) = any($2) or lower(register_name) = any($2) or lower(name) = any($2))
          order by name, id",
    )
    .bind(bank)
    .bind(called)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("finding practices by code or name"))
}

/// The people to tell at each of these practices, by practice and name.
pub async fn list_contacts(tx: &mut Tx, practices: &[PracticeId]) -> Result<Vec<Contact>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select m.practice_id, a.id as account_id, a.name, a.email
           from practice_manager m
           join membership s on s.bank_id = m.bank_id and s.id = m.membership_id
           join account a on a.id = s.account_id
          where m.bank_id = $1 and m.practice_id = any($2) and s.ended_at is null and a.disabled_at is null
          order by m.practice_id, a.name, a.id",
    )
    .bind(bank)
    .bind(practices)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing whom to tell at practices"))
}

/// A practice to be added.
#[derive(Debug, Clone)]
pub struct NewPractice {
    /// Its id.
    pub id: PracticeId,
    /// Its code in the Organisation Data Service, in capitals.
    pub ods_code: String,
    /// Its name, as people read it.
    pub name: String,
    /// What sort of place it is.
    pub kind: PracticeKind,
    /// Its address in one line, without the postcode.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// Where it is.
    pub place: Place,
    /// How that is known.
    pub placed_by: PlacedBy,
    /// Code and name of its primary care network.
    pub pcn: Option<(String, String)>,
    /// The competency that says a clinician can use its clinical system.
    pub clinical_system: Option<String>,
    /// The day it opened.
    pub opened_on: Option<NaiveDate>,
}

/// Adds a practice.
pub async fn insert_practice(tx: &mut Tx, practice: &NewPractice) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    let (pcn_code, pcn_name) = practice.pcn.clone().unzip();
    sqlx::query(
        "insert into practice (bank_id, id, ods_code, name, kind, address, postcode, latitude_microdegrees,
                longitude_microdegrees, placed_by, pcn_code, pcn_name, clinical_system, opened_on, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)",
    )
    .bind(bank)
    .bind(practice.id)
    .bind(&practice.ods_code)
    .bind(&practice.name)
    .bind(practice.kind)
    .bind(&practice.address)
    .bind(&practice.postcode)
    .bind(practice.place.latitude_microdegrees)
    .bind(practice.place.longitude_microdegrees)
    .bind(practice.placed_by)
    .bind(pcn_code)
    .bind(pcn_name)
    .bind(&practice.clinical_system)
    .bind(practice.opened_on)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a practice"))?;
    Ok(())
}

/// Lets a membership act for no practice any more, and says for which it did.
pub async fn delete_practice_manager(
    tx: &mut Tx,
    membership: MembershipId,
) -> Result<Vec<PracticeId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "delete from practice_manager where bank_id = $1 and membership_id = $2 returning practice_id",
    )
    .bind(bank)
    .bind(membership)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("ending the management of practices"))
}

/// Lets a membership act for a practice. Said twice, it is said once.
pub async fn insert_practice_manager(
    tx: &mut Tx,
    membership: MembershipId,
    practice: PracticeId,
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into practice_manager (bank_id, membership_id, practice_id) values ($1, $2, $3)
             on conflict do nothing",
    )
    .bind(bank)
    .bind(membership)
    .bind(practice)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a practice manager"))?;
    Ok(())
}
