//! SQL of rounds and of who asks in them: the only place that writes these tables.

pub mod ledger;

use super::{Entry, InTurn, Round};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{BankId, ClinicianId, RoundId};

/// Announces a round. False where another process has, or one that it would overlap is there.
pub async fn insert_round(tx: &mut Tx, round: &Round) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "insert into round (bank_id, id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from,
                            counted_from, seed, seed_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict do nothing",
    )
    .bind(bank)
    .bind(round.id)
    .bind(round.number)
    .bind(round.announced_at)
    .bind(round.opens_at)
    .bind(round.closes_at)
    .bind(round.confirm_by)
    .bind(round.sessions_from)
    .bind(round.counted_from)
    .bind(&round.seed)
    .bind(&round.seed_hash)
    .execute(tx.connection())
    .await
    .map_err(failed("announcing a round"))?;
    Ok(done.rows_affected() == 1)
}

/// The bank's newest round.
pub async fn find_newest(tx: &mut Tx) -> Result<Option<Round>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from, counted_from, seed, seed_hash,
                decided_at
           from round where bank_id = $1 order by number desc limit 1",
    )
    .bind(bank)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the newest round"))
}

/// The round in which requests gather now; none where the bank holds none.
pub async fn find_open(tx: &mut Tx) -> Result<Option<Round>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from, counted_from, seed, seed_hash,
                decided_at
           from round where bank_id = $1 and tstzrange(opens_at, closes_at) @> $2",
    )
    .bind(bank)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the open round"))
}

/// The round in which requests gather now, which is not decided as long as the transaction lasts: whoever decides waits.
pub async fn share_open(tx: &mut Tx) -> Result<Option<Round>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from, counted_from, seed, seed_hash,
                decided_at
           from round where bank_id = $1 and tstzrange(opens_at, closes_at) @> $2
            for share",
    )
    .bind(bank)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("keeping the open round open"))
}

/// A round of the bank.
pub async fn find_round(tx: &mut Tx, id: RoundId) -> Result<Option<Round>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from, counted_from, seed, seed_hash,
                decided_at
           from round where bank_id = $1 and id = $2",
    )
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a round"))
}

/// Locks a round that is closed and not decided until the transaction ends; none where it is decided, or open still.
pub async fn lock_undecided(tx: &mut Tx, id: RoundId) -> Result<Option<Round>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from, counted_from, seed, seed_hash,
                decided_at
           from round where bank_id = $1 and id = $2 and closes_at <= $3 and decided_at is null
            for update",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("locking a round that is to be decided"))
}

/// The rounds of the bank beside one: the one before and the one after.
pub async fn list_beside(tx: &mut Tx, round: &Round) -> Result<Vec<Round>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from, counted_from, seed, seed_hash,
                decided_at
           from round where bank_id = $1 and number in ($2 - 1, $2 + 1) order by number",
    )
    .bind(bank)
    .bind(round.number)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the rounds beside one"))
}

/// The bank of a round, which anybody may read.
pub async fn find_bank_of(tx: &mut Tx, id: RoundId) -> Result<Option<BankId>, DbError> {
    sqlx::query_scalar("select bank from bank_of_round($1) as bank where bank is not null")
        .bind(id)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("asking whose a round is"))
}

/// The banks that hold rounds, by their rules, and have none announced that is to open.
pub async fn list_banks_without_next(tx: &mut Tx) -> Result<Vec<BankId>, DbError> {
    let now = tx.now();
    sqlx::query_scalar(
        "select h.bank_id from bank_rule_in_force h
          where h.section = 'rounds' and (h.value ->> 'days')::integer > 0
            and not exists (select from round r where r.bank_id = h.bank_id and r.opens_at > $1)
          order by h.bank_id",
    )
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the banks whose next round is to be announced"))
}

/// Rounds of all banks that are closed and not decided.
pub async fn list_to_decide(tx: &mut Tx) -> Result<Vec<(BankId, RoundId)>, DbError> {
    let now = tx.now();
    sqlx::query_as(
        "select bank_id, id from round where closes_at <= $1 and decided_at is null order by closes_at, bank_id",
    )
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the rounds to decide"))
}

