//! How many statements were sent, by PostgreSQL's own count (`pg_stat_statements`).

use sqlx::{AssertSqlSafe, PgConnection};

use super::database::execute;

/// What was sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent {
    /// Statements that read or write.
    pub statements: i64,
    /// Beginnings and ends of transactions, and settings for them.
    pub frame: i64,
    /// What PostgreSQL took over all of them, in milliseconds.
    pub milliseconds: f64,
}

/// What stands round statements.
const FRAME: &str = "query ~* '^\\s*(begin|commit|rollback|start|set|savepoint|release|discard)'";
const OTHERS: &str = "query !~ 'pg_stat_statements'";

/// Forgets what was sent before.
pub async fn forget(connection: &mut PgConnection) {
    execute(connection, "select pg_stat_statements_reset()").await;
}

/// What was sent since, to the database of `connection`, by everybody else.
pub async fn sent(connection: &mut PgConnection) -> Sent {
    let (statements, frame, milliseconds) = sqlx::query_as::<_, (i64, i64, f64)>(AssertSqlSafe(format!(
        "select coalesce(sum(calls) filter (where not {FRAME}), 0)::bigint,
                coalesce(sum(calls) filter (where {FRAME}), 0)::bigint,
                coalesce(sum(total_exec_time), 0)::float8
           from pg_stat_statements s
           join pg_database d on d.oid = s.dbid
          where d.datname = current_database() and {OTHERS}"
    )))
    .fetch_one(connection)
    .await
    .expect("pg_stat_statements is loaded; ./dev bench starts such a server");
    Sent { statements, frame, milliseconds }
}

/// Lets PostgreSQL also measure how long it plans, for every connection made from now on. It costs a little, so figures
/// are taken without it.
pub async fn watch_planning(connection: &mut PgConnection) {
    let block = "do $$ begin execute format(
        'alter database %I set pg_stat_statements.track_planning = on', current_database()); end $$";
    execute(connection, block).await;
}

/// Writes the statements themselves, each with how often it was sent for each of `times`, and what PostgreSQL took to do
/// and to plan it each of them, in milliseconds; the one that took longest first.
pub async fn print(connection: &mut PgConnection, times: usize) {
    let statements: Vec<(f64, f64, f64, String)> = sqlx::query_as(AssertSqlSafe(format!(
        "select calls / $1::float8, total_exec_time / $1::float8, total_plan_time / $1::float8,
                regexp_replace(query, '\\s+', ' ', 'g')
           from pg_stat_statements s
           join pg_database d on d.oid = s.dbid
          where d.datname = current_database() and {OTHERS}
          order by total_exec_time + total_plan_time desc"
    )))
    .bind(f64::from(u32::try_from(times).unwrap_or(u32::MAX)))
    .fetch_all(connection)
    .await
    .expect("the statements");
    for (calls, doing, planning, statement) in statements {
        println!("{calls:>6.2} × doing {doing:>7.3} planning {planning:>7.3} ms  {statement}");
    }
}
