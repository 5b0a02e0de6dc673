//! SQL that reads the people of a bank. Memberships are written by `account`.

use chrono::{DateTime, Utc};

use super::{MembershipLine, Person, Standing, Wanted};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::AccountId;
use crate::ground::sign_in::PersonKind;

/// One line of the list of people: a membership, or an invitation that nobody has used.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PersonLine {
    /// Their account; none for somebody who is invited.
    pub account: Option<AccountId>,
    /// Their name; may be empty for somebody who is invited.
    pub name: String,
    /// Their address.
    pub email: String,
    /// As what.
    pub kind: PersonKind,
    /// Where they stand.
    pub standing: Standing,
    /// When they last began to act here.
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// How many lines there are in all.
    pub total: i64,
}

/// The people who are wanted, by name: `most` of them after the first `skipped`.
pub async fn list_people(
    tx: &mut Tx,
    wanted: &Wanted,
    (most, skipped): (i64, i64),
) -> Result<Vec<PersonLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select p.account, p.name, p.email, p.kind, p.standing, p.last_signed_in_at, count(*) over () as total
           from (
            select a.id as account, a.name, a.email, m.kind,
                   case when m.ended_at is null then 'joined' else 'ended' end as standing, m.last_signed_in_at, m.id
              from people_found($1, $2) found
              join membership m on m.bank_id = $1 and m.id = found.membership_id
              join account a on a.id = m.account_id
            union all
            select null, i.name, i.email, i.kind, 'invited', null, i.id
              from people_found($1, $2) found
              join invitation i on i.bank_id = $1 and i.id = found.invitation_id) p
          where ($3::text is null or p.kind = $3)
            and (p.standing = $4 or ($4::text is null and p.standing <> 'ended'))
          order by lower(coalesce(nullif(p.name, ''), p.email)), p.id
          limit $5 offset $6",
    )
    .bind(bank)
    .bind(&wanted.search)
    .bind(wanted.kind)
    .bind(wanted.standing.map(Standing::code))
    .bind(most)
    .bind(skipped)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the people of a bank"))
}

/// The person of an account, where they have or had a membership of the bank. Their sign-ins here count that were begun and
/// last seen after these instants.
pub async fn find_person(
    tx: &mut Tx,
    account: AccountId,
    (begun_after, seen_after): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<Person>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select a.id as account, a.name, a.email, a.disabled_at is not null as is_closed,
                exists (select from second_factor f where f.account_id = a.id and f.confirmed_at is not null)
                    as has_second_factor,
                (select count(*) from sign_in s
                   join membership o on o.bank_id = s.bank_id and o.id = s.membership_id and o.ended_at is null
                  where s.account_id = a.id and s.bank_id = $1 and s.ended_at is null and s.created_at > $3
                    and s.last_seen_at > $4) as sign_ins
           from account a
          where a.id = $2 and exists (select from membership m where m.bank_id = $1 and m.account_id = a.id)",
    )
    .bind(bank)
    .bind(account)
    .bind(begun_after)
    .bind(seen_after)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a person of a bank"))
}

/// A person's memberships of the bank: those that go on first, then the newest.
pub async fn list_memberships_here(tx: &mut Tx, account: AccountId) -> Result<Vec<MembershipLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select m.id, m.kind, m.created_at, m.ended_at, m.last_signed_in_at, c.id as clinician,
                array(select p.name from practice_manager g
                        join practice p on p.bank_id = g.bank_id and p.id = g.practice_id
                       where g.bank_id = m.bank_id and g.membership_id = m.id order by p.name, p.id) as practices,
                array(select p.name from practice_manager g
                        join practice p on p.bank_id = g.bank_id and p.id = g.practice_id
                       where g.bank_id = m.bank_id and g.membership_id = m.id
                         and not exists (select from practice_manager o
                                           join membership n on n.bank_id = o.bank_id and n.id = o.membership_id
                                            and n.ended_at is null
                                          where o.bank_id = g.bank_id and o.practice_id = g.practice_id
                                            and o.membership_id <> g.membership_id)
                       order by p.name, p.id) as unmanaged_without,
                m.kind = 'bank_administrator' and m.ended_at is null
                  and not exists (select from membership n join account b on b.id = n.account_id
                                   where n.bank_id = m.bank_id and n.kind = m.kind and n.ended_at is null
                                     and n.id <> m.id and b.disabled_at is null) as is_last_administrator
           from membership m
           left join clinician c on c.bank_id = m.bank_id and c.membership_id = m.id
          where m.bank_id = $1 and m.account_id = $2
          order by m.ended_at is not null, m.created_at desc, m.id",
    )
    .bind(bank)
    .bind(account)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing a person's memberships of a bank"))
}

/// How many people the bank demands a second factor of, or would, and how many of them have one.
pub async fn count_second_factors(tx: &mut Tx) -> Result<(i64, i64), DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select count(distinct m.account_id),
                count(distinct m.account_id) filter (where f.confirmed_at is not null)
           from membership m
           join account a on a.id = m.account_id and a.disabled_at is null
           left join second_factor f on f.account_id = m.account_id
          where m.bank_id = $1 and m.kind <> 'clinician' and m.ended_at is null",
    )
    .bind(bank)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting who has a second factor"))
}
