//! Whatever a statement forgets to say, the role that serves reads and writes nothing of another bank.

use std::collections::BTreeMap;

use locumbank::ground::actor::Actor;
use locumbank::ground::db::{Tx, roles};
use locumbank::ground::id::BankId;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::support::World;
use crate::support::holdings::Bank;

/// The tables that row-level security leaves alone, each with its reason. A table that is neither here nor bound fails
/// this story.
const LEFT_ALONE: &[(&str, &str)] = &[
    ("_sqlx_migrations", "the schema's own history, which the serving role only reads"),
    ("account", "a person has one account in all banks, and proves it before a bank is known"),
    ("address_change", "a person's own, before a bank is known"),
    ("audit_seal", "hashes over all banks' lines, in the order they were written"),
    ("bank", "the names and zones of banks, which are published"),
    ("bank_holiday", "the same for everybody"),
    ("bank_holiday_list", "the same for everybody"),
    ("competency", "codes; what a bank calls its own, and that it has any, its view shows to it alone"),
    ("environment", "which epoch of the database this is"),
    ("event_kind", "which kinds of event there are: the same for everybody"),
    ("job", "work that waits, by ids; it is leased for all banks at once"),
    ("pay_band", "what Agenda for Change pays, which is published"),
    ("password_reset", "a person's own, before a bank is known"),
    ("recovery_code", "a person's own, before a bank is known"),
    ("role", "codes; what a bank calls its own, and that it has any, its view shows to it alone"),
    ("schedule_run", "when work for the whole service was last due"),
    ("second_factor", "a person's own, before a bank is known"),
    ("sign_in", "a person's own, before a bank is known"),
    ("staff_group", "codes of the National Workforce Data Set, which are published"),
];

/// The functions that look beyond the bank of whoever asks, as `migrations/0042_row_security.sql` says why.
const LOOK_BEYOND: &[&str] = &[
    "advertised_vacancy",
    "application_of_link",
    "bank_of_invitation_link",
    "bank_of_round",
    "booking_change_has_its_mail",
    "booking_has_its_mail",
    "booking_leaves_rest",
    "bookings_of_people",
    "clearance_leaves_no_booking_uncovered",
    "concerned_of_person",
    "count_equal_opportunities",
    "count_vacancies",
    "keep_the_log_quiet",
    "lock_people",
    "mail_has_a_recipient",
    "offer_has_its_mail",
    "offer_of_link",
    "open_vacancies",
    "owes_terms",
    "place_of_town",
    "public_banks",
    "seal_alone",
    "search_vacancies",
];

/// Every table, with whether row-level security is on and its policies.
async fn tables(connection: &mut PgConnection) -> BTreeMap<String, (bool, Vec<String>)> {
    let rows: Vec<(String, bool, Vec<String>)> = sqlx::query_as(
        "select c.relname::text, c.relrowsecurity,
                array(select p.polname::text from pg_policy p where p.polrelid = c.oid order by p.polname)
           from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace",
    )
    .fetch_all(connection)
    .await
    .expect("the tables");
    rows.into_iter().map(|(name, bound, policies)| (name, (bound, policies))).collect()
}

/// The tables that are neither bound nor have a reason.
async fn forgotten(connection: &mut PgConnection) -> Vec<String> {
    let is_left_alone = |name: &str| LEFT_ALONE.iter().any(|(alone, _)| *alone == name);
    let found = tables(connection).await.into_iter().filter(|(name, (is_bound, policies))| {
        let keeps = *is_bound && policies.iter().any(|policy| policy == "one_bank");
        keeps == is_left_alone(name)
    });
    found.map(|(name, _)| name).collect()
}

