//! People see where they are signed in, end what they don't know, and change their password.

use locumbank::ground::sign_in::PersonKind;

use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

const NEW: &str = "lantern osprey gravel";

async fn begin() -> (World, Seed, Person) {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Orchid bank").await;
    let sam = seed.person(PersonKind::BankAdministrator, "Sam Example").await;
    (world, seed, sam)
}

async fn changes(visitor: &Visitor, old: &str, new: &str) -> Page {
    visitor.post("/your-sign-in/password", &[("old_password", old), ("new_password", new)]).await
}

/// The ids of the sign-ins that a page offers to end.
fn ends(page: &Page) -> Vec<String> {
    let values = page.body.split("name=\"sign_in\" value=\"").skip(1);
    let ids = values.filter_map(|rest| rest.split('"').next()).filter(|id| *id != "others");
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let (world, mut seed, sam) = begin().await;
    let (here, elsewhere) = (world.signed_in(&sam.email).await, world.signed_in(&sam.email).await);
    assert_eq!(here.get("/mail").await.expect(200).address("/your-sign-in"), "/your-sign-in");
    here.get("/your-sign-in/password").await.expect(200).says("Change your password");
    changes(&here, "", "").await.expect(422).says("Enter your current password").says("Enter a new password");
    changes(&here, "wrong", NEW).await.expect(422).says("Check your current password");
    changes(&here, PASSWORD, "short").await.expect(422).says("12 characters or more");
    changes(&here, PASSWORD, "orchid bank sam").await.expect(422).says("somebody who knows you");
    changes(&here, PASSWORD, PASSWORD).await.expect(422).says("not the one you have");
    elsewhere.get("/mail").await.expect(200);
    let done = changes(&here, PASSWORD, NEW).await.expect(303);
    here.get(&done.location).await.expect(200).says("Your password has been changed.");
    elsewhere.get("/mail").await.expect(303);
    let form = |password| [("email", sam.email.as_str()), ("password", password)];
    world.visitor().post_without_token("/sign-in", &form(PASSWORD)).await.expect(422);
    world.visitor().post_without_token("/sign-in", &form(NEW)).await.expect(303);
    world.work().await;
    let told = world.inbox.last_of(&sam.email);
    assert_eq!(told.header("Subject"), "Orchid bank: your password has been changed");
    assert!(!told.text().contains(NEW));
    let events: Vec<(String, serde_json::Value)> =
        sqlx::query_as("select action, detail from audit_line where subject_id = $1")
            .bind(sam.account)
            .fetch_all(seed.connection())
            .await
            .expect("the log");
    assert_eq!(events, [("password.changed".to_owned(), serde_json::json!({ "ended_sign_ins": 1 }))]);
    world.stop().await;
}

/// Whoever finds a browser that was left signed in guesses there too.
#[tokio::test]
async fn guessing_the_old_password_is_refused_in_the_end() {
    let (world, _, sam) = begin().await;
    let visitor = world.signed_in(&sam.email).await;
    for _ in 0..10 {
        changes(&visitor, "wrong", NEW).await.expect(422);
    }
    changes(&visitor, PASSWORD, NEW).await.expect(429).says("Wait 15 minutes");
    world.stop().await;
}

#[tokio::test]
async fn people_see_where_they_are_signed_in_and_end_it() {
    let (world, mut seed, sam) = begin().await;
    let kim = seed.person(PersonKind::BankAdministrator, "Kim Example").await;
    let (here, there, third) = (
        world.signed_in(&sam.email).await,
        world.signed_in(&sam.email).await,
        world.signed_in(&sam.email).await,
    );
    let kims = world.signed_in(&kim.email).await;
    world.app.clock.advance(chrono::TimeDelta::minutes(20));
    let page = here.get("/your-sign-in").await.expect(200);
    page.says("(this one)").says("Last used Monday 2 November 2026, 9:20am").says("Sign out everywhere else");
    assert_eq!(ends(&page).len(), 2);
    there.get("/mail").await.expect(200);
    let mine = ends(&kims.get("/your-sign-in").await.expect(200));
    assert_eq!(mine, Vec::<String>::new(), "the one it is asked from is ended by signing out");

    let page = here.get("/your-sign-in").await.expect(200);
    here.post("/your-sign-in/end", &[("sign_in", &ends(&page)[0])]).await.expect(303);
    there.get("/mail").await.expect(303);
    third.get("/mail").await.expect(200);
    let left = ends(&here.get("/your-sign-in").await.expect(200));
    kims.post("/your-sign-in/end", &[("sign_in", &left[0])]).await.expect(303);
    third.get("/mail").await.expect(200);
    here.post("/your-sign-in/end", &[("sign_in", "nonsense")]).await.expect(400);
    here.post("/your-sign-in/end", &[("sign_in", "others")]).await.expect(303);
    third.get("/mail").await.expect(303);
    here.get("/your-sign-in").await.expect(200).does_not_say("Sign out everywhere else");
    kims.get("/mail").await.expect(200);
    world.stop().await;
}

#[tokio::test]
async fn a_sign_in_that_has_run_out_is_not_listed() {
    let (world, _, sam) = begin().await;
    world.signed_in(&sam.email).await;
    world.app.clock.advance(chrono::TimeDelta::minutes(31));
    let here = world.signed_in(&sam.email).await;
    assert!(ends(&here.get("/your-sign-in").await.expect(200)).is_empty());
    world.stop().await;
}
