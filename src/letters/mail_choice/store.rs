//! SQL of what people want to have by email.

use chrono::NaiveTime;

use super::{Choice, QuietHours, Wish};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, MailId};
use crate::ground::mail::Recipient;

/// What somebody chose, by kind of message.
pub async fn list_choices(tx: &mut Tx, account: AccountId) -> Result<Vec<(String, Choice)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select kind, delivery from mail_choice where bank_id = $1 and account_id = $2 order by kind",
    )
    .bind(bank)
    .bind(account)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading what email somebody wants"))
}

/// Somebody's quiet hours.
pub async fn find_quiet_hours(tx: &mut Tx, account: AccountId) -> Result<Option<QuietHours>, DbError> {
    let bank = tx.bank();
    let row: Option<(NaiveTime, NaiveTime)> =
        sqlx::query_as("select starts_at, ends_at from quiet_hours where bank_id = $1 and account_id = $2")
            .bind(bank)
            .bind(account)
            .fetch_optional(tx.connection())
            .await
            .map_err(failed("reading somebody's quiet hours"))?;
    Ok(row.map(|(starts_at, ends_at)| QuietHours { starts_at, ends_at }))
}

/// Notes what somebody wants of each of these kinds.
pub async fn upsert_choices(
    tx: &mut Tx,
    account: AccountId,
    choices: &[(&'static str, Choice)],
) -> Result<(), DbError> {
    let bank = tx.bank();
    let now = tx.now();
    sqlx::query(
        "insert into mail_choice (bank_id, account_id, kind, delivery, chosen_at)
         select $1, $2, c.kind, c.delivery, $5 from unnest($3::text[], $4::text[]) as c (kind, delivery)
             on conflict (bank_id, account_id, kind)
             do update set delivery = excluded.delivery, chosen_at = excluded.chosen_at",
    )
    .bind(bank)
    .bind(account)
    .bind(choices.iter().map(|(kind, _)| *kind).collect::<Vec<_>>())
    .bind(choices.iter().map(|(_, choice)| choice.code()).collect::<Vec<_>>())
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("noting what email somebody wants"))?;
    Ok(())
}

/// Takes back what somebody chose for a kind: they have what is usual again.
pub async fn delete_choice(tx: &mut Tx, account: AccountId, kind: &str) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("delete from mail_choice where bank_id = $1 and account_id = $2 and kind = $3")
        .bind(bank)
        .bind(account)
        .bind(kind)
        .execute(tx.connection())
        .await
        .map_err(failed("taking back a choice about email"))?;
    Ok(())
}

/// Sets somebody's quiet hours.
pub async fn upsert_quiet_hours(tx: &mut Tx, account: AccountId, quiet: QuietHours) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into quiet_hours (bank_id, account_id, starts_at, ends_at) values ($1, $2, $3, $4)
             on conflict (bank_id, account_id)
             do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at",
    )
    .bind(bank)
    .bind(account)
    .bind(quiet.starts_at)
    .bind(quiet.ends_at)
    .execute(tx.connection())
    .await
    .map_err(failed("setting somebody's quiet hours"))?;
    Ok(())
}

/// Ends somebody's quiet hours.
pub async fn delete_quiet_hours(tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query("delete from quiet_hours where bank_id = $1 and account_id = $2")
        .bind(bank)
        .bind(account)
        .execute(tx.connection())
        .await
        .map_err(failed("ending somebody's quiet hours"))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct WishRow {
    address: String,
    name: String,
    account_id: Option<AccountId>,
    chosen: Option<Choice>,
    digest: Option<Choice>,
    quiet_from: Option<NaiveTime>,
    quiet_until: Option<NaiveTime>,
    is_stopped: bool,
    time_zone: String,
}

/// Everybody a mail still goes to, as the relay has not refused them for good, with what they want of its kind, and the bank's zone. One statement, as it is asked of
/// every mail that is sent.
pub async fn list_wishes(
    tx: &mut Tx,
    mail: MailId,
    kind: &str,
) -> Result<(Vec<(Recipient, Wish)>, chrono_tz::Tz), DbError> {
    let bank = tx.bank();
    let rows: Vec<WishRow> = sqlx::query_as(
        "select r.address, r.name, r.account_id, c.delivery as chosen, d.delivery as digest,
                q.starts_at as quiet_from, q.ends_at as quiet_until, b.time_zone,
                exists (select 1 from stopped_address s
                         where s.bank_id = r.bank_id and s.address = r.address and s.stopped_at is not null
                           and s.cleared_at is null) as is_stopped
           from mail_recipient r
           join bank b on b.id = r.bank_id
           left join mail_choice c on c.bank_id = r.bank_id and c.account_id = r.account_id and c.kind = $3
           left join mail_choice d on d.bank_id = r.bank_id and d.account_id = r.account_id and d.kind = 'digest'
           left join quiet_hours q on q.bank_id = r.bank_id and q.account_id = r.account_id
          where r.bank_id = $1 and r.mail_id = $2 and r.refusal is null
          order by r.address",
    )
    .bind(bank)
    .bind(mail)
    .bind(kind)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("reading whom a mail goes to and what they want"))?;
    let zone = rows.first().and_then(|row| row.time_zone.parse().ok()).unwrap_or(chrono_tz::Europe::London);
    Ok((rows.into_iter().map(of_row).collect(), zone))
}

fn of_row(row: WishRow) -> (Recipient, Wish) {
    let quiet = row.quiet_from.zip(row.quiet_until);
    let wish = Wish {
        chosen: row.chosen,
        wants_digest: row.digest != Some(Choice::Never),
        quiet: quiet.map(|(starts_at, ends_at)| QuietHours { starts_at, ends_at }),
        is_stopped: row.is_stopped,
    };
    (Recipient { address: row.address, name: row.name, account: row.account_id }, wish)
}
