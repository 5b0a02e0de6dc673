//! SQL of bank holidays, of the lists they came from, and of how banks count them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::ground::db::{DbError, Tx, failed};
use crate::terms::bank::calendar::BankHoliday;
use crate::terms::bank::holidays::HolidayRule;

fn to_holiday((date, title): (NaiveDate, String)) -> BankHoliday {
    BankHoliday { date, title }
}

fn columns(list: &[BankHoliday]) -> (Vec<NaiveDate>, Vec<String>) {
    list.iter().map(|holiday| (holiday.date, holiday.title.clone())).unzip()
}

/// Adds bank holidays, and corrects the titles of those that are known. Gives those that were not.
pub async fn upsert_holidays(tx: &mut Tx, list: &[BankHoliday]) -> Result<Vec<BankHoliday>, DbError> {
    let (dates, titles) = columns(list);
    let added: Vec<(NaiveDate, String)> = sqlx::query_as(
        "with before as (select date from bank_holiday),
              kept as (insert into bank_holiday (date, title)
                       select n.date, n.title from unnest($1::date[], $2::text[]) as n (date, title)
                       on conflict (date) do update set title = excluded.title
                       returning date, title)
         select k.date, k.title from kept k where k.date not in (select date from before) order by k.date",
    )
    .bind(dates)
    .bind(titles)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("keeping bank holidays"))?;
    Ok(added.into_iter().map(to_holiday).collect())
}

/// Removes the bank holidays between two dates that are not in a list, and gives them.
pub async fn delete_other_holidays(
    tx: &mut Tx,
    list: &[BankHoliday],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<BankHoliday>, DbError> {
    let (dates, _) = columns(list);
    let removed: Vec<(NaiveDate, String)> = sqlx::query_as(
        "delete from bank_holiday where date between $2 and $3 and date <> all($1) returning date, title",
    )
    .bind(dates)
    .bind(first)
    .bind(last)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("removing bank holidays"))?;
    Ok(removed.into_iter().map(to_holiday).collect())
}

/// Notes that an operator read a list, and what it covers.
pub async fn insert_list(
    tx: &mut Tx,
    source: &str,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<(), DbError> {
    let now = tx.now();
    sqlx::query(
        "insert into bank_holiday_list (read_at, source, first_date, last_date) values ($1, $2, $3, $4)
             on conflict (read_at) do update
            set source = excluded.source, first_date = least(bank_holiday_list.first_date, excluded.first_date),
                last_date = greatest(bank_holiday_list.last_date, excluded.last_date)",
    )
    .bind(now)
    .bind(source)
    .bind(first)
    .bind(last)
    .execute(tx.connection())
    .await
    .map_err(failed("noting a list of bank holidays"))?;
    Ok(())
}

/// The spans of dates about which operators read lists.
pub async fn list_covered(tx: &mut Tx) -> Result<Vec<(NaiveDate, NaiveDate)>, DbError> {
    sqlx::query_as("select first_date, last_date from bank_holiday_list order by read_at")
        .fetch_all(tx.connection())
        .await
        .map_err(failed("asking which lists of bank holidays were read"))
}

/// Every bank holiday that is published, by date.
pub async fn list_published(tx: &mut Tx) -> Result<Vec<BankHoliday>, DbError> {
    let rows: Vec<(NaiveDate, String)> = sqlx::query_as("select date, title from bank_holiday order by date")
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing bank holidays"))?;
    Ok(rows.into_iter().map(to_holiday).collect())
}

/// Keeps a bank's choice with its reason, instead of one from the same date.
pub async fn upsert_rule(tx: &mut Tx, rule: HolidayRule, why: &str) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into bank_holiday_rule (bank_id, valid_from, day_itself_counts, decided_at, decided_by, why)
         values ($1, $2, $3, $4, $5, $6)
             on conflict (bank_id, valid_from) do update
            set day_itself_counts = excluded.day_itself_counts, decided_at = excluded.decided_at,
                decided_by = excluded.decided_by, why = excluded.why",
    )
    .bind(bank)
    .bind(rule.valid_from)
    .bind(rule.day_itself_counts)
    .bind(now)
    .bind(by)
    .bind(why)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping how a bank counts holidays on a weekend"))?;
    Ok(())
}

/// What a bank has decided about its calendar, for the list that its administrators read.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CalendarDecision {
    /// The holiday, or from when holidays on a weekend count otherwise.
    pub date: NaiveDate,
    /// The holiday's name; none where it is about holidays on a weekend.
    pub title: Option<String>,
    /// Whether the day itself counts beside its substitute; none of a holiday.
    pub day_itself_counts: Option<bool>,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Who decided.
    pub by_name: String,
    /// Why; "" where nobody said.
    pub why: String,
}

/// What a bank has decided about its calendar, the newest first.
pub async fn list_decisions(tx: &mut Tx) -> Result<Vec<CalendarDecision>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select d.date, d.title, d.day_itself_counts, d.decided_at, coalesce(a.name, 'The operator') as by_name, d.why
           from (select h.date, h.title, null::boolean as day_itself_counts, h.added_at as decided_at,
                        h.added_by as decided_by, h.why
                   from bank_own_holiday h where h.bank_id = $1
                 union all
                 select u.valid_from, null, u.day_itself_counts, u.decided_at, u.decided_by, u.why
                   from bank_holiday_rule u where u.bank_id = $1) d
           left join account a on a.id = d.decided_by
          order by d.decided_at desc, d.date",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing what a bank has decided about its calendar"))
}

/// Adds a bank holiday of one bank. False where it has one on that date, or the published list does.
pub async fn insert_own_holiday(tx: &mut Tx, holiday: &BankHoliday, why: &str) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into bank_own_holiday (bank_id, date, title, why, added_by, added_at)
         select $1, $2, $3, $4, $5, $6 where not exists (select from bank_holiday where date = $2)
             on conflict (bank_id, date) do nothing",
    )
    .bind(bank)
    .bind(holiday.date)
    .bind(&holiday.title)
    .bind(why)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a bank holiday of one bank"))?;
    Ok(done.rows_affected() == 1)
}