/// Lets somebody in a round, with this ticket; whoever is in it already keeps theirs.
pub async fn insert_entry(
    tx: &mut Tx,
    (round, clinician): (RoundId, ClinicianId),
    ticket: &str,
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "insert into round_entry (bank_id, round_id, clinician_id, ticket) values ($1, $2, $3, $4)
         on conflict (bank_id, round_id, clinician_id) do nothing",
    )
    .bind(bank)
    .bind(round)
    .bind(clinician)
    .bind(ticket)
    .execute(tx.connection())
    .await
    .map_err(failed("asking in a round"))?;
    Ok(())
}

/// Says how many sessions somebody in a round wants at most.
pub async fn set_most(
    tx: &mut Tx,
    (round, clinician): (RoundId, ClinicianId),
    most: Option<i16>,
) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update round_entry set most = $4 where bank_id = $1 and round_id = $2 and clinician_id = $3 and turn is null",
    )
    .bind(bank)
    .bind(round)
    .bind(clinician)
    .bind(most)
    .execute(tx.connection())
    .await
    .map_err(failed("saying how many sessions of a round somebody wants"))?;
    Ok(())
}

/// Somebody's ticket in a round, and how many sessions they want at most.
pub async fn find_own_entry(
    tx: &mut Tx,
    (round, clinician): (RoundId, ClinicianId),
) -> Result<Option<(String, Option<i16>)>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select ticket, most from round_entry where bank_id = $1 and round_id = $2 and clinician_id = $3",
    )
    .bind(bank)
    .bind(round)
    .bind(clinician)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding a person's ticket in a round"))
}

/// Who asks in a round, with the minutes of work that they were given since its terms say: bookings made until it closed,
/// without those that somebody else cancelled.
pub async fn list_entries(tx: &mut Tx, round: &Round) -> Result<Vec<Entry>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select e.clinician_id, e.ticket, e.most,
                coalesce((select sum(extract(epoch from b.ends_at - b.starts_at) / 60)
                            from booking b
                           where b.bank_id = e.bank_id and b.clinician_id = e.clinician_id
                             and b.made_at >= $3 and b.made_at < $4
                             and (b.state = 'live' or b.cancelled_side = 'clinician')), 0)::bigint as had_minutes
           from round_entry e
          where e.bank_id = $1 and e.round_id = $2
          order by e.clinician_id",
    )
    .bind(bank)
    .bind(round.id)
    .bind(round.counted_from)
    .bind(round.closes_at)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing who asks in a round"))
}

/// Keeps in which order people came.
pub async fn set_turns(tx: &mut Tx, round: RoundId, turns: &[InTurn]) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "update round_entry e set had_minutes = n.had_minutes, lot = n.lot, turn = n.turn
           from unnest($3::uuid[], $4::bigint[], $5::text[]) with ordinality
                as n (clinician_id, had_minutes, lot, turn)
          where e.bank_id = $1 and e.round_id = $2 and e.clinician_id = n.clinician_id",
    )
    .bind(bank)
    .bind(round)
    .bind(turns.iter().map(|turn| turn.entry.clinician_id.0).collect::<Vec<_>>())
    .bind(turns.iter().map(|turn| turn.entry.had_minutes).collect::<Vec<_>>())
    .bind(turns.iter().map(|turn| turn.lot.clone()).collect::<Vec<_>>())
    .execute(tx.connection())
    .await
    .map_err(failed("keeping the order of a round"))?;
    Ok(())
}

/// Says that a round, which the caller has locked, is decided.
pub async fn mark_decided(tx: &mut Tx, round: RoundId) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query("update round set decided_at = $3 where bank_id = $1 and id = $2 and decided_at is null")
        .bind(bank)
        .bind(round)
        .bind(now)
        .execute(tx.connection())
        .await
        .map_err(failed("deciding a round"))?;
    Ok(())
}

/// A person's place in a decided round, as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Turn {
    /// Which turn, from 1.
    pub turn: i32,
    /// The ticket.
    pub ticket: String,
    /// What decided first.
    pub had_minutes: i64,
    /// What decided among equals.
    pub lot: String,
    /// How many have a turn.
    pub total: i64,
}

/// In which order people came.
pub async fn list_turns(
    tx: &mut Tx,
    round: RoundId,
    (limit, offset): (i64, i64),
) -> Result<Vec<Turn>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select turn, ticket, had_minutes, lot, count(*) over () as total
           from round_entry
          where bank_id = $1 and round_id = $2 and turn is not null
          order by turn limit $3 offset $4",
    )
    .bind(bank)
    .bind(round)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the order of a round"))
}
