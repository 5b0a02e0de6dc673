//! The two roles: one owns the schema and migrates, one serves and is bound by row-level security
//! (`migrations/0042_row_security.sql`).
//!
//! After each migration every table that holds a bank's records is bound, and what serving needs is granted of every table
//! there is, so that a new one can't be forgotten. `tests/it/banks_see_nothing_of_each_other.rs` asks each.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use url::Url;

use super::{DbError, MIGRATIONS, failed};

/// The tables whose rows are never changed: they take additions only.
const APPEND_ONLY: [&str; 5] = ["audit_event", "audit_seal", "event", "clearance", "rate_range"];

/// Why the schema was not brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A migration failed.
    #[error("bringing the schema up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The serving role is not there, and the owner may not make it.
    #[error(
        "the role {role} of database.url is not there, and the owner may not make it: make it with createuser {role} --pwprompt"
    )]
    NoServingRole {
        /// Its name.
        role: String,
        /// What the database said.
        source: DbError,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Brings the schema up to date as the role of `owner_url`, and grants the role of `serving_url` what it needs, made
/// where there is none. Where both are one role, it owns what it serves and no row is kept from it.
pub async fn migrate(owner_url: &str, serving_url: &str) -> Result<(), MigrationError> {
    let options: PgConnectOptions = owner_url.parse().map_err(failed("reading the owner's database URL"))?;
    let serving: PgConnectOptions = serving_url.parse().map_err(failed("reading the database URL"))?;
    let mut owner = options.connect().await.map_err(failed("connecting as the owner"))?;
    MIGRATIONS.run(&mut owner).await?;
    keep_banks_apart(&mut owner).await?;
    let role = serving.get_username();
    if role != options.get_username() {
        make_role(&mut owner, role, password_in(serving_url).as_deref()).await?;
        grant(&mut owner, role).await?;
    }
    owner.close().await.map_err(failed("taking leave"))?;
    Ok(())
}

/// Binds every table with a bank's records that is not bound yet.
pub async fn keep_banks_apart(owner: &mut PgConnection) -> Result<(), DbError> {
    let done = sqlx::query("select keep_banks_apart()").execute(owner).await;
    done.map(drop).map_err(failed("binding new tables to their banks"))
}

/// The password that stands in a database's address.
fn password_in(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let password = url.password()?;
    Some(percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned())
}

/// Makes the role that serves, unless it is there: it may sign in, and nothing else.
async fn make_role(
    owner: &mut PgConnection,
    role: &str,
    password: Option<&str>,
) -> Result<(), MigrationError> {
    let statement: Option<String> = sqlx::query_scalar(
        "select format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole%s', $1,
                       coalesce(format(' password %L', $2), ''))
          where not exists (select from pg_roles where rolname = $1)",
    )
    .bind(role)
    .bind(password)
    .fetch_optional(&mut *owner)
    .await
    .map_err(failed("looking for the serving role"))?;
    let Some(statement) = statement else { return Ok(()) };
    let made = sqlx::raw_sql(AssertSqlSafe(statement)).execute(owner).await;
    let made = made.map(drop).map_err(failed("making the serving role"));
    match made {
        // Somebody else who migrates was quicker.
        Err(error) if error.is_made_already() => Ok(()),
        made => made.map_err(|source| MigrationError::NoServingRole { role: role.to_owned(), source }),
    }
}

/// Grants `role` what serving needs of everything there is, and no more: it changes no row that is only added to, and
/// not the list of migrations. Out of clearances it may take the words when a person is erased, which a trigger watches over.
pub async fn grant(owner: &mut PgConnection, role: &str) -> Result<(), DbError> {
    let statement: String = sqlx::query_scalar(
        "select format('grant usage on schema public to %1$I;
                        grant select, insert, update, delete on all tables in schema public to %1$I;
                        revoke insert, update, delete on _sqlx_migrations from %1$I;
                        revoke update, delete on %2$s from %1$I;
                        grant update (reason, decided_on_number) on clearance to %1$I', $1, $2)",
    )
    .bind(role)
    .bind(APPEND_ONLY.join(", "))
    .fetch_one(&mut *owner)
    .await
    .map_err(failed("writing what the serving role may do"))?;
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(owner)
        .await
        .map(drop)
        .map_err(failed("granting the serving role what it needs"))
}

/// Has PostgreSQL look at what was loaded, as the role of `owner_url`, so that the first pages are as quick as the later
/// ones.
pub async fn gather_statistics(owner_url: &str) -> Result<(), DbError> {
    let options: PgConnectOptions = owner_url.parse().map_err(failed("reading the owner's database URL"))?;
    let mut owner = options.connect().await.map_err(failed("connecting as the owner"))?;
    sqlx::raw_sql("analyze").execute(&mut owner).await.map_err(failed("gathering statistics"))?;
    owner.close().await.map_err(failed("taking leave"))
}

/// How the role that serves stands to row-level security.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// Its name.
    pub role: String,
    /// Whether it is a superuser or may pass row-level security by.
    pub is_unbound: bool,
    /// Whether it owns the tables, and so is not bound by their policies.
    pub owns: bool,
}

/// Asks how the role of this connection stands.
pub async fn standing(connection: &mut PgConnection) -> Result<Standing, DbError> {
    sqlx::query_as(
        "select r.rolname::text as role, r.rolsuper or r.rolbypassrls as is_unbound,
                exists (select from pg_class c
                         where c.relowner = r.oid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace) as owns
           from pg_roles r
          where r.rolname = current_user",
    )
    .fetch_one(connection)
    .await
    .map_err(failed("asking how the serving role stands"))
}
