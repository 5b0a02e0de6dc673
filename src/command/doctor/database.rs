//! The database server, the schema in it, and its clock.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;

use super::{Finding, banks, documents, rest};
use crate::command::database::{demand_schema, open_unseen};
use crate::ground::actor::Actor;
use crate::ground::db::health::{DatabaseAway, DatabaseHealth, SchemaState, examine_at};
use crate::ground::db::{Db, DbError, roles};
use crate::ground::settings::Settings;

/// The oldest server that is supported: 15.
const OLDEST_SERVER: i32 = 150_000;
/// Clocks further apart than this make offers end early or late.
const MOST_CLOCK_DIFFERENCE: TimeDelta = TimeDelta::seconds(5);

/// The server, the schema, the clocks, and where these are well the banks.
pub(super) async fn examine_database(settings: &Settings) -> Vec<Finding> {
    let health = match examine_at(settings.database.url.expose_secret()).await {
        Ok(health) => health,
        // Told with the other settings.
        Err(DatabaseAway::Address(_)) => return Vec::new(),
        Err(error) => return vec![Finding::Bad(format!("{}.", in_a_sentence(&error.to_string())))],
    };
    let now = crate::ground::clock::Clock::System.now();
    let mut findings = examine_server(&health, now);
    if health.schema() == SchemaState::Current {
        let found = match open_unseen(settings, 1) {
            Ok(db) => examine_contents(&db, settings, now).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match found {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(Finding::Bad(format!("{}.", in_a_sentence(&error)))),
        }
    }
    findings
}

/// What is in a database with the schema of this binary.
async fn examine_contents(db: &Db, settings: &Settings, now: DateTime<Utc>) -> Result<Vec<Finding>, DbError> {
    let mut findings = vec![examine_role(db).await?];
    findings.extend(banks::examine_banks(db, now.date_naive()).await?);
    findings.extend(rest::examine_rest(db).await?);
    findings.extend(documents::examine_documents(db).await?);
    findings.extend(documents::examine_keys(db, settings).await?);
    Ok(findings)
}

/// Whether the role that serves is bound by row-level security.
async fn examine_role(db: &Db) -> Result<Finding, DbError> {
    let standing = roles::standing(db.look(Actor::Operator).await?.connection()).await?;
    let role = &standing.role;
    let is_bound = !standing.is_unbound && !standing.owns;
    Ok(if is_bound {
        Finding::Good(format!("The role {role} serves; row-level security binds it."))
    } else {
        let why = if standing.is_unbound { "may pass row-level security by" } else { "owns the tables" };
        Finding::Look(format!(
            "The role {role} of database.url {why}, so nothing but the service's own care keeps one bank's records \
             from another's work. Make a role that serves (createuser locumbank_serve --pwprompt), name this one in \
             DATABASE_OWNER_URL for migrate and the new one in DATABASE_URL, and run locumbank migrate."
        ))
    })
}

/// With a capital at its beginning.
fn in_a_sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn examine_server(health: &DatabaseHealth, now: DateTime<Utc>) -> Vec<Finding> {
    let (major, minor) = (health.server_version / 10_000, health.server_version % 10_000);
    let server = if health.server_version < OLDEST_SERVER {
        Finding::Bad(format!("PostgreSQL {major}.{minor} is too old: 15 or later is needed."))
    } else {
        Finding::Good(format!("PostgreSQL {major}.{minor} answers."))
    };
    let schema = match (health.schema(), demand_schema(health.schema())) {
        (SchemaState::Later(applied), _) => Finding::Look(format!(
            "The schema is at {applied}, of a later version: this binary works with it for one release."
        )),
        (_, Ok(())) => Finding::Good("The schema is up to date.".to_owned()),
        (_, Err(error)) => Finding::Bad(format!("{}.", in_a_sentence(&error.to_string()))),
    };
    let difference = (health.server_time - now).abs();
    let clocks = if difference > MOST_CLOCK_DIFFERENCE {
        let seconds = difference.num_seconds();
        Finding::Look(format!(
            "The database's clock and this machine's are {seconds} seconds apart: set both by NTP."
        ))
    } else {
        Finding::Good("The database's clock and this machine's agree.".to_owned())
    };
    vec![server, schema, clocks]
}

#[cfg(test)]
mod tests {
    use super::{DatabaseHealth, Finding, TimeDelta, examine_server};
    use chrono::DateTime;

    fn is_bad(finding: &Finding) -> bool {
        matches!(finding, Finding::Bad(_))
    }

    #[test]
    fn an_old_server_and_an_old_schema_are_wrong() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let well =
            DatabaseHealth { server_version: 150_018, server_time: now, applied: DatabaseHealth::known() };
        let all_good = |health: &DatabaseHealth| {
            examine_server(health, now).iter().all(|finding| matches!(finding, Finding::Good(_)))
        };
        assert!(all_good(&well));
        assert!(is_bad(&examine_server(&DatabaseHealth { server_version: 140_011, ..well.clone() }, now)[0]));
        assert!(is_bad(&examine_server(&DatabaseHealth { applied: None, ..well.clone() }, now)[1]));
        assert!(is_bad(&examine_server(&DatabaseHealth { applied: Some(1), ..well.clone() }, now)[1]));
        assert!(!all_good(&DatabaseHealth { server_time: now + TimeDelta::seconds(6), ..well }));
    }
}