#[tokio::test]
async fn every_table_has_its_policy_or_the_reason_it_has_none() {
    let world = World::start().await;
    let mut owner = world.connection().await;
    assert_eq!(forgotten(&mut owner).await, Vec::<String>::new());
    sqlx::query("create table secret (bank_id uuid)").execute(&mut owner).await.expect("a table");
    assert_eq!(forgotten(&mut owner).await, ["secret"]);
    // Whoever migrates next binds it, as far as its rows all belong to a bank.
    sqlx::query("alter table secret alter bank_id set not null").execute(&mut owner).await.expect("a table");
    roles::keep_banks_apart(&mut owner).await.expect("banks apart");
    assert_eq!(forgotten(&mut owner).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_looks_beyond_a_bank_stands_in_one_list() {
    let world = World::start().await;
    let found: Vec<String> = sqlx::query_scalar(
        "select p.proname::text from pg_proc p
          where p.pronamespace = 'public'::regnamespace
            and (p.prosecdef or exists (select from unnest(p.proconfig) s where s like 'locumbank.%'))
          order by p.proname",
    )
    .fetch_all(&mut world.connection().await)
    .await
    .expect("the functions");
    assert_eq!(found, LOOK_BEYOND);
}

/// A function of SQL alone that sets the reach can't be written into the statement that asks it, so that it is planned anew
/// each time, which takes longer than its answer.
#[tokio::test]
async fn what_looks_beyond_a_bank_is_planned_once_a_connection() {
    let world = World::start().await;
    let mut owner = world.connection().await;
    let planned_anew = "select p.proname::text from pg_proc p join pg_language l on l.oid = p.prolang
          where p.pronamespace = 'public'::regnamespace and l.lanname = 'sql' and p.proconfig is not null
          order by p.proname";
    let found: Vec<String> = sqlx::query_scalar(planned_anew).fetch_all(&mut owner).await.expect("functions");
    assert_eq!(found, Vec::<String>::new());
    let planted =
        "create function planted() returns bigint language sql stable set locumbank.reach = 'service'
                       as $$ select count(*) from session $$";
    sqlx::query(planted).execute(&mut owner).await.expect("a function");
    let found: Vec<String> = sqlx::query_scalar(planned_anew).fetch_all(&mut owner).await.expect("functions");
    assert_eq!(found, ["planted"]);
}

#[tokio::test]
async fn the_role_that_serves_owns_nothing_and_is_bound() {
    let world = World::start().await;
    let mut tx = world.app.db.look(Actor::Operator).await.expect("a connection");
    let standing = roles::standing(tx.connection()).await.expect("how it stands");
    assert!(!standing.owns && !standing.is_unbound, "{standing:?}");
    for statement in [
        "update audit_event set at = at",
        "delete from event",
        "alter table session disable row level security",
    ] {
        let mut tx = world.app.db.begin(Actor::Operator).await.expect("a connection");
        let refused =
            sqlx::query(AssertSqlSafe(statement)).execute(tx.connection()).await.expect_err(statement);
        let code =
            refused.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}: {refused}");
        tx.give_up().await.expect("it is undone");
    }
}

/// How many rows of other banks than `bank` a table has, as far as this connection may see.
async fn count_of_others(connection: &mut PgConnection, table: &str, bank: BankId) -> i64 {
    let statement = format!("select count(*) from {table} where bank_id <> '{bank}'");
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(connection).await.expect("a count")
}

/// Whether what this connection writes to other banks' rows of a table touches any; or that it may not write at all.
async fn touches_others(tx: &mut Tx, table: &str, bank: BankId) -> bool {
    for change in ["update {} set bank_id = bank_id", "delete from {}"] {
        let statement = format!("savepoint tried; {} where bank_id <> '{bank}'", change.replace("{}", table));
        let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(tx.connection()).await;
        sqlx::raw_sql("rollback to savepoint tried").execute(tx.connection()).await.expect("it is undone");
        if done.is_ok_and(|done| done.rows_affected() > 0) {
            return true;
        }
    }
    false
}

/// What somebody of `bank` finds or touches of others where a statement forgets the bank.
async fn leaks(world: &World, bank: BankId) -> Vec<String> {
    let mut owner = world.connection().await;
    let bound = tables(&mut owner).await.into_iter().filter(|(_, (_, policies))| !policies.is_empty());
    let mut found = Vec::new();
    let mut with_rows = 0;
    for (table, _) in bound {
        with_rows += usize::from(count_of_others(&mut owner, &table, bank).await > 0);
        let mut tx = world.app.db.begin(Actor::job_of(bank)).await.expect("a transaction");
        // Which banks a person acts in is asked before one is known.
        if table != "membership" && count_of_others(tx.connection(), &table, bank).await > 0 {
            found.push(format!("{table} is read"));
        }
        if touches_others(&mut tx, &table, bank).await {
            found.push(format!("{table} is written"));
        }
        tx.give_up().await.expect("it is undone");
    }
    assert!(with_rows > 20, "only {with_rows} tables have anything of another bank");
    found
}

#[tokio::test]
async fn a_statement_that_forgets_the_bank_finds_and_touches_nothing_of_another() {
    let world = World::start().await;
    Bank::furnished(&world, "Own bank", "J").await;
    Bank::furnished(&world, "Other bank", "K").await;
    let own: BankId = sqlx::query_scalar("select id from bank where name = 'Own bank'")
        .fetch_one(&mut world.connection().await)
        .await
        .expect("the bank");
    assert_eq!(leaks(&world, own).await, Vec::<String>::new());

    // Nothing can be put there either.
    let mut tx = world.app.db.begin(Actor::job_of(own)).await.expect("a transaction");
    let refused = sqlx::query(
        "insert into session_series (bank_id, id, practice_id, until_date, created_at)
         select b.id, gen_random_uuid(), gen_random_uuid(), '2026-12-01', '2026-11-02' from bank b where b.name = 'Other bank'",
    )
    .execute(tx.connection())
    .await
    .expect_err("it is refused");
    assert!(refused.to_string().contains("row-level security"), "{refused}");
    tx.give_up().await.expect("it is undone");

    // Without the policy it would: this story can fail.
    let mut owner = world.connection().await;
    for statement in ["drop policy one_bank on session", "create policy none on session using (true)"] {
        sqlx::query(statement).execute(&mut owner).await.expect(statement);
    }
    assert_eq!(leaks(&world, own).await, ["session is read", "session is written"]);
}

#[tokio::test]
async fn whoever_does_not_say_for_whom_they_ask_sees_nothing() {
    let world = World::start().await;
    Bank::furnished(&world, "Own bank", "J").await;
    let mut pool = world.app.db.pool().acquire().await.expect("a connection");
    let unsaid = "select set_config('locumbank.bank', '', false), set_config('locumbank.reach', '', false)";
    sqlx::query(unsaid).execute(&mut *pool).await.expect("nothing is said");
    for table in ["session", "clinician", "booking", "audit_event", "mail"] {
        let statement = format!("select count(*) from {table}");
        let seen: i64 =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut *pool).await.expect("a count");
        assert_eq!(seen, 0, "{table}");
    }
}
