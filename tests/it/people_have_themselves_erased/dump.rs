//! The whole database as text, searched.

use sqlx::AssertSqlSafe;

use crate::support::seed::Seed;

/// The tables whose rows have the name or the address in them, in any writing of letters, and also where bytes spell it.
pub async fn mentions(seed: &mut Seed, name: &str, email: &str) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
    )
    .fetch_all(seed.connection())
    .await
    .expect("the tables");
    let mut found = Vec::new();
    for table in tables {
        let statement = format!("select lower(t::text) from {table} t");
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(seed.connection()).await.expect("rows");
        let spelt = [name, email].map(|words| (words.to_lowercase(), hex::encode(words)));
        let tells =
            |row: &String| spelt.iter().any(|(words, bytes)| row.contains(words) || row.contains(bytes));
        if rows.iter().any(tells) {
            found.push(table);
        }
    }
    found
}

/// Whether the table is among these.
pub fn has(found: &[String], table: &str) -> bool {
    found.iter().any(|known| known == table)
}
