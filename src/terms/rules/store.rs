//! SQL of banks' rules: versions are added and never changed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use matching_model::policy::Policy;
use serde_json::Value;
use sqlx::types::Json;

use super::public::{PublicBank, PublicName, PublicRule};
use super::{Answers, Cancelling, LookUps, Releasing, Retention, Rounds, Rule, Section, Version, WorkHours};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId};

#[derive(sqlx::FromRow)]
struct Row {
    section: String,
    number: i32,
    value: Json<Value>,
    before: Option<Json<Value>>,
    decided_at: DateTime<Utc>,
    decided_by: Option<AccountId>,
    by_name: String,
    why: String,
}

impl Row {
    fn version(self) -> Option<(Version, Option<Rule>)> {
        let section: Section = self.section.parse().ok()?;
        let before = self.before.and_then(|before| Rule::of_value(section, before.0));
        let version = Version {
            number: self.number,
            rule: Rule::of_value(section, self.value.0)?,
            decided_at: self.decided_at,
            decided_by: self.decided_by,
            by_name: self.by_name,
            why: self.why,
        };
        Some((version, before))
    }
}

/// The newest version of a section of the bank's rules; none where nothing was decided. Its name is the one that the bank
/// has, since an operator can give it another by a command.
pub async fn find_newest(tx: &mut Tx, section: Section) -> Result<Option<Version>, DbError> {
    let bank = tx.bank();
    let row: Option<Row> = sqlx::query_as(
        "select r.section, r.number,
                case when r.section = 'about' then r.value || jsonb_build_object('name', k.name) else r.value end as value,
                null::jsonb as before, r.decided_at, r.decided_by, coalesce(a.name, 'The operator') as by_name, r.why
           from bank_rule r
           join bank k on k.id = r.bank_id
           left join account a on a.id = r.decided_by
          where r.bank_id = $1 and r.section = $2
          order by r.number desc
          limit 1",
    )
    .bind(bank)
    .bind(section.code())
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding what counts of a bank's rules"))?;
    Ok(row.and_then(Row::version).map(|(version, _)| version))
}

/// The newest version of each section of the bank's rules of which there is any, in one statement.
pub async fn list_newest(tx: &mut Tx) -> Result<Vec<Version>, DbError> {
    let bank = tx.bank();
    let rows: Vec<Row> = sqlx::query_as(
        "select distinct on (r.section) r.section, r.number,
                case when r.section = 'about' then r.value || jsonb_build_object('name', k.name) else r.value end as value,
                null::jsonb as before, r.decided_at, r.decided_by, coalesce(a.name, 'The operator') as by_name, r.why
           from bank_rule r
           join bank k on k.id = r.bank_id
           left join account a on a.id = r.decided_by
          where r.bank_id = $1
          order by r.section, r.number desc",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what counts of a bank's rules"))?;
    Ok(rows.into_iter().filter_map(Row::version).map(|(version, _)| version).collect())
}

/// Versions of all sections, the newest first, each with the rule before it of the same section: `most` of them after the
/// first `skipped`.
pub async fn list_versions(
    tx: &mut Tx,
    (most, skipped): (i64, i64),
) -> Result<Vec<(Version, Option<Rule>)>, DbError> {
    let bank = tx.bank();
    let rows: Vec<Row> = sqlx::query_as(
        "select r.section, r.number, r.value, r.before, r.decided_at, r.decided_by,
                coalesce(a.name, 'The operator') as by_name, r.why
           from (select v.*, lag(v.value) over (partition by v.section order by v.number) as before
                   from bank_rule v where v.bank_id = $1) r
           left join account a on a.id = r.decided_by
          order by r.decided_at desc, r.section, r.number desc
          limit $2 offset $3",
    )
    .bind(bank)
    .bind(most)
    .bind(skipped)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the versions of a bank's rules"))?;
    Ok(rows.into_iter().filter_map(Row::version).collect())
}

/// How many versions of all sections there are.
pub async fn count_versions(tx: &mut Tx) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select count(*) from bank_rule where bank_id = $1")
        .bind(bank)
        .fetch_one(tx.connection())
        .await
        .map_err(failed("counting the versions of a bank's rules"))
}

/// Adds the version after `seen`. False where another has been added since.
pub async fn insert_version(tx: &mut Tx, rule: &Rule, (seen, why): (i32, &str)) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into bank_rule (bank_id, section, number, value, why, decided_by, decided_at)
         select $1, $2, $3 + 1, $4, $5, $6, $7
          where $3 = (select coalesce(max(number), 0) from bank_rule where bank_id = $1 and section = $2)
             on conflict (bank_id, section, number) do nothing",
    )
    .bind(bank)
    .bind(rule.section().code())
    .bind(seen)
    .bind(Json(rule.value()))
    .bind(why)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a version of a bank's rules"))?;
    Ok(done.rows_affected() == 1)
}

