//! What the stores ask by views and functions of the database costs what it would if each statement said it itself: the
//! planner sees through each to the indexes.

use sqlx::{AssertSqlSafe, PgConnection};

use crate::support::World;

/// A question by each view and function, and the index that answers it.
const QUESTIONS: [(&str, &str, &str); 7] = [
    (
        "clearance_in_force",
        "select v.cleared_until from clinician c
           left join clearance_in_force v on v.bank_id = c.bank_id and v.clinician_id = c.id
          where c.bank_id = $1 and c.id = $2",
        "clearance_newest_idx",
    ),
    (
        "live_booking",
        "select id from live_booking where bank_id = $1 and session_id = $2",
        "booking_place_once",
    ),
    ("open_offer", "select id from open_offer where bank_id = $1 and session_id = $2", "offer_live_"),
    (
        "answerable_offer",
        "select id from answerable_offer('2026-11-02') where bank_id = $1 and session_id = $2",
        "offer_live_",
    ),
    (
        "session_as_posted",
        "select roles, competencies from session_as_posted where bank_id = $1 and id = $2",
        "session_role_pkey",
    ),
    (
        "clinician_by_name",
        "select name from clinician_by_name where bank_id = $1 and id = $2 and acts",
        "membership_",
    ),
    (
        "standing_rate_exception",
        "select id from standing_rate_exception('2026-11-02') where bank_id = $1 and session_id = $2",
        "rate_exception_",
    ),
];

async fn plan(connection: &mut PgConnection, statement: &str) -> String {
    let nobody = "'00000000-0000-0000-0000-000000000000'";
    let statement = statement.replace("$1", nobody).replace("$2", nobody);
    let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("explain {statement}")))
        .fetch_all(connection)
        .await
        .expect("a plan");
    lines.join("\n")
}

fn is_opaque(plan: &str) -> bool {
    plan.contains("Function Scan")
}

#[tokio::test]
async fn each_view_and_function_is_answered_by_an_index() {
    let world = World::start().await;
    let mut connection = world.connection().await;
    // The tables are empty, so reading them whole, or a small index from end to end, would be as cheap.
    for statement in ["set enable_seqscan = off", "drop index booking_live_start_idx, offer_open_expiry_idx"]
    {
        sqlx::query(statement).execute(&mut connection).await.expect("a setting");
    }
    let in_force = "select id from range_in_force($1, 'gp', 'core', '2026-11-02')";
    let questions = QUESTIONS.into_iter().chain([("range_in_force", in_force, "rate_range_in_force_idx")]);
    for (name, statement, index) in questions {
        let plan = plan(&mut connection, statement).await;
        assert!(!is_opaque(&plan), "the planner does not see through {name}:\n{plan}");
        assert!(plan.contains(index), "{name} is not answered by {index}:\n{plan}");
    }
}

#[tokio::test]
async fn a_function_that_hides_its_statement_is_found() {
    let world = World::start().await;
    let mut connection = world.connection().await;
    let hidden = "create function hidden() returns setof offer language plpgsql stable as
                  $$ begin return query select * from offer; end $$";
    sqlx::query(hidden).execute(&mut connection).await.expect("a function");
    assert!(is_opaque(&plan(&mut connection, "select id from hidden() where bank_id = $1").await));
}
