//! What is missing, who waits to be cleared, and what roles need, each on a phone.

use locumbank::ground::sign_in::PersonKind;

use super::journey::{BOTH, Journey};
use super::window::Scripts;
use crate::support::World;
use crate::support::seed::{Clinician, PASSWORD, Person, Seed};

/// A bank with a GP about whom nothing is decided.
async fn begin() -> (World, Seed, Person, Clinician) {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Wealdshire").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let ann = seed.clinician("gp", "Ann Example", &administrator).await;
    for statement in [
        "alter table clearance disable trigger clearance_append_only",
        "delete from clearance",
        "alter table clearance enable trigger clearance_append_only",
        "delete from availability_pattern",
    ] {
        sqlx::query(statement).execute(seed.connection()).await.expect(statement);
    }
    (world, seed, administrator, ann)
}

async fn does_what_is_missing_and_is_cleared(scripts: Scripts) {
    let (world, mut seed, administrator, ann) = begin().await;
    let phone = Journey::begin(&world, scripts).await;
    phone.sign_in(&ann.person.email, PASSWORD).await;
    phone.go("/me/missing").await;
    phone.sees("When you can work").await;
    phone.press("GMC number").await;
    phone.sees("Details and limits").await;
    phone.fill("registration", "12").await;
    phone.press("Save details").await;
    phone.sees("There is a problem").await;
    phone.fill("registration", "7012345").await;
    phone.press("Save details").await;
    phone.sees("GMC 7012345").await;
    phone.end().await;
    seed.weekly(&ann, 1, "08:00", "18:00").await;
    sqlx::query(
        "insert into register_lookup (bank_id, id, clinician_id, register, number, outcome, looked_up_on, source,
                                      looked_up_by, recorded_at)
         select bank_id, gen_random_uuid(), id, 'gmc', registration_number, 'found', '2026-11-02', '', $2,
                '2026-11-02T09:00:00Z'
           from clinician where id = $1",
    )
    .bind(ann.id)
    .bind(administrator.account)
    .execute(seed.connection())
    .await
    .expect("a look-up");

    let desk = Journey::begin(&world, scripts).await;
    desk.sign_in(&administrator.email, PASSWORD).await;
    desk.go("/clearing").await;
    desk.sees("Clear Ann Example: nothing is open").await;
    desk.press("Clear those ticked").await;
    desk.sees("Select whom to clear").await;
    desk.tick("clinician", &ann.id.to_string()).await;
    desk.fill("reason", "All documents seen").await;
    desk.press("Clear those ticked").await;
    desk.sees("1 clinician is cleared").await;
    desk.end().await;

    let phone = Journey::begin(&world, scripts).await;
    phone.sign_in(&ann.person.email, PASSWORD).await;
    phone.go("/me/missing").await;
    phone.sees("Your bank administrator clears you").await;
    phone.sees("Until 2 November 2027").await;
    phone.end().await;
    world.stop().await;
}

#[tokio::test]
async fn a_clinician_does_what_is_missing_and_is_cleared_on_a_phone() {
    for scripts in BOTH {
        does_what_is_missing_and_is_cleared(scripts).await;
    }
}

async fn says_what_a_role_needs(scripts: Scripts) {
    let (world, _, administrator, _) = begin().await;
    let desk = Journey::begin(&world, scripts).await;
    desk.sign_in(&administrator.email, PASSWORD).await;
    desk.go("/needs").await;
    desk.sees("What roles need").await;
    desk.press("Add a document that a role needs").await;
    desk.sees("First day on which it is needed").await;
    desk.press("Continue").await;
    desk.sees("There is a problem").await;
    desk.choose("role", "GP").await;
    desk.choose("document", "Indemnity").await;
    for (part, value) in [("day", "1"), ("month", "3"), ("year", "2027")] {
        desk.fill(&format!("from-{part}"), value).await;
    }
    desk.press("Continue").await;
    desk.sees("Read this before you decide").await;
    desk.press("Save what the role needs").await;
    desk.sees("1 March 2027").await;
    desk.press("Need it no longer Indemnity of GP").await;
    desk.sees("Indemnity").await;
    desk.end().await;
    world.stop().await;
}

#[tokio::test]
async fn an_administrator_says_what_a_role_needs_on_a_phone() {
    for scripts in BOTH {
        says_what_a_role_needs(scripts).await;
    }
}