/// How many offers of the bank are out; how many people it employs, and what they are booked for from now on.
pub async fn count_touched(tx: &mut Tx) -> Result<(i64, i64, i64), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select (select count(*) from open_offer o where o.bank_id = $1 and o.expires_at > $2),
                (select count(*) from clinician c
                   join membership m on m.bank_id = c.bank_id and m.id = c.membership_id and m.ended_at is null
                  where c.bank_id = $1 and c.engagement = 'employed'),
                (select count(*) from live_booking b
                  where b.bank_id = $1 and b.engagement = 'employed' and b.starts_at > $2)",
    )
    .bind(bank)
    .bind(now)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting what a bank's rules touch"))
}

/// What counts for plans and offers of the bank; each none where nothing was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decided {
    /// How long offers stand.
    pub answers: Option<Answers>,
    /// Rest and hours.
    pub hours: Option<WorkHours>,
    /// What counts how much.
    pub weights: Option<Policy>,
    /// When requests are gathered and decided together.
    pub rounds: Option<Rounds>,
    /// To whom sessions are open first.
    pub releasing: Option<Releasing>,
}

impl Decided {
    /// What counts, from the rules in force: each the code of a section and its value.
    #[must_use]
    pub fn of(in_force: impl IntoIterator<Item = (String, Value)>) -> Self {
        let mut decided = Self::default();
        for (section, value) in in_force {
            match section.parse().ok().and_then(|section| Rule::of_value(section, value)) {
                Some(Rule::Answers(answers)) => decided.answers = Some(answers),
                Some(Rule::Hours(hours)) => decided.hours = Some(hours),
                Some(Rule::Weights(weights)) => decided.weights = Some(weights),
                Some(Rule::Rounds(rounds)) => decided.rounds = Some(rounds),
                Some(Rule::Releasing(releasing)) => decided.releasing = Some(releasing),
                _ => {}
            }
        }
        decided
    }
}

/// Reads what counts for plans and offers of the bank, in one statement.
pub async fn load_decided(tx: &mut Tx) -> Result<Decided, DbError> {
    let bank = tx.bank();
    let rows: Vec<(String, Json<Value>)> =
        sqlx::query_as("select section, value from bank_rule_in_force where bank_id = $1")
            .bind(bank)
            .fetch_all(tx.connection())
            .await
            .map_err(failed("reading a bank's rules"))?;
    Ok(Decided::of(rows.into_iter().map(|(section, value)| (section, value.0))))
}

/// How long the bank keeps what it holds of people, with the number of the version that says so; 0 where nothing was decided.
pub async fn find_retention(tx: &mut Tx) -> Result<(Retention, i32), DbError> {
    let newest = find_newest(tx, Section::Retention).await?;
    Ok(match newest.map(|version| (version.rule, version.number)) {
        Some((Rule::Retention(retention), number)) => (retention, number),
        _ => (Retention::USUAL, 0),
    })
}

/// How long a look-up of a register counts in the bank.
pub async fn load_look_ups(tx: &mut Tx) -> Result<LookUps, DbError> {
    let newest = find_newest(tx, Section::Registers).await?;
    Ok(match newest.map(|version| version.rule) {
        Some(Rule::Registers(look_ups)) => look_ups,
        _ => LookUps::UNDECIDED,
    })
}

/// What a practice owes when it cancels, for bookings that are made now.
pub async fn load_cancelling(tx: &mut Tx) -> Result<Cancelling, DbError> {
    let newest = find_newest(tx, Section::Cancelling).await?;
    Ok(match newest.map(|version| version.rule) {
        Some(Rule::Cancelling(cancelling)) => cancelling,
        _ => Cancelling::default(),
    })
}

/// The banks that have a public page, by name; with `named`, the one whose address ends so.
pub async fn list_public_banks(tx: &mut Tx, named: Option<&PublicName>) -> Result<Vec<PublicBank>, DbError> {
    type PublicRow = (BankId, String, PublicName, bool, Json<BTreeMap<String, PublicRule>>);
    let rows: Vec<PublicRow> = sqlx::query_as(
        "select bank_id, name, public_name, invented, rules from public_banks()
          where $1::text is null or public_name = $1
          order by name, bank_id",
    )
    .bind(named)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the banks that have a public page"))?;
    let bank = |(id, name, public_name, invented, rules): PublicRow| {
        PublicBank::new((id, &name, public_name, invented), rules.0)
    };
    Ok(rows.into_iter().map(bank).collect())
}

/// The bank in which whoever acts does, as everybody may read of it; none where it was removed.
pub async fn find_public_bank_of(tx: &mut Tx, bank: BankId) -> Result<Option<PublicBank>, DbError> {
    Ok(list_public_banks(tx, None).await?.into_iter().find(|public| public.id == bank))
}
